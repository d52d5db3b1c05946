import { describe, expect, test } from "vitest";
import { calcomFixture, type CalcomFixtureName } from "./calcom/fixtures.ts";
import { interpret } from "./calcom/interpret.ts";
import type { InterpretContext } from "./connector.ts";
import { lostTime, lostZone, warningOf } from "./losses.ts";

const context: InterpretContext = {
  receivedAt: new Date("2026-01-05T08:00:00Z"),
  timeZone: "Europe/Stockholm",
  settings: {},
  headers: {},
};

function warningFor(name: CalcomFixtureName, more: object, payload: Record<string, unknown> = {}) {
  const read = interpret({ ...calcomFixture(name, payload), ...more }, context);
  return read.outcome === "change" ? (read.warning ?? null) : read.outcome;
}

describe("what of a message could not be kept as it was said", () => {
  test.each(["now", "99999-01-01T00:00:00Z", "2026-01-05T08:00:00+99:99", "2026-02-30T08:00:00Z"])(
    "the time %s is told of, and the message counts as of its arrival",
    (createdAt) => {
      const body = { ...calcomFixture("booking_created"), createdAt };
      expect(interpret(body, context)).toMatchObject({
        change: { occurredAt: context.receivedAt.toISOString() },
        warning: "createdAt is no time that can be used: the message counts as of its arrival.",
      });
    },
  );

  test.each([1e300, -5, "1000"])("a price of %s is told of, and no price of 0", (price) => {
    expect(warningFor("booking_paid", {}, { price })).toContain("price is no amount");
    expect(warningFor("booking_paid", {}, { price: 0 })).toBeNull();
  });

  test("a title that is cut, and a time zone that does not exist, without repeating them", () => {
    const organizer = { name: "Kim", timeZone: "Mars/Olympus" };
    const warning = warningFor("booking_created", {}, { title: "a".repeat(501), organizer });
    expect(warning).toContain("title is longer than 500 characters");
    expect(warning).toContain("timeZone is no known time zone");
    expect(warning).not.toContain("Olympus");
    expect(warning).not.toContain("aaaa");
  });

  test("nothing, when all was read or nothing was said", () => {
    expect(warningFor("booking_created", {})).toBeNull();
    expect(warningFor("booking_created", { createdAt: undefined })).toBeNull();
    // A flat message of the clock has the time at which the booking was made, which is not used.
    expect(warningFor("meeting_ended", { createdAt: "now" })).toBeNull();
    expect(warningOf([lostTime("at", " "), lostZone("zone", null)])).toEqual({});
  });
});
