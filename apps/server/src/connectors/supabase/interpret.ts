import type { BookingStatus, ChangeKind } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanText, isCleanText } from "../clean-text.ts";
import type { ConnectorChange, Interpretation, InterpretContext } from "../connector.ts";
import { describeChange } from "../describe-change.ts";
import { warningOf } from "../losses.ts";
import { failed } from "./errors.ts";
import { lossesOf, readFields, readStatus, readTime, readTimes, type Times } from "./fields.ts";
import { readTold, type Told } from "./told.ts";

const MAX_ID = 500;
const MAX_REASON = 1000;

interface Rule {
  readonly kind: ChangeKind;
  /** The state that it leads to, unless the row tells another; null when it says nothing of it. */
  readonly status: BookingStatus | null;
}

const created: Rule = { kind: "created", status: "confirmed" };
const confirmed: Rule = { kind: "updated", status: "confirmed" };
const cancelled: Rule = { kind: "cancelled", status: "cancelled" };
const rejected: Rule = { kind: "rejected", status: "rejected" };
const started: Rule = { kind: "started", status: "in_progress" };
const completed: Rule = { kind: "completed", status: "completed" };
const updated: Rule = { kind: "updated", status: null };

/** By what happened. `deleted` is a row that is gone: to whoever comes, the visit is off. */
const rules: ReadonlyMap<string, Rule> = new Map([
  ["created", created],
  ["booked", created],
  ["scheduled", created],
  ["requested", { kind: "requested", status: "pending" }],
  ["pending", { kind: "requested", status: "pending" }],
  ["confirmed", confirmed],
  ["approved", confirmed],
  ["accepted", confirmed],
  ["rescheduled", { kind: "rescheduled", status: null }],
  ["moved", { kind: "rescheduled", status: null }],
  ["updated", updated],
  ["status_changed", updated],
  ["cancelled", cancelled],
  ["canceled", cancelled],
  ["deleted", cancelled],
  ["rejected", rejected],
  ["declined", rejected],
  ["started", started],
  ["in_progress", started],
  ["completed", completed],
  ["done", completed],
  ["no_show", { kind: "no_show", status: "no_show" }],
]);

/** Understands a body. Pure and total: see {@link Connector.interpret}. */
export function interpret(body: unknown, context: InterpretContext): Interpretation {
  if (!isRecord(body)) return failed(null, "noObject");
  const told = readTold(body);
  if (told === null) return failed(null, "noEvent");
  const { trigger } = told;
  const rule = rules.get(told.word);
  if (rule === undefined) {
    return { outcome: "ignored", trigger, reason: `${trigger} does not change a booking` };
  }
  const uid = readId(told.event["booking_id"]) ?? readId(told.booking["id"]);
  if (uid === null) return saysTooLittle(trigger, "booking_id");
  if (!isCleanText(uid, MAX_ID)) return failed(trigger, "id");
  const times = readTimes(told, context.timeZone);
  if (rule.kind === "created" || rule.kind === "requested") {
    if (times.state === "missing") return saysTooLittle(trigger, times.field);
    if (times.state === "wrong") return failed(trigger, times.problem);
  }
  const change = changeOf({ told, rule, uid, times, context });
  const summary = describeChange(change);
  const isMove = rule.kind === "rescheduled" && times.state !== "read";
  return {
    outcome: "change",
    trigger,
    change,
    summary: isMove ? `${summary}, but not to when` : summary,
    ...warningOf([isMove ? unclearMove : null, localTime(times, context), ...lossesOf(told)]),
  };
}

function saysTooLittle(trigger: string, field: string): Interpretation {
  return { outcome: "ignored", trigger, reason: `missing ${field}`, code: "E_MESSAGE_SHAPE" };
}

const unclearMove =
  "It tells of a move, but not to when: it has no start and end that can be read, and the booking keeps its time.";

function localTime(times: Times, { timeZone }: InterpretContext): string | null {
  if (times.state !== "read" || !times.isLocal) return null;
  return `The start has no offset: it was read as the time of ${timeZone}.`;
}

/** Rows are numbered or have UUIDs. */
function readId(value: unknown): string | null {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : null;
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

interface Reading {
  readonly told: Told;
  readonly rule: Rule;
  readonly uid: string;
  readonly times: Times;
  readonly context: InterpretContext;
}

function changeOf({ told, rule, uid, times, context }: Reading): ConnectorChange {
  const { booking, event } = told;
  const said = readStatus(booking["status"] ?? event["new_status"]);
  const isTold = rule.kind === "created" || rule.status === null;
  const { startsAt, endsAt } = times.state === "read" ? times : {};
  const isNew = rule.kind === "created" || rule.kind === "requested";
  return {
    kind: rule.kind,
    refs: { uid, previousUid: null, icalUid: null },
    occurredAt: occurrence(told, context),
    sourceSequence: null,
    status: (isTold ? said : null) ?? rule.status,
    sourceStatus: cleanText(booking["status"] ?? event["new_status"], MAX_ID),
    statusReason:
      rule.kind === "cancelled" || rule.kind === "rejected"
        ? cleanText(booking["cancellation_reason"] ?? event["reason"], MAX_REASON)
        : null,
    cancelledBy: null,
    onePerson: true,
    fields: {
      ...(isNew ? { timeZone: context.timeZone } : {}),
      ...readFields(told, rule.kind === "no_show" ? "no_show" : "accepted"),
      ...(startsAt === undefined || endsAt === undefined ? {} : { startsAt, endsAt }),
    },
  };
}

function occurrence(
  { event, booking, word }: Told,
  { receivedAt, timeZone }: InterpretContext,
): string {
  // A row that was just made tells when, also where it has no time of its last change.
  const made = word === "created" || word === "requested" ? booking["created_at"] : undefined;
  const times = [event["created_at"], event["event_time"], booking["updated_at"], made];
  const known = times.map((time) => readTime(time, timeZone)).find((time) => time !== null);
  return known ?? receivedAt.toISOString();
}
