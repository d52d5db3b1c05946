import { z } from "zod";

/*
 * What SavvyCal sends, payload version 2020-11-18, as far as it is read
 * (savvycal.com/docs/api/webhooks/payloads; developers.savvycal.com/api/schemas). What decides about
 * a booking must have its documented type; what only decorates it stays unknown here.
 */
const anything = z.unknown().optional();

export const eventSchema = z.object({
  id: z.string().min(1),
  /** `confirmed`, `canceled`, `awaiting_approval`, `awaiting_checkout`, `awaiting_reschedule` … */
  state: z.string().nullish(),
  /** RFC 3339. */
  start_at: anything,
  end_at: anything,
  summary: anything,
  description: anything,
  location: anything,
  conferencing: anything,
  link: anything,
  attendees: anything,
  organizer: anything,
  /** Whoever booked: one of the attendees. */
  scheduler: anything,
  is_group_session: anything,
  /** How many a group session takes. */
  max_attendees: anything,
  cancel_reason: anything,
  canceled_by: anything,
  reschedule_reason: anything,
  payment: anything,
  metadata: anything,
});

export type SavvycalEvent = z.infer<typeof eventSchema>;

export const messageSchema = z.object({
  type: z.string(),
  occurred_at: anything,
  payload: eventSchema,
});

export type SavvycalMessage = z.infer<typeof messageSchema>;
