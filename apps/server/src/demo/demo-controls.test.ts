import type { BookingResource, DemoResource, DemoVisit } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";
import { until } from "../../test/until.ts";
import { connectors } from "../cli/connectors.ts";
import { startWorkers } from "../cli/start-workers.ts";
import { loadConfig } from "../config.ts";
import { createLocalWake } from "../db/local-wake.ts";
import { wholeView } from "../domain/views/view.ts";
import { listBookings } from "../ledger/list-bookings.ts";
import { withDemoSettings } from "./demo-settings.ts";
import { type Demo, startDemo } from "./start-demo.ts";

const faulty = {
  duplicate_percent: 60,
  delay_percent: 40,
  delay_seconds: 1,
  reorder_percent: 40,
  fail_percent: 40,
};

describe("the API of the demo", () => {
  const cleanUps: (() => Promise<unknown>)[] = [];
  let testHub: TestHub;
  let demo: Demo;
  let headers: { cookie: string };

  beforeAll(async () => {
    const config = withDemoSettings(loadConfig({}, { demo: true }));
    testHub = await createTestHub({ config, connectors, wake: createLocalWake() });
    cleanUps.push(() => testHub.close());
    const workers = await startWorkers(testHub.hub);
    cleanUps.push(() => workers.stop(5_000));
    const address = await testHub.app.listen({ host: "127.0.0.1", port: 0 });
    demo = await startDemo(testHub.hub, { address, seed: 5, settings: { per_minute: 0 } });
    cleanUps.push(() => demo.stop());
    headers = await testHub.signIn();
    const to = { organisation_id: demo.orgId };
    await ask("PUT", "/api/v1/session/organisation", to);
  });
  afterAll(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
  });

  const ask = (
    method: "GET" | "PUT" | "PATCH" | "POST" | "DELETE",
    url: string,
    payload?: object,
  ) => testHub.app.inject({ method, url, headers, ...(payload && { payload }) });
  const read = async (query = ""): Promise<DemoResource> =>
    (await ask("GET", `/api/v1/demo${query}`)).json<DemoResource>();
  const ledger = async (): Promise<BookingResource[]> => {
    const page = { limit: 2_000, after: null };
    return (await listBookings(testHub.hub, wholeView(demo.orgId), {}, page)).bookings;
  };
  const isOver = async (): Promise<boolean> => {
    const { burst, counts, open_visits, unprocessed } = await read();
    const isQuiet = counts.held_back === 0 && open_visits.length === 0 && unprocessed === 0;
    return burst?.state !== "running" && isQuiet;
  };

  test("is there in the demo organisation, and nowhere else", async () => {
    const elsewhere = { url: "/api/v1/demo", headers: await testHub.signIn() };
    expect((await testHub.app.inject(elsewhere)).statusCode).toBe(404);
    expect((await testHub.app.inject({ url: "/api/v1/demo" })).statusCode).toBe(401);
    const { counts, visits, settings, ...began } = await read();
    expect(began).toMatchObject({ began_at: expect.any(String) as string, began_position: 0 });
    expect(settings.per_minute).toBe(0);
    expect(visits).toEqual([]);
    expect(counts.happened).toBeGreaterThan(0);
  });

  test("is not there without a demo", async () => {
    const plain = await createTestHub();
    cleanUps.push(() => plain.close());
    const answer = await plain.app.inject({ url: "/api/v1/demo", headers: await plain.signIn() });
    expect(answer.statusCode).toBe(404);
  });

  test("changes what goes wrong within its limits, and the audit log tells of it", async () => {
    const before = (await read()).settings;
    expect((await ask("PATCH", "/api/v1/demo", { fail_percent: 91 })).statusCode).toBe(422);
    expect((await ask("PATCH", "/api/v1/demo", { nothing: 1 })).statusCode).toBe(422);
    const answer = await ask("PATCH", "/api/v1/demo", faulty);
    expect(answer.json()).toMatchObject({ settings: { ...before, ...faulty } });
    const audit = await ask("GET", "/api/v1/audit?entity=demo");
    expect(audit.json()).toMatchObject({
      data: [{ action: "demo.changed", new: faulty, old: { fail_percent: before.fail_percent } }],
    });
  });

  test(
    "lets much happen at once; all of it is in the ledger, once",
    { timeout: 150_000 },
    async () => {
      await until(isOver, 60_000);
      const start = await read();
      const begun = await ask("POST", "/api/v1/demo/happenings", { count: 150 });
      expect(begun.statusCode).toBe(202);
      expect((await ask("POST", "/api/v1/demo/happenings", { count: 1 })).statusCode).toBe(409);
      await until(isOver, 120_000);
      const end = await read(`?after=${start.change}`);
      expect(end.burst).toMatchObject({ state: "done", asked: 150, happened: 150 });
      expect(end.counts.happened - start.counts.happened).toBe(end.change - start.change);
      expect(end.counts.posted_twice).toBeGreaterThan(20);
      expect(end.counts.lost_on_the_way).toBeGreaterThan(5);
      expect(end.counts.answers_lost).toBeGreaterThan(5);
      expect(end.counts.given_up).toBe(0);
      const bookings = await ledger();
      for (const visit of end.visits) expect(bookingsOf(visit, bookings)).toEqual([visit]);
    },
  );

  test("stops when it is asked to", { timeout: 90_000 }, async () => {
    await ask("POST", "/api/v1/demo/happenings", { count: 10_000 });
    const stopped = (await ask("DELETE", "/api/v1/demo/happenings")).json<DemoResource>();
    expect(stopped.burst).toMatchObject({ state: "cancelled", asked: 10_000 });
    await until(isOver, 60_000);
    expect((await read()).burst?.happened).toBeLessThan(10_000);
  });

  test("posts test messages, whose signature is right or wrong", async () => {
    const right = (await ask("POST", "/api/v1/demo/test-webhook", {})).json<object>();
    expect(right).toMatchObject({ status: 200, action: "ignored", code: null });
    const { message_id } = right as { message_id: string };
    const message = await ask("GET", `/api/v1/inbound-messages/${message_id}`);
    expect(message.json()).toMatchObject({ trigger: "PING" });
    const wrong = await ask("POST", "/api/v1/demo/test-webhook", { signature: "wrong" });
    expect(wrong.json()).toMatchObject({ status: 401, code: "E_SIGNATURE", message_id: null });
  });

  test("has a receiver that takes trials", async () => {
    const { destination_id } = await read();
    const trial = await ask("POST", `/api/v1/destinations/${destination_id}/test`);
    expect(trial.json()).toMatchObject({ status_code: 204 });
  });
});

/** The bookings that have one of the visit's ids, as its source would tell of them. */
function bookingsOf(visit: DemoVisit, bookings: readonly BookingResource[]): DemoVisit[] {
  return bookings
    .filter(({ external_refs }) =>
      external_refs.some(
        ({ kind, external_id }) => kind === "uid" && visit.uids.includes(external_id),
      ),
    )
    .map(({ status, starts_at, ends_at }) => ({ ...visit, status, starts_at, ends_at }));
}
