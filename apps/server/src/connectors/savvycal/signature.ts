import type { RawMessage, SignatureVerdict } from "../connector.ts";
import { hmacHex, matchesHmac } from "../hmac.ts";

/** `sha256=` and the hex HMAC-SHA256 of the body: developers.savvycal.com/webhooks. */
const signatureHeader = "x-savvycal-signature";
const PREFIX = /^sha256=/i;

/** Checks a message's signature against the secret that SavvyCal shows beside the webhook. */
export function verifySignature(message: RawMessage, secrets: readonly string[]): SignatureVerdict {
  const signature = message.headers[signatureHeader]?.trim();
  if (signature === undefined || signature === "") return "missing";
  if (!PREFIX.test(signature)) return "invalid";
  return matchesHmac(message.body, secrets, signature.replace(PREFIX, "")) ? "valid" : "invalid";
}

/** The headers under which SavvyCal sends a body. */
export function signedHeaders(body: Buffer, secret: string): Record<string, string> {
  return {
    "content-type": "application/json",
    [signatureHeader]: `sha256=${hmacHex(body, secret).toUpperCase()}`,
  };
}
