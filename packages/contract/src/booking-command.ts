import { z } from "zod";
import { instantInputSchema } from "./list.ts";
import { bookingStatuses } from "./status.ts";

/** An IANA zone that this machine knows; a fixed offset is none. */
export const timeZoneSchema = z
  .string()
  .max(100)
  .refine(isTimeZone, "Not an IANA time zone, for example Europe/Stockholm.");

function isTimeZone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return /^[A-Za-z]/.test(timeZone);
  } catch {
    return false;
  }
}

const line = z.string().trim().min(1).max(500);
const reason = z.string().trim().max(2000);

/** A booking that the hub itself owns. */
export const createBookingSchema = z.strictObject({
  starts_at: instantInputSchema,
  ends_at: instantInputSchema,
  /** The organisation's zone unless given. */
  time_zone: timeZoneSchema.optional(),
  status: z.enum(["pending", "confirmed"]).default("confirmed"),
  title: line.optional(),
  description: z.string().max(20_000).optional(),
  location: line.optional(),
  meeting_url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional(),
  attendees: z
    .array(
      z.strictObject({
        name: line.optional(),
        email: z.email().max(320).optional(),
        phone: z.string().trim().min(1).max(50).optional(),
      }),
    )
    .max(500)
    .optional(),
  provider: z
    .strictObject({ name: line.optional(), email: z.email().max(320).optional() })
    .optional(),
  service: z.strictObject({ key: line, name: line.optional() }).optional(),
  metadata: z.record(z.string().max(200), z.unknown()).optional(),
});

export type CreateBooking = z.infer<typeof createBookingSchema>;

/** `POST /api/v1/bookings/:id/status`. */
export const changeBookingStatusSchema = z.strictObject({
  status: z.enum(bookingStatuses),
  reason: reason.optional(),
});

/** `POST /api/v1/bookings/:id/reschedule`. */
export const rescheduleBookingSchema = z.strictObject({
  starts_at: instantInputSchema,
  ends_at: instantInputSchema,
  /** The booking keeps its zone unless another is given. */
  time_zone: timeZoneSchema.optional(),
  /** For the source that is asked, and its customer. */
  reason: reason.optional(),
});

/** `POST /api/v1/bookings/:id/cancel`; the body may be left out. */
export const cancelBookingSchema = z
  .strictObject({ reason: reason.optional() })
  .nullish()
  .transform((body) => body ?? {});
