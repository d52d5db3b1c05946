import { createHmac } from "node:crypto";
import { sameSecret } from "../same-secret.ts";

/** HMAC-SHA256 (RFC 2104) over the raw body, in lower-case hex. */
export function hmacHex(body: Buffer, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("hex");
}

/**
 * Whether the signature is the body's under one of the secrets. Takes the same time wherever
 * the difference lies, and whichever secret it was.
 * @param signature 64 hex digits in either case; anything else matches nothing
 */
export function matchesHmac(body: Buffer, secrets: readonly string[], signature: string): boolean {
  if (!/^[0-9a-f]{64}$/i.test(signature)) return false;
  const given = Buffer.from(signature, "hex");
  let matches = false;
  for (const secret of secrets) {
    // An empty secret is none: everybody could sign with it.
    if (secret === "") continue;
    const expected = createHmac("sha256", secret).update(body).digest();
    matches = sameSecret(given, expected) || matches;
  }
  return matches;
}
