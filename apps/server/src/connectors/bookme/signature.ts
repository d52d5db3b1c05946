import type { RawMessage, SignatureVerdict } from "../connector.ts";
import { hmacHex, matchesHmac } from "../hmac.ts";

/** Hex HMAC-SHA256 of the raw body, with or without `sha256=` before it. */
const signatureHeader = "x-webhook-signature";

/**
 * Checks a message's signature against the secrets of the connection. Sites that only send their
 * secret do so in `X-Webhook-Secret`, which is another of the connection's modes.
 */
export function verifySignature(message: RawMessage, secrets: readonly string[]): SignatureVerdict {
  const signature = message.headers[signatureHeader]?.trim().replace(/^sha256=/i, "");
  if (signature === undefined || signature === "") return "missing";
  return matchesHmac(message.body, secrets, signature) ? "valid" : "invalid";
}

/** The headers under which a site sends a body that it signs. */
export function signedHeaders(body: Buffer, secret: string): Record<string, string> {
  return {
    "content-type": "application/json",
    [signatureHeader]: `sha256=${hmacHex(body, secret)}`,
  };
}
