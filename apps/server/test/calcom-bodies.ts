import type { SimulatedBooking, SimulatedPerson } from "./calcom-source.ts";

type Body = Record<string, unknown>;

/** Cal.com's own words for a state. */
const words: Readonly<Record<string, string>> = {
  pending: "PENDING",
  cancelled: "CANCELLED",
  rejected: "REJECTED",
};

/** Each trigger writes times in a form of its own. */
function timeFor(trigger: string, instant: string): string {
  if (trigger === "BOOKING_CANCELLED") return instant.replace(".000Z", "+00:00");
  const hasMs = trigger === "BOOKING_REJECTED" || trigger === "BOOKING_PAID";
  return hasMs ? instant : instant.replace(".000Z", "Z");
}

/** The body of a message about a booking as a whole. Shared bookings name who it is about. */
export function calcomBody(
  trigger: string,
  booking: SimulatedBooking,
  {
    at,
    said,
    people,
  }: {
    readonly at: string;
    readonly said: Body;
    readonly people?: readonly SimulatedPerson[] | undefined;
  },
): Body {
  const coming = people ?? booking.people.filter(({ status }) => status !== "cancelled");
  const [only] = coming;
  const namesSeat = trigger === "BOOKING_CREATED" && coming.length === 1 && only?.seatId != null;
  const isPaid = trigger === "BOOKING_PAID";
  const toPay = trigger === "BOOKING_PAYMENT_INITIATED";
  const payload: Body = {
    type: "grooming-60",
    title: booking.title,
    eventTitle: "Grooming",
    eventTypeId: 41,
    description: "",
    organizer: person(booking.host),
    attendees: coming.map((one) => ({ ...person(one), phoneNumber: null })),
    ...(isPaid ? {} : answers(trigger)),
    location: booking.location,
    destinationCalendar: booking.sequence === 0 ? null : [],
    seatsPerTimeSlot: booking.seats,
    ...(namesSeat ? { attendeeSeatId: only.seatId } : {}),
    iCalUID: booking.iCalUID,
    iCalSequence: booking.sequence,
    uid: booking.uids.at(-1),
    bookingId: booking.bookingId,
    startTime: timeFor(trigger, booking.startsAt),
    endTime: timeFor(trigger, booking.endsAt),
    price: booking.payment === "none" ? 0 : 12_000,
    currency: "PLN",
    // What is paid brings the payment's metadata in place of the booking's.
    metadata: isPaid ? { identifier: "cal.com", bookingId: booking.bookingId } : booking.metadata,
    // Whoever has yet to pay is told of as accepted.
    status: toPay ? "ACCEPTED" : (words[booking.status] ?? "ACCEPTED"),
    ...(booking.isSeries && trigger === "BOOKING_CREATED" ? repetition : {}),
    ...said,
  };
  return { triggerEvent: trigger, createdAt: at, payload };
}

const repetition = { recurringEvent: { freq: 2, count: 3, interval: 1 } };

function person({ name, email }: { readonly name: string; readonly email: string }): Body {
  return { name, email, timeZone: "Europe/Warsaw", language: { locale: "pl" }, utcOffset: 60 };
}

/** Labels are keys of a dictionary when it is made, and slugs at its end. */
function answers(trigger: string): Body {
  const isEnd = trigger === "BOOKING_CANCELLED" || trigger === "BOOKING_REJECTED";
  return {
    responses: { name: { label: isEnd ? "name" : "your_name", value: "Jan" } },
    userFieldsResponses: { coat: { label: isEnd ? "coat" : "Coat?", value: "Long" } },
  };
}

/** MEETING_STARTED and MEETING_ENDED: flat, and frozen when the booking was made. */
export function flatBody(triggerEvent: string, booking: SimulatedBooking): Body {
  const { frozen } = booking;
  const row = frozen === null ? booking : ({ ...booking, ...frozen } as SimulatedBooking);
  return {
    triggerEvent,
    id: row.bookingId,
    uid: row.uids.at(-1),
    title: row.title,
    startTime: row.startsAt,
    endTime: row.endsAt,
    createdAt: "2026-01-02T07:00:00.000Z",
    status: "ACCEPTED",
    location: row.location,
    iCalUID: row.iCalUID,
    iCalSequence: row.sequence,
    user: { name: row.host.name, email: row.host.email, timeZone: "Europe/Warsaw" },
    attendees: row.people.map(({ name, email }, at) => ({
      id: 900 + at,
      name,
      email,
      timeZone: "Europe/Warsaw",
      noShow: false,
    })),
    metadata: row.metadata,
    recurringEventId: row.isSeries ? "cal-series" : null,
  };
}

/** BOOKING_NO_SHOW_UPDATED names people by e-mail, the booking by `bookingUid`, and no times. */
export function noShowBody(
  { uids, bookingId }: SimulatedBooking,
  email: string,
  noShow: boolean,
  createdAt: string,
): Body {
  const message = `${email} ${noShow ? "marked" : "unmarked"} as no-show`;
  const payload = { message, attendees: [{ email, noShow }], bookingUid: uids.at(-1), bookingId };
  return { triggerEvent: "BOOKING_NO_SHOW_UPDATED", createdAt, payload };
}
