import { z } from "zod";
import { deliverySchema } from "./delivery.ts";
import { bookingStatuses } from "./status.ts";

/** Where one event is on its way to. */
export const eventDeliverySchema = z.object({
  id: z.uuid(),
  destination_id: z.uuid(),
  destination: z.string(),
  status: deliverySchema.shape.status,
});

export type EventDelivery = z.infer<typeof eventDeliverySchema>;

/** What `POST /api/webhooks/booking-events` and `/functions/v1/booking-event-webhook` answer. */
export const bookingEventReceiptSchema = z.object({
  success: z.boolean(),
  action: z.string(),
  booking_id: z.uuid().nullable(),
  /** Null for an event of the hub's own, which is no message. */
  message_id: z.uuid().nullable(),
  /** Who hears of it. */
  deliveries: z.array(eventDeliverySchema),
  reason: z.string().optional(),
});

export type BookingEventReceipt = z.infer<typeof bookingEventReceiptSchema>;

/** What `GET /api/webhooks/booking-events` answers: no addresses, no secrets. */
export const bookingEventsHealthSchema = z.object({
  status: z.literal("ok"),
  configured: z.object({ make_webhook: z.boolean(), supabase_webhook_secret: z.boolean() }),
  /** Null when none has come yet. */
  last_message_age_seconds: z.int().nullable(),
});

/** A status as the seeds' forms write it, in any case. */
const statusWord = z
  .string()
  .max(50)
  .transform((word) => word.trim().toLowerCase().replaceAll(/[ -]/g, "_"))
  .transform((word) => (word === "canceled" ? "cancelled" : word))
  .transform((word) => (word === "scheduled" ? "confirmed" : word))
  .pipe(z.enum(bookingStatuses));

/** The body of `POST /functions/v1/notify-booking-status`. */
export const notifyBookingStatusSchema = z.object({
  /** The hub's id, or any that a source gave the booking. */
  booking_id: z.string().min(1).max(500),
  old_status: statusWord,
  new_status: statusWord,
  /** Taken and left unread: what is sent is what the hub knows. */
  booking_data: z.unknown().optional(),
});

/** Its answer. */
export const notifiedBookingStatusSchema = z.object({
  /** Whether the external calendar is being told, or has been. */
  success: z.boolean(),
  /** Null when nobody is told. */
  delivery_id: z.uuid().nullable(),
  delivery_status: deliverySchema.shape.status.nullable(),
  deliveries: z.array(eventDeliverySchema),
  /** Why nobody is told. */
  warning: z.string().optional(),
});

export type NotifiedBookingStatus = z.infer<typeof notifiedBookingStatusSchema>;

/** How all of them answer when they refuse. */
export const refusedFunctionSchema = z.object({
  success: z.literal(false),
  error: z.string(),
  code: z.string(),
  /** The booking's state, where another was named. */
  current_status: z.enum(bookingStatuses).optional(),
});
