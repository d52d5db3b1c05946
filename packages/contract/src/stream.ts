import { z } from "zod";
import { bookingEventSchema } from "./booking-event.ts";
import { bookingEventTypes } from "./status.ts";

/** How many of the newest events a stream may begin with, and how many a page of it has at most. */
export const streamLimits = { recent: 200, page: 500, wait: 25 } as const;

/**
 * `GET /api/v1/stream`: the event log as server-sent events. An event is an unnamed message with
 * `id: <seq>`; the named messages below are about the stream itself. The header `Last-Event-ID`
 * wins over `after`; without either the stream starts now, or with `recent` events before now.
 * An event has to pass all of the filters that are given. Other parameters are refused: a misspelt
 * filter would tell everything.
 */
export const streamQuerySchema = z.strictObject({
  /** The last seq that was seen. A string here: what is no position gets `E_CURSOR`. */
  after: z.string().max(40).optional(),
  /** Event types, separated by commas. */
  types: z
    .string()
    .max(1000)
    .transform((list) => list.split(","))
    .pipe(z.array(z.enum(bookingEventTypes)).min(1))
    .optional(),
  booking_id: z.uuid().optional(),
  /** Whose booking it is after the event, or was before it. */
  customer_id: z.uuid().optional(),
  /** A member, or `me`: events that they made, and those of bookings whose provider they are. */
  user_id: z.union([z.literal("me"), z.uuid()]).optional(),
  /** The provider's address, or the id of the member who it is. */
  provider: z.union([z.uuid(), z.email().max(254).toLowerCase()]).optional(),
  /** Where the visit is after the event, or was before it, in any case of letters. */
  location: z.string().min(1).max(500).optional(),
  /**
   * Without a position: begin with so many of the newest events that pass the filters. On a stream, a
   * block without data follows them, whose id is the position from which it goes on.
   */
  recent: z.coerce.number().int().min(0).max(streamLimits.recent).optional(),
  /**
   * Seconds that a page (`Accept: application/json`) waits for an event when there is none yet.
   */
  wait: z.coerce.number().int().min(0).max(streamLimits.wait).optional(),
  /** A single-use ticket of `POST /api/v1/stream-tokens`, in place of `Authorization`. */
  ticket: z.string().max(100).optional(),
});

export type StreamQuery = z.infer<typeof streamQuerySchema>;

/**
 * The message `gap`: the log cannot go on exactly behind the reader's position, because it was
 * pruned or restored from a backup. Reload what is shown; the message's own `id` is the position
 * from which the stream goes on.
 */
export const streamGapSchema = z.object({
  /** The lowest and the highest seq in the log now; both 0 when it is empty. */
  oldest: z.number().int(),
  newest: z.number().int(),
});

export type StreamGap = z.infer<typeof streamGapSchema>;

/**
 * A page of the stream, for readers to whom nothing can be streamed: what an open stream would have
 * sent by now. Ask again with `after` set to its `position`.
 */
export const streamPageSchema = z.object({
  data: z.array(bookingEventSchema),
  /** Up to where the log was read, whatever the filters let through. */
  position: z.number().int(),
  /** Whether there was more to read than one page takes. */
  more: z.boolean(),
  gap: streamGapSchema.nullable(),
  /**
   * The addresses that `user_id` and `provider` stand for, in lower case, as they are in the events of
   * this stream. Null when neither was given, or when these events do not show them.
   */
  provider_emails: z.array(z.string()).nullable(),
  /** The member who `user_id` stands for: `me` is whoever asks. Null where `provider_emails` are. */
  user_id: z.string().nullable(),
});

export type StreamPage = z.infer<typeof streamPageSchema>;

/**
 * Header of answers that show bookings: a position of the event log that was read before them. What
 * follows it in the log, merged by `version`, is all that they may lack.
 */
export const POSITION_HEADER = "slotwire-position";

/** The message `reauth`: sign in again, or renew the token, and come back with the same position. */
export const streamReauthSchema = z.object({});
