import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BookingFields } from "./booking.ts";
import { blanksOnly, isEmpty, mergeFields, newer } from "./merge.ts";

const text = fc.option(fc.constantFrom("", "a", "b", "c"), { nil: null });
const attendee = fc.record({
  name: text,
  email: fc.option(fc.constantFrom("x@example.com", "X@Example.com", "y@example.com")),
  phone: text,
  status: fc.constantFrom("accepted", "cancelled", "no_show"),
  seatRef: fc.constant(null),
});
const fields: fc.Arbitrary<BookingFields> = fc.record({
  startsAt: fc.constantFrom("2026-01-01T10:00:00.000Z", "2026-01-02T10:00:00.000Z"),
  endsAt: fc.constantFrom("2026-01-03T10:00:00.000Z", "2026-01-04T10:00:00.000Z"),
  timeZone: fc.constantFrom("UTC", "Europe/Warsaw"),
  title: fc.constantFrom("", "Wash", "Cut"),
  description: text,
  location: text,
  meetingUrl: text,
  provider: fc.option(fc.record({ name: text, email: text })),
  serviceKey: text,
  serviceName: text,
  attendees: fc.array(attendee, { maxLength: 3 }),
  metadata: fc.dictionary(fc.constantFrom("a", "b"), text),
  paymentStatus: fc.constantFrom("none", "initiated", "paid", "refunded"),
  priceMinor: fc.option(fc.nat()),
  currency: fc.constantFrom(null, "SEK", "EUR"),
  seats: fc.option(fc.integer({ min: 1, max: 9 })),
  seriesRef: text,
});
const withoutMoney = {
  paymentStatus: "none",
  priceMinor: null,
  currency: null,
  seats: null,
  seriesRef: null,
} as const;
const said = fc
  .tuple(
    fields,
    fc.subarray(["title", "description", "location", "attendees", "metadata"] as const),
  )
  .map(
    ([all, keys]) =>
      Object.fromEntries(keys.map((key) => [key, all[key]])) as Partial<BookingFields>,
  );

const winsBy = (mode: "newer" | "older", current: BookingFields) =>
  mode === "newer" ? newer : blanksOnly(current);

describe("merging what a source says into a booking", () => {
  it("never lets an empty value erase a filled one", () => {
    fc.assert(
      fc.property(fields, said, fc.constantFrom("newer", "older"), (current, incoming, mode) => {
        const merged = mergeFields(current, incoming, winsBy(mode, current));
        for (const key of Object.keys(current) as (keyof BookingFields)[]) {
          if (!isEmpty(current[key])) expect(isEmpty(merged[key])).toBe(false);
        }
        for (const [key, value] of Object.entries(current.metadata)) {
          if (!isEmpty(value)) expect(isEmpty(merged.metadata[key])).toBe(false);
        }
      }),
    );
  });

  it("is settled after one time", () => {
    fc.assert(
      fc.property(fields, said, fc.constantFrom("newer", "older"), (current, incoming, mode) => {
        const once = mergeFields(current, incoming, winsBy(mode, current));
        expect(mergeFields(once, incoming, winsBy(mode, once))).toEqual(once);
      }),
    );
  });

  it("ends the same whichever of two messages comes first", () => {
    const single = fields.map((all) => ({ ...all, attendees: [], provider: null, metadata: {} }));
    const partial = fc
      .tuple(single, fc.subarray(["title", "description", "location"] as const))
      .map(
        ([all, keys]) =>
          Object.fromEntries(keys.map((key) => [key, all[key]])) as Partial<BookingFields>,
      );
    fc.assert(
      fc.property(partial, partial, (earlier, later) => {
        const nothing: BookingFields = {
          startsAt: "",
          endsAt: "",
          timeZone: "",
          title: "",
          description: null,
          location: null,
          meetingUrl: null,
          provider: null,
          serviceKey: null,
          serviceName: null,
          attendees: [],
          metadata: {},
          ...withoutMoney,
        };
        const inOrder = mergeFields(mergeFields(nothing, earlier, newer), later, newer);
        const first = mergeFields(nothing, later, newer);
        const swapped = mergeFields(first, earlier, blanksOnly(first));
        expect(swapped).toEqual(inOrder);
      }),
    );
  });

  it("takes two attendees with the same e-mail for one person", () => {
    const one = {
      name: "Jan",
      email: "jan@example.com",
      phone: null,
      status: "accepted",
      seatRef: null,
    } as const;
    const current = { ...blank(), attendees: [one] };
    const merged = mergeFields(
      current,
      { attendees: [{ ...one, email: "JAN@example.com ", phone: "+46700000000" }] },
      newer,
    );
    expect(merged.attendees).toHaveLength(1);
    expect(merged.attendees[0]).toMatchObject({ name: "Jan", phone: "+46700000000" });
  });

  it("keeps the times of a booking when a message has only one of them", () => {
    const merged = mergeFields(blank(), { startsAt: "2026-05-01T00:00:00.000Z" }, newer);
    expect(merged.startsAt).toBe(blank().startsAt);
  });
});

function blank(): BookingFields {
  return {
    startsAt: "2026-01-01T10:00:00.000Z",
    endsAt: "2026-01-01T11:00:00.000Z",
    timeZone: "UTC",
    title: "",
    description: null,
    location: null,
    meetingUrl: null,
    provider: null,
    serviceKey: null,
    serviceName: null,
    attendees: [],
    metadata: {},
    ...withoutMoney,
  };
}
