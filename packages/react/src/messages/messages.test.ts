import {
  type BookingEvent,
  type BookingEventType,
  bookingEventTypes,
  type BookingResource,
} from "@slotwire/contract";
import { describe, expect, it, test } from "vitest";
import { da } from "./da.ts";
import { en, type Language } from "./en.ts";
import { pl } from "./pl.ts";
import { plural } from "./plural.ts";
import { sv } from "./sv.ts";

const languages: Readonly<Record<string, Language>> = { en, sv, pl, da };

type Text = string | ((...args: never[]) => string);

/** Every text of a catalogue by its path. */
function textsOf(value: object, path = ""): [path: string, text: Text][] {
  return Object.entries(value).flatMap(([key, entry]: [string, unknown]) => {
    const at = `${path}${key}`;
    if (special.includes(at)) return [];
    return typeof entry === "object" && entry !== null
      ? textsOf(entry, `${at}.`)
      : [[at, entry as Text] as [string, Text]];
  });
}

/** What English leaves to the hub, which speaks it. */
const special = ["common.refused", "common.errors", "events.describe", "events.denied"];

/** What a text says of something, with a mark for each thing that it is told. */
function said(text: Text, args: readonly unknown[]): string {
  return typeof text === "string" ? text : text(...(args as never[]));
}

const marks = ["‹first›", "‹second›"];
/** Texts that are told numbers, which is all that they say of them. */
const counts = textsOf(en)
  .filter(([, text]) => typeof text === "function" && /NaN/.test(said(text, marks)))
  .map(([path]) => path);
const isLength = (path: string): boolean => path === "common.length";

describe.each(Object.entries(languages))("the texts in %s", (_, language) => {
  const texts = new Map(textsOf(language));

  it("are there, all and none else", () => {
    expect([...texts.keys()]).toEqual(textsOf(en).map(([path]) => path));
  });

  it("say something", () => {
    for (const [path, text] of texts) {
      if (!isLength(path)) expect(said(text, marks).trim(), path).not.toBe("");
    }
  });

  it("tell what they are told", () => {
    for (const [path, english] of textsOf(en)) {
      if (typeof english === "string" || counts.includes(path) || isLength(path)) continue;
      const told = said(texts.get(path) ?? "", marks);
      for (const mark of marks.slice(0, english.length)) {
        expect(told, path).toContain(mark);
      }
    }
  });

  it("tell numbers as the language writes them", () => {
    for (const path of counts) {
      for (const n of [0, 1, 2, 5, 12, 22, 1234, 1.5]) {
        const written = new Intl.NumberFormat(language.locale).format(n);
        expect(said(texts.get(path) ?? "", [n]), path).toContain(written);
      }
    }
  });

  it("tell a length in hours and minutes", () => {
    const { length } = language.common;
    expect([length(0, 0), length(1, 0), length(0, 45), length(2, 5)]).toEqual([
      expect.stringMatching(/^0 \S+$/),
      expect.stringMatching(/^1 \S+$/),
      expect.stringMatching(/^45 \S+$/),
      expect.stringMatching(/^2 \S+ 5 \S+$/),
    ]);
  });
});

test("texts of numbers are found", () => {
  expect(counts).toContain("dayBoard.bookings");
  expect(counts).toContain("tasks.open");
});

test("Polish has its four forms", () => {
  const told = [1, 2, 5, 12, 22, 25, 1.5].map(pl.dayBoard.bookings);
  expect(told).toEqual([
    "1 wizyta",
    "2 wizyty",
    "5 wizyt",
    "12 wizyt",
    "22 wizyty",
    "25 wizyt",
    "1,5 wizyty",
  ]);
  expect(pl.tasks.open(3)).toBe("3 zadania do zrobienia");
});

test("English, Swedish and Danish have one and many", () => {
  expect([1, 2].map(en.dayBoard.bookings)).toEqual(["1 booking", "2 bookings"]);
  expect([1, 2].map(sv.dayBoard.bookings)).toEqual(["1 bokning", "2 bokningar"]);
  expect([1, 2].map(da.dayBoard.bookings)).toEqual(["1 booking", "2 bookinger"]);
});

