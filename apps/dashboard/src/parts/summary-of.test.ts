import { describe, expect, it } from "vitest";
import { summaryOf } from "./summary-of.ts";

const inStockholm = (summary: string, trigger: string | null = "BOOKING_CREATED") =>
  summaryOf({ description: summary, trigger }, "Europe/Stockholm");

describe("the summary of a message", () => {
  it("is a sentence that tells times in the organisation's zone", () => {
    expect(inStockholm("booking of 2026-11-21 23:30 UTC for Emily Carter")).toBe(
      "Booking of Sun, 22 Nov 2026, 00:30 for Emily Carter",
    );
  });

  it("stays as it is when it tells no time", () => {
    expect(inStockholm("FORM_SUBMITTED does not change a booking")).toBe(
      "FORM_SUBMITTED does not change a booking",
    );
  });

  it("is the trigger, or else something, when there are no words", () => {
    expect(inStockholm("")).toBe("BOOKING_CREATED");
    expect(inStockholm("", "event.created")).toBe("event.created");
    expect(inStockholm("event.created", "event.created")).toBe("event.created");
    expect(inStockholm("", null)).toBe("Unnamed message");
  });
});
