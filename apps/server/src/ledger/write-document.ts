import { uuid7 } from "../db/uuid7.ts";
import type { Attendee, Booking, BookingChange, ExternalRef } from "../domain/booking.ts";
import type { Decision, NextBooking, WriteDecision } from "../domain/decision.ts";
import type { Match } from "../domain/match-bookings.ts";
import type { ChangeOrigin } from "./change-origin.ts";
import type { CustomerToWrite, Linking } from "./link-booking.ts";
import { type MessageDraft, type MessageOutcome, messageRow } from "./message-draft.ts";

/** A decision that can be written. */
export type KnownDecision = Exclude<Decision, { outcome: "unknown" }>;

/** What is to be written, and for whom. */
export interface Writing {
  readonly change: BookingChange;
  readonly sourceKind: string | null;
  readonly message: MessageDraft | null;
  readonly decision: KnownDecision;
  readonly match: Match;
  /** The ids of all bookings that the decision knew of. */
  readonly considered: readonly string[];
  readonly linking: Linking;
  /** The id of the booking, also of one that is about to be created. */
  readonly bookingId: string;
  readonly now: Date;
  readonly origin?: ChangeOrigin | null;
  readonly madeForSelf?: boolean;
}

/** A decision and the message that led to it, as the SQL function `ledger_write` takes them. */
export function writeDocument(writing: Writing): object {
  const { message: draft, decision, bookingId, linking, now, origin = null } = writing;
  const warnings = [draft?.warning, linking.warning].filter((warning) => warning != null);
  const message = draft && { ...draft, warning: warnings.join(" ") || null };
  return {
    message: message && messageRow(message, outcomeOf(decision, bookingId), now),
    ...(decision.outcome === "write" ? changesOf(writing, decision) : keepsOf(writing, decision)),
    ...(origin === null ? {} : { origin: originRow(origin) }),
  };
}

function originRow({ address, userAgent, requestId }: ChangeOrigin): object {
  return { address, user_agent: userAgent?.slice(0, 300) ?? null, request_id: requestId };
}

function outcomeOf(decision: KnownDecision, bookingId: string): MessageOutcome {
  const rest = { bookingId, waitingFor: null, nextAttemptAt: null };
  switch (decision.outcome) {
    case "write":
      return {
        ...rest,
        status: "processed",
        action: decision.action,
        errorCode: null,
        error: null,
      };
    case "refused": {
      const { code, reason } = decision;
      return { ...rest, status: "failed", action: "refused", errorCode: code, error: reason };
    }
    case "unchanged":
    case "stale": {
      const { outcome, reason } = decision;
      const errorCode = (decision.outcome === "unchanged" ? decision.code : null) ?? null;
      return { ...rest, status: "unchanged", action: outcome, errorCode, error: reason };
    }
  }
}

function changesOf(writing: Writing, decision: WriteDecision): object {
  const { linking, now } = writing;
  const { current, absorbed } = writing.match;
  const { next, event } = decision;
  return {
    creates: current === null,
    expected_version: current?.version ?? 0,
    expected_heard: current?.heardCount ?? 0,
    considered: writing.considered,
    absorbs: absorbed && {
      id: absorbed.id,
      expected_version: absorbed.version,
      expected_heard: absorbed.heardCount,
      event_id: uuid7(),
    },
    customer: linking.customer && customerRow(linking.customer, writing.change.connectionId),
    booking: {
      ...bookingRow(writing.bookingId, next),
      customer_id: linking.customerId,
      link_decided_at: linking.isDecided ? now : null,
      ...(writing.madeForSelf === true ? { made_for_self: true } : {}),
    },
    subject_ids: linking.subjectIds,
    attendees: attendeeRows(current, next),
    refs: decision.refs.map(refRow),
    event: eventRow(writing, event),
  };
}

/** What is kept of a message that changes nothing visible: when it was said, without an event. */
function keepsOf({ match: { current } }: Writing, decision: KnownDecision): object {
  const next = "keeps" in decision ? decision.keeps : undefined;
  if (current === null || next === undefined) return {};
  return {
    keeps: {
      id: current.id,
      expected_version: current.version,
      expected_heard: current.heardCount,
      heard: next.heard,
      source_sequence: next.sourceSequence,
      source_updated_at: next.sourceUpdatedAt,
      attendees: attendeeRows(current, next),
    },
  };
}

/** The attendees to write; null when they stay as they are. */
function attendeeRows(current: Booking | null, { attendees }: NextBooking): object[] | null {
  const rows = attendees.map(attendeeRow);
  const before = current?.attendees.map(attendeeRow);
  return JSON.stringify(rows) === JSON.stringify(before) ? null : rows;
}

function bookingRow(id: string, next: NextBooking): object {
  return {
    id,
    status: next.status,
    source_status: next.sourceStatus,
    status_reason: next.statusReason,
    cancelled_by: next.cancelledBy,
    starts_at: next.startsAt,
    ends_at: next.endsAt,
    time_zone: next.timeZone,
    title: next.title,
    description: next.description,
    location: next.location,
    meeting_url: next.meetingUrl,
    provider_name: next.provider?.name,
    provider_email: next.provider?.email,
    service_key: next.serviceKey,
    service_name: next.serviceName,
    metadata: next.metadata,
    payment_status: next.paymentStatus,
    price_minor: next.priceMinor,
    currency: next.currency,
    seats: next.seats,
    series_ref: next.seriesRef,
    owner_connection_id: next.ownerConnectionId,
    source_sequence: next.sourceSequence,
    source_updated_at: next.sourceUpdatedAt,
    heard: next.heard,
    deleted_at: next.deletedAt,
  };
}

function customerRow(toWrite: CustomerToWrite, connectionId: string | null): object {
  const { id, creates, customer } = toWrite;
  return {
    id,
    creates,
    display_name: customer.displayName,
    first_name: customer.firstName,
    last_name: customer.lastName,
    identities: customer.identities,
    source: connectionId === null ? "user" : "connection",
    connection_id: connectionId,
    ...(toWrite.creates
      ? { seen_with_phone: toWrite.customer.seenWithPhone }
      : { expected_version: toWrite.customer.version }),
  };
}

function attendeeRow({ name, email, phone, status, seatRef, sourceUpdatedAt }: Attendee): object {
  return {
    name,
    email,
    phone,
    status,
    seat_ref: seatRef,
    source_updated_at: sourceUpdatedAt ?? null,
  };
}

function refRow(ref: ExternalRef): object {
  return {
    connection_id: ref.connectionId,
    kind: ref.kind,
    external_id: ref.externalId,
    superseded_at: ref.supersededAt,
  };
}

function eventRow({ change, sourceKind }: Writing, event: WriteDecision["event"]): object {
  return {
    id: uuid7(),
    event_type: event.type,
    occurred_at: change.occurredAt,
    actor_kind: change.actor.kind,
    actor_id: change.actor.id,
    actor_name: change.actor.name,
    connection_id: change.connectionId,
    source_kind: sourceKind,
    old_status: event.oldStatus,
    changed_fields: event.changedFields,
    previous: event.previous,
    irregular: event.irregular,
    backfill: change.backfill,
  };
}
