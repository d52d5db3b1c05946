import type { Visit } from "./visit.ts";

/*
 * Bodies as Cal.com documents them (cal.com/docs, "Webhooks", payload version 2021-10-20), with
 * the habits that its receivers have to live with: other spellings of a time in other triggers,
 * answers labelled by key or by slug, flat MEETING_* whose `createdAt` is the booking's.
 */
export type CalcomBody = Readonly<Record<string, unknown>>;

export const TIME_ZONE = "Europe/Stockholm";

/** `2026-01-05T09:00:00Z`: most triggers. */
const plain = (instant: string): string => instant.replace(/\.\d{3}Z$/, "Z");
/** `2026-01-05T09:00:00+00:00`: BOOKING_CANCELLED. */
const withOffset = (instant: string): string => instant.replace(/\.\d{3}Z$/, "+00:00");

export interface Said {
  /** When Cal.com says it, RFC 3339. */
  readonly createdAt: string;
}

const envelope = (triggerEvent: string, { createdAt }: Said, payload: CalcomBody): CalcomBody => ({
  triggerEvent,
  createdAt,
  payload,
});

/** What Cal.com sends when somebody presses "Ping test" at a webhook. */
export function ping(said: Said): CalcomBody {
  return envelope("PING", said, {
    type: "Test",
    title: "Test trigger event",
    description: "",
    startTime: said.createdAt,
    endTime: said.createdAt,
  });
}

/** Taken at once, or a request that has been approved: there is no trigger of its own for that. */
export function bookingCreated(visit: Visit, said: Said): CalcomBody {
  return envelope("BOOKING_CREATED", said, { ...payloadOf(visit), status: "ACCEPTED" });
}

/** @param previous the visit before it was moved, when what is asked for is another time */
export function bookingRequested(visit: Visit, said: Said, previous?: Visit): CalcomBody {
  const payload = { ...payloadOf(visit), status: "PENDING", requiresConfirmation: true };
  return envelope("BOOKING_REQUESTED", said, { ...payload, ...kinship(previous) });
}

export function bookingRescheduled(visit: Visit, said: Said, previous: Visit): CalcomBody {
  return envelope("BOOKING_RESCHEDULED", said, {
    ...payloadOf(visit),
    status: "ACCEPTED",
    ...kinship(previous),
    rescheduledBy: visit.owner.email,
  });
}

export function bookingRejected(visit: Visit, said: Said, reason: string): CalcomBody {
  return envelope("BOOKING_REJECTED", said, {
    ...payloadOf(visit),
    // With milliseconds: REJECTED spells its times that way.
    startTime: visit.startsAt,
    endTime: visit.endsAt,
    responses: responsesOf(visit, slugs),
    status: "REJECTED",
    rejectionReason: reason,
  });
}

export function bookingCancelled(visit: Visit, said: Said, reason: string): CalcomBody {
  return envelope("BOOKING_CANCELLED", said, {
    ...payloadOf(visit),
    startTime: withOffset(visit.startsAt),
    endTime: withOffset(visit.endsAt),
    responses: responsesOf(visit, slugs),
    status: "CANCELLED",
    cancellationReason: reason,
    cancelledBy: visit.owner.email,
    requestReschedule: false,
  });
}

export function bookingNoShow(visit: Visit, said: Said): CalcomBody {
  return envelope("BOOKING_NO_SHOW_UPDATED", said, {
    message: `${visit.owner.email} marked as no-show`,
    attendees: [{ email: visit.owner.email, noShow: true }],
    bookingUid: visit.uid,
    bookingId: visit.calcomId,
  });
}

/** Flat, and frozen as it was when the booking was made. */
export function meeting(trigger: "MEETING_STARTED" | "MEETING_ENDED", visit: Visit): CalcomBody {
  const { groomer, owner } = visit;
  return {
    triggerEvent: trigger,
    id: visit.calcomId,
    uid: visit.uid,
    userId: groomer.id,
    userPrimaryEmail: groomer.email,
    eventTypeId: visit.service.id,
    title: titleOf(visit),
    description: visit.remark ?? "",
    customInputs: {},
    responses: responsesOf(visit, labels),
    startTime: visit.startsAt,
    endTime: visit.endsAt,
    location: LOCATION,
    createdAt: visit.bookedAt,
    updatedAt: visit.bookedAt,
    status: "ACCEPTED",
    paid: false,
    fromReschedule: visit.previousUids.at(-1) ?? null,
    recurringEventId: null,
    smsReminderNumber: null,
    scheduledJobs: [],
    metadata: metadataOf(visit),
    iCalUID: visit.icalUid,
    iCalSequence: visit.sequence,
    noShowHost: false,
    user: {
      email: groomer.email,
      name: groomer.name,
      timeZone: TIME_ZONE,
      username: groomer.username,
    },
    attendees: [
      {
        id: visit.calcomId + 400,
        email: owner.email,
        name: owner.name,
        timeZone: TIME_ZONE,
        phoneNumber: null,
        locale: owner.locale,
        bookingId: visit.calcomId,
        noShow: false,
      },
    ],
    payment: [],
    references: [],
  };
}

