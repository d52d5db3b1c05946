import { z } from "zod";
import { actorKinds, bookingEventTypes, bookingStatuses } from "./status.ts";
import { bookingSchema } from "./booking.ts";
import { instantSchema } from "./list.ts";

/** One entry of the event log: the same shape in the log, on the stream and in webhooks. */
export const bookingEventSchema = z.object({
  id: z.uuid(),
  seq: z.number().int(),
  type: z.enum(bookingEventTypes),
  /** `type` without its prefix. */
  event_type: z.string(),
  occurred_at: instantSchema,
  recorded_at: instantSchema,
  booking_id: z.uuid(),
  booking_version: z.number().int(),
  booking_number: z.number().int(),
  old_status: z.enum(bookingStatuses).nullable(),
  new_status: z.enum(bookingStatuses),
  changed_fields: z.array(z.string()),
  description: z.string(),
  /** True when the owner of the booking made a move that the state table does not know. */
  irregular: z.boolean(),
  actor: z.object({
    kind: z.enum(actorKinds),
    id: z.string().nullable(),
    name: z.string().nullable(),
  }),
  source: z.object({ connection_id: z.uuid().nullable(), kind: z.string().nullable() }),
  data: z.object({
    /**
     * The booking as it was at `booking_version`. Absent in thin payloads, and in what staff are
     * sent when a booking of theirs became somebody else's.
     */
    booking: bookingSchema.optional(),
    /** What the changed fields were before. */
    previous: z.record(z.string(), z.unknown()).optional(),
  }),
});

export type BookingEvent = z.infer<typeof bookingEventSchema>;

export const bookingEventQuerySchema = z.strictObject({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

export const bookingEventListSchema = z.object({
  data: z.array(bookingEventSchema),
  /** The position after the last row, or null when nothing newer was stored at the time. */
  next_cursor: z.string().nullable(),
});

/** The body of a webhook in the `standard` profile. */
export const standardWebhookSchema = z.object({
  type: z.string(),
  timestamp: instantSchema,
  data: bookingEventSchema,
});

export type StandardWebhook = z.infer<typeof standardWebhookSchema>;
