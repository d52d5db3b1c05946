import type { BookingEvent } from "@slotwire/contract";
import { Webhook } from "standardwebhooks";
import { type Receiver, startReceiver } from "../apps/server/test/receiver.ts";
import type { Random } from "../apps/server/src/demo/seeded-random.ts";

/** An event that reached the receiver, each time that it did. */
export interface Arrival {
  readonly webhookId: string;
  readonly event: BookingEvent;
}

/** A receiver that outlives every hub that sends to it. */
export interface EventReceiver {
  readonly url: string;
  readonly arrivals: readonly Arrival[];
  /** Requests whose signature was wrong. */
  readonly unsigned: () => number;
  trust(secret: string): void;
  close(): Promise<void>;
}

/** Starts it on loopback. @param refusals of a hundred requests, how many get 503 at first */
export async function startEventReceiver(random: Random, refusals: number): Promise<EventReceiver> {
  const arrivals: Arrival[] = [];
  let unsigned = 0;
  let webhook: Webhook | null = null;
  const receiver: Receiver = await startReceiver(({ headers, body }, response) => {
    const event = webhook === null ? null : verified(webhook, body, headers);
    if (event === null) {
      unsigned += 1;
      response.statusCode = 401;
    } else if (random() * 100 < refusals) {
      response.statusCode = 503;
    } else {
      arrivals.push({ webhookId: headers["webhook-id"] ?? "", event });
    }
    response.end();
  });
  return {
    url: receiver.url,
    arrivals,
    unsigned: () => unsigned,
    trust(secret) {
      webhook = new Webhook(secret);
    },
    close: receiver.close,
  };
}

function verified(
  webhook: Webhook,
  body: string,
  headers: Readonly<Record<string, string>>,
): BookingEvent | null {
  try {
    return (webhook.verify(body, { ...headers }) as { data: BookingEvent }).data;
  } catch {
    return null;
  }
}
