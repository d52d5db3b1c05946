import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startOfDay } from "./start-of-day.ts";
import { addDays, dayOf } from "./zoned-day.ts";

describe("the start of a day", () => {
  it("is midnight by the zone's own clock", () => {
    expect(startOfDay("2026-11-21", "Europe/Copenhagen")).toBe("2026-11-20T23:00:00.000Z");
    expect(startOfDay("2026-07-01", "America/New_York")).toBe("2026-07-01T04:00:00.000Z");
    expect(startOfDay("2026-07-01", "Asia/Kathmandu")).toBe("2026-06-30T18:15:00.000Z");
  });

  it("is one o'clock where the clocks skip midnight", () => {
    // Beirut goes from 00:00 to 01:00 on 29 March 2026.
    expect(startOfDay("2026-03-29", "Asia/Beirut")).toBe("2026-03-28T22:00:00.000Z");
    expect(startOfDay("2026-03-30", "Asia/Beirut")).toBe("2026-03-29T21:00:00.000Z");
  });

  it("divides every zone's days", () => {
    const zones = fc.constantFrom("Pacific/Kiritimati", "Pacific/Niue", "Asia/Beirut", "UTC");
    fc.assert(
      fc.property(zones, fc.integer({ min: 0, max: 3_000 }), (zone, days) => {
        const day = addDays("2022-01-01", days);
        const start = Date.parse(startOfDay(day, zone));
        expect(dayOf(start, zone)).toBe(day);
        expect(dayOf(start - 1, zone)).toBe(addDays(day, -1));
      }),
      { numRuns: 200 },
    );
  });
});
