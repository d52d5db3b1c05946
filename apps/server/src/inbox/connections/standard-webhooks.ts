import { isUtf8 } from "node:buffer";
import { Webhook } from "standardwebhooks";
import type { RawMessage, SignatureVerdict } from "../../connectors/connector.ts";
import { sameSecret } from "../../same-secret.ts";

/** How far the sender's clock, or the message's journey, may be off. Seconds. */
const TOLERANCE = 5 * 60;
const PREFIX = "whsec_";

/**
 * Checks a message by Standard Webhooks 1.0.0 (symmetric signatures, `v1`).
 * @param secrets `whsec_` and base64; without the prefix base64 or the key's own characters,
 *   because senders show their secrets in all three forms
 * @param now by the hub's clock
 */
export function verifyStandardWebhook(
  { headers, body }: RawMessage,
  secrets: readonly string[],
  now: Date,
): SignatureVerdict {
  const id = headers["webhook-id"] ?? "";
  const timestamp = headers["webhook-timestamp"] ?? "";
  const given = headers["webhook-signature"] ?? "";
  if (id === "" || timestamp === "" || given === "") return "missing";
  // Only the digits that were signed: no sign, space or leading zero beside them.
  if (!/^[1-9]\d{0,14}$/.test(timestamp)) return "invalid";
  const seconds = Number(timestamp);
  if (Math.abs(now.getTime() / 1000 - seconds) > TOLERANCE) return "invalid";
  // The library signs text: two bodies that are no UTF-8 could read the same.
  if (!isUtf8(body)) return "invalid";
  const payload = body.toString("utf8");
  const expected = secrets
    .flatMap(webhooksOf)
    .map((webhook) => webhook.sign(id, new Date(seconds * 1000), payload));
  return matchesAny(given.split(" "), expected) ? "valid" : "invalid";
}

/** Compares everything with everything, so that the time taken tells nothing. */
function matchesAny(given: readonly string[], expected: readonly string[]): boolean {
  let matches = false;
  for (const one of given) {
    for (const other of expected) matches = sameSecret(one, other) || matches;
  }
  return matches;
}

/** The keys that a secret may stand for. */
function webhooksOf(secret: string): Webhook[] {
  const decoded = fromBase64(secret);
  if (secret.startsWith(PREFIX)) return decoded;
  return [...decoded, new Webhook(secret, { format: "raw" })];
}

function fromBase64(secret: string): Webhook[] {
  try {
    return [new Webhook(secret)];
  } catch {
    return [];
  }
}
