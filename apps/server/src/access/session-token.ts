import { createHash, randomBytes } from "node:crypto";

/** A secret that is given out once, and the only form of it that is stored. */
export interface SessionToken {
  /** 32 random bytes, base64url. */
  readonly token: string;
  /** SHA-256 of the token. It needs no slow hash: 256 random bits cannot be guessed. */
  readonly hash: Buffer;
}

/** Makes a new token for a session or a sign-in link. */
export function newSessionToken(): SessionToken {
  const token = randomBytes(32).toString("base64url");
  return { token, hash: hashSessionToken(token) };
}

/** The form under which `token` is stored. */
export function hashSessionToken(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
