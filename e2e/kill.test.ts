import { randomBytes, randomInt } from "node:crypto";
import { rm } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type {
  BookingEvent,
  BookingResource,
  DestinationWithSecret,
  InboundMessageResource,
  List,
} from "@slotwire/contract";
import pg from "pg";
import { describe, expect, test } from "vitest";
import { until } from "../apps/server/test/until.ts";
import { seededRandom } from "../apps/server/src/demo/seeded-random.ts";
import type { Visit } from "../apps/server/src/demo/visit.ts";
import { CarefulSource } from "./careful-source.ts";
import { type Arrival, type EventReceiver, startEventReceiver } from "./event-receiver.ts";
import { makeHubFolder } from "./hub-folder.ts";
import { freePort, type HubProcess, startHubProcess } from "./hub-process.ts";
import { createPostgresDatabase, postgresServer } from "./postgres-database.ts";

const ROUNDS = 8;
const VISITS_A_ROUND = 14;
/** So many answers of a round are awaited, at most, before the hub is killed. */
const MOST_ANSWERS = 24;
/** A start that is killed is killed within this many milliseconds. */
const LONGEST_START = 1_500;
const DEADLINE = 40_000;

const apiKey = "key-of-the-kill-test-0123456789";
const secret = "secret of the kill test";

