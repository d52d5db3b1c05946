import type { Booking, BookingChange, BookingFields, PaymentStatus } from "./booking.ts";
import { mergeAttendees, personPart, personParts } from "./attendees.ts";

/** A part of a booking that is spoken of as a whole: a field, both times, one key of metadata. */
export type Slot = string;

/**
 * Whether what is said now of a slot replaces what is known. What says nothing (null, an empty
 * text, list or object) never replaces anything, so that sources which leave fields out lose
 * nothing.
 */
export type Wins = (slot: Slot) => boolean;

/** Replaces whatever it says something about. */
export const newer: Wins = () => true;

/** Fills what is empty, and no more. */
export function blanksOnly(current: BookingFields): Wins {
  return (slot) => !isFilled(current, slot);
}

/** The fields that are a slot of their own. */
export const singleSlots = [
  "timeZone",
  "title",
  "description",
  "location",
  "meetingUrl",
  "provider",
  "serviceKey",
  "serviceName",
  "priceMinor",
  "currency",
  "seats",
  "seriesRef",
] as const satisfies readonly (keyof BookingFields)[];

/** The slot of one key of the metadata. */
export const metadataSlot = (key: string): Slot => `metadata.${key}`;

const PERSON = "person.";
/** The slot of one part of a booking's only person. Its time is that of the attendees, or its own. */
export const personSlot = (part: (typeof personParts)[number]): Slot => `${PERSON}${part}`;
export const personSlots: readonly Slot[] = personParts.map(personSlot);
export const isPersonSlot = (slot: Slot): boolean => slot.startsWith(PERSON);

/** Whether a value says nothing. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Whether something is known of a slot. */
export function isFilled(fields: BookingFields, slot: Slot): boolean {
  if (slot === "times" || slot === "status") return true;
  if (isPersonSlot(slot)) {
    return !isEmpty(personPart(fields.attendees, slot.slice(PERSON.length)));
  }
  if (!slot.startsWith("metadata.")) return !isEmpty(fields[slot as keyof BookingFields]);
  const key = slot.slice("metadata.".length);
  return Object.hasOwn(fields.metadata, key) && !isEmpty(fields.metadata[key]);
}

/** The fields of a booking after hearing `incoming`. Pure; `current` stays as it is. */
export function mergeFields(
  current: BookingFields,
  incoming: Partial<BookingFields>,
  wins: Wins,
  clears: BookingChange["clears"] = [],
): BookingFields {
  const pick = <Key extends (typeof singleSlots)[number]>(key: Key): BookingFields[Key] => {
    const value = (incoming as BookingFields)[key];
    const cleared = (clears as readonly string[]).includes(key);
    if (isEmpty(value)) return cleared && wins(key) ? (null as BookingFields[Key]) : current[key];
    return wins(key) ? value : current[key];
  };
  const { startsAt, endsAt } = incoming;
  const times =
    startsAt !== undefined && endsAt !== undefined && wins("times")
      ? { startsAt, endsAt }
      : { startsAt: current.startsAt, endsAt: current.endsAt };
  return {
    ...times,
    timeZone: pick("timeZone"),
    title: pick("title"),
    description: pick("description"),
    location: pick("location"),
    meetingUrl: pick("meetingUrl"),
    provider: pick("provider"),
    serviceKey: pick("serviceKey"),
    serviceName: pick("serviceName"),
    attendees: isEmpty(incoming.attendees)
      ? current.attendees
      : mergeAttendees(current.attendees, incoming.attendees ?? [], {
          wins: wins("attendees"),
        }),
    metadata: mergeMetadata(current.metadata, incoming.metadata ?? {}, wins),
    paymentStatus: laterPayment(current.paymentStatus, incoming.paymentStatus ?? "none"),
    priceMinor: pick("priceMinor"),
    currency: pick("currency"),
    seats: pick("seats"),
    seriesRef: pick("seriesRef"),
  };
}

const payments: readonly PaymentStatus[] = ["none", "initiated", "paid", "refunded"];

/** Money goes one way, so the order in which its messages arrive says nothing. */
function laterPayment(current: PaymentStatus, incoming: PaymentStatus): PaymentStatus {
  return payments.indexOf(incoming) > payments.indexOf(current) ? incoming : current;
}

/** Metadata is merged key by key: a source that replaces the whole object loses no answers. */
function mergeMetadata(
  current: Booking["metadata"],
  incoming: Booking["metadata"],
  wins: Wins,
): Booking["metadata"] {
  const said = Object.entries(incoming).filter(
    ([key, value]) => !isEmpty(value) && wins(metadataSlot(key)),
  );
  return Object.fromEntries([...Object.entries(current), ...said]);
}
