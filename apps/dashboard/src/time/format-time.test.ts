import { describe, expect, it } from "vitest";
import { formatShortDateTimeWithSeconds, formatSpan } from "./format-time.ts";

const from = "2026-11-21T22:30:00.000Z";
const to = "2026-11-21T23:15:00.000Z";

describe("a span of time", () => {
  it("names its day once", () => {
    expect(formatSpan(from, to, "America/New_York")).toBe("Sat, 21 Nov 2026, 17:30 – 18:15");
  });

  it("names both days when it reaches over midnight", () => {
    expect(formatSpan(from, to, "Europe/Copenhagen")).toBe(
      "Sat, 21 Nov 2026, 23:30 – Sun, 22 Nov 2026, 00:15",
    );
  });
});

it("an instant is told to the second, with its day", () => {
  expect(formatShortDateTimeWithSeconds("2026-11-21T12:22:08.500Z", "Europe/Copenhagen")).toBe(
    "21 Nov, 13:22:08",
  );
});
