import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openPostgres } from "../apps/server/src/db/postgres.ts";
import { system } from "../apps/server/src/db/database.ts";
import { provideParts } from "../scripts/system-parts.mjs";
import { startThrowawayPostgres } from "../scripts/throwaway-postgres.mjs";
import { bookingMessage, cancellationMessage, type SignedMessage } from "./booking-message.ts";
import { type HubProcess, startHubProcess } from "./hub-process.ts";
import { openRecordingReceiver, type RecordingReceiver } from "./recording-receiver.ts";

/**
 * `npm run kills`: bookings through three receivers (one healthy, one flaky, one dead for a while)
 * by two hub processes on one PostgreSQL, of which one is killed (SIGKILL) every few seconds. It
 * ends with 1 unless every event reached every receiver under one `webhook-id` and in order.
 *
 *     npm run kills                        10,000 bookings, every second one cancelled later
 *     npm run kills -- --bookings 500      fewer
 *     npm run kills -- --seconds-between 2 kills oftener than every 4 seconds
 */
const { values: options } = parseArgs({
  options: {
    bookings: { type: "string", default: "10000" },
    "seconds-between": { type: "string", default: "4" },
  },
});
const bookings = Number(options.bookings);
const between = Number(options["seconds-between"]) * 1000;
const SENDERS = 8;
/** How long the third receiver is dead, counted from the first message. */
const DEAD_FOR = Math.min(60_000, 5_000 + bookings * 5);
/** Comes back soon, and for long enough that nothing is given up. */
const schedule = [0, 1, 2, 4, ...Array.from({ length: 46 }, () => 8)].join(",");

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** Takes everything. */
const healthy = () => Promise.resolve(true);

/** Fails every third time, in one of three ways, and is slow now and then. */
async function flaky(
  response: Parameters<Parameters<typeof openRecordingReceiver>[0]>[0],
  no: number,
) {
  if (no % 50 === 0) await pause(300);
  if (no % 3 !== 0) return true;
  if (no % 2 === 0) response.writeHead(no % 4 === 0 ? 500 : 503).end();
  else response.destroy();
  return false;
}

/** Two hubs, one of which may be gone at any moment. */
class Pair {
  readonly #settings: Record<string, string>;
  readonly #hubs: (HubProcess | null)[] = [null, null];
  #kills = 0;
  #isOver = false;

  constructor(settings: Record<string, string>) {
    this.#settings = settings;
  }

  get kills(): number {
    return this.#kills;
  }

  async start(): Promise<void> {
    // One after the other: the first one migrates.
    for (const no of [0, 1]) this.#hubs[no] = await startHubProcess(this.#settings);
  }

  /** One that answers, as far as is known. */
  any(): HubProcess | undefined {
    const alive = this.#hubs.filter((hub) => hub !== null);
    return alive[Math.floor(Math.random() * alive.length)];
  }

  /** Kills one and starts it anew, again and again, until `end`. */
  async killAndStart(): Promise<void> {
    for (let no = 0; !this.#isOver; no = 1 - no) {
      await pause(between * (0.5 + Math.random()));
      if (this.#isOver) return;
      const victim = this.#hubs[no];
      this.#hubs[no] = null;
      await victim?.kill();
      this.#kills += 1;
      this.#hubs[no] = await startHubProcess(this.#settings);
    }
  }

  end(): void {
    this.#isOver = true;
  }

  async stop(): Promise<void> {
    for (const hub of this.#hubs) await hub?.stop();
  }
}

/** Sends until a hub has taken it, as a source does that repeats what was not answered. */
async function send(pair: Pair, message: SignedMessage): Promise<void> {
  for (;;) {
    const hub = pair.any();
    const status = await fetch(`${hub?.url ?? "http://127.0.0.1:9"}/api/webhooks/calcom`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-cal-signature-256": message.signature,
        "x-cal-webhook-version": "2021-10-20",
      },
      body: message.body,
    }).then(
      (response) => response.status,
      () => null,
    );
    if (status !== null && status < 300) return;
    if (status !== null && status < 500) throw new Error(`the hub answered ${status}`);
    await pause(50);
  }
}

