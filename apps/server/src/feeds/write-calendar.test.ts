import type { BookingStatus } from "@slotwire/contract";
import { bookingStatuses } from "@slotwire/contract";
import fc from "fast-check";
import ICAL from "ical.js";
import { describe, expect, test } from "vitest";
import { type FeedBooking, writeCalendar } from "./write-calendar.ts";

const booking: FeedBooking = {
  id: "0199b5a0-0000-7000-8000-000000000001",
  booking_number: 1043,
  version: 3,
  status: "confirmed",
  starts_at: new Date("2026-03-29T00:30:00Z"),
  ends_at: new Date("2026-03-29T01:30:00Z"),
  title: "Haircut",
  description: null,
  location: null,
  meeting_url: null,
  provider_name: null,
  service_name: "Cut",
  people: [],
  created_at: new Date("2026-03-01T08:00:00Z"),
  updated_at: new Date("2026-03-02T08:00:00Z"),
  is_deleted: false,
};

const write = (bookings: readonly FeedBooking[], showsNames = true, name = "Feed"): string =>
  writeCalendar({ name, note: null, timeZone: "Europe/Stockholm", showsNames, bookings });

function eventsOf(text: string): ICAL.Component[] {
  return new ICAL.Component(ICAL.parse(text) as unknown[]).getAllSubcomponents("vevent");
}

function only(text: string): ICAL.Component {
  const [event, ...others] = eventsOf(text);
  if (event === undefined || others.length > 0) throw new Error("not one event");
  return event;
}

const value = (event: ICAL.Component, name: string): unknown => event.getFirstPropertyValue(name);
const instant = (event: ICAL.Component, name: string): string =>
  (value(event, name) as ICAL.Time).toJSDate().toISOString();

/** What a calendar may say of a text: without characters that iCalendar has no place for. */
const spoken = (text: string): string =>
  // oxlint-disable-next-line no-control-regex
  text.replaceAll(/\r\n?/g, "\n").replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f]/g, "");

/** Anything that a column of text can hold, with what has a meaning in iCalendar more often. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 40 }),
      fc.constantFrom("\r\n", "\n", "\r", "\\", "\\n", ";", ",", '"', ":", "✂️", "👩‍👩‍👧", "Å", " "),
      fc.constantFrom("\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n", "x".repeat(75), "é".repeat(40)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join("").replaceAll("\0", "").toWellFormed());

/** Whole seconds, as iCalendar has no others; years before 100 are others to JavaScript's dates. */
const anyInstant = fc
  .integer({ min: Date.parse("0100-01-01T00:00:00Z"), max: Date.parse("9999-12-29T00:00:00Z") })
  .map((time) => new Date(Math.floor(time / 1000) * 1000));

const anyBooking: fc.Arbitrary<FeedBooking> = fc
  .record({
    id: fc.uuid(),
    booking_number: fc.nat(),
    version: fc.integer({ min: 1, max: 2_000_000_000 }),
    status: fc.constantFrom<BookingStatus>(...bookingStatuses),
    starts_at: anyInstant,
    minutes: fc.integer({ min: 0, max: 527_040 }),
    title: anyText,
    description: fc.option(anyText),
    location: fc.option(anyText),
    meeting_url: fc.option(fc.oneof(fc.webUrl(), anyText)),
    provider_name: fc.option(anyText),
    service_name: fc.option(anyText),
    people: fc.array(anyText, { maxLength: 5 }),
    created_at: anyInstant,
    updated_at: anyInstant,
    is_deleted: fc.boolean(),
  })
  .map(({ minutes, ...rest }) => ({
    ...rest,
    ends_at: new Date(Math.min(rest.starts_at.getTime() + minutes * 60_000, 253_402_214_400_000)),
  }));

const states: Readonly<Record<BookingStatus, string>> = {
  pending: "TENTATIVE",
  confirmed: "CONFIRMED",
  checked_in: "CONFIRMED",
  in_progress: "CONFIRMED",
  completed: "CONFIRMED",
  no_show: "CONFIRMED",
  cancelled: "CANCELLED",
  rejected: "CANCELLED",
};

