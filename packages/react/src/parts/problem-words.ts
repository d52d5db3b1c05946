import { ApiError } from "@slotwire/client";
import type { Language } from "../messages/en.ts";

/** Why the hub did not do something and what to do about it, in words. */
export function problemWords(error: unknown, words: Language["common"]): string {
  if (!(error instanceof ApiError)) return words.unreachable;
  const { status, problem, code } = error;
  if (status === 401) return words.signedOut;
  if (status === 403) return words.forbidden;
  if (status === 404) return words.missing;
  if (status === 429) return words.busy;
  // A proxy's answer, in place of the hub's.
  if (code === "E_HTTP" && status > 501) return words.unreachable;
  if (status === 500 || status === 503) return words.broken;
  // What only the hub can say: in its own words.
  const [what] = problem.errors ?? [];
  return `${sentence(what?.message ?? error.message)} ${sentence(problem.remedy)}`.trim();
}

const sentence = (text: string): string => (/[.?!]$/.test(text) || text === "" ? text : `${text}.`);
