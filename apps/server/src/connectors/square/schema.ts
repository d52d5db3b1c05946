import { z } from "zod";

/*
 * What Square sends, as far as it is read (developer.squareup.com/reference/square/webhooks,
 * `booking.created` and `booking.updated`; the booking is the Bookings API's). What decides about a
 * booking must have its documented type; what only decorates it stays unknown here.
 */
const anything = z.unknown().optional();

export const bookingSchema = z.object({
  id: z.string().min(1),
  status: z.string().nullish(),
  /** Raised with every change. */
  version: anything,
  /** RFC 3339. */
  start_at: anything,
  created_at: anything,
  updated_at: anything,
  /** One after the other; each has a length in minutes. */
  appointment_segments: z.array(z.unknown()).nullish(),
  customer_id: anything,
  location_id: anything,
  /** `BUSINESS_LOCATION`, `CUSTOMER_LOCATION` or `PHONE`. */
  location_type: anything,
  address: anything,
  customer_note: anything,
  seller_note: anything,
  source: anything,
});

export type SquareBooking = z.infer<typeof bookingSchema>;

export const messageSchema = z.object({
  type: z.string(),
  created_at: anything,
  data: z.object({ object: z.object({ booking: bookingSchema }) }),
});
