import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FlakyHub, openFlakyHub } from "../../test/flaky-hub.ts";
import { visit } from "../../test/make-booking.ts";
import {
  bookingSubscriptionManager,
  createClient,
  exposeForDebugging,
  setDefaultClient,
  type SlotwireClient,
  subscribeToBookingEvents,
  subscribeToProviderBookingEvents,
  subscribeToUserBookingEvents,
} from "../index.ts";

const anna = { id: "5e9f1a3c-0000-4000-8000-000000000001", email: "anna@salon.example" };
const booking = "5e9f1a3c-0000-4000-8000-00000000000b";

let hub: FlakyHub;
let client: SlotwireClient;
beforeEach(async () => {
  hub = await openFlakyHub();
  hub.members = [anna];
  client = createClient({ baseUrl: hub.baseUrl });
  setDefaultClient(client);
});
afterEach(async () => {
  bookingSubscriptionManager.unsubscribeAll();
  client.live.close();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  Reflect.deleteProperty(globalThis, "bookingSubscriptionManager");
  await hub.close();
});

const until = (check: () => void): Promise<void> =>
  vi.waitFor(check, { timeout: 5000, interval: 5 });

test("follows nothing where there is no id yet: the hub refuses it", async () => {
  const errors: string[] = [];
  const problem = { type: "t", title: "No", status: 422, code: "E_VALIDATION", remedy: "Look." };
  hub.pageBehaviours = [{ answer: (to) => to.writeHead(422).end(JSON.stringify(problem)) }];
  const heard: number[] = [];
  subscribeToBookingEvents(undefined as unknown as string, ({ seq }) => heard.push(seq), {
    onError: ({ code }) => errors.push(code),
  });
  await until(() => expect(errors).toEqual(["E_VALIDATION"]));
  expect(hub.pages).toEqual([{ booking_id: "undefined", recent: "0" }]);
  await until(() => expect(client.live.state.status).toBe("live"));
  hub.append(1);
  await until(() => expect(client.live.state.lastSeq).toBe(1));
  expect(heard).toEqual([]);
});

test("each follows its own, on one connection, until it is left", async () => {
  const heard: string[] = [];
  const say =
    (who: string) =>
    ({ seq }: { seq: number }): void =>
      void heard.push(`${who} ${seq}`);
  const starts: number[] = [];
  const onStart = (): void => void starts.push(1);
  const leave = subscribeToBookingEvents(booking, say("booking"), { onStart });
  subscribeToUserBookingEvents("me", say("user"), { onStart });
  subscribeToProviderBookingEvents(anna.email, say("provider"), { client, onStart });
  await until(() => expect(starts).toHaveLength(3));
  await until(() => expect(client.live.state.status).toBe("live"));
  hub.add({ data: visit({}), booking_id: booking });
  hub.add({ data: visit({ provider: anna.email }) });
  hub.add({ data: visit({}), actor: { kind: "user", id: anna.id, name: null } });
  await until(() => expect(heard).toEqual(["booking 1", "user 2", "provider 2", "user 3"]));
  leave();
  leave();
  hub.add({ data: visit({ provider: anna.email }), booking_id: booking });
  await until(() => expect(heard.slice(4)).toEqual(["user 4", "provider 4"]));
  expect(hub.positions).toHaveLength(1);
});

test("take what they begin with, and what else has to pass", async () => {
  hub.add({ booking_id: booking });
  hub.add({ booking_id: booking, type: "booking.cancelled" });
  const seqs: number[] = [];
  subscribeToBookingEvents(booking, ({ seq }) => seqs.push(seq), {
    recent: 5,
    filter: { types: ["booking.cancelled"] },
  });
  await until(() => expect(seqs).toEqual([2]));
});

test("the manager knows them, and ends them all", async () => {
  const { getActiveSubscriptionCount, getActiveSubscriptions, unsubscribeAll } =
    bookingSubscriptionManager;
  subscribeToBookingEvents(booking, () => {});
  const leave = subscribeToUserBookingEvents(anna.id, () => {});
  subscribeToProviderBookingEvents(anna.email, () => {});
  const ids = getActiveSubscriptions().map((id) => id.replace(/#\d+$/, ""));
  expect(ids).toEqual([`booking:${booking}`, `user:${anna.id}`, `provider:${anna.email}`]);
  expect(new Set(getActiveSubscriptions()).size).toBe(3);
  leave();
  expect([getActiveSubscriptionCount(), client.live.subscriptionCount]).toEqual([2, 2]);
  unsubscribeAll();
  expect([getActiveSubscriptionCount(), client.live.subscriptionCount]).toEqual([0, 0]);
});

test("says once that there are many", () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  for (let count = 0; count < 15; count += 1) subscribeToBookingEvents(booking, () => {});
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]?.[0]).toContain("11 booking subscriptions");
});

test("is on the window in development alone, or when it is asked for", () => {
  const exposed = (): unknown => Reflect.get(globalThis, "bookingSubscriptionManager");
  vi.stubEnv("NODE_ENV", "production");
  createClient();
  expect(exposed()).toBeUndefined();
  vi.stubEnv("NODE_ENV", "development");
  createClient();
  expect(exposed()).toBe(bookingSubscriptionManager);
  Reflect.deleteProperty(globalThis, "bookingSubscriptionManager");
  exposeForDebugging();
  expect(exposed()).toBe(bookingSubscriptionManager);
});
