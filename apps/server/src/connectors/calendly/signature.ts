import { createHmac } from "node:crypto";
import type { RawMessage, SignatureVerdict } from "../connector.ts";
import { matchesHmac } from "../hmac.ts";

/** `t=<unix seconds>,v1=<hex>`: developer.calendly.com/api-docs, "Webhook Signatures". */
const signatureHeader = "calendly-webhook-signature";
/** Seconds that a signature may be old, as that page advises; clocks may be off in both directions. */
const TOLERANCE = 3 * 60;

/**
 * Checks a message's signature against the signing keys of the connection: HMAC-SHA256 over the
 * time, a dot and the body. A message that is older than three minutes when it arrives is
 * invalid, so that nobody can send it again later; Calendly signs each of its tries anew.
 */
export function verifySignature(message: RawMessage, secrets: readonly string[]): SignatureVerdict {
  const header = message.headers[signatureHeader]?.trim();
  if (header === undefined || header === "") return "missing";
  const parts = new Map(
    header.split(",").map((part) => {
      const [name = "", value = ""] = part.trim().split("=", 2);
      return [name, value] as const;
    }),
  );
  const time = parts.get("t") ?? "";
  // Only the digits that were signed: no sign, space or leading zero beside them.
  if (!/^[1-9]\d{0,14}$/.test(time)) return "invalid";
  const age = message.receivedAt.getTime() / 1000 - Number(time);
  if (Math.abs(age) > TOLERANCE) return "invalid";
  const signed = Buffer.concat([Buffer.from(`${time}.`), message.body]);
  return matchesHmac(signed, secrets, parts.get("v1") ?? "") ? "valid" : "invalid";
}

/** The headers under which Calendly sends a body at an instant. */
export function signedHeaders(body: Buffer, secret: string, at: Date): Record<string, string> {
  const time = Math.floor(at.getTime() / 1000);
  const signature = createHmac("sha256", secret).update(`${time}.`).update(body).digest("hex");
  return { "content-type": "application/json", [signatureHeader]: `t=${time},v1=${signature}` };
}
