import { createHash, timingSafeEqual } from "node:crypto";

type Secret = string | Uint8Array;

/**
 * Whether two secrets are equal. Digests are compared, in constant time: how long it takes says
 * neither where they differ nor how long the right one is. This is the one way to compare secrets,
 * signatures and tokens.
 */
export function sameSecret(given: Secret, expected: Secret): boolean {
  return timingSafeEqual(digestOf(given), digestOf(expected));
}

const digestOf = (secret: Secret): Buffer => createHash("sha256").update(secret).digest();
