import { eventFromRow } from "../ledger/read-events.ts";
import { type Answer, classifyError, nothingReceived } from "./answer.ts";
import type { KeyCache } from "./destination-keys.ts";
import { operationalFromRow } from "./operational-event.ts";
import type { Encoded, Profile } from "./profiles/profile.ts";
import { profiles } from "./profiles/profiles.ts";
import type { ClaimedRow } from "./queries.ts";
import type { OutgoingRequest, Sender } from "./send.ts";

/** How often a delivery may take its worker down before it is given up. */
const MOST_LOST_LEASES = 5;

/** What came of a leased delivery: an answer, or a reason why nothing was to be sent. */
export type AttemptResult = { readonly answer: Answer } | { readonly skip: string };

/**
 * Sends one leased delivery. Never throws: what cannot be encoded, signed or opened is an
 * `internal` answer.
 * @param at when the attempt begins, UTC: the signature's timestamp
 */
export async function attemptDelivery(
  { sender, keys }: { readonly sender: Sender; readonly keys: KeyCache },
  row: ClaimedRow,
  at: Date,
): Promise<AttemptResult> {
  if (row.lost_leases > MOST_LOST_LEASES) {
    const error = `The hub stopped ${row.lost_leases} times while it was sending this.`;
    return { answer: { ...nothingReceived, errorClass: "lease_lost", error } };
  }
  try {
    const outgoing = requestFor(row, keys, at);
    return "skip" in outgoing ? outgoing : { answer: await sender.send(outgoing) };
  } catch (error) {
    return { answer: { ...nothingReceived, ...classifyError(error) } };
  }
}

function requestFor(row: ClaimedRow, keys: KeyCache, at: Date): OutgoingRequest | { skip: string } {
  const profile: Profile = profiles[row.profile as keyof typeof profiles];
  const encoded = encode(row, profile);
  if ("skip" in encoded) return encoded;
  const { sign, headers } = keys.keysOf(row.destination_id, row, at);
  const signature = sign(messageIdOf(row.replay_of ?? row.delivery_id), at, encoded.body);
  return {
    url: row.url,
    body: encoded.body,
    headers: { ...encoded.headers, ...headers, ...signature },
    secretHeaders: Object.keys(headers),
  };
}

function encode(row: ClaimedRow, profile: Profile): Encoded {
  const target = {
    id: row.destination_id,
    name: row.destination_name,
    payloadMode: row.payload_mode,
  };
  if (row.operational === null) return profile.encode(eventFromRow(row), target);
  if (profile.encodeOperational === undefined)
    return { skip: "This kind of receiver hears of bookings only." };
  return profile.encodeOperational(operationalFromRow(row.operational), target);
}

/** The `webhook-id` of an event to a destination: the same at every attempt, and when sent anew. */
function messageIdOf(deliveryId: string): string {
  return `msg_${deliveryId}`;
}
