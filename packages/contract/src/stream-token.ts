import { z } from "zod";
import { instantSchema } from "./list.ts";
import { bookingEventTypes } from "./status.ts";

/** How long a stream token lives, in seconds, and how long when nothing is said. */
export const streamTokenLifetime = { min: 60, max: 900, otherwise: 300 } as const;

/**
 * What a stream is narrowed to: an event must pass every list that is given. A list names what
 * passes it.
 */
export const streamTokenFiltersSchema = z.strictObject({
  booking_ids: z.array(z.uuid()).min(1).max(50).optional(),
  /** Members: events that they made, and those of bookings whose provider they are. */
  user_ids: z.array(z.uuid()).min(1).max(20).optional(),
  provider_emails: z.array(z.email().max(254).toLowerCase()).min(1).max(20).optional(),
  types: z.array(z.enum(bookingEventTypes)).min(1).max(bookingEventTypes.length).optional(),
});

export type StreamTokenFilters = z.infer<typeof streamTokenFiltersSchema>;

/** `POST /api/v1/stream-tokens`. */
export const createStreamTokenSchema = z
  .strictObject({
    ...streamTokenFiltersSchema.shape,
    ttl_seconds: z
      .int()
      .min(streamTokenLifetime.min)
      .max(streamTokenLifetime.max)
      .default(streamTokenLifetime.otherwise),
    /** A single-use ticket for the query of an EventSource, which cannot send a header. */
    ticket: z.boolean().optional(),
    /** A grant: a page exchanges it, together with a publishable key, for a token or a ticket. */
    grant: z.boolean().optional(),
  })
  .refine(({ ticket, grant }) => ticket !== true || grant !== true, {
    path: ["grant"],
    message: "A grant is exchanged for a ticket later: ask for one of them.",
  });

export type CreateStreamToken = z.input<typeof createStreamTokenSchema>;

/** `POST /api/v1/stream-tokens/exchange`, with the publishable key as bearer token. */
export const exchangeStreamGrantSchema = z.strictObject({
  grant: z.string().min(1).max(12_000),
  ticket: z.boolean().optional(),
});

export const streamTokenSchema = z.object({
  kind: z.enum(["token", "ticket", "grant"]),
  /** Shown once, stored nowhere. */
  token: z.string(),
  /** Until when it opens a stream, or is exchanged. */
  expires_at: instantSchema,
  /** When a stream that it opened ends with the message `reauth`, at the latest. */
  stream_ends_at: instantSchema,
});

export type StreamTokenResource = z.infer<typeof streamTokenSchema>;
