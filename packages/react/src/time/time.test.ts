import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayOf, formatTime, relativeTime } from "./format-time.ts";
import { clockOf, instantOf } from "./zoned-time.ts";

const at = "2026-11-21T22:30:00.000Z";

describe("an instant", () => {
  it("is written in the zone and the language", () => {
    expect(formatTime("full", at, "en-GB", "Europe/Copenhagen")).toBe("21 November 2026 at 23:30");
    expect(formatTime("date", at, "en-GB", "Asia/Kathmandu")).toBe("22 Nov 2026");
    expect(formatTime("day", at, "pl-PL", "Europe/Warsaw")).toBe("sobota, 21 listopada");
    expect(formatTime("time", at, "sv-SE", "America/New_York")).toBe("17:30");
  });

  it("is written in UTC where nobody knows the zone", () => {
    expect(formatTime("time", at, "en-GB", "Mars/Olympus")).toBe("22:30");
  });

  it("is written as nothing where it is none", () => {
    expect(formatTime("day", "todayT12:00:00Z", "en-GB", "UTC")).toBe("");
    expect(dayOf("", "UTC")).toBe("");
  });

  it("is now within a minute", () => {
    const told = (seconds: number, locale: string): string =>
      relativeTime(
        new Date(Date.parse(at) + seconds * 1000).toISOString(),
        Date.parse(at),
        locale,
        "UTC",
      );
    expect(["en-GB", "sv-SE", "pl-PL", "da-DK"].map((locale) => told(-59, locale))).toEqual([
      "now",
      "nu",
      "teraz",
      "nu",
    ]);
    expect([told(0, "en-GB"), told(59, "en-GB"), told(-60, "en-GB")]).toEqual([
      "now",
      "now",
      "1 minute ago",
    ]);
  });

  it("is as many days away as the calendar of the zone says", () => {
    const now = Date.parse("2026-10-24T09:00:00Z");
    const told = (to: string, zone = "Europe/Copenhagen"): string =>
      relativeTime(to, now, "en-GB", zone);
    expect([told("2026-10-26T08:59:57Z"), told("2026-10-26T09:00:04Z")]).toEqual([
      "in 2 days",
      "in 2 days",
    ]);
    // Clocks go back that night: 23:30 is on the 25th there, and past midnight in Kathmandu.
    expect(told("2026-10-25T22:30:00Z")).toBe("tomorrow");
    expect(told("2026-10-25T22:30:00Z", "Asia/Kathmandu")).toBe("in 2 days");
    expect(told("2026-10-22T21:59:00Z")).toBe("2 days ago");
  });

  it("is as far from now as whole units say", () => {
    const now = Date.parse(at);
    const from = (minutes: number, locale = "en-GB"): string =>
      relativeTime(
        new Date(now + minutes * 60_000).toISOString(),
        now,
        locale,
        "Europe/Copenhagen",
      );
    expect([from(25), from(-119), from(-1441)]).toEqual([
      "in 25 minutes",
      "1 hour ago",
      "yesterday",
    ]);
    expect([from(2880, "sv-SE"), from(300, "pl-PL"), from(-60, "da-DK")]).toEqual([
      "i övermorgon",
      "za 5 godzin",
      "for 1 time siden",
    ]);
  });
});

describe("what clocks show", () => {
  it("is the first of two where they go back, and nothing where they skip it", () => {
    expect(instantOf("2026-10-25", "02:30", "Europe/Stockholm")).toBe("2026-10-25T00:30:00.000Z");
    expect(instantOf("2026-03-29", "02:30", "Europe/Stockholm")).toBeNull();
    expect(instantOf("2026-03-29", "", "Europe/Stockholm")).toBeNull();
  });

  it("leads back to the instant, at any minute", () => {
    const zones = ["Europe/Stockholm", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"];
    const minutes = fc.integer({ min: 29_000_000, max: 30_500_000 });
    fc.assert(
      fc.property(minutes, fc.constantFrom(...zones), (minute, zone) => {
        const instant = minute * 60_000;
        const [day, time] = [dayOf(instant, zone), clockOf(instant, zone)];
        const found = Date.parse(instantOf(day, time, zone) ?? "");
        expect([dayOf(found, zone), clockOf(found, zone)]).toEqual([day, time]);
        expect(found).toBeLessThanOrEqual(instant);
      }),
      { numRuns: 300 },
    );
  });
});
