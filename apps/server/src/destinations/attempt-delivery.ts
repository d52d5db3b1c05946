import { type Answer, classifyError, nothingReceived } from "./answer.ts";
import type { KeyCache } from "./destination-keys.ts";
import { encodeDelivery } from "./encode-delivery.ts";
import type { EncodedBody } from "./profiles/profile.ts";
import type { ClaimedRow } from "./queries.ts";
import type { OutgoingRequest, Sender } from "./send.ts";

/** How often a delivery may take its worker down before it is given up. */
const MOST_LOST_LEASES = 5;

/** What came of a leased delivery: an answer, or a reason why nothing was to be sent. */
export type AttemptResult = { readonly answer: Answer } | { readonly skip: string };

/** What an attempt works with. */
export interface Attempting {
  readonly sender: Sender;
  readonly keys: KeyCache;
  /** Where the hub is reached, for links in bodies. */
  readonly publicUrl: string;
}

/**
 * Sends one leased delivery. Never throws: what cannot be encoded, signed or opened is an
 * `internal` answer.
 * @param at when the attempt begins, UTC: the signature's timestamp
 */
export async function attemptDelivery(
  { sender, keys, publicUrl }: Attempting,
  row: ClaimedRow,
  at: Date,
): Promise<AttemptResult> {
  if (row.lost_leases > MOST_LOST_LEASES) {
    const error = `The hub stopped ${row.lost_leases} times while it was sending this.`;
    return { answer: { ...nothingReceived, errorClass: "lease_lost", error } };
  }
  try {
    const encoded = encodeDelivery(row, publicUrl);
    if ("skip" in encoded) return encoded;
    return { answer: await sender.send(requestFor(row, encoded, keys, at)) };
  } catch (error) {
    return { answer: { ...nothingReceived, ...classifyError(error) } };
  }
}

function requestFor(
  row: ClaimedRow,
  encoded: EncodedBody,
  keys: KeyCache,
  at: Date,
): OutgoingRequest {
  const { sign, headers } = keys.keysOf(row.destination_id, row, at);
  const signature = sign(messageIdOf(row.replay_of ?? row.delivery_id), at, encoded.body);
  return {
    url: row.url,
    body: encoded.body,
    headers: { ...encoded.headers, ...headers, ...signature },
    secretHeaders: Object.keys(headers),
  };
}

/** The `webhook-id` of an event to a destination: the same at every attempt, and when sent anew. */
function messageIdOf(deliveryId: string): string {
  return `msg_${deliveryId}`;
}