async function sendAll(pair: Pair): Promise<void> {
  const later: SignedMessage[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    while (next < bookings) {
      const no = (next += 1);
      const uid = `kills-${no}-end`;
      await send(pair, bookingMessage(uid));
      if (no % 2 === 0) later.push(cancellationMessage(uid));
      const due = later.length > 50 ? later.shift() : undefined;
      if (due !== undefined) await send(pair, due);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, one));
  for (const message of later) await send(pair, message);
}

async function addDestination(hub: HubProcess, name: string, url: string): Promise<void> {
  const response = await fetch(`${hub.url}/api/v1/destinations`, {
    method: "POST",
    headers: { authorization: `Bearer ${hub.apiKey}`, "content-type": "application/json" },
    body: JSON.stringify({ name, url }),
  });
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
}

/** What is wrong with what a receiver saw, in words; nothing when all is well. */
function faultsOf(receiver: RecordingReceiver, events: readonly string[]): string[] {
  const { ids, disorder } = receiver.record;
  const missing = events.filter((id) => !ids.has(id)).length;
  const renamed = [...ids.values()].filter((names) => names.size > 1).length;
  return [
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(renamed > 0 ? [`${renamed} under several webhook-ids`] : []),
    ...(disorder.length > 0 ? [`${disorder.length} out of order (${disorder[0]})`] : []),
  ];
}

async function run(url: string): Promise<boolean> {
  const masterKey = Buffer.alloc(32, 7).toString("base64");
  const pair = new Pair({
    DATABASE_URL: url,
    SLOTWIRE_MASTER_KEY: masterKey,
    SLOTWIRE_RETRY_SCHEDULE: schedule,
    LOG_LEVEL: "error",
  });
  await pair.start();
  const db = openPostgres(url, 2);
  const began = Date.now();
  const receivers = new Map([
    ["healthy", await openRecordingReceiver(healthy)],
    ["flaky", await openRecordingReceiver(flaky)],
    [
      "dead for a while",
      await openRecordingReceiver((response) => {
        const isAlive = Date.now() - began > DEAD_FOR;
        if (!isAlive) response.destroy();
        return Promise.resolve(isAlive);
      }),
    ],
  ]);
  const hub = pair.any();
  for (const [name, receiver] of receivers) if (hub) await addDestination(hub, name, receiver.url);
  const killing = pair.killAndStart();
  await sendAll(pair);
  const sent = (Date.now() - began) / 1000;
  const open = async (): Promise<number> => {
    const [row] = await db.transaction(system, (tx) =>
      tx.query<{ n: number }>(
        "SELECT count(*)::int AS n FROM delivery WHERE next_attempt_at IS NOT NULL",
      ),
    );
    return row?.n ?? 0;
  };
  // They are killed until next to nothing waits; the last leases are to end by themselves.
  while ((await open()) > bookings / 100) await pause(1000);
  pair.end();
  await killing;
  while ((await open()) > 0) await pause(1000);
  const seconds = (Date.now() - began) / 1000;
  const events = await db.transaction(system, (tx) =>
    tx.query<{ id: string }>("SELECT id FROM booking_event"),
  );
  const given = await db.transaction(system, (tx) =>
    tx.query<{ status: string; n: number }>(
      "SELECT status, count(*)::int AS n FROM delivery GROUP BY status",
    ),
  );
  await pair.stop();
  await db.close();
  print(
    `\n${bookings} bookings, ${events.length} events, ${pair.kills} kills, ` +
      `sent within ${Math.round(sent)} s, all delivered after ${Math.round(seconds)} s`,
  );
  print(`deliveries: ${given.map(({ status, n }) => `${n} ${status}`).join(", ")}\n`);
  let isWell = given.every(({ status }) => status === "delivered");
  for (const [name, receiver] of receivers) {
    const { record } = receiver;
    const faults = faultsOf(
      receiver,
      events.map(({ id }) => id),
    );
    isWell &&= faults.length === 0;
    print(
      `${name.padEnd(18)}${record.ids.size} events, ${record.repeats} repeated, ` +
        `${record.failures} refused on the way: ${faults.length === 0 ? "none missing, in order" : faults.join("; ")}`,
    );
    await receiver.close();
  }
  return isWell;
}

const { postgresql } = await provideParts(["postgresql"]);
if (!postgresql) throw new Error("PostgreSQL is not on this machine.");
const server = await startThrowawayPostgres(postgresql);
try {
  if (!(await run(server.url))) process.exitCode = 1;
} finally {
  await server.stop();
}
