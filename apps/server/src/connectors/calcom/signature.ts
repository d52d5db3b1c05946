import type { RawMessage, SignatureVerdict } from "../connector.ts";
import { matchesHmac } from "../hmac.ts";

/** Hex HMAC-SHA256 of the raw body under the webhook's secret, without prefix or time stamp. */
export const signatureHeader = "x-cal-signature-256";

/** What Cal.com sends in place of a signature when its webhook has no secret. */
const NO_SECRET = "no-secret-provided";

/**
 * Checks a message's signature against the secrets of the connection. A message that Cal.com
 * did not sign for want of a secret is `missing`, so that the answer can say what to do.
 */
export function verifySignature(message: RawMessage, secrets: readonly string[]): SignatureVerdict {
  const signature = message.headers[signatureHeader]?.trim();
  if (signature === undefined || signature === "" || signature === NO_SECRET) return "missing";
  return matchesHmac(message.body, secrets, signature) ? "valid" : "invalid";
}
