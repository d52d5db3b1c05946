import type { BookingEvent, TimelineEntry } from "@slotwire/contract";
import { describeEvent } from "../describe-event.ts";
import { hasEmail } from "./find-emails.ts";
import { type KnownContacts, knownContacts, maskId, maskText } from "./known-contacts.ts";
import { HIDDEN } from "./mask-contact.ts";
import { maskValue } from "./mask-values.ts";
import { isWord } from "./redact.ts";
import { showBooking } from "./show-booking.ts";
import type { Detail } from "./view.ts";

/** `left`: of a booking that was theirs and is no longer, so that they learn that it is gone. */
export type EventDetail = Detail | "left";

/** An event as somebody is shown it, in the same shape. */
export function showEvent(event: BookingEvent, detail: EventDetail): BookingEvent {
  if (detail === "full") return event;
  if (detail === "left") return tellOfLeaving(event);
  const { booking, previous } = event.data;
  const known = knownContacts(booking, previous);
  const shown = booking && showBooking(booking, detail, known);
  const before = previous && (detail === "masked" ? maskPrevious : barePrevious)(previous, known);
  return {
    ...event,
    description:
      shown === undefined
        ? `Booking #${event.booking_number}`
        : describeEvent(event.type, shown, event.changed_fields),
    actor: {
      kind: event.actor.kind,
      id: event.actor.id && (hasEmail(event.actor.id) ? HIDDEN : maskId(event.actor.id, known)),
      name: detail === "ids" ? null : event.actor.name && maskText(event.actor.name, known),
    },
    data: {
      ...(shown === undefined ? {} : { booking: shown }),
      ...(before === undefined ? {} : { previous: before }),
    },
  };
}

/** As a thin event: ids and states, without the booking. */
function tellOfLeaving(event: BookingEvent): BookingEvent {
  return {
    ...showEvent(event, "ids"),
    description: `Booking #${event.booking_number} is somebody else's now`,
    data: {},
  };
}

type Previous = Readonly<Record<string, unknown>>;

function maskPrevious(previous: Previous, known: KnownContacts): Record<string, unknown> {
  const { external_refs: refs, meeting_url: _link, ...rest } = previous;
  return {
    ...(maskValue(rest, known) as Record<string, unknown>),
    // Where it was held before is of no use, and may name anybody.
    ...("meeting_url" in previous ? { meeting_url: null } : {}),
    ...(refs === undefined ? {} : { external_refs: maskIds(refs, known) }),
  };
}

function maskIds(refs: unknown, known: KnownContacts): unknown[] {
  return Array.isArray(refs) ? refs.map((id) => maskId(String(id), known)) : [];
}

const bareFields = ["status", "starts_at", "ends_at", "time_zone", "deleted_at"] as const;

function barePrevious(previous: Previous, known: KnownContacts): Record<string, unknown> {
  const kept = bareFields.filter((name) => name in previous);
  return {
    ...Object.fromEntries(kept.map((name) => [name, previous[name]])),
    ...("external_refs" in previous
      ? { external_refs: maskIds(previous["external_refs"], known) }
      : {}),
  };
}

/** The same for an entry of a booking's timeline. */
export function showTimelineEntry(
  { message, ...event }: TimelineEntry,
  detail: Detail,
): TimelineEntry {
  const shown = showEvent(event, detail);
  if (message === null || detail === "full") return { ...shown, message };
  const known = knownContacts(event.data.booking, event.data.previous);
  if (detail === "masked") {
    const trigger = message.trigger && maskText(message.trigger, known);
    return {
      ...shown,
      message: { ...message, trigger, summary: maskText(message.summary, known) },
    };
  }
  const trigger = message.trigger !== null && isWord(message.trigger) ? message.trigger : null;
  return { ...shown, message: { ...message, trigger, summary: trigger ?? "" } };
}
