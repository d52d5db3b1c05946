import pg from "pg";
import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  inject,
  type Mock,
  test,
  vi,
} from "vitest";
import {
  createTestOrganisation,
  openTestDatabase,
  type TestDatabase,
} from "../../test/test-database.ts";
import { PostgresWake, type PostgresWakeOptions } from "./postgres-wake.ts";

const isPostgres = inject("databaseTemplate").engine === "postgres";

/** A listener that counts, and can be waited for. */
function counter(): { listener: Mock<() => void>; heard: (times: number) => Promise<void> } {
  const listener = vi.fn<() => void>();
  const heard = (times: number): Promise<void> =>
    vi.waitFor(() => expect(listener.mock.calls.length).toBeGreaterThanOrEqual(times), 5000);
  return { listener, heard };
}

describe.runIf(isPostgres)("waking other nodes", () => {
  let opened: TestDatabase;
  let url: string;
  const open: PostgresWake[] = [];

  beforeAll(async () => {
    opened = await openTestDatabase();
    url = opened.url ?? "";
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((wake) => wake.close()));
  });
  afterAll(() => opened.close());

  async function openWake(options: PostgresWakeOptions = {}): Promise<PostgresWake> {
    const wake = new PostgresWake(url, options);
    open.push(wake);
    await wake.listening();
    await new Promise((resolve) => setImmediate(resolve));
    return wake;
  }

  test("a signal is heard on the own node and on the others", async () => {
    const [here, there] = [await openWake(), await openWake()];
    const [own, other] = [counter(), counter()];
    here.on("deliveries", own.listener);
    there.on("deliveries", other.listener);
    here.signal("deliveries");
    await Promise.all([own.heard(1), other.heard(1)]);
  });

  test("many signals become few notifications, and none comes back to its sender", async () => {
    const here = await openWake();
    const own = counter();
    here.on("events", own.listener);
    const listener = new pg.Client({ connectionString: url });
    await listener.connect();
    const payloads: string[] = [];
    listener.on("notification", (message) => payloads.push(message.payload ?? ""));
    await listener.query("LISTEN slotwire_wake");
    try {
      for (let i = 0; i < 1000; i++) {
        here.signal("events");
        here.signal("deliveries");
      }
      await vi.waitFor(() => expect(payloads).toEqual(["events,deliveries"]), 5000);
      // What the server sends back comes in order: after this, nothing of ours is on its way.
      const foreign = counter();
      here.on("messages", foreign.listener);
      await listener.query("NOTIFY slotwire_wake, 'messages'");
      await foreign.heard(1);
      expect(own.listener).toHaveBeenCalledTimes(1);
    } finally {
      await listener.end();
    }
  });

  test("a booking that is written by plain SQL wakes streams and deliveries", async () => {
    const { orgId } = await createTestOrganisation(opened.db);
    const here = await openWake();
    const [events, deliveries] = [counter(), counter()];
    here.on("events", events.listener);
    here.on("deliveries", deliveries.listener);
    await opened.db.query(
      `INSERT INTO booking (org_id, starts_at, ends_at)
         VALUES ($1, '2026-11-20T10:00:00Z', '2026-11-20T11:00:00Z')`,
      [orgId],
    );
    await Promise.all([events.heard(1), deliveries.heard(1)]);
  });

  test("a cut connection is made again, and everybody is woken", async () => {
    const onBroken = vi.fn<(error: unknown) => void>();
    const here = await openWake({ onBroken, reconnectDelays: [10] });
    const there = await openWake();
    const [events, messages] = [counter(), counter()];
    here.on("events", events.listener);
    here.on("messages", messages.listener);
    for (let round = 1; round <= 2; round++) {
      await opened.db.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
      );
      await vi.waitFor(() => expect(onBroken).toHaveBeenCalledTimes(round), 5000);
      await here.listening();
      await Promise.all([events.heard(round), messages.heard(round)]);
    }
    await there.listening();
    const before = events.listener.mock.calls.length;
    there.signal("events");
    await events.heard(before + 1);
  });

  test("closing does not wait for a server that is not there", async () => {
    const wake = new PostgresWake("postgres://nobody@127.0.0.1:1/none", {});
    await wake.close();
  });
});
