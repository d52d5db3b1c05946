import type { BookingFields, BookingStatus, ChangeKind } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanText, isCleanText } from "../clean-text.ts";
import type { ConnectorChange, Interpretation, InterpretContext } from "../connector.ts";
import { describeChange } from "../describe-change.ts";
import { readInstant } from "../read-instant.ts";
import { lostTime, warningOf } from "../losses.ts";
import { failed } from "./errors.ts";
import { lossesOf, readFields, readTimes } from "./fields.ts";
import { messageSchema, type SavvycalEvent, type SavvycalMessage } from "./schema.ts";

const MAX_TYPE = 100;
const MAX_ID = 500;
const MAX_REASON = 1000;

interface Rule {
  readonly kind: ChangeKind;
  /** The state that it leads to whatever the event says; null to go by that. */
  readonly status: BookingStatus | null;
}

/** The types about an event (savvycal.com/docs/api/webhooks/payloads); its id stays when it moves. */
const rules: ReadonlyMap<string, Rule> = new Map([
  ["event.created", { kind: "created", status: null }],
  ["event.requested", { kind: "requested", status: "pending" }],
  ["event.approved", { kind: "created", status: "confirmed" }],
  ["event.declined", { kind: "rejected", status: "rejected" }],
  ["event.rescheduled", { kind: "rescheduled", status: null }],
  ["event.changed", { kind: "updated", status: null }],
  ["event.canceled", { kind: "cancelled", status: "cancelled" }],
  // The event with all who come; whoever gave up the place is among them with that answer.
  ["event.attendee.added", { kind: "updated", status: null }],
  ["event.attendee.canceled", { kind: "updated", status: null }],
  ["event.checkout.pending", { kind: "requested", status: "pending" }],
  ["event.checkout.completed", { kind: "payment_updated", status: null }],
  ["event.checkout.expired", { kind: "cancelled", status: "cancelled" }],
]);

const states: ReadonlyMap<string, BookingStatus> = new Map([
  ["confirmed", "confirmed"],
  ["canceled", "cancelled"],
  ["declined", "rejected"],
  ["awaiting_approval", "pending"],
  ["awaiting_checkout", "pending"],
  // The host asked for another time: until there is one, nobody comes.
  ["awaiting_reschedule", "cancelled"],
]);

/** What ends a booking is understood without its times. */
const endings: ReadonlySet<ChangeKind> = new Set(["cancelled", "rejected"]);

/** Understands a body of SavvyCal. Pure and total: see {@link Connector.interpret}. */
export function interpret(body: unknown, context: InterpretContext): Interpretation {
  if (!isRecord(body)) return failed(null, "noObject");
  const trigger = cleanText(body["type"], MAX_TYPE);
  if (trigger === null) return failed(null, "noType");
  const rule = rules.get(trigger);
  if (rule === undefined) {
    return { outcome: "ignored", trigger, reason: `${trigger} does not change a booking` };
  }
  const message = messageSchema.safeParse(body);
  if (!message.success) {
    return failed(trigger, "shape", message.error.issues[0]?.path.join(".").slice(0, MAX_TYPE));
  }
  return interpretEvent(trigger, rule, message.data, context);
}

function interpretEvent(
  trigger: string,
  { kind, status }: Rule,
  { occurred_at: occurredAt, payload: event }: SavvycalMessage,
  context: InterpretContext,
): Interpretation {
  if (!isCleanText(event.id, MAX_ID)) return failed(trigger, "id");
  const times = readTimes(event);
  if (times.state === "wrong" && !endings.has(kind)) return failed(trigger, times.problem);
  if (times.state === "missing" && !endings.has(kind)) {
    return { outcome: "ignored", trigger, reason: `missing ${times.field}` };
  }
  const { startsAt, endsAt } = times.state === "read" ? times : {};
  const fields: Partial<BookingFields> = {
    timeZone: context.timeZone,
    ...readFields(event),
    ...(startsAt === undefined || endsAt === undefined ? {} : { startsAt, endsAt }),
  };
  const change: ConnectorChange = {
    kind,
    refs: { uid: event.id, previousUid: null, icalUid: null },
    occurredAt: readInstant(occurredAt) ?? context.receivedAt.toISOString(),
    sourceSequence: null,
    status: status ?? states.get(event.state ?? "") ?? "confirmed",
    sourceStatus: cleanText(event.state, MAX_TYPE),
    statusReason: reasonOf(trigger, event),
    cancelledBy: null,
    fields,
  };
  return {
    outcome: "change",
    trigger,
    change,
    summary: describeChange(change),
    ...warningOf([lostTime("occurred_at", occurredAt), ...lossesOf(event)]),
  };
}

function reasonOf(trigger: string, event: SavvycalEvent): string | null {
  if (trigger === "event.checkout.expired") return "it was not paid for in time";
  return cleanText(event.cancel_reason, MAX_REASON);
}
