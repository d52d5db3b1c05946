import type { ChangedBooking } from "@slotwire/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type BookingHub, makeVisit, openBookingHub } from "../test/booking-hub.ts";
import { type BookingsQuestion, createLiveBookings, type LiveBookings } from "./live-bookings.ts";

let hub: BookingHub;
beforeEach(async () => {
  hub = await openBookingHub();
});
afterEach(() => hub.close());

/** All visits of the tests' day, watched. */
function open(change: Partial<BookingsQuestion> = {}): LiveBookings {
  const { client } = hub;
  const bookings = createLiveBookings(client, {
    ask: async () => (await client.bookings.list()).data,
    belongs: ({ starts_at: at, deleted_at: gone }) => at.startsWith("2026-11-21") && gone === null,
    ...change,
  });
  bookings.watch(() => {});
  return bookings;
}
const titles = (of: LiveBookings) => {
  const { bookings } = of.read();
  return bookings && [...bookings.values()].map(({ title }) => title);
};
const untilShown = (of: LiveBookings, shown: string[]) =>
  expect.poll(() => titles(of)).toEqual(shown);
/** A promise, and what settles it. */
const gate = () => Promise.withResolvers<void>();

it("misses nothing that is written between the first reading and the stream's beginning", async () => {
  hub.stream.questionBehaviour = { answer: (response) => response.destroy() };
  hub.stream.behaviours = [{ silent: true }, {}];
  hub.write({ id: "a", title: "first" });
  const bookings = open();
  // It does not wait for long.
  await expect.poll(() => titles(bookings), { timeout: 5000 }).toEqual(["first"]);
  hub.write({ id: "a", title: "second" });
  hub.write({ id: "b", title: "new" });
  hub.client.live.retry();
  await untilShown(bookings, ["second", "new"]);
  expect(hub.readings()).toBe(2);
});

it("is read once, before and after the stream is there", async () => {
  hub.write({ id: "a", title: "first" });
  const early = open();
  await untilShown(early, ["first"]);
  await expect.poll(() => early.read().status).toBe("live");
  const late = open();
  await untilShown(late, ["first"]);
  hub.write({ id: "b", title: "new" });
  await untilShown(early, ["first", "new"]);
  await untilShown(late, ["first", "new"]);
  expect(hub.readings()).toBe(2);
});

it("is read at once where events are refused", async () => {
  hub.stream.behaviours = [{ answer: (response) => response.writeHead(403).end() }];
  hub.write({ id: "a", title: "first" });
  const bookings = open();
  await untilShown(bookings, ["first"]);
  expect(bookings.read()).toMatchObject({ status: "denied", isConnected: false });
});

it("reads nothing for one that is mounted and taken back at once", async () => {
  hub.write({ id: "a", title: "first" });
  const first = open();
  await untilShown(first, ["first"]);
  const { client } = hub;
  const again = createLiveBookings(client, {
    ask: async () => (await client.bookings.list()).data,
    belongs: () => true,
  });
  again.watch(() => {})();
  again.watch(() => {});
  await untilShown(again, ["first"]);
  expect(hub.readings()).toBe(2);
});

it("keeps what events say while an older answer is on its way", async () => {
  hub.write({ id: "a", title: "first" });
  hub.write({ id: "b", title: "stays" });
  const bookings = open();
  await untilShown(bookings, ["first", "stays"]);
  await expect.poll(() => bookings.read().status).toBe("live");
  const answers = gate();
  hub.hold = () => answers.promise;
  bookings.retry();
  await expect.poll(hub.readings).toBe(2);
  hub.write({ id: "a", title: "second" });
  hub.write({ id: "b", starts_at: "2026-11-22T09:00:00.000Z" });
  hub.write({ id: "c", title: "new" });
  await untilShown(bookings, ["second", "new"]);
  answers.resolve();
  await expect.poll(() => bookings.read().status).toBe("live");
  hub.write({ id: "d", title: "last" });
  await untilShown(bookings, ["second", "new", "last"]);
});

it("goes by versions, whatever comes first", async () => {
  const never = gate();
  hub.hold = () => never.promise;
  const third = makeVisit({ id: "a", title: "third", version: 3 });
  const bookings = open({ initial: [third] });
  await expect.poll(() => bookings.read().status).toBe("live");
  const second = { ...third, title: "second", version: 2 };
  hub.stream.add({ booking_id: "a", booking_version: 2, data: { booking: second } });
  hub.write({ id: "b", title: "new" });
  await untilShown(bookings, ["third", "new"]);
});

