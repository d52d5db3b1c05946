import type { BookingResource } from "@slotwire/contract";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DayItem, layOutDay } from "./lay-out-day.ts";

const day = "2026-11-21";
const hourOf = (at: number): string => new Date(at).toISOString().slice(11, 16);
const inUtc = (at: number): number => Number(hourOf(at).replace(":", ""));

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
  if (item.kind === "more")
    return `${item.count} more than ${item.place.lane} of ${item.place.lanes}`;
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
    expect([from, to].map(hourOf)).toEqual(["09:00", "17:00"]);
    // In Kathmandu 09:30 UTC is 15:15.
    const there = layOutDay([booking("09:30-10:15")], null, (at) => inUtc(at + 345 * 60_000));
    expect(hourOf(there.from)).toBe("09:15");
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

  it("shows four side by side, and of more only how many they are", () => {
    const at = (times: string, count: number): BookingResource[] =>
      Array.from({ length: count }, (_, n) => booking(times, "Anna", { id: `${n}` }));
    const four = layOut(at("09:00-10:00", 4)).items.map(told);
    expect(four).toEqual([0, 1, 2, 3].map((n) => `${n}: column 0, 0+60, ${n + 1} of 4`));
    const { items } = layOut([...at("09:00-10:00", 164), booking("11:00-12:00")]);
    const shown = items.filter((item) => item.kind === "booking" && !item.isHidden);
    expect(shown.map(told)).toEqual([
      ...[0, 1, 2].map((n) => `${n}: column 0, 0+60, ${n + 1} of 4`),
      "Anna 11:00-12:00: column 0, 120+60, 1 of 1",
    ]);
    expect(items.filter(({ kind }) => kind === "more").map(told)).toEqual(["161 more than 3 of 4"]);
    expect(items.filter(({ kind }) => kind === "booking")).toHaveLength(165);
  });

  it("ends at midnight, and goes on only where something begins after it", () => {
    const late = layOut([booking("21:30-22:00"), booking("23:50-23:55")]);
    expect([late.from, late.to].map(hourOf)).toEqual(["21:00", "00:00"]);
    expect(late.items.map(told).at(-1)).toBe("Anna 23:50-23:55: column 0, 170+10, 1 of 1");
    const over = booking("22:00-23:00", "Anna", { ends_at: "2026-11-22T02:00:00Z" });
    expect([layOut([over])].map(({ from, to }) => `${hourOf(from)}-${hourOf(to)}`)).toEqual([
      "22:00-00:00",
    ]);
    const elsewhere = layOutDay([booking("21:00-22:00"), booking("23:30-23:45")], null, (at) =>
      inUtc(at + 90 * 60_000),
    );
    expect([elsewhere.from, elsewhere.to].map(hourOf)).toEqual(["20:30", "01:30"]);
  });

  it("tells of gaps of everybody and of each, and counts nothing that is cancelled", () => {
    const { items } = layOut([
      booking("09:00-10:00"),
      booking("10:30-11:00", "Anna", { status: "cancelled" }),
      booking("11:00-12:00"),
      booking("10:30-11:30", "Mikkel"),
    ]);
    expect(items.map(told).filter((line) => line.includes("free"))).toEqual([
      "60 free of one",
      "30 free",
    ]);
  });

  it("has the label of a gap where nothing is drawn, and none where there is no room", () => {
    const cancelled = (times: string) => booking(times, "Anna", { status: "cancelled" });
    const tops = (bookings: BookingResource[]) =>
      layOut(bookings).items.flatMap((item) =>
        item.kind === "gap" && item.place !== null ? [[item.minutes, item.place.top]] : [],
      );
    const [first, last] = [booking("09:00-10:00"), booking("12:00-13:00")];
    expect(tops([first, last])).toEqual([[120, 60]]);
    expect(tops([first, cancelled("10:00-10:15"), last])).toEqual([[120, 88]]);
    expect(tops([first, cancelled("10:15-10:45"), cancelled("10:50-11:30"), last])).toEqual([
      [120, 150],
    ]);
    expect(tops([first, cancelled("10:10-11:50"), last])).toEqual([]);
    expect(tops([booking("09:00-09:15"), booking("09:50-10:30")])).toEqual([[35, 28]]);
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
        const { items } = layOut(bookings);
        expect(items.filter(({ kind }) => kind === "booking")).toHaveLength(bookings.length);
        const places = items.flatMap((item) =>
          item.kind === "more" || (item.kind === "booking" && !item.isHidden) ? [item.place] : [],
        );
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
