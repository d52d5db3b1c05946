import { z } from "zod";
import { bookingSchema } from "./booking.ts";
import { commandKinds, commandStatuses } from "./command-status.ts";
import { instantSchema, pageQuerySchema } from "./list.ts";
import { bookingStatuses } from "./status.ts";

/** What somebody wants of a booking that a source owns, and what became of it. */
export const commandSchema = z.object({
  id: z.uuid(),
  booking_id: z.uuid(),
  booking_number: z.int(),
  connection_id: z.uuid(),
  /** The product's name, for example Cal.com. */
  source_name: z.string(),
  kind: z.enum(commandKinds),
  /** Where a `reschedule` moves it; null for the others. */
  starts_at: instantSchema.nullable(),
  ends_at: instantSchema.nullable(),
  /** Of `no_show`: false takes the mark away. Null for the others. */
  absent: z.boolean().nullable(),
  reason: z.string().nullable(),
  status: z.enum(commandStatuses),
  /** The booking's version when it was asked for. */
  expected_version: z.int(),
  requested_by: z.object({
    kind: z.enum(["user", "api_key"]),
    id: z.string().nullable(),
    name: z.string().nullable(),
  }),
  /** Why it is not done, or not yet; null when there is nothing to say. */
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** The event that showed that the booking is as it was wanted. */
  event_id: z.uuid().nullable(),
  attempts: z.int(),
  next_attempt_at: instantSchema.nullable(),
  created_at: instantSchema,
  /** When it was last sent. */
  sent_at: instantSchema.nullable(),
  accepted_at: instantSchema.nullable(),
  settled_at: instantSchema.nullable(),
});

export type CommandResource = z.infer<typeof commandSchema>;

/** The answer of 202 to a change that the owner of the booking is asked for. */
export const requestedCommandSchema = commandSchema.extend({
  /** As it is: it changes when the source has said so. */
  booking: bookingSchema,
});

export type RequestedCommand = z.infer<typeof requestedCommandSchema>;

export const commandListQuerySchema = pageQuerySchema.extend({
  booking_id: z.uuid().optional(),
  /** A state, or `open` for all that are still on their way. */
  status: z.enum([...commandStatuses, "open"]).optional(),
});

export type CommandListQuery = z.infer<typeof commandListQuerySchema>;

/** `GET /api/v1/bookings/:id/actions`: what the caller may do with a booking now. */
export const bookingActionsSchema = z.object({
  /** The source that owns it and carries the actions out; null when the hub does. */
  source: z.object({ connection_id: z.uuid(), name: z.string() }).nullable(),
  /**
   * `hub`: they are done at once. `available`: the source is asked. Otherwise nothing can be done
   * from here: no key of its API, a paused connection, or a source that takes no commands.
   */
  write_back: z.enum(["hub", "available", "no_api_key", "paused", "unsupported"]),
  actions: z.array(z.enum(commandKinds)),
  /**
   * The states that the caller may take it to now: at once (`hub`, as the steps of the day are, whoever
   * owns the booking), or by asking the source.
   */
  statuses: z.array(z.object({ status: z.enum(bookingStatuses), by: z.enum(["hub", "source"]) })),
});

export type BookingActions = z.infer<typeof bookingActionsSchema>;
