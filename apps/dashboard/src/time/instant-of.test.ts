import fc from "fast-check";
import { expect, it } from "vitest";
import { formatTime } from "./format-time.ts";
import { instantOf } from "./instant-of.ts";
import { dayOf } from "./zoned-day.ts";

it("is the time that clocks show in the zone, in winter and in summer", () => {
  expect(instantOf("2026-11-21", "10:30", "Europe/Stockholm")).toBe("2026-11-21T09:30:00.000Z");
  expect(instantOf("2026-06-21", "10:30", "Europe/Stockholm")).toBe("2026-06-21T08:30:00.000Z");
  expect(instantOf("2026-06-21", "00:15", "Asia/Kathmandu")).toBe("2026-06-20T18:30:00.000Z");
});

it("is the first of two where clocks go back, and none where they skip it", () => {
  expect(instantOf("2026-10-25", "02:30", "Europe/Stockholm")).toBe("2026-10-25T00:30:00.000Z");
  expect(instantOf("2026-03-29", "02:30", "Europe/Stockholm")).toBeNull();
  expect(instantOf("2026-03-29", "", "Europe/Stockholm")).toBeNull();
});

it("leads back from what clocks show at any minute", () => {
  const zones = ["Europe/Stockholm", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"];
  const minutes = fc.integer({ min: 29_000_000, max: 30_500_000 });
  fc.assert(
    fc.property(minutes, fc.constantFrom(...zones), (minute, zone) => {
      const at = minute * 60_000;
      const [day, time] = [dayOf(at, zone), formatTime(at, zone)];
      const found = Date.parse(instantOf(day, time, zone) ?? "");
      expect([dayOf(found, zone), formatTime(found, zone)]).toEqual([day, time]);
      expect(found).toBeLessThanOrEqual(at);
    }),
    { numRuns: 500 },
  );
});
