import { randomUUID } from "node:crypto";
import type { BookingEvent, BookingResource } from "@slotwire/contract";
import { describe, expect, test } from "vitest";
import { exampleEvent } from "../../test/example-event.ts";
import { type EventFacts, factsOf } from "./event-facts.ts";
import {
  bookingsOf,
  everything,
  isNarrow,
  type StreamFilter,
  type TokenFilter,
  wants,
} from "./stream-filter.ts";

const facts = factsOf(exampleEvent);
const other = randomUUID();
const all = { own: null };

const passes = (token: Partial<TokenFilter>, of = facts): boolean =>
  wants({ ...everything, token: { userEmails: [], ...token } }, of, all);
const wanted = (filter: Partial<StreamFilter>, of = facts): boolean =>
  wants({ ...everything, ...filter }, of, all);

function changed(
  booking: Partial<BookingResource>,
  previous: Record<string, unknown>,
  rest: Partial<BookingEvent> = {},
): EventFacts {
  const { data } = exampleEvent;
  const after = { ...(data.booking as BookingResource), ...booking };
  return factsOf({ ...exampleEvent, ...rest, data: { booking: after, previous } });
}

describe("a token", () => {
  test("lets through what each of its lists names", () => {
    expect(passes({})).toBe(true);
    expect(passes({ booking_ids: [other, facts.bookingId] })).toBe(true);
    expect(passes({ booking_ids: [other] })).toBe(false);
    expect(passes({ types: ["booking.created", "booking.rescheduled"] })).toBe(true);
    expect(passes({ types: ["booking.created"] })).toBe(false);
    expect(passes({ provider_emails: ["maja@example.com"] })).toBe(true);
    expect(passes({ provider_emails: ["jan@example.com"] })).toBe(false);
  });

  test("asks an event to pass every list, and the reader's own filter", () => {
    const fits = { booking_ids: [facts.bookingId], provider_emails: ["maja@example.com"] };
    expect(passes(fits)).toBe(true);
    expect(passes({ ...fits, types: ["booking.created"] })).toBe(false);
    expect(passes({ ...fits, user_ids: [other] })).toBe(false);
    const token = { ...fits, userEmails: [] };
    expect(wanted({ types: ["booking.created"], token })).toBe(false);
    expect(wanted({ bookingId: other, token })).toBe(false);
    expect(wanted({ bookingId: facts.bookingId, token })).toBe(true);
  });

  test("of a member lets through what they made, and what is of bookings they provide", () => {
    const made = changed({}, {}, { actor: { kind: "user", id: other, name: "Eva" } });
    expect(passes({ user_ids: [other] }, made)).toBe(true);
    expect(passes({ user_ids: [randomUUID()] }, made)).toBe(false);
    expect(passes({ user_ids: [randomUUID()], userEmails: ["maja@example.com"] })).toBe(true);
    expect(passes({ user_ids: [randomUUID()], userEmails: ["x@example.com"] })).toBe(false);
    const byKey = changed({}, {}, { actor: { kind: "api_key", id: other, name: "Key" } });
    expect(passes({ user_ids: [other] }, byKey)).toBe(false);
  });

  test("tells its position, as it leaves events out", () => {
    expect(isNarrow(everything)).toBe(false);
    expect(isNarrow({ ...everything, token: { userEmails: [] } })).toBe(true);
    expect(isNarrow({ ...everything, location: "salon" })).toBe(true);
  });

  test("and a query name bookings together", () => {
    const token = { userEmails: [], booking_ids: [other] };
    expect(bookingsOf(everything)).toBeNull();
    expect(bookingsOf({ ...everything, bookingId: facts.bookingId })).toEqual([facts.bookingId]);
    expect(bookingsOf({ ...everything, token })).toEqual([other]);
    expect(bookingsOf({ ...everything, token, bookingId: other })).toEqual([other]);
    expect(bookingsOf({ ...everything, token, bookingId: facts.bookingId })).toEqual([]);
  });
});

describe("what an event changed from counts too, whoever wrote it", () => {
  test("the provider", () => {
    const anna = { providerEmails: ["anna@example.com"] };
    const user = { user: { id: other, emails: ["anna@example.com"] } };
    const before = { provider: { name: "Anna", email: "Anna@Example.com" } };
    for (const filter of [
      anna,
      user,
      { token: { userEmails: [], provider_emails: ["anna@example.com"] } },
    ]) {
      expect(wanted(filter)).toBe(false);
      expect(wanted(filter, changed({}, before))).toBe(true);
      expect(wanted(filter, changed({}, { provider_email: "anna@example.com" }))).toBe(true);
      expect(wanted(filter, changed({}, { provider: null }))).toBe(false);
    }
    expect(wanted({ providerEmails: [] }, changed({}, before))).toBe(false);
  });

  test("the customer", () => {
    const [jan, eva] = [randomUUID(), randomUUID()];
    const customer = { id: eva, name: "Eva", email: null, phone: null };
    const ofJan = { customerId: jan };
    expect(wanted({ customerId: eva }, changed({ customer }, {}))).toBe(true);
    expect(wanted(ofJan, changed({ customer }, {}))).toBe(false);
    expect(wanted(ofJan, changed({ customer }, { customer: { id: jan, name: "Jan" } }))).toBe(true);
    expect(wanted(ofJan, changed({ customer }, { customer_id: jan }))).toBe(true);
    expect(wanted(ofJan, changed({ customer: null }, { customer_id: jan }))).toBe(true);
    expect(wanted(ofJan, changed({ customer }, { customer: null }))).toBe(false);
  });

  test("the location, in any case of letters", () => {
    const salon = { location: "östra salon" };
    expect(wanted(salon, changed({ location: "Östra Salon" }, {}))).toBe(true);
    expect(wanted(salon, changed({ location: "Västra" }, {}))).toBe(false);
    expect(wanted(salon, changed({ location: "Västra" }, { location: "ÖSTRA SALON" }))).toBe(true);
    expect(wanted(salon, changed({ location: null }, { location: "Östra salon" }))).toBe(true);
    expect(wanted(salon, changed({ location: "Östra salon" }, { location: null }))).toBe(true);
  });

  test("and all parts of a filter have to pass", () => {
    const event = changed({ location: "Salon" }, { provider_email: "anna@example.com" });
    const both = { location: "salon", providerEmails: ["anna@example.com"] };
    expect(wanted(both, event)).toBe(true);
    expect(wanted({ ...both, location: "elsewhere" }, event)).toBe(false);
    expect(wanted({ ...both, providerEmails: ["eva@example.com"] }, event)).toBe(false);
    expect(wanted({ ...both, types: ["booking.created"] }, event)).toBe(false);
  });
});

test("whoever a booking left finds it by what it was, and not by whose it is now", () => {
  const left = changed(
    { provider: { id: null, name: "Bo", email: "bo@example.com" }, location: "Bo's" },
    { provider: { name: "Anna", email: "anna@example.com" }, location: "Anna's" },
  );
  const anna = { own: { providerEmail: "anna@example.com" } };
  const found = (filter: Partial<StreamFilter>, view: Parameters<typeof wants>[2] = anna) =>
    wants({ ...everything, ...filter }, left, view);
  expect(found({ providerEmails: ["anna@example.com"] })).toBe(true);
  expect(found({ location: "anna's" })).toBe(true);
  expect(found({ providerEmails: ["bo@example.com"] })).toBe(false);
  expect(found({ location: "bo's" })).toBe(false);
  expect(found({ token: { userEmails: [], provider_emails: ["bo@example.com"] } })).toBe(false);
  expect(found({ providerEmails: ["bo@example.com"] }, all)).toBe(true);
});
