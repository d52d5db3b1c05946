import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { bookingEventSchema, type BookingEvent } from "@slotwire/contract";
import { Webhook } from "standardwebhooks";
import { LOOPBACK } from "./demo-settings.ts";
import type { Random } from "./seeded-random.ts";

/** Largest body that it reads. */
const BODY_LIMIT = 1024 * 1024;
/** It remembers so many ids of messages to tell a repetition by. */
const MEMORY = 10_000;

export interface DemoReceiverOptions {
  readonly random: Random;
  /** Of a hundred requests, how many it refuses with 503 for the hub to try again. */
  readonly refusals: number;
  /** Told of each event that it takes, repetitions included. */
  readonly onEvent?: (event: BookingEvent, webhookId: string) => void;
}

/** What the receiver has seen so far. */
export interface ReceiverCounts {
  /** Events that it took for the first time. */
  readonly taken: number;
  /** Events that it had taken before. */
  readonly repeated: number;
  /** Requests whose signature was wrong or whose content was none. */
  readonly invalid: number;
  /** Requests that it refused, for a retry to be seen. */
  readonly refused: number;
}

/** A receiver of webhooks as a user of the hub would write one. */
export interface DemoReceiver {
  readonly url: string;
  readonly counts: () => ReceiverCounts;
  /** Checks signatures with this secret from now on; before, it refuses everything. */
  trust(secret: string): void;
  close(): Promise<void>;
}

/** Starts a receiver on a free port of this machine. */
export async function startDemoReceiver(options: DemoReceiverOptions): Promise<DemoReceiver> {
  const counts = { taken: 0, repeated: 0, invalid: 0, refused: 0 };
  const known = new Set<string>();
  let webhook: Webhook | null = null;

  const take = (body: string, headers: Record<string, string>): number => {
    const content = webhook === null ? null : verify(webhook, body, headers);
    if (content === null) {
      counts.invalid += 1;
      return 401;
    }
    // A trial, or an alert: it is the hub that speaks, but of no booking.
    if (!content.type.startsWith("booking.")) return 204;
    const event = bookingEventSchema.safeParse(content.data).data;
    if (event === undefined) {
      counts.invalid += 1;
      return 400;
    }
    if (options.random() * 100 < options.refusals) {
      counts.refused += 1;
      return 503;
    }
    const id = headers["webhook-id"] ?? "";
    if (known.has(id)) counts.repeated += 1;
    else counts.taken += 1;
    remember(known, id);
    options.onEvent?.(event, id);
    return 204;
  };

  const server = createServer((request, response) => void answer(request, response, take));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, LOOPBACK, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}/bookings`,
    counts: () => ({ ...counts }),
    trust(secret) {
      webhook = new Webhook(secret);
    },
    close: () => closeServer(server),
  };
}

/** What a request says that proves itself; null for any other. */
function verify(
  webhook: Webhook,
  body: string,
  headers: Record<string, string>,
): { type: string; data?: unknown } | null {
  try {
    const content = webhook.verify(body, headers) as { type?: unknown; data?: unknown };
    return { type: String(content.type), data: content.data };
  } catch {
    return null;
  }
}

/** A set keeps the order in which it was filled: the first is the oldest. */
function remember(known: Set<string>, id: string): void {
  known.add(id);
  const [oldest] = known;
  if (known.size > MEMORY && oldest !== undefined) known.delete(oldest);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  take: (body: string, headers: Record<string, string>) => number,
): Promise<void> {
  try {
    const body = await readBody(request);
    response.statusCode =
      body === null ? 413 : take(body, request.headers as Record<string, string>);
    response.end();
  } catch {
    response.destroy();
  }
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > BODY_LIMIT) return null;
  }
  return Buffer.concat(chunks).toString("utf8");
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
