import type { ChangeKind } from "../domain/booking.ts";
import { cleanText } from "./clean-text.ts";
import type { ConnectorChange } from "./connector.ts";

const MAX_NAME = 100;

/** What a message says, before the time: "booking of 2026-01-05 10:00 UTC for Guest User". */
const openings: Record<ChangeKind, string> = {
  created: "booking of",
  requested: "request for",
  rescheduled: "reschedule to",
  updated: "update of the booking of",
  cancelled: "cancellation of the booking of",
  seat_cancelled: "cancellation of a seat at the booking of",
  rejected: "rejection of the booking of",
  started: "start of the booking of",
  completed: "end of the booking of",
  no_show: "no-show at the booking of",
  no_show_cleared: "no-show taken back at the booking of",
  payment_updated: "payment for the booking of",
  reassigned: "new host for the booking of",
  checked_in: "arrival at the booking of",
  reinstated: "return of the booking of",
};

/** The same without a time. */
const withoutTime = / (of|to|for|at)( the booking of)?$/;

/** A change in one line for the inbox: what, when (UTC), for whom. */
export function describeChange(change: ConnectorChange): string {
  const { kind, fields, refs } = change;
  const opening =
    kind === "requested" && refs?.previousUid != null ? "request to reschedule to" : openings[kind];
  const what =
    fields.startsAt === undefined
      ? opening.replace(withoutTime, "")
      : `${opening} ${fields.startsAt.slice(0, 16).replace("T", " ")} UTC`;
  const who = fields.attendees?.[0];
  const name = cleanText(who?.name ?? who?.email ?? who?.phone, MAX_NAME);
  return name === null ? what : `${what} for ${name}`;
}
