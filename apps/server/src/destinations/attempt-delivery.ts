import { createHash } from "node:crypto";
import { type Answer, classifyError, judged, nothingReceived } from "./answer.ts";
import type { KeyCache } from "./destination-keys.ts";
import { encodeDelivery, profileOf } from "./encode-delivery.ts";
import type { Profile } from "./profiles/profile.ts";
import type { ClaimedRow } from "./queries.ts";
import { isBatching, type NamedBody, requestBodyOf } from "./request-body.ts";
import type { OutgoingRequest, Sender } from "./send.ts";

/** How often a delivery may take its worker down before it is given up. */
const MOST_LOST_LEASES = 5;

/** What came of a leased delivery: an answer, or a reason why nothing was to be sent. */
export type AttemptResult = Answered | { readonly skip: string };

interface Answered {
  readonly answer: Answer;
  /** The deliveries of the request's list, in its order; null when its body was none. */
  readonly batch: readonly string[] | null;
}

/** What an attempt works with. */
export interface Attempting {
  readonly sender: Sender;
  readonly keys: KeyCache;
  /** Where the hub is reached, for links in bodies. */
  readonly publicUrl: string;
}

/**
 * Sends leased deliveries to one destination in one request, in their order. Never throws: what
 * cannot be encoded, signed or opened is an `internal` answer of its own, and the others go.
 * @param rows one, or several where the destination takes batches
 * @param at when the attempt begins, UTC: the signature's timestamp
 * @returns what came of each
 */
export async function attemptDeliveries(
  attempting: Attempting,
  rows: readonly ClaimedRow[],
  at: Date,
): Promise<AttemptResult[]> {
  const prepared = rows.map((row) => prepare(row, attempting.publicUrl));
  const ready = prepared.filter((one) => "body" in one);
  const [first, ...others] = ready;
  const answer =
    first === undefined ? nothingSent : await sendTogether(attempting, [first, ...others], at);
  const wasSent = answer.requestBody !== null;
  const isList = first !== undefined && isBatching(profileOf(first.row), first.row);
  const batch = wasSent && isList ? ready.map(({ row }) => row.delivery_id) : null;
  return prepared.map((one) => {
    if (!("body" in one)) return one;
    // Each keeps its own part of what was sent; all of it for each would grow with the square.
    return { answer: { ...answer, ...(wasSent ? { requestBody: one.body } : {}) }, batch };
  });
}

const nothingSent: Answer = { ...nothingReceived, errorClass: null, error: null };

/** A delivery whose body is written. */
interface Ready extends NamedBody {
  readonly row: ClaimedRow;
}

function prepare(row: ClaimedRow, publicUrl: string): Ready | AttemptResult {
  if (row.lost_leases > MOST_LOST_LEASES) {
    const error = `The hub stopped ${row.lost_leases} times while it was sending this.`;
    return { answer: { ...nothingReceived, errorClass: "lease_lost", error }, batch: null };
  }
  try {
    const encoded = encodeDelivery(row, publicUrl);
    return "skip" in encoded ? encoded : { ...encoded, messageId: messageIdOf(row), row };
  } catch (error) {
    return { answer: { ...nothingReceived, ...classifyError(error) }, batch: null };
  }
}

async function sendTogether(
  { sender, keys }: Attempting,
  ready: readonly [Ready, ...Ready[]],
  at: Date,
): Promise<Answer> {
  const profile = profileOf(ready[0].row);
  try {
    return judged(await sender.send(requestFor(ready, profile, keys, at)), profile);
  } catch (error) {
    return { ...nothingReceived, ...classifyError(error) };
  }
}

function requestFor(
  ready: readonly [Ready, ...Ready[]],
  profile: Profile,
  keys: KeyCache,
  at: Date,
): OutgoingRequest {
  const [{ row, messageId }, ...others] = ready;
  const { body, headers: own } = requestBodyOf(ready, profile, row);
  const { sign, headers } = keys.keysOf(row.destination_id, row, at);
  const id = batchIdOf([messageId, ...others.map((one) => one.messageId)]);
  return {
    url: row.url,
    body,
    headers: { ...own, ...headers, ...sign(id, at, body) },
    secretHeaders: Object.keys(headers),
  };
}

/** The `webhook-id` of an event to a destination: the same at every attempt, and when sent anew. */
function messageIdOf({ replay_of: replayOf, delivery_id: id }: ClaimedRow): string {
  return `msg_${replayOf ?? id}`;
}

/** The `webhook-id` of a request: its event's, or the same for the same events. */
function batchIdOf(ids: readonly string[]): string {
  const [first = ""] = ids;
  if (ids.length === 1) return first;
  const set = createHash("sha256").update(ids.toSorted().join(" ")).digest("base64url");
  return `msg_batch_${set.slice(0, 32)}`;
}
