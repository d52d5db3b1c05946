import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FlakyHub, openFlakyHub } from "../../test/flaky-hub.ts";
import type { SlotwireClient } from "../index.ts";

const network = { isAway: true };

let hub: FlakyHub;
let client: SlotwireClient;
beforeEach(async () => {
  network.isAway = true;
  // What was loaded stays.
  vi.resetModules();
  vi.doMock("./loaded-later.ts", async (importOriginal) => {
    if (network.isAway) throw new TypeError("Failed to fetch dynamically imported module");
    return importOriginal();
  });
  const { createClient } = await import("../index.ts");
  hub = await openFlakyHub();
  client = createClient({ baseUrl: hub.baseUrl, reconnectDelays: [1], pollingTime: 60_000 });
});
afterEach(async () => {
  vi.unstubAllGlobals();
  client.live.close();
  await hub.close();
});

const until = (check: () => void): Promise<void> =>
  vi.waitFor(check, { timeout: 5000, interval: 5 });
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

test.each([true, false])(
  "follows by pages while what a stream needs cannot be loaded, and loses nothing when it can (tabs: %s)",
  async (isSecureContext) => {
    vi.stubGlobal("isSecureContext", isSecureContext);
    hub.append(2);
    const all: number[] = [];
    const ofType: number[] = [];
    client.live.subscribe({ after: 0, onEvent: ({ seq }) => all.push(seq) });
    const types = ["booking.cancelled"] as const;
    client.live.subscribe({ filter: { types }, onEvent: ({ seq }) => ofType.push(seq) });
    await until(() => expect(client.live.state.status).toBe("polling"));
    await until(() => expect(all).toEqual([1, 2]));
    hub.add({ type: "booking.cancelled" });
    await until(() => expect([all, ofType]).toEqual([upTo(3), [3]]));
    expect(hub.positions).toEqual([]);

    network.isAway = false;
    hub.append(1);
    client.live.retry();
    hub.append(1);
    await until(() => expect(client.live.state.status).toBe("live"));
    hub.add({ type: "booking.cancelled" });
    await until(() => expect([all, ofType]).toEqual([upTo(6), [3, 6]]));
    expect(hub.positions).toHaveLength(1);
  },
);

test("a stream of its own follows by pages as well", async () => {
  hub.append(3);
  const seqs: number[] = [];
  const stream = client.stream({ after: 1, onEvent: ({ seq }) => seqs.push(seq) });
  await until(() => expect(seqs).toEqual([2, 3]));
  expect(stream.state).toMatchObject({ status: "polling", error: null });
  network.isAway = false;
  stream.retry();
  await until(() => expect(stream.state.status).toBe("live"));
  hub.append(1);
  await until(() => expect(seqs).toEqual([2, 3, 4]));
  stream.close();
});
