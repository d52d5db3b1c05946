import { randomBytes, randomUUID } from "node:crypto";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { nobodyListens } from "../../test/ledger-fixture.ts";
import {
  createTestOrganisation,
  openTestDatabase,
  type TestDatabase,
} from "../../test/test-database.ts";
import { ManualClock } from "../clock.ts";
import { type Database, system } from "../db/database.ts";
import { Scheduler } from "./scheduler.ts";
import { hubSchedules, type Schedule } from "./schedules.ts";

const log = pino({ level: "silent" });
let opened: TestDatabase;
let db: Database;
let clock: ManualClock;

beforeAll(async () => {
  opened = await openTestDatabase();
  db = opened.db;
});
afterAll(() => opened.close());
afterEach(() => db.transaction(system, (tx) => tx.query("DELETE FROM schedule")));

async function startAt(start: string, schedules: readonly Schedule[]): Promise<Scheduler> {
  clock = new ManualClock(start);
  const scheduler = new Scheduler({ db, clock, log }, schedules);
  await scheduler.register();
  return scheduler;
}

const readSchedule = (name: string): Promise<unknown> =>
  db.transaction(system, (tx) =>
    tx.kysely
      .selectFrom("schedule")
      .select(["next_run_at", "last_finished_at", "last_error"])
      .where("name", "=", name)
      .executeTakeFirst(),
  );

const hourly = (run: () => Promise<unknown>): Schedule => ({
  name: "hourly",
  cron: "0 * * * *",
  run,
});
const minutes = (count: number): number => count * 60_000;

