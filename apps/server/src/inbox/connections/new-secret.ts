import { randomBytes } from "node:crypto";

/** A new secret for a source to sign with: 32 random bytes, in characters that any form takes. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

/** For how long messages signed with the secret before are taken too, in milliseconds. */
export const SECRET_OVERLAP = 24 * 60 * 60 * 1000;
