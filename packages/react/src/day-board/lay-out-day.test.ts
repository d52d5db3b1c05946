import type { BookingResource } from "@slotwire/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DayItem, layOutDay } from "./lay-out-day.ts";

const day = "2026-11-21";
const inUtc = (at: number): number => new Date(at).getUTCMinutes();

/** @param times `HH:MM-HH:MM` in UTC */
function booking(times: string, provider: string | null = "Anna", more: object = {}) {
  const [from, to] = times.split("-");
  return {
    id: `${provider} ${times}`,
    starts_at: `${day}T${from}:00Z`,
    ends_at: `${day}T${to}:00Z`,
    status: "confirmed",
    provider: provider === null ? null : { id: null, name: provider, email: null },
    ...more,
  } as unknown as BookingResource;
}

/** A line in words. */
function told(item: DayItem): string {
  if (item.kind === "now") return "now";
  if (item.kind === "gap") return `${item.minutes} free${item.place === null ? "" : " of one"}`;
  const { column, top, length, lane, lanes } = item.place;
  return `${item.booking.id}: column ${column}, ${top}+${length}, ${lane + 1} of ${lanes}`;
}

const layOut = (bookings: BookingResource[], now: string | null = null) =>
  layOutDay(bookings, now === null ? null : Date.parse(`${day}T${now}:00Z`), inUtc);

describe("a day's layout", () => {
  it("has a column for each provider by name, and one for nobody at the end", () => {
    const { columns } = layOut([
      booking("09:00-10:00", "Mikkel"),
      booking("09:00-10:00", null),
      booking("11:00-12:00", "Anna"),
    ]);
    expect(columns).toEqual(["Anna", "Mikkel", null]);
  });

  it("begins and ends at full hours of the zone's clocks", () => {
    const { from, to } = layOut([booking("09:30-10:15"), booking("15:00-16:10")]);
    expect([from, to].map((at) => new Date(at).toISOString().slice(11, 16))).toEqual([
      "09:00",
      "17:00",
    ]);
    // In Kathmandu 09:30 UTC is 15:15.
    const there = layOutDay([booking("09:30-10:15")], null, (at) => (inUtc(at) + 45) % 60);
    expect(new Date(there.from).toISOString().slice(11, 16)).toBe("09:15");
  });

  it("puts side by side what overlaps, and nothing else", () => {
    const { items } = layOut([
      booking("09:00-10:00"),
      booking("09:30-10:30"),
      booking("10:00-11:00"),
      booking("11:00-11:15"),
      booking("11:30-12:00"),
    ]);
    expect(items.map(told)).toEqual([
      "Anna 09:00-10:00: column 0, 0+60, 1 of 2",
      "Anna 09:30-10:30: column 0, 30+60, 2 of 2",
      "Anna 10:00-11:00: column 0, 60+60, 1 of 2",
      "Anna 11:00-11:15: column 0, 120+28, 1 of 1",
      "Anna 11:30-12:00: column 0, 150+30, 1 of 1",
    ]);
  });

  it("tells of gaps of everybody and of each, and counts nothing that is cancelled", () => {
    const { items } = layOut([
      booking("09:00-10:00"),
      booking("10:00-11:00", "Anna", { status: "cancelled" }),
      booking("11:00-12:00"),
      booking("10:30-11:30", "Mikkel"),
    ]);
    expect(items.map(told).filter((line) => line.includes("free"))).toEqual([
      "60 free of one",
      "30 free",
    ]);
  });

  it("has now before the first that has not begun", () => {
    const bookings = [booking("09:00-10:00"), booking("10:15-11:00")];
    expect(layOut(bookings, "10:05").items.map(({ kind }) => kind)).toEqual([
      "booking",
      "now",
      "booking",
    ]);
    expect(layOut(bookings, "03:00").items[0]).toMatchObject({ kind: "now", isWithin: false });
  });

  it("never draws two of a column over each other", () => {
    const minute = fc.integer({ min: 0, max: 1200 });
    const clock = (at: number): string =>
      `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
    const spans = fc.array(
      fc.tuple(minute, fc.integer({ min: 0, max: 180 }), fc.constantFrom("Anna", "Mikkel", null)),
      { minLength: 1, maxLength: 25 },
    );
    fc.assert(
      fc.property(spans, (drawn) => {
        const bookings = drawn.map(([start, length, who], n) =>
          booking(`${clock(start)}-${clock(start + length)}`, who, { id: `${n}` }),
        );
        const places = layOut(bookings).items.flatMap((item) =>
          item.kind === "booking" ? [item.place] : [],
        );
        expect(places).toHaveLength(bookings.length);
        for (const [n, one] of places.entries()) {
          for (const other of places.slice(n + 1)) {
            const apart =
              one.column !== other.column ||
              one.top + one.length <= other.top ||
              other.top + other.length <= one.top ||
              one.lane / one.lanes >= (other.lane + 1) / other.lanes - 1e-9 ||
              other.lane / other.lanes >= (one.lane + 1) / one.lanes - 1e-9;
            expect(apart).toBe(true);
          }
        }
      }),
    );
  });
});