describe("a schedule", () => {
  test("runs at its time, and then at its next one", async () => {
    const run = vi.fn<() => Promise<void>>().mockResolvedValue();
    const scheduler = await startAt("2026-11-20T10:30:00Z", [hourly(run)]);
    expect(await scheduler.runDue()).toEqual([]);
    clock.advance(minutes(30));
    expect(await scheduler.runDue()).toEqual(["hourly"]);
    expect(await scheduler.runDue()).toEqual([]);
    expect(run).toHaveBeenCalledTimes(1);
    expect(await readSchedule("hourly")).toEqual({
      next_run_at: new Date("2026-11-20T12:00:00Z"),
      last_finished_at: new Date("2026-11-20T11:00:00Z"),
      last_error: null,
    });
  });

  test("runs once for all the times that were missed", async () => {
    const run = vi.fn<() => Promise<void>>().mockResolvedValue();
    const scheduler = await startAt("2026-11-20T10:30:00Z", [hourly(run)]);
    clock.advance(minutes(10 * 60));
    expect(await scheduler.runDue()).toEqual(["hourly"]);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test("runs on one of several processes", async () => {
    const run = vi.fn<() => Promise<void>>().mockResolvedValue();
    const first = await startAt("2026-11-20T10:30:00Z", [hourly(run)]);
    const others = [1, 2, 3].map(() => new Scheduler({ db, clock, log }, [hourly(run)]));
    await Promise.all(others.map((other) => other.register()));
    clock.advance(minutes(30));
    await Promise.all([first, ...others].map((scheduler) => scheduler.runDue()));
    expect(run).toHaveBeenCalledTimes(1);
  });

  test("that fails says why, and runs again at its next time", async () => {
    const run = vi.fn<() => Promise<void>>().mockRejectedValue(new Error("no luck"));
    const scheduler = await startAt("2026-11-20T10:30:00Z", [hourly(run)]);
    clock.advance(minutes(30));
    await scheduler.runDue();
    expect(await readSchedule("hourly")).toMatchObject({
      next_run_at: new Date("2026-11-20T12:00:00Z"),
      last_error: "no luck",
    });
    run.mockResolvedValue();
    clock.advance(minutes(60));
    await scheduler.runDue();
    expect(await readSchedule("hourly")).toMatchObject({ last_error: null });
  });

  test("whose process died runs again when the lease is over, three times at most", async () => {
    const run = vi.fn<() => Promise<void>>().mockResolvedValue();
    const scheduler = await startAt("2026-11-20T10:59:00Z", [hourly(run)]);
    clock.advance(minutes(1));
    const die = (): Promise<unknown> =>
      db.transaction(system, (tx) =>
        tx.query(
          `UPDATE schedule SET attempts = attempts + 1, lease_token = gen_random_uuid(),
                  lease_until = $1`,
          [new Date(clock.now().getTime() + minutes(15))],
        ),
      );
    await die();
    expect(await scheduler.runDue()).toEqual([]);
    await die();
    await die();
    clock.advance(minutes(15));
    expect(await scheduler.runDue()).toEqual([]);
    expect(run).not.toHaveBeenCalled();
    expect(await readSchedule("hourly")).toMatchObject({
      next_run_at: new Date("2026-11-20T12:00:00Z"),
      last_error: expect.stringContaining("ended in the middle"),
    });
    clock.advance(minutes(60));
    expect(await scheduler.runDue()).toEqual(["hourly"]);
  });

  test("keeps its next time when the hub is started again, unless its times changed", async () => {
    await startAt("2026-11-20T10:30:00Z", [hourly(() => Promise.resolve())]);
    await startAt("2026-11-20T11:30:00Z", [hourly(() => Promise.resolve())]);
    expect(await readSchedule("hourly")).toMatchObject({
      next_run_at: new Date("2026-11-20T11:00:00Z"),
    });
    const daily = { ...hourly(() => Promise.resolve()), cron: "0 4 * * *" };
    await startAt("2026-11-20T11:30:00Z", [daily]);
    expect(await readSchedule("hourly")).toMatchObject({
      next_run_at: new Date("2026-11-21T04:00:00Z"),
    });
  });

  test("is found by the running scheduler, which stops only after it", async () => {
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    clock = new ManualClock("2026-11-20T10:59:59Z");
    const schedule = hourly(() => {
      started.resolve();
      return finish.promise;
    });
    const scheduler = new Scheduler({ db, clock, log }, [schedule]);
    await scheduler.register();
    clock.advance(1000);
    await scheduler.start();
    await started.promise;
    const stopped = scheduler.stop();
    const first = await Promise.race([stopped, new Promise((resolve) => setImmediate(resolve, 1))]);
    expect(first).toBe(1);
    finish.resolve();
    await stopped;
    expect(await readSchedule("hourly")).toMatchObject({ last_finished_at: clock.now() });
  });
});

describe("the hub's schedules", () => {
  test("remove sessions and links that are over, and keep the others", async () => {
    const { orgId } = await createTestOrganisation(db);
    const scheduler = await startAt(
      "2026-11-20T10:00:00Z",
      hubSchedules({ db, clock, wake: nobodyListens }),
    );
    const user_id = randomUUID();
    const base = { user_id, org_id_active: orgId };
    const seen = { created_at: clock.now(), last_seen_at: clock.now() };
    await db.transaction(system, async ({ kysely }) => {
      await kysely
        .insertInto("app_user")
        .values({ id: user_id, name: "Kim", email: null })
        .execute();
      for (const expires_at of ["2026-11-20T10:20:00Z", "2026-11-20T12:00:00Z"]) {
        const row = { ...base, token_hash: randomBytes(32), expires_at };
        await kysely
          .insertInto("session")
          .values({ ...row, ...seen })
          .execute();
        await kysely.insertInto("sign_in_link").values(row).execute();
      }
    });
    clock.advance(minutes(23));
    expect(await scheduler.runDue()).toContain("expire_sessions");
    const left = await db.transaction(system, (tx) =>
      tx.query(`SELECT expires_at FROM session UNION ALL SELECT expires_at FROM sign_in_link`),
    );
    const noon = { expires_at: new Date("2026-11-20T12:00:00Z") };
    expect(left).toEqual([noon, noon]);
  });

  test("vacuum the embedded database, and leave PostgreSQL to itself", async () => {
    const scheduler = await startAt(
      "2026-11-20T10:00:00Z",
      hubSchedules({ db, clock, wake: nobodyListens }),
    );
    await db.transaction(system, async (tx) => {
      for (let i = 0; i < 200; i++) {
        await tx.query("INSERT INTO app_user (id, name) VALUES ($1, 'one')", [randomUUID()]);
      }
    });
    await db.transaction(system, (tx) => tx.query("UPDATE app_user SET name = 'two'"));
    clock.advance(minutes(10));
    const ran = await scheduler.runDue();
    expect(ran.includes("vacuum")).toBe(db.engine === "pglite");
    if (db.engine === "postgres") return;
    const [table] = await db.query<{ vacuumed: boolean; n_dead_tup: number }>(
      `SELECT last_vacuum IS NOT NULL AS vacuumed, n_dead_tup
         FROM pg_stat_user_tables WHERE relname = 'app_user'`,
    );
    expect(table).toEqual({ vacuumed: true, n_dead_tup: 0 });
  });
});
