import { setMaxListeners } from "node:events";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FlakyHub, openFlakyHub } from "../../test/flaky-hub.ts";
import { createTransport } from "../transport.ts";
import { type BookingEventStream, streamBookingEvents } from "./stream-booking-events.ts";

// A page by plain HTTP: no locks, by which tabs share.
let hub: FlakyHub;
let streams: BookingEventStream[];
let page: EventTarget & { visibilityState: string; baseURI: string };
beforeEach(async () => {
  hub = await openFlakyHub();
  streams = [];
  page = Object.assign(new EventTarget(), { visibilityState: "visible", baseURI: hub.baseUrl });
  // All tabs of a test listen to it.
  setMaxListeners(0, page);
  vi.stubGlobal("isSecureContext", false);
  vi.stubGlobal("document", page);
});
afterEach(async () => {
  vi.useRealTimers();
  for (const stream of streams) stream.close();
  vi.unstubAllGlobals();
  await hub.close();
});

const until = (check: () => void): Promise<void> =>
  vi.waitFor(check, { timeout: 8000, interval: 5 });

function openTab(): { stream: BookingEventStream; seqs: number[] } {
  const seqs: number[] = [];
  const stream = streamBookingEvents(createTransport({ baseUrl: hub.baseUrl }), {
    reconnectDelays: [1],
    onEvent: ({ seq }) => seqs.push(seq),
  });
  streams.push(stream);
  return { stream, seqs };
}

function show(visibilityState: string): void {
  page.visibilityState = visibilityState;
  page.dispatchEvent(new Event("visibilitychange"));
}

test("a page that is hidden for a while lets go of its connection, and goes on where it was", async () => {
  const { stream, seqs } = openTab();
  await until(() => expect(stream.state.status).toBe("live"));
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  show("hidden");
  vi.advanceTimersByTime(5000);
  show("visible");
  vi.advanceTimersByTime(9000);
  expect(stream.state.status).toBe("live");
  show("hidden");
  vi.advanceTimersByTime(11_000);
  vi.useRealTimers();
  await until(() => expect(stream.state).toMatchObject({ status: "idle", error: null }));
  await until(() => expect(hub.openConnections()).toBe(0));
  hub.append(2);
  show("visible");
  await until(() => expect(stream.state.status).toBe("live"));
  await until(() => expect(seqs).toEqual([1, 2]));
  expect(hub.positions.at(-1)).toBe("0");
});

test("of pages that are shown side by side the first ones stream, and the others ask for pages", async () => {
  const tabs = Array.from({ length: 8 }, () => openTab());
  const statuses = (): string[] => tabs.map(({ stream }) => stream.state.status);
  await until(() => expect(statuses().filter((status) => status === "live")).toHaveLength(4));
  await until(() => expect(statuses().filter((status) => status === "polling")).toHaveLength(4));
  expect(hub.openConnections()).toBe(4);
  hub.append(1);
  for (const { seqs } of tabs) await until(() => expect(seqs).toEqual([1]));
  // None of the others keeps a connection by waiting.
  expect(hub.pages.map(({ wait }) => wait)).not.toContain("20");
  // Where one leaves, another may take its place.
  tabs.find(({ stream }) => stream.state.status === "live")?.stream.close();
  for (const { stream } of tabs) if (stream.state.status === "polling") stream.retry();
  await until(() => expect(hub.openConnections()).toBe(4));
  await until(() => expect(statuses().filter((status) => status === "live")).toHaveLength(4));
});

test("a page that may not talk to others has a stream", async () => {
  vi.stubGlobal("BroadcastChannel", function refuse() {
    throw new DOMException("The operation is insecure.", "SecurityError");
  });
  const { stream } = openTab();
  await until(() => expect(stream.state.status).toBe("live"));
  expect(hub.positions).toHaveLength(1);
});

test("many pages that come at once, as when the network is back, say little to each other", async () => {
  const said = vi.spyOn(BroadcastChannel.prototype, "postMessage");
  const tabs = Array.from({ length: 11 }, () => openTab());
  for (const { stream } of tabs)
    await until(() => expect(stream.state.lastSyncedAt).not.toBeNull());
  // Each comes once, and is answered once by each that came before.
  expect(said.mock.calls.length).toBeLessThanOrEqual(11 + (11 * 10) / 2);
  said.mockRestore();
});
