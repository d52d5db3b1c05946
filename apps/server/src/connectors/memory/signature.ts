import type { RawMessage, SignatureVerdict } from "../connector.ts";
import { hmacHex, matchesHmac } from "../hmac.ts";

/** Hex HMAC-SHA256 of the raw body. */
const signatureHeader = "x-slotwire-signature";

/** Checks a message's signature against the secrets of the connection. */
export function verifySignature(message: RawMessage, secrets: readonly string[]): SignatureVerdict {
  const signature = message.headers[signatureHeader]?.trim();
  if (signature === undefined || signature === "") return "missing";
  return matchesHmac(message.body, secrets, signature) ? "valid" : "invalid";
}

/** The headers under which the simulated source sends a body. */
export function signedHeaders(body: Buffer, secret: string): Record<string, string> {
  return { "content-type": "application/json", [signatureHeader]: hmacHex(body, secret) };
}
