import { z } from "zod";

/*
 * What Calendly sends, as far as it is read (developer.calendly.com/api-docs, "Webhook
 * Subscriptions"): the resource of an invitee with its event. What decides about a booking must
 * have its documented type; what only decorates it stays unknown here.
 */
const anything = z.unknown().optional();

const cancellation = z.object({
  canceled_by: anything,
  reason: anything,
  /** `invitee` or `host`. */
  canceler_type: anything,
  created_at: anything,
});

export const scheduledEventSchema = z.object({
  uri: anything,
  name: anything,
  start_time: anything,
  end_time: anything,
  /** Address of the event type. */
  event_type: anything,
  location: anything,
  invitees_counter: anything,
  event_memberships: anything,
  event_guests: anything,
  meeting_notes_plain: anything,
});

export type CalendlyEvent = z.infer<typeof scheduledEventSchema>;

/** An invitee: one person's place in an event. */
export const inviteeSchema = z.object({
  /** Identifies the invitee. */
  uri: z.string().nullish(),
  /** Names the invitee in a no-show's own resource. */
  invitee: z.string().nullish(),
  /** The place that this one was moved from, and to. */
  old_invitee: z.string().nullish(),
  new_invitee: z.string().nullish(),
  rescheduled: z.boolean().nullish(),
  /** `active` or `canceled`. */
  status: z.string().nullish(),
  created_at: anything,
  updated_at: anything,
  name: anything,
  first_name: anything,
  last_name: anything,
  email: anything,
  timezone: anything,
  text_reminder_number: anything,
  questions_and_answers: anything,
  tracking: anything,
  payment: anything,
  cancel_url: anything,
  reschedule_url: anything,
  cancellation: cancellation.nullish(),
  no_show: z.object({ created_at: anything }).nullish(),
  scheduled_event: scheduledEventSchema.nullish(),
});

export type CalendlyInvitee = z.infer<typeof inviteeSchema>;

export const messageSchema = z.object({
  event: z.string(),
  /** When the message was made; whole seconds. */
  created_at: anything,
  payload: inviteeSchema,
});

export type CalendlyMessage = z.infer<typeof messageSchema>;
