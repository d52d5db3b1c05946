import type { BookingEvent, DestinationFilter } from "@slotwire/contract";
import { isRecord } from "../../domain/is-record.ts";
import { providersOf } from "../../domain/views/own-event.ts";
import { matchesTransitions } from "./matches-transitions.ts";

/** One part of a filter: why it holds an event back, or null. */
type Part = (event: BookingEvent, filter: DestinationFilter) => string | null;

/**
 * Says why a destination's filter holds an event back, in words that name the part of the filter;
 * null when it lets the event through. Every part that is there has to hold. Provider, service
 * and metadata may be those of before, too: whoever follows one provider has to hear that a
 * booking went to another. Pure.
 */
export function matchesFilter(
  event: BookingEvent,
  filter: DestinationFilter | null,
): string | null {
  if (filter === null) return null;
  for (const part of parts) {
    const reason = part(event, filter);
    if (reason !== null) return reason;
  }
  return null;
}

const parts: readonly Part[] = [
  (event, { transitions: wanted }) => {
    if (wanted === undefined || matchesTransitions(event, wanted)) return null;
    const pairs = typeof wanted === "string" ? [wanted] : wanted.map(inWords);
    return `The filter's transitions (${pairs.join(", ")}) do not have this change.`;
  },
  (event, { connection_ids: wanted }) =>
    wanted === undefined || connectionsOf(event).some((id) => wanted.includes(id))
      ? null
      : "The filter's connections do not know this booking.",
  (event, { providers: wanted }) =>
    wanted === undefined ||
    providerEmailsOf(event).some((email) => wanted.includes(email.toLowerCase()))
      ? null
      : "The filter's providers do not have this booking.",
  (event, { services: wanted }) =>
    wanted === undefined || servicesOf(event).some((key) => wanted.includes(key))
      ? null
      : "The filter's services do not have this booking.",
  (event, { metadata: wanted }) => {
    if (wanted === undefined) return null;
    const unmet = metadataOf(event).map((all) => wanted.find((one) => !holds(all, one)));
    const [first = wanted[0]] = unmet;
    return unmet.includes(undefined)
      ? null
      : `The filter's metadata (${first?.key}) is not as this booking has it.`;
  },
];

const inWords = ({ from, to }: { from: string; to: string }): string => `${from} to ${to}`;

/** Those that the booking is known at: its owner's, its ids', and who told of the event. */
function connectionsOf({ source, data }: BookingEvent): string[] {
  const refs = data.booking?.external_refs ?? [];
  const ids = [source.connection_id, data.booking?.owner_connection_id ?? null];
  return [...ids.filter((id) => id !== null), ...refs.map((ref) => ref.connection_id)];
}

function providerEmailsOf(event: BookingEvent): string[] {
  const { after, before } = providersOf(event);
  return [after, before].filter((email) => email !== null);
}

function servicesOf({ data: { booking, previous } }: BookingEvent): string[] {
  const keys = [booking?.service?.key, previous?.["service_key"]];
  return keys.filter((key) => typeof key === "string");
}

function metadataOf({ data: { booking, previous } }: BookingEvent) {
  return [booking?.metadata, previous?.["metadata"]].filter(isRecord);
}

/** Numbers and truth values are compared as they are written; of a list one member is enough. */
function holds(
  metadata: Readonly<Record<string, unknown>>,
  { key, in: wanted }: NonNullable<DestinationFilter["metadata"]>[number],
): boolean {
  if (!Object.hasOwn(metadata, key)) return false;
  if (wanted === undefined) return true;
  const value = metadata[key];
  return (Array.isArray(value) ? value : [value]).some((one) => wanted.includes(String(one)));
}
