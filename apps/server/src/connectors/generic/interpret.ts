import type { BookingStatus, MappedEvent, Mapping } from "@slotwire/contract";
import type { BookingFields, ChangeKind } from "../../domain/booking.ts";
import { cleanMetadata } from "../clean-metadata.ts";
import { cleanText } from "../clean-text.ts";
import type {
  ConnectorChange,
  Interpretation,
  InterpretContext,
  NamedRecords,
} from "../connector.ts";
import { describeChange } from "../describe-change.ts";
import { failed, unmapped } from "./errors.ts";
import { readAny } from "./expression.ts";
import { type FieldValue, type Reading, readField, valueOf, zoneOf } from "./fields.ts";
import { guessTrigger } from "./guess-trigger.ts";
import { readSettings } from "./schema.ts";
import { readTimes, type Times } from "./times.ts";
import { eventOf, statusOf } from "./words.ts";

const MAX_TRIGGER = 100;
const MAX_WARNING = 1000;

interface Rule {
  readonly kind: ChangeKind;
  /** The state that it leads to; null when it says nothing of the state. */
  readonly status: BookingStatus | null;
  readonly needsTimes: boolean;
}

/** What a mapped event makes of a booking, where its state is not told besides. */
const rules: Readonly<Record<Exclude<MappedEvent, "ignored">, Rule>> = {
  created: { kind: "created", status: "confirmed", needsTimes: true },
  requested: { kind: "requested", status: "pending", needsTimes: true },
  rescheduled: { kind: "rescheduled", status: "confirmed", needsTimes: true },
  updated: { kind: "updated", status: null, needsTimes: false },
  cancelled: { kind: "cancelled", status: "cancelled", needsTimes: false },
  rejected: { kind: "rejected", status: "rejected", needsTimes: false },
  started: { kind: "started", status: "in_progress", needsTimes: false },
  completed: { kind: "completed", status: "completed", needsTimes: false },
  no_show: { kind: "no_show", status: "no_show", needsTimes: false },
  no_show_cleared: { kind: "no_show_cleared", status: null, needsTimes: false },
};

/** What a told state makes of a booking, where the event leaves it open. */
const ruleOfStatus: Readonly<Record<BookingStatus, Rule>> = {
  pending: rules.requested,
  confirmed: rules.created,
  checked_in: { kind: "checked_in", status: "checked_in", needsTimes: false },
  in_progress: rules.started,
  completed: rules.completed,
  no_show: rules.no_show,
  cancelled: rules.cancelled,
  rejected: rules.rejected,
};

/** Events that leave open what state the booking is in. */
const open: ReadonlySet<MappedEvent> = new Set(["created", "requested", "rescheduled", "updated"]);
/** States that such an event may lead to, and stay what it is. */
const ordinary: ReadonlySet<BookingStatus> = new Set(["pending", "confirmed"]);

/** Understands a body by the connection's mapping. Pure and total: see {@link Connector.interpret}. */
export function interpret(body: unknown, context: InterpretContext): Interpretation {
  const { mapping } = readSettings(context.settings);
  if (mapping === null) {
    return unmapped(guessTrigger(body), "nobody has said yet what its fields mean");
  }
  return interpretBy({ body, mapping, timeZone: context.timeZone }, context);
}

function interpretBy(reading: Reading, context: InterpretContext): Interpretation {
  const told = readField("event", reading);
  if (told.state === "wrong") return failed(null, "event", told.problem);
  if (told.state === "nothing" && told.isMapped) return failed(null, "event", "nothing is there");
  const trigger = told.state === "read" ? cleanText(told.value, MAX_TRIGGER) : null;
  const event = told.state === "read" ? eventOf(told.raw, reading.mapping) : null;
  if (event === null && told.state === "read") return unknownEvent(trigger, reading.mapping);
  if (event === "ignored") {
    return {
      outcome: "ignored",
      trigger,
      reason: `the word "${trigger ?? ""}" is set to be ignored`,
    };
  }
  const status = readField("status", reading);
  const rule = ruleFor(
    event,
    status.state === "read" ? statusOf(status.raw, reading.mapping) : null,
  );
  return interpretBooking({ reading, rule, status, trigger, context });
}

function unknownEvent(trigger: string | null, mapping: Mapping): Interpretation {
  const reason = `the word "${trigger ?? ""}" has no meaning in the mapping`;
  return mapping.other_events === "ignore"
    ? { outcome: "ignored", trigger, reason }
    : unmapped(trigger, reason);
}

/** What happened, by the event, the state, or both. A state that ends a booking outdoes an open event. */
function ruleFor(
  event: Exclude<MappedEvent, "ignored"> | null,
  status: BookingStatus | null,
): Rule {
  if (event === null) return status === null ? rules.created : ruleOfStatus[status];
  const rule = rules[event];
  if (status === null || !open.has(event)) return rule;
  if (!ordinary.has(status)) return ruleOfStatus[status];
  return event === "rescheduled" || event === "updated"
    ? { ...rule, status }
    : ruleOfStatus[status];
}

