import { describe, expect, it } from "vitest";
import { nextAttemptAt, retryAfterMilliseconds } from "./retry-plan.ts";

const now = new Date("2026-03-01T12:00:00.000Z");
const schedule = [0, 5, 300];
const wait = (
  attempts: number,
  random: number,
  retryAfter: string | null = null,
): number | null => {
  const at = nextAttemptAt({ schedule, random: () => random }, attempts, retryAfter, now);
  return at === null ? null : at.getTime() - now.getTime();
};

describe("when a failed delivery is tried again", () => {
  it("follows the schedule and ends with it", () => {
    expect([wait(1, 0.5), wait(2, 0.5), wait(3, 0.5)]).toEqual([5_000, 300_000, null]);
  });

  it("spreads by a tenth to both sides", () => {
    expect([wait(2, 0), wait(2, 0.999_999)]).toEqual([270_000, 330_000]);
  });

  it("never spreads a wait of nothing", () => {
    const at = nextAttemptAt({ schedule: [0, 0], random: () => 0.9 }, 1, null, now);
    expect(at).toEqual(now);
  });

  it("waits longer when the receiver asks for it, and never shorter", () => {
    expect(wait(1, 0.5, "60")).toBe(60_000);
    expect(wait(2, 0.5, "60")).toBe(300_000);
  });
});

describe("a Retry-After header", () => {
  it.each([
    ["120", 120_000],
    [" 7 ", 7_000],
    ["0", 0],
    ["Sun, 01 Mar 2026 12:00:30 GMT", 30_000],
    ["Sun, 01 Mar 2026 11:00:00 GMT", 0],
    ["9999999999", 86_400_000],
    ["Fri, 01 Jan 2100 00:00:00 GMT", 86_400_000],
    ["-5", null],
    ["1.5", null],
    ["soon", null],
    ["", null],
  ])("%j asks for %s ms", (header, expected) => {
    expect(retryAfterMilliseconds(header, now)).toBe(expected);
  });

  it("asks for nothing when it is missing", () => {
    expect(retryAfterMilliseconds(null, now)).toBeNull();
  });
});
