import type { BookingFields, BookingStatus, ChangeKind, ChangeRefs } from "../../domain/booking.ts";
import { isRecord } from "../../domain/is-record.ts";
import { cleanText, isCleanText } from "../clean-text.ts";
import type { Ask, ConnectorChange, Interpretation, InterpretContext } from "../connector.ts";
import { describeChange } from "../describe-change.ts";
import { lostEnd, lostTime, lostZone, warningOf } from "../losses.ts";
import { readInstant } from "../read-instant.ts";
import { failed } from "./errors.ts";
import { MAX_TITLE, readFields, readTimes } from "./fields.ts";
import { type CalendlyInvitee, type CalendlyMessage, messageSchema } from "./schema.ts";

const MAX_EVENT = 100;
const MAX_ID = 500;
const MAX_REASON = 1000;

/** The events about invitees: developer.calendly.com/api-docs, "Webhook Subscriptions". */
const readers: ReadonlyMap<string, (message: Reading) => Interpretation> = new Map([
  ["invitee.created", interpretCreated],
  ["invitee.canceled", interpretCanceled],
  ["invitee_no_show.created", interpretNoShow],
  ["invitee_no_show.deleted", interpretNoShow],
]);

interface Reading {
  readonly trigger: string;
  readonly message: CalendlyMessage;
  readonly invitee: CalendlyInvitee;
  readonly refs: ChangeRefs;
  readonly context: InterpretContext;
}

/**
 * Understands a body of Calendly. Pure and total: see {@link Connector.interpret}. A booking is one
 * person's place in an event, so it goes by the invitee's uri. Moving it makes a new invitee.
 */
export function interpret(body: unknown, context: InterpretContext): Interpretation {
  if (!isRecord(body)) return failed(null, "noObject");
  const trigger = cleanText(body["event"], MAX_EVENT);
  if (trigger === null) return failed(null, "noEvent");
  const read = readers.get(trigger);
  if (read === undefined) {
    return { outcome: "ignored", trigger, reason: `${trigger} does not change a booking` };
  }
  const message = messageSchema.safeParse(body);
  if (!message.success) {
    return failed(trigger, "shape", message.error.issues[0]?.path.join(".").slice(0, MAX_EVENT));
  }
  const invitee = message.data.payload;
  const isNoShow = trigger.startsWith("invitee_no_show.");
  const uri = (isNoShow ? invitee.invitee : null) ?? invitee.uri;
  if (uri == null || uri === "") return failed(trigger, "shape", "payload.uri");
  const refs = refsOf(uri, invitee.old_invitee);
  if (refs === null) return failed(trigger, "uri");
  return read({ trigger, message: message.data, invitee, refs, context });
}

/** @returns null when an id could not be stored as it is */
function refsOf(uid: string, previous: string | null | undefined): ChangeRefs | null {
  const previousUid = previous == null || previous === "" || previous === uid ? null : previous;
  const isStorable = [uid, previousUid].every((id) => id === null || isCleanText(id, MAX_ID));
  return isStorable ? { uid, previousUid, icalUid: null } : null;
}

/** With an `old_invitee` it tells to when that one was moved. */
function interpretCreated(reading: Reading): Interpretation {
  const { trigger, invitee, refs, message, context } = reading;
  const times = readTimes(invitee.scheduled_event);
  if (times.state === "missing") {
    return { outcome: "ignored", trigger, reason: `missing ${times.field}` };
  }
  if (times.state === "wrong") return failed(trigger, times.problem);
  const { startsAt, endsAt } = times;
  return changed(reading, {
    kind: refs.previousUid === null ? "created" : "rescheduled",
    occurredAt: firstInstant([invitee.created_at, message.created_at], context),
    // A late try of Calendly's tells what became of the invitee meanwhile.
    status:
      invitee.status === "canceled" && invitee.rescheduled !== true ? "cancelled" : "confirmed",
    fields: { timeZone: context.timeZone, ...readFields(invitee), startsAt, endsAt },
  });
}

