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
  return matchesDigest([body], secrets, Buffer.from(signature, "hex"));
}

/**
 * The same for a signature in base64 (RFC 4648 §4).
 * @param parts what is signed, one behind the other
 * @param signature 32 bytes in base64; anything else matches nothing
 */
export function matchesHmacBase64(
  parts: readonly (Buffer | string)[],
  secrets: readonly string[],
  signature: string,
): boolean {
  // The last digit carries two bits that mean nothing: only the way of writing without them counts.
  if (!/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(signature)) return false;
  return matchesDigest(parts, secrets, Buffer.from(signature, "base64"));
}

function matchesDigest(
  parts: readonly (Buffer | string)[],
  secrets: readonly string[],
  given: Buffer,
): boolean {
  let matches = false;
  for (const secret of secrets) {
    // An empty secret is none: everybody could sign with it.
    if (secret === "") continue;
    const hmac = createHmac("sha256", secret);
    for (const part of parts) hmac.update(part);
    matches = sameSecret(given, hmac.digest()) || matches;
  }
  return matches;
}
