import type { BookingStatus, ChangeKind } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { isWord } from "../../domain/views/redact.ts";
import { cleanText, isCleanText } from "../clean-text.ts";
import type { ConnectorChange, Interpretation, InterpretContext } from "../connector.ts";
import { describeChange } from "../describe-change.ts";
import { lostEnd, lostTime, warningOf } from "../losses.ts";
import { readInstant } from "../read-instant.ts";
import { readLocalTime } from "../read-local-time.ts";
import { failed } from "./errors.ts";
import { readUrl } from "../read-url.ts";
import { MAX_TEXT, readFields, readTimes, type Times } from "./fields.ts";
import { type BookmeBooking, type BookmeEvent, isEvent, nearestEvent, schemaOf } from "./schema.ts";

const MAX_EVENT = 100;
const MAX_REASON = 1000;

interface Rule {
  readonly kind: ChangeKind;
  /** The state that it leads to; null when it says nothing of the state. */
  readonly status: BookingStatus | null;
  /**
   * A site that has no time of a change sends the booking's `createdAt` with each of its messages.
   * So many milliseconds keep the making of a booking before its changes, and those before its end.
   */
  readonly after: number;
}

const rules: Readonly<Record<BookmeEvent, Rule>> = {
  "booking.created": { kind: "created", status: "confirmed", after: 0 },
  "booking.updated": { kind: "updated", status: null, after: 1 },
  "booking.rescheduled": { kind: "rescheduled", status: "confirmed", after: 1 },
  "booking.cancelled": { kind: "cancelled", status: "cancelled", after: 2 },
  "booking.no_show": { kind: "no_show", status: "no_show", after: 2 },
  "booking.completed": { kind: "completed", status: "completed", after: 2 },
};

/** Understands a body of the booking site. Pure and total: see {@link Connector.interpret}. */
export function interpret(body: unknown, context: InterpretContext): Interpretation {
  if (!isRecord(body)) return failed(null, "noObject");
  if (body["event"] == null && body["bookingId"] == null) return failed(null, "shape", "bookingId");
  const given = body["event"] ?? "booking.created";
  const event = cleanText(given, MAX_EVENT);
  if (event === null) return failed(null, "event");
  if (!isEvent(event)) {
    const nearest = `the nearest that is known is ${nearestEvent(event)}`;
    // The reason is shown to those, too, who are not shown what is personal.
    return failed(event, "unknownEvent", isWord(event) ? `${event}; ${nearest}` : nearest);
  }
  const booking = schemaOf(event).safeParse(body);
  if (!booking.success) {
    return failed(event, "shape", booking.error.issues[0]?.path.join(".").slice(0, MAX_EVENT));
  }
  return interpretBooking(event, booking.data, context);
}

function interpretBooking(
  event: BookmeEvent,
  booking: BookmeBooking,
  context: InterpretContext,
): Interpretation {
  const times = readTimes(booking, context.timeZone);
  if (times.state === "wrong") return failed(event, "scheduledDate");
  if (times.state === "missing" && booking.duration != null) {
    return failed(event, "shape", "scheduledDate");
  }
  if (!isCleanText(booking.bookingId, 500)) return failed(event, "id");
  const isNamed = booking.event != null;
  const change = changeOf({ isNamed, booking, rule: rules[event], times, context });
  return {
    outcome: "change",
    trigger: event,
    change,
    summary: describeChange(change),
    ...warningsOf(booking, times, context),
  };
}

interface Reading {
  /** The message says which event it tells of; without, it makes a booking or changes it. */
  readonly isNamed: boolean;
  readonly booking: BookmeBooking;
  readonly rule: Rule;
  readonly times: Times;
  readonly context: InterpretContext;
}

function changeOf({ isNamed, booking, rule, times, context }: Reading): ConnectorChange {
  const { startsAt } = times.state === "read" || times.state === "start" ? times : {};
  const { endsAt } = times.state === "read" ? times : {};
  return {
    kind: rule.kind,
    refs: { uid: booking.bookingId, previousUid: null, icalUid: null },
    occurredAt: occurrence(booking, rule.after, context),
    ...(isNamed
      ? {}
      : { occurredAtIfMade: occurrence(booking, rules["booking.rescheduled"].after, context) }),
    sourceSequence: null,
    status: rule.status,
    sourceStatus: rule.status,
    statusReason: rule.kind === "cancelled" ? cleanText(booking.reason, MAX_REASON) : null,
    cancelledBy: null,
    onePerson: true,
    fields: {
      ...(startsAt === undefined ? {} : { startsAt, timeZone: context.timeZone }),
      ...(endsAt === undefined ? {} : { endsAt }),
      ...readFields(booking, rule.kind === "no_show" ? "no_show" : "accepted"),
    },
  };
}

function occurrence(booking: BookmeBooking, after: number, context: InterpretContext): string {
  const read = (at: unknown): string | null =>
    readInstant(at) ?? readLocalTime(at, context.timeZone);
  const created = read(booking.createdAt);
  const afterwards =
    created === null ? null : readInstant(new Date(Date.parse(created) + after).toISOString());
  return read(booking.occurredAt) ?? afterwards ?? context.receivedAt.toISOString();
}

function warningsOf(
  booking: BookmeBooking,
  times: Times,
  { timeZone }: InterpretContext,
): { readonly warning?: string } {
  const isTime = (at: unknown): boolean =>
    readInstant(at) !== null || readLocalTime(at, timeZone) !== null;
  return warningOf([
    (times.state === "read" || times.state === "start") && times.isLocal
      ? `scheduledDate has no offset: it was read as the time of ${timeZone}.`
      : null,
    cleanText(booking.meetingUrl, MAX_REASON) !== null && readUrl(booking.meetingUrl) === null
      ? "meetingUrl is no address of http or https: it was left out."
      : null,
    lostTime("createdAt", booking.createdAt, isTime(booking.createdAt)),
    lostTime("occurredAt", booking.occurredAt, isTime(booking.occurredAt)),
    lostEnd("notes", booking.notes, MAX_TEXT),
  ]);
}
