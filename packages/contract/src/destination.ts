import { z } from "zod";
import { operationalEventTypes } from "./alert.ts";
import { bookingEventTypes } from "./status.ts";
import { instantSchema, pageQuerySchema } from "./list.ts";

export const destinationProfiles = ["standard", "external_calendar", "make"] as const;

/** `*` are all events of bookings; alerts come to whoever names them, or `alert.*`. */
export const eventTypeFilterSchema = z.union([
  z.literal("*"),
  z.enum(bookingEventTypes),
  z.literal("alert.*"),
  z.enum(operationalEventTypes),
]);

/** A URL that hears of bookings. Its secret is never part of it. */
export const destinationSchema = z.object({
  id: z.uuid(),
  name: z.string(),
  url: z.string(),
  profile: z.enum(destinationProfiles),
  event_types: z.array(z.string()),
  payload_mode: z.enum(["thin", "full"]),
  ordering: z.enum(["per_booking", "none"]),
  status: z.enum(["active", "paused", "disabled"]),
  disabled_reason: z.string().nullable(),
  origin: z.enum(["environment", "user", "demo"]),
  created_at: instantSchema,
});

export type DestinationResource = z.infer<typeof destinationSchema>;

const destinationFields = {
  name: z.string().trim().min(1).max(100),
  url: z.url({ protocol: /^https?$/ }).max(2000),
  event_types: z.array(eventTypeFilterSchema).min(1).max(50),
  payload_mode: z.enum(["thin", "full"]),
};

export const createDestinationSchema = z.strictObject({
  ...destinationFields,
  profile: z.enum(destinationProfiles).default("standard"),
  event_types: destinationFields.event_types.default(["*"]),
  payload_mode: destinationFields.payload_mode.default("thin"),
  ordering: z.enum(["per_booking", "none"]).default("per_booking"),
});

export type CreateDestination = z.infer<typeof createDestinationSchema>;

/** What may be changed of a destination; what is absent stays. */
export const updateDestinationSchema = z.strictObject(destinationFields).partial();

export type UpdateDestination = z.infer<typeof updateDestinationSchema>;

/** The answer to a new destination or a rotation: the only time the secret is shown. */
export const destinationWithSecretSchema = destinationSchema.extend({ secret: z.string() });

export type DestinationWithSecret = z.infer<typeof destinationWithSecretSchema>;

export const deliveryStatuses = [
  "pending",
  "sending",
  "retrying",
  "delivered",
  "exhausted",
  "cancelled",
  "skipped",
] as const;

export type DeliveryStatus = (typeof deliveryStatuses)[number];

/** One event on its way to one destination. */
export const deliverySchema = z.object({
  id: z.uuid(),
  destination_id: z.uuid(),
  destination_name: z.string(),
  /** The booking's event; null when it is an operational one. */
  booking_event_id: z.uuid().nullable(),
  booking_id: z.uuid().nullable(),
  booking_number: z.number().int().nullable(),
  operational_event_id: z.uuid().nullable(),
  event_type: z.string(),
  status: z.enum(deliveryStatuses),
  skip_reason: z.string().nullable(),
  attempt_count: z.number().int(),
  next_attempt_at: instantSchema.nullable(),
  delivered_at: instantSchema.nullable(),
  last_status_code: z.number().int().nullable(),
  error_class: z.string().nullable(),
  created_at: instantSchema,
});

export type DeliveryResource = z.infer<typeof deliverySchema>;

export const deliveryListQuerySchema = pageQuerySchema.extend({
  destination_id: z.uuid().optional(),
  booking_id: z.uuid().optional(),
  status: z.enum(deliveryStatuses).optional(),
});

export type DeliveryListQuery = z.infer<typeof deliveryListQuerySchema>;

/** One try at a delivery: what was answered and how long it took. */
export const deliveryAttemptSchema = z.object({
  no: z.number().int(),
  at: instantSchema,
  status_code: z.number().int().nullable(),
  error_class: z.string().nullable(),
  error: z.string().nullable(),
  response_body: z.string().nullable(),
  total_ms: z.number(),
});

export type DeliveryAttemptResource = z.infer<typeof deliveryAttemptSchema>;
