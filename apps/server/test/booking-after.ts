import type { Booking } from "../src/domain/booking.ts";
import type { Decision } from "../src/domain/decision.ts";
import { withRefs } from "../src/domain/lineage.ts";

/**
 * The booking after a decision, as the ledger stores it.
 * @returns null when there is none
 */
export function bookingAfter(decision: Decision, current: Booking | null): Booking | null {
  if (decision.outcome !== "write") {
    if (current === null || !("keeps" in decision) || decision.keeps === undefined) return current;
    return { ...current, ...decision.keeps, heardCount: current.heardCount + 1 };
  }
  return {
    id: "booking",
    bookingNumber: 1,
    heardCount: 0,
    ...current,
    ...decision.next,
    version: (current?.version ?? 0) + 1,
    externalRefs: withRefs(current?.externalRefs ?? [], decision.refs),
  };
}
