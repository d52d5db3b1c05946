import { ApiError } from "@slotwire/client";
import type { Problem } from "@slotwire/contract";
import { t } from "../messages/messages.ts";

/** What went wrong, as a problem document, whatever was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  // `fetch` throws a TypeError when nobody answered (WHATWG Fetch, "network error").
  const words = error instanceof TypeError ? t.problem.unreachable : t.problem.unreadable;
  return { type: "about:blank", status: 0, code: "E_CLIENT", ...words };
}

/** Whether the hub said that nobody is signed in. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
