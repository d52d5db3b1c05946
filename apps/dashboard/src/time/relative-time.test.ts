import { describe, expect, it } from "vitest";
import { duration, relativeTime } from "./relative-time.ts";

const now = Date.parse("2026-11-21T12:00:00Z");
const from = (seconds: number) => relativeTime(new Date(now + seconds * 1000).toISOString(), now);

describe("the distance of an instant from now", () => {
  it("is told in the largest unit that fits", () => {
    expect(from(25 * 60)).toBe("in 25 min");
    expect(from(-2 * 60)).toBe("2 min ago");
    expect(from(3 * 3600)).toBe("in 3 hr");
    expect(from(-2 * 86_400)).toBe("2 days ago");
  });

  it("is never rounded up to a time that has not been reached", () => {
    expect(from(-119)).toBe("1 min ago");
    expect(from(-3599)).toBe("59 min ago");
  });

  it("is just now for a few seconds to either side", () => {
    expect(from(5)).toBe("just now");
    expect(from(-9)).toBe("just now");
  });
});

describe("a length of time", () => {
  it("is told in hours and minutes", () => {
    expect(duration(45)).toBe("45 min");
    expect(duration(60)).toBe("1 h");
    expect(duration(75)).toBe("1 h 15 min");
    expect(duration(0)).toBe("0 min");
  });
});
