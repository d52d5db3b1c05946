import { randomBytes } from "node:crypto";

/** A new signing secret: `whsec_` and 32 random bytes (Standard Webhooks asks for 24 to 64). */
export function newSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}
