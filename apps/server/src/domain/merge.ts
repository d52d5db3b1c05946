import type { Attendee, BookingFields, PaymentStatus } from "./booking.ts";

/**
 * How new information meets old: `newer` replaces what it says something about, `older` (a message
 * that was overtaken) only fills what is empty. In neither does an empty value erase a filled one,
 * so that sources which leave fields out lose nothing.
 */
export type MergeMode = "newer" | "older";

/** Whether a value says nothing. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** The fields of a booking after hearing `incoming`. Pure; `current` stays as it is. */
export function mergeFields(
  current: BookingFields,
  incoming: Partial<BookingFields>,
  mode: MergeMode,
): BookingFields {
  const pick = <Key extends keyof BookingFields>(key: Key): BookingFields[Key] =>
    choose<BookingFields[Key]>(current[key], (incoming as BookingFields)[key], mode);
  const times =
    mode === "newer" && incoming.startsAt !== undefined && incoming.endsAt !== undefined
      ? { startsAt: incoming.startsAt, endsAt: incoming.endsAt }
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
    attendees: mergeAttendees(current.attendees, incoming.attendees ?? [], mode),
    metadata: mergeMetadata(current.metadata, incoming.metadata ?? {}, mode),
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

function choose<Value>(current: Value, incoming: Value | undefined, mode: MergeMode): Value {
  if (incoming === undefined || isEmpty(incoming)) return current;
  return mode === "newer" || isEmpty(current) ? incoming : current;
}

/** Metadata is merged key by key: a source that replaces the whole object loses no answers. */
function mergeMetadata(
  current: BookingFields["metadata"],
  incoming: BookingFields["metadata"],
  mode: MergeMode,
): BookingFields["metadata"] {
  const merged: Record<string, unknown> = { ...current };
  for (const [key, value] of Object.entries(incoming)) {
    merged[key] = choose(merged[key], value, mode);
  }
  return merged;
}

/** Nobody is dropped: who is not mentioned still comes. */
function mergeAttendees(
  current: readonly Attendee[],
  incoming: readonly Attendee[],
  mode: MergeMode,
): readonly Attendee[] {
  const merged = [...current];
  for (const attendee of incoming) {
    const at = merged.findIndex((known) => isSamePerson(known, attendee));
    const known = merged[at];
    if (known === undefined) merged.push(attendee);
    else merged[at] = mergeAttendee(known, attendee, mode);
  }
  return merged;
}

/**
 * Whether two attendees are the same person: by seat where both have one, else by e-mail, else by
 * name and phone. Some messages about a seat name only the e-mail of who sits there.
 */
function isSamePerson(a: Attendee, b: Attendee): boolean {
  if (a.seatRef !== null && b.seatRef !== null) return a.seatRef === b.seatRef;
  if (a.email !== null || b.email !== null) {
    return a.email?.trim().toLowerCase() === b.email?.trim().toLowerCase();
  }
  return a.name === b.name && a.phone === b.phone;
}

function mergeAttendee(known: Attendee, attendee: Attendee, mode: MergeMode): Attendee {
  const heard = choose(known.sourceUpdatedAt, attendee.sourceUpdatedAt, mode);
  return {
    name: choose(known.name, attendee.name, mode),
    email: choose(known.email, attendee.email, mode),
    phone: choose(known.phone, attendee.phone, mode),
    status: choose(known.status, attendee.status, mode),
    seatRef: choose(known.seatRef, attendee.seatRef, mode),
    ...(heard === undefined ? {} : { sourceUpdatedAt: heard }),
  };
}
