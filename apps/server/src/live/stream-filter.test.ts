import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { exampleEvent } from "../../test/example-event.ts";
import { eventFrame } from "./frames.ts";
import { isNarrow, type TokenFilter, wants } from "./stream-filter.ts";

const all = { types: null, bookingId: null };
const frame = eventFrame(exampleEvent);
const passes = (token: Partial<TokenFilter>, of = frame): boolean =>
  wants({ ...all, token: { userEmails: [], ...token } }, of);
const other = randomUUID();

test("a token's lists each let through what they name", () => {
  expect(passes({})).toBe(true);
  expect(passes({ booking_ids: [other, frame.bookingId] })).toBe(true);
  expect(passes({ booking_ids: [other] })).toBe(false);
  expect(passes({ types: ["booking.created", "booking.rescheduled"] })).toBe(true);
  expect(passes({ types: ["booking.created"] })).toBe(false);
  expect(passes({ provider_emails: ["maja@example.com"] })).toBe(true);
  expect(passes({ provider_emails: ["jan@example.com"] })).toBe(false);
});

test("an event has to pass every list, and the reader's own filter", () => {
  const fits = { booking_ids: [frame.bookingId], provider_emails: ["maja@example.com"] };
  expect(passes(fits)).toBe(true);
  expect(passes({ ...fits, types: ["booking.created"] })).toBe(false);
  expect(passes({ ...fits, user_ids: [other] })).toBe(false);
  const token = { ...fits, userEmails: [] };
  expect(wants({ types: ["booking.created"], bookingId: null, token }, frame)).toBe(false);
  expect(wants({ types: null, bookingId: other, token }, frame)).toBe(false);
  expect(wants({ types: null, bookingId: frame.bookingId, token }, frame)).toBe(true);
});

test("a member's events are those they made, and those of bookings whose provider they are", () => {
  const made = eventFrame({ ...exampleEvent, actor: { kind: "user", id: other, name: "Eva" } });
  expect(passes({ user_ids: [other] }, made)).toBe(true);
  expect(passes({ user_ids: [randomUUID()] }, made)).toBe(false);
  expect(passes({ user_ids: [randomUUID()], userEmails: ["maja@example.com"] })).toBe(true);
  expect(passes({ user_ids: [randomUUID()], userEmails: ["x@example.com"] })).toBe(false);
  const byKey = eventFrame({ ...exampleEvent, actor: { kind: "api_key", id: other, name: "Key" } });
  expect(passes({ user_ids: [other] }, byKey)).toBe(false);
});

test("a provider hears of a booking that was theirs until now, whoever changed it", () => {
  const { data } = exampleEvent;
  const moved = (previous: Record<string, unknown>) =>
    eventFrame({ ...exampleEvent, data: { ...data, previous } });
  const anna = { provider_emails: ["anna@example.com"] };
  expect(passes(anna)).toBe(false);
  expect(passes(anna, moved({ provider: { name: "Anna", email: "Anna@Example.com" } }))).toBe(true);
  expect(passes(anna, moved({ provider_email: "anna@example.com" }))).toBe(true);
  expect(passes(anna, moved({ provider: null }))).toBe(false);
});

test("a stream with a token tells its position, as it leaves events out", () => {
  expect(isNarrow({ ...all, token: null })).toBe(false);
  expect(isNarrow({ ...all, token: { userEmails: [] } })).toBe(true);
});
