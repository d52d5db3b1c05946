/** The headers of Standard Webhooks 1.0.0. */
export type WebhookSignatureHeaders = Readonly<
  Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>
>;

/**
 * Signs a body by Standard Webhooks 1.0.0.
 * @param secret `whsec_` and base64, or any other text, whose UTF-8 bytes are then the key
 * @param id the message's, the same at every try
 * @param at when it is sent, UTC
 */
export async function signRequest(
  secret: string,
  id: string,
  at: Date,
  body: string,
): Promise<WebhookSignatureHeaders> {
  const seconds = String(Math.floor(at.getTime() / 1000));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", keyBytes(secret), algorithm, false, ["sign"]);
  const signed = new TextEncoder().encode(`${id}.${seconds}.${body}`);
  const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, signed));
  return {
    "webhook-id": id,
    "webhook-timestamp": seconds,
    "webhook-signature": `v1,${btoa(String.fromCharCode(...signature))}`,
  };
}

function keyBytes(secret: string): Uint8Array<ArrayBuffer> {
  if (!secret.startsWith("whsec_")) return new TextEncoder().encode(secret);
  return Uint8Array.from(atob(secret.slice("whsec_".length)), (letter) => letter.charCodeAt(0));
}
