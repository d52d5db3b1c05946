import type { BookingFields, BookingStatus, ChangeKind, ChangeRefs } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanText, isCleanText } from "../clean-text.ts";
import type { ConnectorChange, Interpretation, InterpretContext } from "../connector.ts";
import { describeChange } from "../describe-change.ts";
import { readInstant } from "../read-instant.ts";
import { failed } from "./errors.ts";
import { readFields, readTimes } from "./fields.ts";
import { type MemoryBooking, type MemoryMessage, messageSchema } from "./schema.ts";

interface Rule {
  readonly kind: ChangeKind;
  /** The state that it leads to; null when the ledger is to say. */
  readonly status: BookingStatus | null;
  readonly needsTimes: boolean;
}

/** The events that change a booking, by their names in the message. */
const memoryEvents: ReadonlyMap<string, Rule> = new Map([
  ["booking.created", { kind: "created", status: "confirmed", needsTimes: true }],
  ["booking.requested", { kind: "requested", status: "pending", needsTimes: true }],
  ["booking.confirmed", { kind: "created", status: "confirmed", needsTimes: true }],
  ["booking.rescheduled", { kind: "rescheduled", status: "confirmed", needsTimes: true }],
  ["booking.cancelled", { kind: "cancelled", status: "cancelled", needsTimes: false }],
  ["booking.rejected", { kind: "rejected", status: "rejected", needsTimes: false }],
  ["booking.started", { kind: "started", status: "in_progress", needsTimes: false }],
  ["booking.completed", { kind: "completed", status: "completed", needsTimes: false }],
  ["booking.no_show", { kind: "no_show", status: "no_show", needsTimes: false }],
  ["booking.no_show_cleared", { kind: "no_show_cleared", status: null, needsTimes: false }],
]);

/** Understands a body of the simulated source. Pure and total: see {@link Connector.interpret}. */
export function interpret(body: unknown, context: InterpretContext): Interpretation {
  if (!isRecord(body)) return failed(null, "noObject");
  const trigger = cleanText(body["event"], 100);
  if (trigger === null) return failed(null, "noEvent");
  const rule = memoryEvents.get(trigger);
  if (rule === undefined) {
    return { outcome: "ignored", trigger, reason: `${trigger} does not change a booking` };
  }
  const message = messageSchema.safeParse(body);
  if (!message.success) {
    return failed(trigger, "shape", message.error.issues[0]?.path.join(".").slice(0, 100));
  }
  if (message.data.booking == null) return failed(trigger, "shape", "booking");
  return interpretBooking({
    trigger,
    rule,
    message: message.data,
    booking: message.data.booking,
    context,
  });
}

interface Reading {
  readonly trigger: string;
  readonly rule: Rule;
  readonly message: MemoryMessage;
  readonly booking: MemoryBooking;
  readonly context: InterpretContext;
}

function interpretBooking({ trigger, rule, message, booking, context }: Reading): Interpretation {
  const refs = readRefs(booking);
  if (refs === null) return failed(trigger, "id");
  const times = readTimes(booking);
  if (times.state === "wrong") return failed(trigger, times.problem);
  if (times.state === "missing" && rule.needsTimes) {
    return { outcome: "ignored", trigger, reason: `missing ${times.field}` };
  }
  const { startsAt, endsAt } = times.state === "read" ? times : {};
  const fields: Partial<BookingFields> = {
    ...(rule.needsTimes ? { timeZone: context.timeZone } : {}),
    ...readFields(booking),
    ...(startsAt === undefined || endsAt === undefined ? {} : { startsAt, endsAt }),
  };
  const change: ConnectorChange = {
    kind: rule.kind,
    refs,
    occurredAt: readInstant(message.occurred_at) ?? context.receivedAt.toISOString(),
    sourceSequence: booking.sequence ?? null,
    status: rule.status,
    sourceStatus: rule.status,
    statusReason: cleanText(booking.reason, 1000),
    cancelledBy: rule.kind === "cancelled" ? cleanText(booking.cancelled_by, 500) : null,
    fields,
  };
  return { outcome: "change", trigger, change, summary: describeChange(change) };
}

/** @returns null when an id could not be stored as it is */
function readRefs(booking: MemoryBooking): ChangeRefs | null {
  const previousUid = booking.previous_id ?? null;
  if (!isCleanText(booking.id, 500)) return null;
  if (previousUid !== null && !isCleanText(previousUid, 500)) return null;
  return {
    uid: booking.id,
    previousUid: previousUid === booking.id ? null : previousUid,
    icalUid: cleanText(booking.ical_uid, 500),
  };
}
