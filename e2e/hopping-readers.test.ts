import { randomBytes, randomInt } from "node:crypto";
import type { BookingEvent } from "@slotwire/contract";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../apps/server/src/demo/seeded-random.ts";
import { until } from "../apps/server/test/until.ts";
import { HoppingReader } from "./hopping-reader.ts";
import { freePort, type HubProcess, startHubProcess } from "./hub-process.ts";
import {
  createPostgresDatabase,
  type PostgresDatabase,
  postgresServer,
} from "./postgres-database.ts";

const READERS = 200;
/** Events of each of three phases: with both processes, with one, and with both again. */
const EVENTS_A_PHASE = 700;
/** Every so many events one is made by the API instead of plain SQL. */
const BY_API = 8;
const WRITERS = 4;
const DEADLINE = 90_000;

const apiKey = "key-of-the-hopping-readers-0123456789";
const headers = { authorization: `Bearer ${apiKey}` };

describe.runIf(postgresServer !== undefined)("two processes on one PostgreSQL", () => {
  const key = randomBytes(32).toString("base64");
  let database: PostgresDatabase;
  let pool: pg.Pool;
  let hubs: HubProcess[] = [];

  beforeAll(async () => {
    database = await createPostgresDatabase();
    pool = new pg.Pool({ connectionString: database.url, max: WRITERS });
    hubs = [await start(), await start()];
    await Promise.all(hubs.map((hub) => hub.ready()));
  });
  afterAll(async () => {
    await Promise.all(hubs.map((hub) => hub.kill()));
    await pool.end();
    await database.remove();
  });

  async function start(port?: number): Promise<HubProcess> {
    return startHubProcess(port ?? (await freePort()), {
      DATABASE_URL: database.url,
      SLOTWIRE_MASTER_KEY: key,
      SLOTWIRE_API_KEY: apiKey,
      ROLES: "web",
    });
  }

  async function bookByApi({ address }: HubProcess): Promise<void> {
    const body = { starts_at: "2030-04-01T10:00:00Z", ends_at: "2030-04-01T11:00:00Z" };
    const answer = await fetch(`${address}/api/v1/bookings`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(201);
  }

  async function bookBySql(): Promise<void> {
    await pool.query(
      `INSERT INTO booking (org_id, starts_at, ends_at, title)
         SELECT id, now(), now() + interval '1 hour', 'Wash' FROM organisation`,
    );
  }

  /** Writes the events of one phase, by several at once. */
  async function write(running: readonly HubProcess[]): Promise<void> {
    let left = EVENTS_A_PHASE;
    const writeOn = async (): Promise<void> => {
      for (let number = left--; number > 0; number = left--) {
        const hub = running[number % running.length];
        if (number % BY_API === 0 && hub !== undefined) await bookByApi(hub);
        else await bookBySql();
      }
    };
    await Promise.all(Array.from({ length: WRITERS }, writeOn));
  }

  async function readLog({ address }: HubProcess): Promise<string[]> {
    const ids: string[] = [];
    for (let isMore = true; isMore;) {
      const query = `after=${ids.length}&limit=1000`;
      const answer = await fetch(`${address}/api/v1/booking-events?${query}`, { headers });
      const page = (await answer.json()) as { data: BookingEvent[]; next_cursor: string | null };
      for (const { id, seq } of page.data) {
        ids.push(id);
        expect(seq).toBe(ids.length);
      }
      isMore = page.next_cursor !== null;
    }
    return ids;
  }

  test(
    "200 readers that hop between them, one being killed, each have the log",
    { timeout: 300_000 },
    async () => {
      const seed = randomInt(2 ** 31);
      const readers = Array.from(
        { length: READERS },
        (_, index) => new HoppingReader(headers, seededRandom(seed + index)),
      );
      const stop = new AbortController();
      const [first, second] = hubs;
      if (first === undefined || second === undefined) throw new Error("no hubs");
      const addresses = [first.address, second.address];
      const running = readers.map((reader) => reader.run(addresses, stop.signal));
      try {
        await write([first, second]);
        await first.kill();
        await write([second]);
        const again = await start(Number(new URL(first.address).port));
        hubs.push(again);
        await again.ready();
        await write([again, second]);
        const total = 3 * EVENTS_A_PHASE;
        await until(() => readers.every(({ position }) => position >= total), DEADLINE);
      } finally {
        stop.abort();
        await Promise.all(running);
      }

      const log = await readLog(second);
      expect(log).toHaveLength(3 * EVENTS_A_PHASE);
      expect(
        readers.flatMap(({ faults }) => faults),
        `seed ${seed}`,
      ).toEqual([]);
      for (const { ids } of readers) expect(ids).toEqual(log);
      expect(readers.some(({ refusals }) => refusals > 0)).toBe(true);
      expect(readers.every(({ hops }) => hops > 3)).toBe(true);
    },
  );
});
