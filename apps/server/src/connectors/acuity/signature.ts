import { createHmac } from "node:crypto";
import type { RawMessage, SignatureVerdict } from "../connector.ts";
import { matchesHmacBase64 } from "../hmac.ts";

/** Base64 HMAC-SHA256 of the body: developers.acuityscheduling.com/docs/webhooks. */
const signatureHeader = "x-acuity-signature";

/** Checks a message's signature against the account's API key, with which Acuity signs. */
export function verifySignature(message: RawMessage, secrets: readonly string[]): SignatureVerdict {
  const signature = message.headers[signatureHeader]?.trim();
  if (signature === undefined || signature === "") return "missing";
  return matchesHmacBase64([message.body], secrets, signature) ? "valid" : "invalid";
}

/** The headers under which Acuity sends a body. */
export function signedHeaders(body: Buffer, secret: string): Record<string, string> {
  return {
    "content-type": "application/x-www-form-urlencoded",
    [signatureHeader]: createHmac("sha256", secret).update(body).digest("base64"),
  };
}
