import type { AttendeeResource, BookingResource } from "@slotwire/contract";
import {
  type KnownContacts,
  knownContacts,
  maskEmailsIn,
  maskId,
  maskText,
} from "./known-contacts.ts";
import { HIDDEN, maskContact } from "./mask-contact.ts";
import { maskUrl, maskValue } from "./mask-values.ts";
import { readingsOf } from "./reading.ts";
import { isWord } from "./redact.ts";
import type { Detail } from "./view.ts";

/** A booking as somebody is shown it. It keeps its shape: what is hidden is masked, empty or null. */
export function showBooking(
  booking: BookingResource,
  detail: Detail,
  known: KnownContacts | null = null,
): BookingResource {
  if (detail === "full") return booking;
  const people = known ?? knownContacts(booking);
  return detail === "masked" ? maskBooking(booking, people) : bareBooking(booking, people);
}

function maskBooking(booking: BookingResource, known: KnownContacts): BookingResource {
  const text = (value: string): string => maskText(value, known);
  const textOrNull = (value: string | null): string | null => value && text(value);
  return {
    ...booking,
    source_status: textOrNull(booking.source_status),
    status_reason: textOrNull(booking.status_reason),
    cancelled_by: textOrNull(booking.cancelled_by),
    title: text(booking.title),
    description: textOrNull(booking.description),
    location: textOrNull(booking.location),
    meeting_url: maskUrl(booking.meeting_url, known),
    customer: booking.customer && { ...booking.customer, ...maskPerson(booking.customer, known) },
    attendees: booking.attendees.map((attendee): AttendeeResource => ({
      ...attendee,
      ...maskPerson(attendee, known),
      seat_ref: attendee.seat_ref && maskId(maskEmailsIn(attendee.seat_ref), known),
    })),
    subjects: booking.subjects.map((subject) => ({
      ...subject,
      name: text(subject.name),
      breed: textOrNull(subject.breed),
      allergies: subject.allergies.map(text),
    })),
    provider: booking.provider && {
      ...booking.provider,
      name: textOrNull(booking.provider.name),
      email: booking.provider.email && maskContact(booking.provider.email),
    },
    service: booking.service && {
      ...booking.service,
      key: text(booking.service.key),
      name: textOrNull(booking.service.name),
    },
    metadata: maskValue(booking.metadata, known) as Record<string, unknown>,
    series_ref: booking.series_ref && maskId(booking.series_ref, known),
    external_refs: maskRefs(booking, known),
  };
}

type Person = Pick<AttendeeResource, "name" | "email" | "phone">;

function maskPerson({ name, email, phone }: Person, known: KnownContacts): Person {
  return {
    name: name && maskText(name, known),
    email: email && maskContact(email),
    phone: phone && maskContact(phone),
  };
}

/** Every id but iCalendar's could be an address that somebody uses as an id. */
function maskRefs(
  { external_refs: refs }: BookingResource,
  known: KnownContacts,
): BookingResource["external_refs"] {
  return refs.map((ref) => {
    const looksLikeEmail = ref.kind !== "ical_uid" && hasSign(ref.external_id);
    return {
      ...ref,
      external_id: looksLikeEmail ? HIDDEN : maskId(ref.external_id, known),
    };
  });
}

/** An at sign, however it is encoded, even at the text's end. */
function hasSign(id: string): boolean {
  return readingsOf(id).some(({ text }) => text.includes("@"));
}

/** Ids, numbers, states, times, version and source. */
function bareBooking(booking: BookingResource, known: KnownContacts): BookingResource {
  return {
    ...booking,
    source_status: isWord(booking.source_status ?? "") ? booking.source_status : null,
    status_reason: null,
    cancelled_by: null,
    title: "",
    description: null,
    location: null,
    meeting_url: null,
    customer: booking.customer && { id: booking.customer.id, name: null, email: null, phone: null },
    attendees: [],
    subjects: booking.subjects.map(({ id, kind }) => ({
      id,
      kind,
      name: "",
      breed: null,
      allergies: [],
    })),
    provider:
      booking.provider?.id == null ? null : { ...booking.provider, name: null, email: null },
    service: null,
    metadata: {},
    price_minor: null,
    currency: null,
    series_ref: null,
    external_refs: maskRefs(booking, known),
  };
}
