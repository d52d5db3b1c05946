import { createHmac } from "node:crypto";
import type { RawMessage, SignatureVerdict } from "../connector.ts";
import { matchesHmacBase64 } from "../hmac.ts";

/** Base64 HMAC-SHA256: developer.squareup.com/docs/webhooks/step3validate. */
const signatureHeader = "x-square-hmacsha256-signature";

/**
 * Checks a message's signature against the subscription's signature key: over the notification URL
 * as it is written at Square, and the body behind it.
 */
export function verifySignature(message: RawMessage, secrets: readonly string[]): SignatureVerdict {
  const signature = message.headers[signatureHeader]?.trim();
  if (signature === undefined || signature === "") return "missing";
  const parts = [message.url ?? "", message.body];
  return matchesHmacBase64(parts, secrets, signature) ? "valid" : "invalid";
}

/** The headers under which Square posts a body to an address. */
export function signedHeaders(body: Buffer, secret: string, url: string): Record<string, string> {
  const signature = createHmac("sha256", secret).update(url).update(body).digest("base64");
  return { "content-type": "application/json", [signatureHeader]: signature };
}
