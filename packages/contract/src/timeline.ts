import { z } from "zod";
import { bookingEventSchema } from "./booking-event.ts";
import { commandSchema } from "./command.ts";
import { instantSchema, listOf } from "./list.ts";

/** One entry of a booking's timeline: what happened, and the message that it came from. */
export const timelineEntrySchema = bookingEventSchema.extend({
  /** The inbound message that led to it; null when a person, a program or SQL did. */
  message: z
    .object({
      id: z.uuid(),
      trigger: z.string().nullable(),
      summary: z.string(),
      /** What people should see to, although the message was dealt with; null for nothing. */
      warning: z.string().nullable(),
      received_at: instantSchema,
      /** How many further times the same message arrived. */
      duplicate_count: z.number().int(),
    })
    .nullable(),
});

export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** `GET /api/v1/bookings/:id/timeline`: newest first. */
export const timelineSchema = listOf(timelineEntrySchema).extend({
  /** What the booking's source was asked for while these events happened, newest first. */
  commands: z.array(commandSchema),
});

export type TimelineResource = z.infer<typeof timelineSchema>;