function interpretCanceled(reading: Reading): Interpretation {
  const { invitee, refs, message, context } = reading;
  const { cancellation } = invitee;
  const at = [cancellation?.created_at, invitee.updated_at, message.created_at];
  const occurredAt = firstInstant(at, context);
  if (invitee.rescheduled === true) return interpretMoved(reading, occurredAt);
  const times = readTimes(invitee.scheduled_event);
  const { startsAt, endsAt } = times.state === "read" ? times : {};
  return changed(reading, {
    kind: "cancelled",
    occurredAt,
    status: "cancelled",
    statusReason: cleanText(cancellation?.reason, MAX_REASON),
    cancelledBy: cleanText(cancellation?.canceled_by, MAX_ID),
    refs,
    fields: {
      ...readFields(invitee),
      ...(startsAt === undefined || endsAt === undefined
        ? {}
        : { startsAt, endsAt, timeZone: context.timeZone }),
    },
  });
}

/**
 * One half of a reschedule: the place is given up for another one, whose `invitee.created` tells
 * when it is (developer.calendly.com, "Webhook Payloads for Rescheduled Events"); the order of the
 * two is not promised. The booking only learns its new id, so that nobody hears of a cancellation
 * that is none, and the source is asked, in case that the other half never comes.
 */
function interpretMoved(reading: Reading, occurredAt: string): Interpretation {
  const { invitee, refs } = reading;
  const moved = invitee.new_invitee == null ? refs : refsOf(invitee.new_invitee, refs.uid);
  if (moved === null) return failed(reading.trigger, "uri");
  const reason = "it was moved to a time that another message tells";
  const isNamed = moved.uid !== refs.uid;
  const ask: Ask = {
    kind: "reconcile",
    scope: { uid: moved.uid },
    reason,
    ...(isNamed ? { unlessTold: true } : {}),
  };
  return changed(
    { ...reading, refs: moved },
    { kind: "updated", occurredAt, status: null, fields: {} },
    { summary: "first half of a reschedule: another message tells the new time", asks: [ask] },
  );
}

/** A no-show is of the invitee's place, and so of everybody who was to come with it. */
function interpretNoShow(reading: Reading): Interpretation {
  const { trigger, invitee, message, context } = reading;
  const missed = trigger === "invitee_no_show.created";
  const { attendees = [] } = readFields(invitee);
  return changed(reading, {
    kind: missed ? "no_show" : "no_show_cleared",
    occurredAt: firstInstant(
      [missed ? invitee.no_show?.created_at : null, message.created_at],
      context,
    ),
    // Whether the visit is over or still to come, when nobody missed it, is for the ledger to say.
    status: missed ? "no_show" : null,
    fields: {
      attendees: attendees.map((one) => ({ ...one, status: missed ? "no_show" : "accepted" })),
    },
  });
}

function firstInstant(values: readonly unknown[], { receivedAt }: InterpretContext): string {
  for (const value of values) {
    const instant = readInstant(value);
    if (instant !== null) return instant;
  }
  return receivedAt.toISOString();
}

interface Said {
  readonly kind: ChangeKind;
  readonly occurredAt: string;
  readonly status: BookingStatus | null;
  readonly statusReason?: string | null;
  readonly cancelledBy?: string | null;
  readonly refs?: ChangeRefs;
  readonly fields: Partial<BookingFields>;
}

function changed(
  { trigger, message, invitee, refs }: Reading,
  said: Said,
  beside: { readonly summary?: string; readonly asks?: readonly Ask[] } = {},
): Interpretation {
  const change: ConnectorChange = {
    refs,
    sourceSequence: null,
    sourceStatus: said.status === null ? null : cleanText(invitee.status, MAX_EVENT),
    statusReason: null,
    cancelledBy: null,
    ...said,
  };
  const { name } = invitee.scheduled_event ?? {};
  return {
    outcome: "change",
    trigger,
    change,
    summary: describeChange(change),
    ...warningOf([
      lostTime("created_at", message.created_at),
      lostZone("The invitee's timezone", invitee.timezone),
      lostEnd("name", name, MAX_TITLE),
    ]),
    ...beside,
  };
}