const LOCATION = "Tassgatan 4, Malmö";

function payloadOf(visit: Visit): CalcomBody {
  const { groomer, service } = visit;
  const remark = visit.remark ?? "";
  return {
    bookerUrl: "https://cal.fluffypaws.example.com",
    type: service.slug,
    title: titleOf(visit),
    description: remark,
    additionalNotes: remark,
    eventTypeId: service.id,
    schedulingType: null,
    seatsPerTimeSlot: null,
    seatsShowAttendees: true,
    organizer: organizerOf(visit),
    attendees: [attendeeOf(visit)],
    customInputs: {},
    responses: responsesOf(visit, labels),
    userFieldsResponses: answersOf(visit),
    location: LOCATION,
    destinationCalendar: null,
    iCalUID: visit.icalUid,
    iCalSequence: visit.sequence,
    requiresConfirmation: service.needsApproval,
    oneTimePassword: null,
    organizationId: 3,
    hashedLink: null,
    uid: visit.uid,
    bookingId: visit.calcomId,
    startTime: plain(visit.startsAt),
    endTime: plain(visit.endsAt),
    eventTitle: service.name,
    eventDescription: "",
    price: 0,
    currency: "sek",
    length: service.minutes,
    metadata: metadataOf(visit),
    userId: groomer.id,
  };
}

function kinship(previous: Visit | undefined): CalcomBody {
  if (previous === undefined) return {};
  return {
    rescheduleId: previous.calcomId,
    rescheduleUid: previous.uid,
    rescheduleStartTime: plain(previous.startsAt),
    rescheduleEndTime: plain(previous.endsAt),
  };
}

function titleOf({ service, groomer, owner }: Visit): string {
  return `${service.name} between ${groomer.name} and ${owner.name}`;
}

function metadataOf({ owner }: Visit): CalcomBody {
  return { petName: owner.pet };
}

function organizerOf({ groomer }: Visit): CalcomBody {
  return {
    id: groomer.id,
    name: groomer.name,
    email: groomer.email,
    username: groomer.username,
    usernameInOrg: groomer.username,
    timeZone: TIME_ZONE,
    language: { locale: "sv" },
    timeFormat: "h:mma",
    utcOffset: 60,
  };
}

function attendeeOf({ owner }: Visit): CalcomBody {
  const [firstName, ...rest] = owner.name.split(" ");
  return {
    email: owner.email,
    name: owner.name,
    firstName,
    lastName: rest.join(" "),
    timeZone: TIME_ZONE,
    language: { locale: owner.locale },
    utcOffset: 60,
  };
}

type FormLabels = Readonly<Record<"name" | "email" | "phone" | "notes", string>>;
/** CREATED and its like label the answers by the keys of their translations … */
const labels: FormLabels = {
  name: "your_name",
  email: "email_address",
  phone: "phone_number",
  notes: "additional_notes",
};
/** … CANCELLED and REJECTED by their slugs. */
const slugs: FormLabels = {
  name: "name",
  email: "email",
  phone: "attendeePhoneNumber",
  notes: "notes",
};

function responsesOf(
  { owner, remark }: Visit,
  { name, email, phone, notes }: FormLabels,
): CalcomBody {
  const answer = (label: string, value: unknown): CalcomBody => ({ label, value, isHidden: false });
  return {
    name: answer(name, owner.name),
    email: answer(email, owner.email),
    attendeePhoneNumber: answer(phone, owner.phone),
    location: answer("location", { value: LOCATION, optionValue: "" }),
    notes: answer(notes, remark ?? ""),
    guests: answer("additional_guests", []),
  };
}

function answersOf({ owner }: Visit): CalcomBody {
  return {
    pet: { label: "Your pet's name", value: owner.pet, isHidden: false },
    breed: { label: "Breed", value: owner.breed, isHidden: false },
  };
}
