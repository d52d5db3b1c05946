import type { QueryClient } from "@tanstack/react-query";
import { redirect } from "@tanstack/react-router";
import { isSignedOut } from "../api/problem-of.ts";
import { sessionQuery } from "../api/queries.ts";
import type { SignInSearch } from "../api/search.ts";
import { ownPath } from "../session/own-path.ts";

/** What tells the sign-in page where to go on. */
export function backTo(href: string): SignInSearch {
  const path = ownPath(href);
  return path === undefined || path === "/" ? {} : { to: path };
}

/** Lets whoever is signed in pass, and sends others to the page where one signs in. */
export async function requireSession(queries: QueryClient, to: string): Promise<void> {
  try {
    await queries.query({ ...sessionQuery, staleTime: "static" });
  } catch (error) {
    if (isSignedOut(error)) {
      redirect({ to: "/sign-in", search: backTo(to), throw: true });
    }
    throw error;
  }
}
