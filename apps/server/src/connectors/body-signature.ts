import type { RawMessage, SignatureVerdict } from "./connector.ts";
import { hmacHex, matchesHmac } from "./hmac.ts";

/** Hex HMAC-SHA256 of the raw body, with or without `sha256=` before it. */
const signatureHeader = "x-webhook-signature";

/**
 * Checks the signature that programs of one's own put into `X-Webhook-Signature`, against the
 * secrets of the connection. Constant time.
 */
export function verifyBodySignature(
  message: RawMessage,
  secrets: readonly string[],
): SignatureVerdict {
  const signature = message.headers[signatureHeader]?.trim().replace(/^sha256=/i, "");
  if (signature === undefined || signature === "") return "missing";
  return matchesHmac(message.body, secrets, signature) ? "valid" : "invalid";
}

/** The headers under which such a program sends a body that it signs. */
export function bodySignature(body: Buffer, secret: string): Record<string, string> {
  return {
    "content-type": "application/json",
    [signatureHeader]: `sha256=${hmacHex(body, secret)}`,
  };
}
