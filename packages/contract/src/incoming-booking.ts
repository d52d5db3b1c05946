import { z } from "zod";

const titled = z.object({ id: z.uuid(), title: z.string() });

/** What a booking site is answered at `/api/bookings/incoming` when its booking was taken. */
export const incomingBookingSchema = z.object({
  success: z.literal(true),
  lead: titled.nullable(),
  contact: z.object({ id: z.uuid(), email: z.string().nullable() }).nullable(),
  activity: z.object({ id: z.uuid() }).nullable(),
  tasks: z.array(titled),
  /** The same was told before: the records are those of then. */
  deduplicated: z.literal(true).optional(),
  /** Why it changed nothing, although it says something else: what is known is later. */
  reason: z.string().optional(),
});

export type IncomingBooking = z.infer<typeof incomingBookingSchema>;

/** The answer when it is kept, and becomes a booking later. */
export const storedBookingSchema = z.object({
  success: z.literal(true),
  stored: z.literal(true),
  reason: z.string().optional(),
});

export type StoredBooking = z.infer<typeof storedBookingSchema>;

/** The answer when it was not taken. */
export const refusedBookingSchema = z.object({
  error: z.string(),
  /** What is wrong with the payload, member by member. */
  details: z
    .object({
      issues: z.array(
        z.object({
          path: z.array(z.union([z.string(), z.number()])),
          message: z.string(),
          /** One of the hub's error codes, where there is one for this. */
          code: z.string().optional(),
          /** The words that the member may be, where they are few. */
          values: z.array(z.string()).optional(),
        }),
      ),
    })
    .optional(),
  /** Of an error inside the hub: the id under which its log has it. */
  message: z.string().optional(),
});

export type RefusedBooking = z.infer<typeof refusedBookingSchema>;
