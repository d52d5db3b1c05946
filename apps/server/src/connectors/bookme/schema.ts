import { z } from "zod";
import { editDistance } from "../../domain/edit-distance.ts";

const text = z.string().nullish();

/** What a message of the site may tell of, in its member `event`. */
export const bookmeEvents = [
  "booking.created",
  "booking.updated",
  "booking.rescheduled",
  "booking.cancelled",
  "booking.no_show",
  "booking.completed",
] as const;

export type BookmeEvent = (typeof bookmeEvents)[number];

/** Whether a message's word is an event. */
export function isEvent(event: string): event is BookmeEvent {
  return bookmeEvents.some((known) => known === event);
}

/** The longest word that is compared letter by letter. */
const MAX_COMPARED = 40;

/** The event that was probably meant by a word that is none: with the fewest corrections. */
export function nearestEvent(word: string): BookmeEvent {
  const plain = word
    .slice(0, MAX_COMPARED)
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, "_");
  const typed = plain.replace(/^bookings?[._]/, "");
  const corrections = (known: string): number => editDistance(typed, known.replace("booking.", ""));
  const [first, ...others] = bookmeEvents;
  return others.reduce<BookmeEvent>(
    (nearest, known) => (corrections(known) < corrections(nearest) ? known : nearest),
    first,
  );
}

const minutes = z.number().min(1).max(1440);
const optional = {
  event: text,
  phone: text,
  company: text,
  meetingUrl: text,
  notes: text,
  source: z.literal("bookme").nullish(),
  createdAt: text,
  occurredAt: text,
  reason: text,
};

/** A booking that can be made from what is said of it. */
export const bookingSchema = z.object({
  ...optional,
  bookingId: z.string().min(1).max(500),
  eventType: z.string().min(1).max(200),
  name: z.string(),
  email: z.email().max(320),
  /** ISO 8601; without an offset it is the organisation's time. */
  scheduledDate: z.string(),
  duration: minutes,
});

/** What became of a booking that is known: only its id has to be there. */
export const changeSchema = bookingSchema.partial().extend({
  bookingId: bookingSchema.shape.bookingId,
  eventType: bookingSchema.shape.eventType.nullish(),
  name: text,
  email: bookingSchema.shape.email.nullish(),
  scheduledDate: text,
  duration: minutes.nullish(),
});

export type BookmeBooking = z.infer<typeof changeSchema>;

/** What a message of this event has to look like: what makes a booking has to tell all of it. */
export function schemaOf(event: string): typeof bookingSchema | typeof changeSchema {
  return event === "booking.created" ? bookingSchema : changeSchema;
}
