import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request that a webhook of the fake has queued. */
export interface QueuedBundle {
  readonly headers: Readonly<Record<string, string>>;
  /** The raw body. */
  readonly body: string;
  /** As the scenario sees it: the fields of JSON; of anything else one field, `value`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A webhook of a scenario, as Make.com's gateway behaves. */
export interface FakeMake {
  readonly url: string;
  /** What has been queued, the oldest first. */
  readonly queue: QueuedBundle[];
  /** How many requests came, whatever they were answered. */
  readonly requests: () => number;
  /** How many bundles wait before the queue is full; 667 unless set. */
  capacity: number;
  /** Keys of which a request has to bring one; empty: none is needed. */
  apiKeys: string[];
  /** Switched off, a scenario still takes and queues. */
  isScenarioOn: boolean;
  /** Fields that the data structure asks for. */
  requiredFields: string[];
  /** Time of the gateway, ms: the limit counts by it. */
  now: () => number;
  /** Answers the next requests with these statuses, as a gateway in trouble does. */
  readonly troubles: number[];
  /** Deletes the webhook. */
  remove(): void;
  close(): Promise<void>;
}

const RATE_LIMIT = 300;
const RATE_WINDOW = 10_000;
const MAX_BYTES = 5 * 1024 * 1024;

type Answer = readonly [status: number, text: string];

/** Starts a webhook on a free port of this machine. */
export async function startFakeMake(): Promise<FakeMake> {
  const path = "/an1id2of3a4hook";
  const recent: number[] = [];
  let isThere = true;
  let requests = 0;

  const decide = (request: IncomingMessage, body: string): Answer => {
    const trouble = make.troubles.shift();
    if (trouble !== undefined) return [trouble, "Scenario failed to initialize"];
    if (!isThere || request.url !== path) return [410, "Webhook not found."];
    const now = make.now();
    while ((recent[0] ?? now) <= now - RATE_WINDOW) recent.shift();
    if (recent.length >= RATE_LIMIT) return [429, "Too many requests"];
    recent.push(now);
    // Make documents that a key is asked for, and not with what it refuses.
    const key = String(request.headers["x-make-apikey"] ?? "");
    if (make.apiKeys.length > 0 && !make.apiKeys.includes(key)) return [401, "Unauthorized"];
    if (Buffer.byteLength(body) > MAX_BYTES) return [413, "Payload too large"];
    if (make.queue.length >= make.capacity) return [400, "Queue is full"];
    const isJson = /^application\/json\b/.test(request.headers["content-type"] ?? "");
    const fields = isJson ? (JSON.parse(body) as Record<string, unknown>) : { value: body };
    const missing = make.requiredFields.filter((name) => !(name in fields));
    if (missing.length > 0) return [400, `Missing value of required parameter '${missing[0]}'.`];
    make.queue.push({ headers: request.headers as Record<string, string>, body, fields });
    return [200, "Accepted"];
  };

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    void (async () => {
      requests += 1;
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const [status, text] = decide(request, Buffer.concat(chunks).toString("utf8"));
      response.writeHead(status, {
        "content-type": "text/plain; charset=utf-8",
        "x-powered-by": "Make Gateway/production",
      });
      response.end(text);
    })();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));

  const make: FakeMake = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    queue: [],
    requests: () => requests,
    capacity: 667,
    apiKeys: [],
    isScenarioOn: true,
    requiredFields: [],
    now: () => performance.now(),
    troubles: [],
    remove: () => {
      isThere = false;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return make;
}
