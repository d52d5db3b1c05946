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

const write = (
  bookings: readonly FeedBooking[],
  showsNames = true,
  name = "Feed",
  note: string | null = null,
): Promise<string> =>
  writeCalendar({ name, note, timeZone: "Europe/Stockholm", showsNames, bookings });

const calendarOf = (text: string): ICAL.Component =>
  new ICAL.Component(ICAL.parse(text) as unknown[]);

function eventsOf(text: string): ICAL.Component[] {
  return calendarOf(text).getAllSubcomponents("vevent");
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
  test("another program reads the same bookings", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyBooking, { maxLength: 4 }), async (bookings) => {
        const events = eventsOf(await write(bookings));
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
          expect(instant(event, "created")).toBe(one.created_at.toISOString());
          // A place without a name is none.
          expect(value(event, "location") ?? "").toBe(spoken(one.location ?? ""));
          expect(value(event, "summary")).toContain(
            one.title.trim() === ""
              ? spoken(one.service_name ?? `Booking ${one.booking_number}`)
              : spoken(one.title),
          );
        }
      }),
    );
  });

  test("no line is longer than 75 octets, none ends otherwise than by CRLF, none is forged", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyBooking, { maxLength: 3 }), anyText, async (bookings, name) => {
        const text = await write(bookings, true, name, name);
        expect(text.endsWith("\r\n")).toBe(true);
        const lines = text.slice(0, -2).split("\r\n");
        for (const line of lines) {
          expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
          expect(line).not.toMatch(/[\r\n]/);
        }
        expect(lines.filter((line) => line === "BEGIN:VEVENT")).toHaveLength(bookings.length);
        expect(lines.filter((line) => line === "END:VCALENDAR")).toHaveLength(1);
        const calendar = calendarOf(text);
        // Of properties that RFC 5545 does not have the other program leaves values as they are written.
        const written = spoken(name)
          .replaceAll(/[\\;,]/g, "\\$&")
          .replaceAll("\n", "\\n");
        for (const property of ["name", "x-wr-calname", "x-wr-caldesc"])
          expect(value(calendar, property) ?? "").toBe(written);
      }),
    );
  });

  test("a feed without names holds nothing that anybody wrote", async () => {
    const secret = { title: "Jan's cut", description: "allergic", location: "Jan's home" };
    const text = await write([{ ...booking, ...secret, people: ["Jan Kowalski"] }], false);
    expect(text).not.toMatch(/Jan|allergic/);
    expect(value(only(text), "summary")).toBe("Cut");
    expect(value(only(await write([{ ...booking, service_name: null }], false)), "summary")).toBe(
      "Booking 1043",
    );
  });
});

