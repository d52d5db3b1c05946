import type { StandardWebhook } from "@slotwire/contract";

/** A webhook that is not to be trusted. Answer it with 401 and forget its body. */
export class WebhookVerificationError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WebhookVerificationError";
  }
}

/** The headers of a request, as `fetch` or as Node gives them. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

/** How far the sender's clock, or the message's journey, may be off. */
const TOLERANCE_SECONDS = 5 * 60;

/**
 * Checks that a webhook comes from the hub and is fresh, by Standard Webhooks 1.0.0 (symmetric
 * signatures, `v1`), and reads it.
 * @param secret the destination's secret (`whsec_…`)
 * @param body the raw body, byte for byte as it arrived; never JSON that was parsed and printed
 * @param now the present instant, for tests
 * @returns the webhook; use `webhook-id` or `data.id` to recognise what arrives twice
 * @throws WebhookVerificationError when it must not be trusted; TypeError when the secret is none
 */
export async function verifyWebhook(
  secret: string,
  headers: WebhookHeaders,
  body: string | Uint8Array,
  now: Date = new Date(),
): Promise<StandardWebhook> {
  const id = header(headers, "webhook-id");
  const timestamp = header(headers, "webhook-timestamp");
  const seconds = /^\d{1,15}$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  // Written so that NaN fails too.
  if (!(Math.abs(now.getTime() / 1000 - seconds) <= TOLERANCE_SECONDS)) {
    throw new WebhookVerificationError("The timestamp is missing, or too old or too new.");
  }
  const key = await importSecret(secret);
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  const signed = signedBytes(`${id}.${timestamp}.`, body);
  for (const signature of signatures(header(headers, "webhook-signature"))) {
    // `verify` compares in constant time.
    if (await crypto.subtle.verify("HMAC", key, signature, signed)) {
      return JSON.parse(text) as StandardWebhook;
    }
  }
  throw new WebhookVerificationError("No signature matches.");
}

function header(headers: WebhookHeaders, name: string): string {
  const value =
    "get" in headers && typeof headers.get === "function"
      ? headers.get(name)
      : (headers as Readonly<Record<string, string | readonly string[] | undefined>>)[name];
  if (typeof value !== "string" || value === "") {
    throw new WebhookVerificationError(`The header ${name} is missing.`);
  }
  return value;
}

function signedBytes(prefix: string, body: string | Uint8Array): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const start = encoder.encode(prefix);
  const rest = typeof body === "string" ? encoder.encode(body) : body;
  const all = new Uint8Array(start.length + rest.length);
  all.set(start);
  all.set(rest, start.length);
  return all;
}

/** A CryptoKey, by whatever name the platform's types know it. */
type SigningKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** Several signatures stand in the header while the secret is being changed. */
function signatures(list: string): Uint8Array<ArrayBuffer>[] {
  return list.split(" ").flatMap((entry) => {
    const [version, encoded = ""] = entry.split(",", 2);
    const bytes = version === "v1" ? base64Bytes(encoded) : null;
    return bytes === null ? [] : [bytes];
  });
}

async function importSecret(secret: string): Promise<SigningKey> {
  const bytes = base64Bytes(secret.replace(/^whsec_/, ""));
  if (bytes === null || bytes.length === 0) {
    throw new TypeError("The secret is not one of a destination (whsec_…).");
  }
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);
}

function base64Bytes(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