describe("whatever bookings hold", () => {
  test("another program reads the same bookings", () => {
    fc.assert(
      fc.property(fc.array(anyBooking, { maxLength: 4 }), (bookings) => {
        const events = eventsOf(write(bookings));
        expect(events).toHaveLength(bookings.length);
        for (const [at, event] of events.entries()) {
          const one = bookings[at] as FeedBooking;
          expect(value(event, "uid")).toBe(`${one.id}@slotwire`);
          expect(value(event, "sequence")).toBe(one.version);
          expect(value(event, "status")).toBe(one.is_deleted ? "CANCELLED" : states[one.status]);
          expect(instant(event, "dtstart")).toBe(one.starts_at.toISOString());
          const hasEnd = one.ends_at > one.starts_at;
          expect(hasEnd ? instant(event, "dtend") : value(event, "dtend")).toBe(
            hasEnd ? one.ends_at.toISOString() : null,
          );
          expect(instant(event, "dtstamp")).toBe(one.updated_at.toISOString());
          expect(instant(event, "last-modified")).toBe(one.updated_at.toISOString());
          expect(value(event, "location")).toBe(
            one.location === null ? null : spoken(one.location),
          );
          expect(value(event, "summary")).toContain(
            one.title.trim() === ""
              ? spoken(one.service_name ?? `Booking ${one.booking_number}`)
              : spoken(one.title),
          );
        }
      }),
    );
  });

  test("no line is longer than 75 octets, none ends otherwise than by CRLF, none is forged", () => {
    fc.assert(
      fc.property(fc.array(anyBooking, { maxLength: 3 }), anyText, (bookings, name) => {
        const text = write(bookings, true, name);
        expect(text.endsWith("\r\n")).toBe(true);
        const lines = text.slice(0, -2).split("\r\n");
        for (const line of lines) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          expect(line).not.toMatch(/[\r\n]/);
        }
        expect(lines.filter((line) => line === "BEGIN:VEVENT")).toHaveLength(bookings.length);
        expect(lines.filter((line) => line === "END:VCALENDAR")).toHaveLength(1);
      }),
    );
  });

  test("a feed without names holds nothing that anybody wrote", () => {
    const secret = { title: "Jan's cut", description: "allergic", location: "Jan's home" };
    const text = write([{ ...booking, ...secret, people: ["Jan Kowalski"] }], false);
    expect(text).not.toMatch(/Jan|allergic/);
    expect(value(only(text), "summary")).toBe("Cut");
    expect(value(only(write([{ ...booking, service_name: null }], false)), "summary")).toBe(
      "Booking 1043",
    );
  });
});

describe("an entry", () => {
  test("is folded between characters, an emoji included", () => {
    const title = "✂️".repeat(60);
    const text = write([{ ...booking, title }]);
    expect(text).toContain("\r\n ");
    expect(value(only(text), "summary")).toBe(title);
  });

  test("names who comes, unless its title does", () => {
    const summary = (title: string, people: string[]): unknown =>
      value(only(write([{ ...booking, title, people }])), "summary");
    expect(summary("Haircut", ["Jan", "Åsa"])).toBe("Haircut · Jan, Åsa");
    expect(summary("Haircut of Jan", ["Jan"])).toBe("Haircut of Jan");
    expect(summary("Class", ["A1", "B2", "C3", "D4", "E5"])).toBe("Class · A1, B2, C3 +2");
  });

  test("has its times in UTC, through the hour that a zone leaves out", () => {
    const event = only(write([booking]));
    expect(value(event, "dtstart")?.toString()).toBe("2026-03-29T00:30:00Z");
    expect(
      (value(event, "dtend") as ICAL.Time)
        .subtractDate(value(event, "dtstart") as ICAL.Time)
        .toSeconds(),
    ).toBe(3600);
  });

  test("carries a link only when it is one of the web", () => {
    const url = (meeting_url: string): unknown =>
      value(only(write([{ ...booking, meeting_url }])), "url");
    expect(url("https://meet.example/a?b=c,d;e")).toBe("https://meet.example/a?b=c,d;e");
    expect(url("https://meet.example/a\r\nX-EVIL:1")).toBe("https://meet.example/aX-EVIL:1");
    expect(url("javascript:alert(1)")).toBeNull();
    expect(url("no address")).toBeNull();
  });

  test("has a description that ends", () => {
    const text = write([{ ...booking, description: "😀".repeat(3_000) }]);
    expect((value(only(text), "description") as string).length).toBeLessThanOrEqual(1_001);
  });
});
