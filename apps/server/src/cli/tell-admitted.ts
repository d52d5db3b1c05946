import type { Admitted } from "../access/create-admin.ts";

/**
 * What the operator should know of an account that was there before it was given rights: that its
 * old ways in ended, and where else it belongs.
 * @returns lines that begin with a space; empty for a new account
 */
export function tellAdmitted({ isNew, isTakenOver, elsewhere }: Admitted): string {
  if (isNew) return "";
  const parts: string[] = [];
  if (isTakenOver) {
    parts.push(
      " Nobody had proven that the address is theirs, so whoever made the account is out: its password, authenticator app, linked identities and sessions have ended. Hand the link to the person themselves; they choose a new password under Account.",
    );
  }
  if (elsewhere.length > 0) parts.push(` The account also belongs to: ${elsewhere.join(", ")}.`);
  return parts.join("");
}
