import { z } from "zod";
import { bookingEventTypes } from "./status.ts";

/**
 * `GET /api/v1/stream`: the event log as server-sent events. An event is an unnamed message with
 * `id: <seq>`; the named messages below are about the stream itself. The header `Last-Event-ID`
 * wins over `after`; without either the stream starts now.
 */
export const streamQuerySchema = z.object({
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

/** The message `reauth`: sign in again, or renew the token, and come back with the same position. */
export const streamReauthSchema = z.object({});
