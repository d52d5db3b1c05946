import { Pool } from "undici";
import { bookingMessage, type SignedMessage } from "./booking-message.ts";
import { percentile } from "./percentile.ts";

export interface LoadResult {
  /** How many were answered. */
  readonly count: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

let nextUid = 0;
/** A uid that no other message of this run has. */
const freshUid = (): string => `bench-${process.pid}-${(nextUid += 1)}-end`;

async function post(pool: Pool, message: SignedMessage): Promise<void> {
  const response = await pool.request({
    method: "POST",
    path: "/api/webhooks/calcom",
    headers: {
      "content-type": "application/json",
      "x-cal-signature-256": message.signature,
      "x-cal-webhook-version": "2021-10-20",
    },
    body: message.body,
  });
  const text = await response.body.text();
  if (response.statusCode !== 200 || !text.includes('"created"')) {
    throw new Error(`${response.statusCode} ${text}`);
  }
}

/** As many as go through: `connections` senders, each posting its next when the last is answered. */
export async function closedLoop(
  url: string,
  connections: number,
  seconds: number,
): Promise<LoadResult> {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const times: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  const send = async (): Promise<void> => {
    while (performance.now() < end) {
      const message = bookingMessage(freshUid());
      const before = performance.now();
      await post(pool, message);
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: connections }, send));
  const elapsed = (performance.now() - started) / 1000;
  await pool.close();
  return {
    count: times.length,
    perSecond: times.length / elapsed,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  };
}

/**
 * A steady rate, whether or not the hub keeps up; a latency counts from the moment at which the
 * message was due, so that a stall is not hidden by the sender's waiting for it.
 */
export async function openLoop(
  url: string,
  perSecond: number,
  seconds: number,
  onSend: (uid: string, due: number) => void,
): Promise<LoadResult> {
  const pool = new Pool(url, { connections: 64, pipelining: 1 });
  const times: number[] = [];
  const under: Promise<void>[] = [];
  const started = performance.now();
  const total = perSecond * seconds;
  for (let index = 0; index < total; index += 1) {
    const due = started + (index * 1000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const message = bookingMessage(freshUid());
    // A timer fires up to a millisecond late; that is the sender's, not the hub's.
    const sent = Math.max(due, performance.now() - 1);
    onSend(message.uid, sent);
    under.push(
      post(pool, message).then(() => {
        times.push(performance.now() - sent);
      }),
    );
  }
  await Promise.all(under);
  await pool.close();
  return { count: total, perSecond, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}
