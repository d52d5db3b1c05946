import { deliveryStopReasons } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import { outbound } from "../../messages/outbound.ts";
import { shortReason, wasStoppedUntried, whyStopped } from "./stop-words.ts";

const words = outbound.detail;
const delivery = {
  status: "cancelled",
  skip_reason: null,
  attempt_count: 0,
  next_attempt_at: null,
  destination_status: "active",
} as const;

describe("what kept a delivery from being sent", () => {
  it.each(deliveryStopReasons)("is told apart: %s", (skip_reason) => {
    const others = deliveryStopReasons.filter((one) => one !== skip_reason);
    const told = whyStopped({ ...delivery, skip_reason });
    expect(told).toEqual({ title: words.why, why: outbound.stops[skip_reason].cancelled });
    for (const other of others) {
      expect(whyStopped({ ...delivery, skip_reason: other })?.why).not.toBe(told?.why);
    }
    expect(shortReason({ skip_reason })).not.toContain("_");
  });

  it("is not told of what happened while the destination was disabled as if it had waited", () => {
    const skip_reason = "destination_disabled";
    const skipped = whyStopped({ ...delivery, status: "skipped", skip_reason });
    expect(skipped?.why).toBe(outbound.stops.destination_disabled.skipped);
  });

  it("has a headline of its own after attempts, which did send it", () => {
    const skip_reason = "destination_deleted";
    expect(whyStopped({ ...delivery, skip_reason, attempt_count: 3 })?.title).toBe(
      words.whyNotAgain,
    );
  });

  it("is the destination's settings in the hub's own words", () => {
    const held = { ...delivery, status: "skipped", skip_reason: "It has not changed." } as const;
    expect(whyStopped(held)).toEqual({ title: words.why, why: "It has not changed." });
    expect(shortReason(held)).toBe("It has not changed.");
    expect(wasStoppedUntried(held)).toBe(false);
  });

  it("is told of what was cancelled before reasons were kept", () => {
    expect(whyStopped(delivery)?.why).toBe(words.whyCancelled);
  });

  it("is that its destination is paused, of what still waits", () => {
    const next_attempt_at = "2026-11-21T12:00:00.000Z";
    const open = { ...delivery, status: "pending", next_attempt_at } as const;
    expect(whyStopped({ ...open, destination_status: "paused" })?.title).toBe(words.whyWaiting);
    expect(whyStopped(open)).toBeNull();
    expect(whyStopped({ ...delivery, status: "delivered" })).toBeNull();
  });
});
