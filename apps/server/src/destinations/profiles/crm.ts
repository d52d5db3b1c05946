import type { BookingEvent, BookingEventType, BookingResource } from "@slotwire/contract";
import { judgeByStatus } from "./judge-by-status.ts";
import {
  type Encoded,
  jsonHeaders,
  type Profile,
  type ReceivedAnswer,
  TEST_TYPE,
  type Verdict,
} from "./profile.ts";

/** What a CRM takes at `/api/bookings/incoming`, of this hub or another program. */
interface BookingCreatedPayload {
  /** What became of the booking; receivers that know new bookings only leave it unread. */
  readonly event: CrmEvent;
  readonly bookingId: string;
  /** The key of the service: `workshop`, `30min-consultation`. */
  readonly eventType: string;
  readonly name: string;
  readonly email: string;
  readonly phone?: string;
  readonly company?: string;
  /** RFC 3339, UTC. */
  readonly scheduledDate: string;
  /** In minutes. */
  readonly duration: number;
  readonly meetingUrl?: string;
  readonly notes?: string;
  readonly source: "bookme";
  readonly createdAt: string;
  readonly occurredAt: string;
  readonly reason?: string;
}

type CrmEvent =
  | "booking.created"
  | "booking.updated"
  | "booking.rescheduled"
  | "booking.cancelled"
  | "booking.no_show"
  | "booking.completed";

/** A booking becomes one to the CRM when it is confirmed. Null: it says nothing to a CRM. */
const crmEvents: Readonly<Record<BookingEventType, CrmEvent | null>> = {
  "booking.created": "booking.created",
  "booking.confirmed": "booking.created",
  "booking.rescheduled": "booking.rescheduled",
  // It takes place after all, at this time.
  "booking.reinstated": "booking.rescheduled",
  "booking.no_show_cleared": "booking.rescheduled",
  "booking.updated": "booking.updated",
  "booking.customer_linked": "booking.updated",
  "booking.cancelled": "booking.cancelled",
  "booking.rejected": "booking.cancelled",
  "booking.deleted": "booking.cancelled",
  "booking.no_show": "booking.no_show",
  "booking.completed": "booking.completed",
  "booking.checked_in": null,
  "booking.started": null,
  "booking.reassigned": null,
  "booking.payment_updated": null,
  "booking.subject_linked": null,
};

/** A CRM that makes contact, lead and tasks of bookings. It is about people: there is no thin body. */
export const crmProfile: Profile = {
  name: "crm",
  modes: ["compat"],
  personalModes: ["compat"],
  encode(event): Encoded {
    const told = toldOf(event);
    if (told === null) return { skip: "It changes nothing that a CRM keeps." };
    const { booking } = event.data;
    if (booking === undefined) return { skip: "The booking is not known." };
    if (isUnconfirmed(event)) return { skip: "A CRM hears of a booking once it is confirmed." };
    const email = personOf(booking)?.email ?? null;
    if (email === null) return { skip: "The booking has no e-mail address, which a CRM asks for." };
    const body = payloadOf(event, booking, told, email);
    return { body: JSON.stringify(body), headers: jsonHeaders };
  },
  encodeTest(target, at) {
    const body = { event: TEST_TYPE, destination_id: target.id, occurredAt: at.toISOString() };
    return { body: JSON.stringify(body), headers: jsonHeaders };
  },
  judge: judgeCrm,
  keyHeader: (key) => ({ name: "x-webhook-secret", value: key }),
};

function toldOf({ type, old_status: before, new_status: after }: BookingEvent): CrmEvent | null {
  // Moved while it was still a request, and confirmed with it: the CRM hears of it now.
  if (before === "pending" && after === "confirmed") return "booking.created";
  if (type === "booking.no_show_cleared" && after === "completed") return "booking.completed";
  return crmEvents[type];
}

/** A request, or one that was never granted. */
function isUnconfirmed({ old_status: before, new_status: after }: BookingEvent): boolean {
  const isOff = after === "cancelled" || after === "rejected";
  return after === "pending" || (isOff && (before === "pending" || before === null));
}

function payloadOf(
  event: BookingEvent,
  booking: BookingResource,
  told: CrmEvent,
  email: string,
): BookingCreatedPayload {
  const person = personOf(booking);
  const company = booking.metadata["company"];
  return {
    event: told,
    bookingId: booking.id,
    eventType: booking.service?.key ?? "booking",
    name: person?.name ?? email,
    email,
    ...(person?.phone == null ? {} : { phone: person.phone }),
    ...(typeof company === "string" ? { company } : {}),
    scheduledDate: booking.starts_at,
    duration: booking.duration_minutes,
    ...(booking.meeting_url === null ? {} : { meetingUrl: booking.meeting_url }),
    ...(booking.description === null ? {} : { notes: booking.description }),
    source: "bookme",
    createdAt: booking.created_at,
    occurredAt: event.occurred_at,
    ...(booking.status_reason === null ? {} : { reason: booking.status_reason }),
  };
}

/** Who booked: the first attendee with an address, or the customer. */
function personOf({ attendees, customer }: BookingResource) {
  return attendees.find(({ email }) => email !== null) ?? customer;
}

/** 400 and 422 are about the body, which stays the same; a wrong secret can be put right. */
function judgeCrm(answer: ReceivedAnswer): Verdict {
  const isFinal = answer.statusCode === 400 || answer.statusCode === 422;
  return isFinal ? "reject" : judgeByStatus(answer);
}