/** Where the hub keeps its data in one run of the test. */
interface Place {
  readonly settings: Readonly<Record<string, string>>;
  /** What a minute does: it lets the leases of killed workers run out. */
  readonly passLeases: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** The embedded database's folder. Nobody else can hold leases there: a start ends them itself. */
async function inFolder(): Promise<Place> {
  const folder = await makeHubFolder();
  return {
    settings: { SLOTWIRE_DATA_DIR: folder },
    passLeases: () => Promise.resolve(),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** A database of its own on the server for tests. */
async function onPostgres(): Promise<Place> {
  const { url, remove } = await createPostgresDatabase();
  return {
    settings: { DATABASE_URL: url, SLOTWIRE_MASTER_KEY: randomBytes(32).toString("base64") },
    async passLeases() {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query("UPDATE delivery SET next_attempt_at = now() WHERE status = 'sending'");
      await client.query(
        "UPDATE inbound_message SET lease_until = now() WHERE lease_until IS NOT NULL",
      );
      await client.end();
    },
    remove,
  };
}

const engines = [
  { engine: "the embedded database", open: inFolder },
  ...(postgresServer === undefined ? [] : [{ engine: "PostgreSQL", open: onPostgres }]),
];

// Side by side: most of the time a hub is starting.
describe("kill -9", () => {
  test.concurrent.each(engines)(
    "loses and doubles nothing on $engine",
    { timeout: 300_000 },
    async ({ engine, open }) => {
      const seed = randomInt(2 ** 31);
      const random = seededRandom(seed);
      const place = await open();
      const receiver = await startEventReceiver(seededRandom(seed + 1), 3);
      const source = new CarefulSource(secret, random);
      const kills = new Kills(place, await freePort());
      try {
        await kills.start();
        receiver.trust(await createDestination(kills.address, receiver.url));
        for (let round = 1; round <= ROUNDS; round += 1) {
          source.live(VISITS_A_ROUND);
          if (round % 4 === 0) await kills.restart(() => delay(random() * LONGEST_START));
          await kills.killAfter(source, 1 + Math.floor(random() * MOST_ANSWERS));
        }
        while (source.waiting > 0) await source.send(kills.webhook, Infinity);
        await expectTruth(kills.address, source, receiver);
        const { arrivals } = receiver;
        const repeats = arrivals.length - new Set(arrivals.map(({ event }) => event.id)).size;
        console.log(
          `${engine}: ${source.receipts.size} messages, ${source.unanswered} unanswered at first, ` +
            `${ROUNDS + 2} kills, ${repeats} of ${arrivals.length} deliveries repeated (seed ${seed})`,
        );
      } catch (error) {
        console.error(`seed ${seed}\n${kills.output}`);
        throw error;
      } finally {
        await kills.end();
        await receiver.close();
        await place.remove();
      }
    },
  );
});

/** One hub after another on the same data. */
class Kills {
  readonly #place: Place;
  readonly #port: number;
  #hub: HubProcess | null = null;

  constructor(place: Place, port: number) {
    this.#place = place;
    this.#port = port;
  }

  get address(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get webhook(): string {
    return `${this.address}/api/webhooks/calcom`;
  }

  get output(): string {
    return this.#hub?.output() ?? "";
  }

  async start(): Promise<void> {
    this.#spawn();
    await this.#hub?.ready();
  }

  /** Kills the hub, and its successor at some moment of its start. */
  async restart(moment: () => Promise<void>): Promise<void> {
    await this.#hub?.kill();
    this.#spawn();
    await moment();
    await this.#hub?.kill();
    await this.start();
  }

  /** Kills the hub at the moment of the nth answer, with others under way, and starts the next. */
  async killAfter(source: CarefulSource, answers: number): Promise<void> {
    const hub = this.#hub;
    await source.send(this.webhook, answers, () => void hub?.kill());
    await hub?.kill();
    await this.#place.passLeases();
    await this.start();
  }

  async end(): Promise<void> {
    await this.#hub?.kill();
  }

  #spawn(): void {
    this.#hub = startHubProcess(this.#port, {
      SLOTWIRE_API_KEY: apiKey,
      CALCOM_WEBHOOK_SECRET: secret,
      SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS: "127.0.0.1/32",
      SLOTWIRE_RETRY_SCHEDULE: "0,1,1,1,1,1,1,1,1,1",
      ...this.#place.settings,
    });
  }
}

async function expectTruth(
  address: string,
  source: CarefulSource,
  receiver: EventReceiver,
): Promise<void> {
  // What waited for its booking has been taken up by now, or is about to be.
  const unsettled = async (): Promise<number> => {
    const messages = await readAll<InboundMessageResource>(`${address}/api/v1/inbound-messages`);
    return messages.filter(({ status }) => ["received", "waiting", "failed"].includes(status))
      .length;
  };
  await until(async () => (await unsettled()) === 0, DEADLINE);
  await expectMessages(address, source);
  await expectBookings(address, source.visits);
  const events = await readEvents(address);
  expectContiguous(events);
  await until(
    () => new Set(receiver.arrivals.map(({ event }) => event.id)).size >= events.length,
    DEADLINE,
  );
  expectArrivals(receiver.arrivals, events);
  expect(receiver.unsigned()).toBe(0);
}

async function expectMessages(address: string, source: CarefulSource): Promise<void> {
  const messages = await readAll<InboundMessageResource>(`${address}/api/v1/inbound-messages`);
  const ids = new Set(messages.map(({ id }) => id));
  const lost = [...source.receipts.values()].filter(({ message_id }) => !ids.has(message_id));
  expect(lost).toEqual([]);
  expect(source.receipts.size).toBe(source.distinct);
  expect(messages).toHaveLength(source.distinct);
}

async function expectBookings(address: string, visits: readonly Visit[]): Promise<void> {
  const bookings = await readAll<BookingResource>(`${address}/api/v1/bookings`);
  const told = bookings.map((booking) => ({
    uids: booking.external_refs
      .filter(({ kind }) => kind === "uid")
      .map((ref) => ref.external_id)
      .toSorted(),
    status: booking.status,
    startsAt: booking.starts_at,
    endsAt: booking.ends_at,
  }));
  const truth = visits.map(({ uid, previousUids, status, startsAt, endsAt }) => ({
    uids: [uid, ...previousUids].toSorted(),
    status,
    startsAt,
    endsAt,
  }));
  const byUid = (a: { uids: string[] }, b: { uids: string[] }): number =>
    (a.uids[0] ?? "") < (b.uids[0] ?? "") ? -1 : 1;
  expect(told.toSorted(byUid)).toEqual(truth.toSorted(byUid));
}

/** Nothing is missing from the log, and no booking has two events of one version. */
function expectContiguous(events: readonly BookingEvent[]): void {
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  for (const own of Map.groupBy(events, (event) => event.booking_id).values()) {
    expect(own.map((event) => event.booking_version)).toEqual(own.map((_, index) => index + 1));
  }
}

/** Each event arrived, under one id however often, and for each booking in order. */
function expectArrivals(arrivals: readonly Arrival[], events: readonly BookingEvent[]): void {
  const webhookIds = Map.groupBy(arrivals, ({ event }) => event.id);
  expect(new Set(webhookIds.keys())).toEqual(new Set(events.map(({ id }) => id)));
  for (const own of webhookIds.values()) {
    expect(new Set(own.map(({ webhookId }) => webhookId)).size).toBe(1);
  }
  expect(new Set(arrivals.map(({ webhookId }) => webhookId)).size).toBe(events.length);
  const firsts = [...webhookIds.values()].flatMap(([first]) =>
    first === undefined ? [] : [first],
  );
  for (const own of Map.groupBy(firsts, ({ event }) => event.booking_id).values()) {
    const versions = own.map(({ event }) => event.booking_version);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  }
}

async function createDestination(address: string, url: string): Promise<string> {
  const answer = await fetch(`${address}/api/v1/destinations`, {
    method: "POST",
    headers: { ...withKey, "content-type": "application/json" },
    body: JSON.stringify({ name: "Receiver", url }),
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as DestinationWithSecret).secret;
}

const withKey = { authorization: `Bearer ${apiKey}` };

async function readAll<Row>(url: string): Promise<Row[]> {
  const rows: Row[] = [];
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: List<Row> = await read(`${url}?limit=200${next}`);
    rows.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return rows;
}

async function readEvents(address: string): Promise<BookingEvent[]> {
  const events: BookingEvent[] = [];
  for (;;) {
    const after = events.at(-1)?.seq ?? 0;
    const page: { data: BookingEvent[] } = await read(
      `${address}/api/v1/booking-events?after=${after}&limit=1000`,
    );
    if (page.data.length === 0) return events;
    events.push(...page.data);
  }
}

async function read<Body>(url: string): Promise<Body> {
  const answer = await fetch(url, { headers: withKey });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Body;
}