describe("an entry", () => {
  test("is folded between characters, an emoji included", async () => {
    const title = "✂️".repeat(60);
    const text = await write([{ ...booking, title }]);
    expect(text).toContain("\r\n ");
    expect(value(only(text), "summary")).toBe(title);
  });

  test("names who comes, unless its title does", async () => {
    const summary = async (title: string, people: string[]): Promise<unknown> =>
      value(only(await write([{ ...booking, title, people }])), "summary");
    expect(await summary("Haircut", ["Jan", "Åsa"])).toBe("Haircut · Jan, Åsa");
    expect(await summary("Haircut of Jan", ["Jan"])).toBe("Haircut of Jan");
    expect(await summary("Class", ["A1", "B2", "C3", "D4", "E5"])).toBe("Class · A1, B2, C3 +2");
  });

  test("has its times in UTC, through the hour that a zone leaves out", async () => {
    const event = only(await write([booking]));
    expect(value(event, "dtstart")?.toString()).toBe("2026-03-29T00:30:00Z");
    expect(
      (value(event, "dtend") as ICAL.Time)
        .subtractDate(value(event, "dtstart") as ICAL.Time)
        .toSeconds(),
    ).toBe(3600);
  });

  test("ends only when that is a later second", async () => {
    const [starts_at, ends_at] = [200, 700].map((ms) => new Date(ms)) as [Date, Date];
    const end = async (times: Partial<FeedBooking>): Promise<unknown> =>
      value(only(await write([{ ...booking, ...times }])), "dtend");
    expect(await end({ starts_at, ends_at })).toBeNull();
    expect(await end({ starts_at: ends_at, ends_at: starts_at })).toBeNull();
    expect(String(await end({ starts_at, ends_at: new Date(1000) }))).toBe("1970-01-01T00:00:01Z");
  });

  test("carries a link only when it is one of the web, as it is", async () => {
    const url = async (meeting_url: string): Promise<unknown> =>
      value(only(await write([{ ...booking, meeting_url }])), "url");
    const odd = "https://meet.example/a;m=1,2?b=c,d;e\\f&g=$&$1#\\,;";
    expect(await url(odd)).toBe(odd);
    expect(await url("https://meet.example/a\r\nX-EVIL:1")).toBe("https://meet.example/aX-EVIL:1");
    expect(await url("javascript:alert(1)")).toBeNull();
    expect(await url("no address")).toBeNull();
  });

  test("holds a link and a text that looks like the link's line apart", async () => {
    const meeting_url = "https://meet.example/a,b";
    const description = `\r\nURL;VALUE=URI:${meeting_url}\r\n\u2028URL;VALUE=URI:${meeting_url}`;
    const event = only(await write([{ ...booking, meeting_url, description }]));
    expect(value(event, "url")).toBe(meeting_url);
    expect(value(event, "description")).toBe(spoken(description));
  });

  test("describes who comes, who gives it and what was noted, on lines of their own", async () => {
    const details = { people: ["Jan", "Åsa"], provider_name: "Eva", description: "a;b,c\\\r\nd" };
    const described = async (more: Partial<FeedBooking>): Promise<unknown> =>
      value(only(await write([{ ...booking, ...more }])), "description");
    expect(await described(details)).toBe("With Jan, Åsa\nProvider: Eva\na;b,c\\\nd");
    expect(await described({ description: " " })).toBeNull();
  });

  test("has a description that ends", async () => {
    const text = await write([{ ...booking, description: "😀".repeat(3_000) }]);
    expect((value(only(text), "description") as string).length).toBeLessThanOrEqual(1_001);
  });

  test("says that it was cancelled, and then takes no time", async () => {
    const event = only(await write([{ ...booking, is_deleted: true }]));
    expect(value(event, "status")).toBe("CANCELLED");
    expect(value(event, "transp")).toBe("TRANSPARENT");
    expect(value(only(await write([booking])), "transp")).toBe("OPAQUE");
  });
});

describe("a calendar", () => {
  test("says what it is before its entries, and ends with a whole line", async () => {
    const text = await write([booking]);
    expect(text.slice(0, text.indexOf("BEGIN:VEVENT"))).toBe(
      [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Slotwire//Calendar feed//EN",
        "CALSCALE:GREGORIAN",
        "NAME:Feed",
        "X-WR-CALNAME:Feed",
        "REFRESH-INTERVAL;VALUE=DURATION:PT15M",
        "X-PUBLISHED-TTL:PT15M",
        "X-WR-TIMEZONE:Europe/Stockholm",
        "",
      ].join("\r\n"),
    );
    expect(text.endsWith("END:VEVENT\r\nEND:VCALENDAR\r\n")).toBe(true);
  });

  test("of many bookings has each once, in their order, and lets others have their turn", async () => {
    const many = Array.from({ length: 1_001 }, (_, at) => ({ ...booking, id: `booking-${at}` }));
    const told: string[] = [];
    const writing = write(many).finally(() => told.push("written"));
    setImmediate(() => told.push("another's turn"));
    const events = eventsOf(await writing);
    expect(events.map((event) => value(event, "uid"))).toEqual(
      many.map(({ id }) => `${id}@slotwire`),
    );
    expect(told).toEqual(["another's turn", "written"]);
  });
});
