import { Webhook } from "standardwebhooks";

/** Signs with each of a destination's secrets, the current one first. */
export type Signer = (messageId: string, at: Date, body: string) => SignatureHeaders;

/** The headers of Standard Webhooks 1.0.0. */
export interface SignatureHeaders {
  /** The same at every attempt: what a receiver recognises a repetition by. */
  readonly "webhook-id": string;
  /** Unix seconds of this attempt. */
  readonly "webhook-timestamp": string;
  /** One `v1,<base64>` per secret, separated by spaces. */
  readonly "webhook-signature": string;
}

/**
 * Makes the signer for one destination.
 * @param secrets `whsec_` followed by base64; several while an old one is still honoured
 */
export function createSigner(secrets: readonly string[]): Signer {
  const webhooks = secrets.map((secret) => new Webhook(secret));
  return (messageId, at, body) => ({
    "webhook-id": messageId,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": webhooks.map((webhook) => webhook.sign(messageId, at, body)).join(" "),
  });
}
