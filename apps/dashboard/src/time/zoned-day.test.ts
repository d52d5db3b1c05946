import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addDays, dayOf, isDay, touchesDay } from "./zoned-day.ts";

const span = (starts_at: string, ends_at: string) => ({ starts_at, ends_at });

describe("the day of an instant", () => {
  it("is the calendar day of the organisation's zone", () => {
    expect(dayOf("2026-11-21T23:30:00Z", "Europe/Stockholm")).toBe("2026-11-22");
    expect(dayOf("2026-11-21T23:30:00Z", "America/New_York")).toBe("2026-11-21");
    expect(dayOf("2026-11-21T18:20:00Z", "Asia/Kathmandu")).toBe("2026-11-22");
  });

  it("holds where the clocks change", () => {
    expect(dayOf("2026-03-28T22:59:00Z", "Europe/Warsaw")).toBe("2026-03-28");
    expect(dayOf("2026-03-28T23:00:00Z", "Europe/Warsaw")).toBe("2026-03-29");
    expect(dayOf("2026-03-29T22:00:00Z", "Europe/Warsaw")).toBe("2026-03-30");
  });
});

describe("a day", () => {
  it("goes forward and back over months, years and leap days", () => {
    expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
    expect(addDays("2028-03-01", -1)).toBe("2028-02-29");
  });

  it("comes back after going any number of days and back again", () => {
    const days = fc.integer({ min: -20_000, max: 20_000 });
    fc.assert(
      fc.property(days, days, (from, by) => {
        const day = addDays("2026-11-21", from);
        expect(addDays(addDays(day, by), -by)).toBe(day);
      }),
    );
  });

  it("is only what exists in the calendar", () => {
    expect(isDay("2026-02-28")).toBe(true);
    for (const wrong of ["2026-02-29", "2026-13-01", "21.11.2026", "today", "", null, 20_261_121]) {
      expect(isDay(wrong)).toBe(false);
    }
  });
});

describe("a booking belongs to", () => {
  it("every day that it reaches into", () => {
    const night = span("2026-11-21T21:00:00Z", "2026-11-22T05:00:00Z");
    expect(touchesDay(night, "2026-11-21", "Europe/Stockholm")).toBe(true);
    expect(touchesDay(night, "2026-11-22", "Europe/Stockholm")).toBe(true);
    expect(touchesDay(night, "2026-11-23", "Europe/Stockholm")).toBe(false);
  });

  it("no day at whose midnight it ends", () => {
    const evening = span("2026-11-21T21:00:00Z", "2026-11-21T23:00:00Z");
    expect(touchesDay(evening, "2026-11-22", "Europe/Stockholm")).toBe(false);
  });

  it("its day, also without any length", () => {
    const moment = span("2026-11-21T23:00:00Z", "2026-11-21T23:00:00Z");
    expect(touchesDay(moment, "2026-11-22", "Europe/Stockholm")).toBe(true);
  });
});
