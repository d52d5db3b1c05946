import { createHash, randomBytes } from "node:crypto";
import type { AuthMode } from "@slotwire/contract";

/**
 * A new secret for a source to sign with: 32 random bytes, in characters that any form and any
 * header takes. With Standard Webhooks it has that standard's form, `whsec_` and base64.
 */
export function newSecret(modes: readonly AuthMode[] = []): string {
  const bytes = randomBytes(32);
  return modes.includes("standard_webhooks")
    ? `whsec_${bytes.toString("base64")}`
    : bytes.toString("base64url");
}

/** Whether messages need the connection's secret to prove themselves by one of the modes. */
export function needsSecret(modes: readonly AuthMode[]): boolean {
  return modes.some((mode) => mode !== "url_token");
}

/** A new token for the connection's address; only its hash is stored. */
export function newUrlToken(): { readonly token: string; readonly hash: Buffer } {
  const token = randomBytes(32).toString("base64url");
  return { token, hash: hashUrlToken(token) };
}

/** SHA-256: the token itself has 256 random bits. */
export function hashUrlToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

/** For how long the secret or token before the last rotation counts too, in milliseconds. */
export const SECRET_OVERLAP = 24 * 60 * 60 * 1000;