test("English tells the hub's sentences, with their time in the zone that is asked for", () => {
  const told = (description: string, zone?: string | null): string =>
    en.events.describe({ ...eventOf("booking.created"), description }, zone);
  const created = "Booking #7 for Sat, 21 Nov 2026, 20:00";
  expect(told(created, "Asia/Tokyo")).toBe("Booking #7 for 22 November 2026 at 05:00");
  expect(told(created, null)).toBe("Booking #7 for 21 November 2026 at 20:00");
  expect(told(`${created}, cancelled already when it was first heard of: Ill at 10:30`)).toBe(
    "Booking #7 for 21 November 2026 at 20:00, cancelled already when it was first heard of: Ill at 10:30",
  );
  expect(told("Booking #7 was moved to Sat 21 Nov 2026, 20:00", "Europe/Warsaw")).toBe(
    "Booking #7 was moved to 21 November 2026 at 21:00",
  );
  for (const other of [
    "Booking #7 was cancelled: Ill since Sat, 21 Nov 2026, 12:00",
    "Booking #7 was updated (start, end)",
    "Nobody came to booking #7",
  ]) {
    expect(told(other, "Asia/Tokyo")).toBe(other);
  }
  const left = { ...eventOf("booking.reassigned"), description: created, data: {} };
  expect(en.events.describe(left, "Asia/Tokyo")).toBe(created);
});

test("a form that is missing is the general one", () => {
  expect(plural("pl-PL", 2, { one: "# a", other: "# b" })).toBe("2 b");
});

describe.each([
  ["sv", sv],
  ["pl", pl],
  ["da", da],
])("the words of the hub in %s", (_, { common, events, locale }) => {
  it("name why it refuses, and its code where it is a new one", () => {
    expect(Object.keys(common.errors)).toEqual(Object.keys(sv.common.errors));
    for (const [code, text] of Object.entries(common.errors)) {
      expect(code).toMatch(/^E_[A-Z_]+$/);
      expect(text, code).toMatch(/^\p{Lu}.*\.$/u);
    }
    expect(common.refused?.("E_NEW")).toContain("E_NEW");
  });

  it("tell each event by its booking's number, and no two alike", () => {
    const told = bookingEventTypes.map((type) => events.describe(eventOf(type)));
    expect(new Set(told).size).toBe(told.length);
    for (const text of told) {
      expect(text).toContain("#7");
      expect(text).not.toContain("undefined");
    }
  });

  it("tell when, why, what and with which one", () => {
    const when = new Intl.DateTimeFormat(locale, {
      dateStyle: "long",
      timeStyle: "short",
      timeZone: "Asia/Tokyo",
    }).format(new Date("2026-11-21T20:00:00Z"));
    const described = (type: BookingEventType, change: object = {}, fields: string[] = []) =>
      events.describe(eventOf(type, { time_zone: "Asia/Tokyo", ...change }, fields));
    expect(described("booking.created")).toContain(when);
    expect(described("booking.rescheduled")).toContain(when);
    const moved = eventOf("booking.rescheduled", { time_zone: "UTC" });
    expect(events.describe(moved, "Asia/Tokyo")).toContain(when);
    const ill = { status: "cancelled", status_reason: "Ill" };
    expect(described("booking.cancelled", ill)).toMatch(/: Ill$/);
    expect(described("booking.created", ill)).toMatch(/: Ill$/);
    expect(described("booking.created", ill).length).toBeGreaterThan(
      described("booking.created").length + 10,
    );
    expect(described("booking.deleted", { status_reason: "merged into #9" })).toContain("#9");
    const unlinked = described("booking.customer_linked", { customer: null });
    expect(unlinked).not.toBe(described("booking.customer_linked"));
    const fields = ["service_key", "service_name", "starts_at", "external_refs", "of_tomorrow"];
    const updated = described("booking.updated", {}, fields);
    expect(updated.match(/,/g)?.length).toBeGreaterThan(0);
    expect(updated).not.toMatch(/_|undefined/);
    expect(described("booking.updated", {}, ["external_refs"])).not.toContain("(");
  });

  it("tell that a booking is somebody else's, and of events that are not known yet", () => {
    const event = eventOf("booking.reassigned");
    expect(events.describe({ ...event, data: {} })).toContain("#7");
    expect(events.describe(eventOf("booking.beamed" as BookingEventType))).toBe("#7");
  });
});

function eventOf(
  type: BookingEventType,
  change: object = {},
  changed_fields: string[] = [],
): BookingEvent {
  const booking = {
    starts_at: "2026-11-21T20:00:00.000Z",
    time_zone: "UTC",
    status: "confirmed",
    status_reason: null,
    customer: { id: "c" },
    subjects: [{ id: "s" }],
    ...change,
  };
  return {
    ...({ type, booking_number: 7, changed_fields, description: "English" } as BookingEvent),
    data: { booking: booking as unknown as BookingResource },
  };
}