it("takes in what moves in, and lets go of what moves out, is deleted or becomes somebody else's", async () => {
  for (const id of ["a", "b", "c"]) hub.write({ id, title: id });
  hub.write({ id: "d", title: "d", starts_at: "2026-11-20T09:00:00.000Z" });
  hub.bookings.delete("d");
  const bookings = open();
  await untilShown(bookings, ["a", "b", "c"]);
  await expect.poll(() => bookings.read().status).toBe("live");
  hub.write({ id: "d", title: "d" });
  await untilShown(bookings, ["a", "b", "c", "d"]);
  hub.write({ id: "a", starts_at: "2026-11-22T09:00:00.000Z" });
  hub.write({ id: "b", deleted_at: "2026-11-21T08:00:00.000Z" });
  hub.write({ id: "c" }, { data: {} });
  await untilShown(bookings, ["d"]);
  hub.write({ id: "a", starts_at: "2026-11-21T11:00:00.000Z" });
  await untilShown(bookings, ["a", "d"]);
});

it("asks the hub what only the hub can tell", async () => {
  hub.write({ id: "a", title: "a" });
  const bookings = open({
    isUnclear: ({ changed_fields: changed }) => changed.includes("provider"),
  });
  await untilShown(bookings, ["a"]);
  await expect.poll(() => bookings.read().status).toBe("live");
  hub.bookings.clear();
  hub.stream.add({ booking_id: "a", booking_version: 1, changed_fields: ["provider"] });
  await untilShown(bookings, []);
});

const answerOf = (id: string): ChangedBooking => {
  const booking = hub.bookings.get(id);
  if (booking === undefined) throw new Error("there is none");
  return { booking, command: null };
};

it("shows a change at once, and what came of it", async () => {
  hub.write({ id: "a", title: "before" });
  const bookings = open();
  await untilShown(bookings, ["before"]);
  const sent = gate();
  const changed = bookings.change("a", { title: "wished" }, async ({ version }) => {
    expect(version).toBe(1);
    await sent.promise;
    hub.write({ id: "a", title: "made" });
    return answerOf("a");
  });
  expect(titles(bookings)).toEqual(["wished"]);
  expect(bookings.read().isChanging).toBe(true);
  sent.resolve();
  await changed;
  expect(titles(bookings)).toEqual(["made"]);
  expect(bookings.read().isChanging).toBe(false);
});

it("takes a change back when it was refused, or when somebody else was faster", async () => {
  hub.write({ id: "a", title: "before" });
  const bookings = open();
  await untilShown(bookings, ["before"]);
  await expect.poll(() => bookings.read().status).toBe("live");
  const refused = bookings.change("a", { title: "wished" }, () => Promise.reject(new Error("no")));
  expect(titles(bookings)).toEqual(["wished"]);
  await expect(refused).rejects.toThrow("no");
  expect(titles(bookings)).toEqual(["before"]);
  const sent = gate();
  const late = bookings.change("a", { title: "wished" }, () =>
    sent.promise.then(() => answerOf("a")),
  );
  hub.write({ id: "a", title: "faster" });
  await untilShown(bookings, ["faster"]);
  sent.resolve();
  await late;
  expect(titles(bookings)).toEqual(["faster"]);
});

it("tells of what is not there, and reads again when it was asked to", async () => {
  const bookings = open({ ask: async () => [await hub.client.bookings.get("a")] });
  await expect.poll(() => bookings.read().failure?.message).toBeTruthy();
  expect(titles(bookings)).toEqual([]);
  hub.write({ id: "a", title: "there" });
  bookings.retry();
  await untilShown(bookings, ["there"]);
  expect(bookings.read().failure).toBeNull();
});

it("drops what it shows when nobody is signed in any more, and reads again when somebody is", async () => {
  hub.write({ id: "a", title: "first" });
  const bookings = open();
  await untilShown(bookings, ["first"]);
  await expect.poll(() => bookings.read().status).toBe("live");
  hub.stream.behaviours = [{ answer: (response) => response.writeHead(401).end() }];
  hub.client.live.retry();
  await expect.poll(() => bookings.read().status).toBe("denied");
  expect(bookings.read()).toMatchObject({ bookings: null, failure: { status: 401 } });
  hub.stream.behaviours = [{}];
  hub.client.live.retry();
  await untilShown(bookings, ["first"]);
  expect(bookings.read().failure).toBeNull();
});

it("shows nothing of what was read for who is not signed in any more", async () => {
  hub.write({ id: "a", title: "first" });
  const bookings = open();
  await untilShown(bookings, ["first"]);
  await expect.poll(() => bookings.read().status).toBe("live");
  const answers = gate();
  hub.hold = () => answers.promise;
  bookings.reload();
  await expect.poll(hub.readings).toBe(2);
  hub.stream.behaviours = [{ answer: (response) => response.writeHead(401).end() }];
  hub.client.live.retry();
  await expect.poll(() => bookings.read().status).toBe("denied");
  answers.resolve();
  await hub.client.bookings.list();
  expect(bookings.read()).toMatchObject({ bookings: null, failure: { status: 401 } });
});
