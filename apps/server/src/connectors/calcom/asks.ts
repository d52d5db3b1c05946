import { isRecord } from "../../domain/is-record.ts";
import type { Ask } from "../connector.ts";
import { readSeats, readSeries } from "./fields.ts";
import type { Message } from "./message.ts";

/** What a message about a booking asks of the hub beside its change. */
export function asksOf({ trigger, booking, refs }: Message): readonly Ask[] {
  const { uid, previousUid } = refs;
  const seriesRef = readSeries(booking);
  const scope = seriesRef === null ? { uid } : { seriesRef };
  const isSeries = isRecord(booking.recurringEvent) || seriesRef !== null;
  if (trigger === "BOOKING_CANCELLED" && isSeries) {
    // handleCancelBooking.ts: all that remain, or all that follow, are cancelled by one message.
    return [{ kind: "reconcile", scope, reason: "one cancellation may end a whole series" }];
  }
  if (trigger === "BOOKING_CREATED" && isSeries && booking.requiresConfirmation === true) {
    // handleConfirmation.ts: confirming a series sends the first occurrence alone.
    return [{ kind: "reconcile", scope, reason: "one message may confirm a whole series" }];
  }
  const isMove = trigger === "BOOKING_RESCHEDULED" && previousUid !== null;
  if (isMove && readSeats(booking) !== null && booking.attendees?.length === 1) {
    const reason = "one seat may have moved to another time, and left its class";
    return [{ kind: "reconcile", scope: { uid: previousUid }, reason }];
  }
  return [];
}
