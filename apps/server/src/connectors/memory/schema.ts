import { z } from "zod";

const person = z.object({
  name: z.string().nullish(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  status: z.enum(["accepted", "cancelled", "no_show"]).nullish(),
});

export type MemoryPerson = z.infer<typeof person>;

/** A booking as the simulated source writes it. Times are RFC 3339 with an offset. */
export const bookingSchema = z.object({
  id: z.string().min(1).max(500),
  /** The id that it had until this message. */
  previous_id: z.string().min(1).max(500).nullish(),
  ical_uid: z.string().max(500).nullish(),
  sequence: z.number().int().min(0).max(2_147_483_647).nullish(),
  reason: z.string().nullish(),
  cancelled_by: z.string().nullish(),
  starts_at: z.string().nullish(),
  ends_at: z.string().nullish(),
  time_zone: z.string().nullish(),
  title: z.string().nullish(),
  description: z.string().nullish(),
  location: z.string().nullish(),
  provider: z.object({ name: z.string().nullish(), email: z.string().nullish() }).nullish(),
  service: z.object({ key: z.string(), name: z.string().nullish() }).nullish(),
  attendees: z.array(person).max(500).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

export type MemoryBooking = z.infer<typeof bookingSchema>;

/** The whole message. */
export const messageSchema = z.object({
  event: z.string(),
  occurred_at: z.string().nullish(),
  booking: bookingSchema.nullish(),
});

export type MemoryMessage = z.infer<typeof messageSchema>;
