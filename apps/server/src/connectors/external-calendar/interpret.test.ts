import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { InterpretContext } from "../connector.ts";
import { interpret } from "./interpret.ts";

const context: InterpretContext = {
  receivedAt: new Date("2026-01-10T12:00:00.000Z"),
  timeZone: "Europe/Stockholm",
  settings: { statuses: { Utförd: "completed" } },
  headers: {},
};
const id = "0199b5a0-1111-7000-8000-00000000000A";

describe("what a planning system says of a booking", () => {
  test.each([
    ["CONFIRMED", "confirmed"],
    ["CANCELLED", "cancelled"],
    ["canceled", "cancelled"],
    ["UTFÖRD", "completed"],
  ])("%s becomes %s", (status, meant) => {
    const body = { action: "status_changed", booking_id: id, new_status: status };
    expect(interpret(body, context)).toMatchObject({
      outcome: "change",
      trigger: "status_changed",
      change: { hubBookingId: id.toLowerCase(), refs: null, status: meant, sourceStatus: status },
    });
  });

  test("the time and the reason are its own, and the time is when it came where it has none", () => {
    const body = { booking_id: id, status: "CANCELLED", reason: "Closed" };
    const at = (timestamp?: unknown) => interpret({ ...body, timestamp }, context);
    expect(at("2026-01-10T11:00:00+01:00")).toMatchObject({
      change: { occurredAt: "2026-01-10T10:00:00.000Z", statusReason: "Closed" },
    });
    expect(at("yesterday")).toMatchObject({
      change: { occurredAt: "2026-01-10T12:00:00.000Z" },
    });
  });

  test("a word that nobody explained changes nothing, and says so", () => {
    const result = interpret({ booking_id: id, status: "PACKED" }, context);
    expect(result).toMatchObject({ outcome: "ignored" });
    expect("reason" in result && result.reason).toContain("PACKED");
  });

  test("that it has the change needs nothing; that it could not take it over, a person", () => {
    expect(interpret({ booking_id: id, action: "applied" }, context)).toMatchObject({
      outcome: "ignored",
    });
    expect(interpret({ booking_id: id, action: "failed", reason: "No room" }, context)).toEqual({
      outcome: "ignored",
      trigger: "failed",
      reason: "the external calendar could not take the change over: No room",
      asks: [
        {
          kind: "alert",
          code: "calendars_differ",
          detail: "the external calendar could not take the change over: No room",
        },
      ],
    });
  });

  test.each([
    [null],
    [[]],
    [7],
    [{}],
    [{ booking_id: id }],
    [{ status: "CONFIRMED" }],
    [{ status: "CONFIRMED", booking_id: "1043" }],
  ])("%j is failed", (body) =>
    expect(interpret(body, context)).toMatchObject({ outcome: "failed" }),
  );

  test("any JSON value has one of the three outcomes, with words that can be stored", () => {
    const anyBody = fc.oneof(
      fc.jsonValue({ maxDepth: 4, stringUnit: "binary" }),
      fc.record(
        {
          action: fc.oneof(
            fc.constantFrom("failed", "status_changed"),
            fc.jsonValue({ maxDepth: 1, stringUnit: "binary" }),
          ),
          booking_id: fc.constantFrom(id, 7, null, "\u0000"),
          status: fc.oneof(
            fc.constantFrom("CONFIRMED", "__proto__"),
            fc.string({ unit: "binary", maxLength: 300 }),
          ),
          timestamp: fc.anything(),
          reason: fc.oneof(fc.string({ unit: "binary", maxLength: 3000 }), fc.constant(7)),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(anyBody, (body) => {
        const result = interpret(body, context);
        expect(["change", "ignored", "failed"]).toContain(result.outcome);
        expect(JSON.stringify(result)).not.toMatch(/\\u0000|\\ud[89a-f][0-9a-f]{2}/i);
        expect((result.trigger ?? "").length).toBeLessThanOrEqual(100);
        if ("reason" in result) expect(result.reason.length).toBeLessThanOrEqual(500);
      }),
      { numRuns: 1000 },
    );
  });
});
