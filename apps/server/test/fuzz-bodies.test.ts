import { expect, test } from "vitest";
import { tenant } from "../src/db/database.ts";
import type { Hub } from "../src/http/app.types.ts";
import { createErrorLog } from "./fuzz/error-log.ts";
import { fuzzSettings, runFuzz } from "./fuzz/run-fuzz.ts";
import { createHubHome, startHubAt } from "./running-hub.ts";
import { testApiKey } from "./test-hub.ts";
import { until } from "./until.ts";

/** `SLOTWIRE_TEST_SEED=<number>` repeats a run's bodies; `npm run fuzz` sends many more. */
const seed = Number(process.env["SLOTWIRE_TEST_SEED"] ?? Math.floor(Math.random() * 1e9));
const BODIES = process.env["SLOTWIRE_TEST_ENGINE"] === "postgres" ? 3_000 : 1_500;

test(
  `whatever bodies sources send, the hub answers, and its ledger holds together (seed ${seed})`,
  { timeout: 600_000 },
  async () => {
    const home = await createHubHome();
    const errors = createErrorLog();
    const running = await startHubAt(home, fuzzSettings, { log: errors.log });
    try {
      const options = { apiKey: testApiKey, bodies: BODIES, seed };
      const { findings, events } = await runFuzz(running, errors, options);
      expect(findings, `with SLOTWIRE_TEST_SEED=${seed}`).toEqual([]);
      // It would prove nothing if nothing was understood: the messages of every kind made bookings.
      expect(events).toBeGreaterThan(BODIES / 10);
      const owning = [...running.hub.connectors.values()].filter(
        ({ capabilities }) => capabilities.ownsBookings,
      );
      await until(async () => (await kindsOf(running.hub)).length === owning.length);
    } finally {
      await running.stop();
      await home.remove();
    }
  },
);

/** The kinds of sources whose messages are in the log. */
function kindsOf({ db, defaultOrgId }: Hub): Promise<object[]> {
  return db.transaction(tenant(defaultOrgId), (tx) =>
    tx.query<object>("SELECT DISTINCT source_kind FROM booking_event"),
  );
}
