import type { BookingEvent } from "@slotwire/contract";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { makeEvent } from "../../../client/test/flaky-hub.ts";
import { dismissToast, forgetNews, holdToasts, readPageNews, tellPage } from "./page-news.ts";

const event = (booking: string): BookingEvent => ({ ...makeEvent(1), booking_id: booking });
const toasts = () =>
  readPageNews().toasts.map(({ bookingId, count }) => [bookingId, count] as const);

beforeAll(() => {
  vi.useFakeTimers();
});
// Whatever was told is over for the next test.
afterEach(() => {
  vi.advanceTimersByTime(60_000);
});
afterAll(() => {
  vi.useRealTimers();
});

test("events of one booking are one message, which counts on", () => {
  for (let left = 3; left > 0; left -= 1) tellPage(event("a"), true);
  vi.advanceTimersByTime(300);
  expect(toasts()).toEqual([["a", 3]]);
  const [first] = readPageNews().toasts;
  tellPage(event("a"), true);
  tellPage(event("b"), true);
  vi.advanceTimersByTime(3000);
  expect(toasts()).toEqual([
    ["a", 4],
    ["b", 1],
  ]);
  expect(readPageNews().toasts[0]?.id).toBe(first?.id);
});

test("events of many bookings are one message", () => {
  for (const booking of ["a", "b", "c", "d", "a"]) tellPage(event(booking), true);
  vi.advanceTimersByTime(300);
  expect(toasts()).toEqual([[null, 5]]);
  tellPage(event("e"), true);
  vi.advanceTimersByTime(3000);
  expect(toasts()).toEqual([[null, 6]]);
});

test("an event that several feeds have is told once", () => {
  const one = event("a");
  tellPage(one, true);
  tellPage(one, true);
  vi.advanceTimersByTime(300);
  expect(toasts()).toEqual([["a", 1]]);
});

test("at most one sentence is said in three seconds, of all that came", () => {
  tellPage(event("a"), false);
  vi.advanceTimersByTime(300);
  const said = readPageNews().spoken;
  expect(said?.count).toBe(1);
  tellPage(event("a"), false);
  tellPage(event("b"), false);
  vi.advanceTimersByTime(2900);
  expect(readPageNews().spoken).toBe(said);
  vi.advanceTimersByTime(100);
  expect(readPageNews().spoken).toMatchObject({ count: 2, bookingId: null });
  expect(toasts()).toEqual([]);
});

test("messages go after a while, stay while they are held, and can be dismissed", () => {
  tellPage(event("a"), true);
  vi.advanceTimersByTime(300);
  holdToasts(true);
  vi.advanceTimersByTime(60_000);
  expect(toasts()).toEqual([["a", 1]]);
  holdToasts(false);
  vi.advanceTimersByTime(7999);
  expect(toasts()).toEqual([["a", 1]]);
  vi.advanceTimersByTime(1);
  expect(toasts()).toEqual([]);
  tellPage(event("b"), true);
  vi.advanceTimersByTime(300);
  dismissToast(readPageNews().toasts[0]?.id ?? "");
  expect(toasts()).toEqual([]);
});

test("news that come while the messages are held leave them there", () => {
  tellPage(event("a"), true);
  vi.advanceTimersByTime(300);
  holdToasts(true);
  tellPage(event("b"), true);
  vi.advanceTimersByTime(60_000);
  expect(toasts()).toHaveLength(2);
  holdToasts(false);
});

test("who shows no messages takes none from who does", () => {
  const heard = event("a");
  tellPage(heard, false);
  tellPage(heard, true);
  tellPage(heard, false);
  vi.advanceTimersByTime(300);
  expect(toasts()).toEqual([["a", 1]]);
});

test("nothing of one reader is told to the next", () => {
  tellPage(event("a"), true);
  vi.advanceTimersByTime(300);
  tellPage(event("b"), true);
  forgetNews();
  expect(readPageNews()).toEqual({ spoken: null, toasts: [] });
  vi.advanceTimersByTime(60_000);
  expect(readPageNews()).toEqual({ spoken: null, toasts: [] });
});
