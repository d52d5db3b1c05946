import { ApiError, type SlotwireClient } from "@slotwire/client";

/** Whether nobody is signed in at the hub: what was shown may not be for whoever looks at it now. */
export const isSignedOut = ({ live: { state } }: SlotwireClient): boolean =>
  state.status === "denied" && state.isSignedOut === true;

/** Whether the hub answered that. */
export const tellsSignedOut = (error: unknown): boolean =>
  error instanceof ApiError && error.status === 401;

/** What is said in place of what was shown. */
export const signedOut = new ApiError({
  type: "about:blank",
  title: "Signed out",
  status: 401,
  code: "E_UNAUTHENTICATED",
  remedy: "Sign in.",
});