interface Understanding {
  readonly reading: Reading;
  readonly rule: Rule;
  readonly status: FieldValue;
  readonly trigger: string | null;
  readonly context: InterpretContext;
}

function interpretBooking(given: Understanding): Interpretation {
  const { reading, rule, trigger } = given;
  const label = trigger ?? "booking";
  const uid = readField("uid", reading);
  if (uid.state !== "read") {
    return failed(trigger, "id", uid.state === "wrong" ? uid.problem : "nothing is there");
  }
  const previous = readField("previous_uid", reading);
  if (previous.state === "wrong") return failed(trigger, "id", previous.problem);
  const times = readTimes(reading);
  if (times.state === "wrong") return failed(trigger, times.problem, times.where);
  if (times.state === "missing" && rule.needsTimes) return failed(trigger, times.what);
  const change = changeOf(given, uid.value, times);
  const named = namedIn(reading);
  const warning = warningOf(given, times);
  return {
    outcome: "change",
    trigger: label,
    change,
    summary: describeChange(change),
    ...(named === null ? {} : { named }),
    ...(warning === null ? {} : { warning }),
  };
}

function changeOf(
  { reading, rule, status, context }: Understanding,
  uid: string,
  times: Times,
): ConnectorChange {
  const { startsAt, endsAt } = times.state === "read" ? times : {};
  const previous = valueOf("previous_uid", reading);
  const word = status.state === "read" ? cleanText(String(status.raw), 100) : null;
  return {
    kind: rule.kind,
    refs: { uid, previousUid: previous === uid ? null : previous, icalUid: null },
    occurredAt: valueOf("occurred_at", reading) ?? context.receivedAt.toISOString(),
    sourceSequence: null,
    status: rule.status,
    sourceStatus: word ?? rule.status,
    statusReason: ["cancelled", "rejected"].includes(rule.kind) ? valueOf("reason", reading) : null,
    cancelledBy: null,
    onePerson: true,
    fields: {
      ...(startsAt === undefined || endsAt === undefined
        ? {}
        : { startsAt, endsAt, timeZone: zoneOf(reading) }),
      ...fieldsIn(reading),
    },
  };
}

function fieldsIn(reading: Reading): Partial<BookingFields> {
  const value = (field: Parameters<typeof valueOf>[0]): string | null => valueOf(field, reading);
  const attendee = {
    name: value("attendee_name"),
    email: value("attendee_email"),
    phone: value("attendee_phone"),
  };
  const provider = { name: value("provider_name"), email: value("provider_email") };
  const service = value("service_name");
  const price = value("price");
  const fields = {
    title: value("title") ?? service,
    description: value("description"),
    location: value("location"),
    meetingUrl: value("meeting_url"),
    serviceKey: value("service_key") ?? service,
    serviceName: service ?? value("service_key"),
    provider: isEmpty(provider) ? null : provider,
    attendees: isEmpty(attendee)
      ? null
      : [{ ...attendee, status: "accepted" as const, seatRef: null }],
    priceMinor: price === null ? null : Number(price),
    currency: price === null ? null : value("currency"),
    metadata: metadataIn(reading),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, one]) => one !== null));
}

function isEmpty(parts: Readonly<Record<string, string | null>>): boolean {
  return Object.values(parts).every((part) => part === null);
}

function metadataIn({ body, mapping }: Reading): Readonly<Record<string, unknown>> | null {
  const entries = Object.entries(mapping.metadata).map(
    ([name, expression]) => [name, readAny(expression, body)] as const,
  );
  const kept = cleanMetadata(Object.fromEntries(entries.filter(([, value]) => value != null)));
  return Object.keys(kept).length === 0 ? null : kept;
}

function namedIn(reading: Reading): NamedRecords | null {
  const customerId = valueOf("customer_ref", reading);
  const subjectId = valueOf("pet_ref", reading);
  return customerId === null && subjectId === null ? null : { customerId, subjectId };
}

const warned = ["status", "time_zone", "meeting_url", "price", "currency", "occurred_at"] as const;

/** What was left out because it could not be read. */
function warningOf({ reading }: Understanding, times: Times): string | null {
  const warnings = warned.flatMap((field) => {
    const read = readField(field, reading);
    const name = field.replaceAll("_", " ");
    return read.state === "wrong" ? [`The ${name} was left out. ${read.problem}`] : [];
  });
  if (times.state === "read" && times.isLocal && valueOf("time_zone", reading) === null) {
    warnings.push(`Its times have no offset: they were read as times of ${reading.timeZone}.`);
  }
  return warnings.length === 0 ? null : warnings.join(" ").slice(0, MAX_WARNING);
}
