import { z } from "zod";
import { operationalEventTypes } from "./alert.ts";
import { instantInputSchema, instantSchema, pageQuerySchema } from "./list.ts";
import { bookingEventTypes } from "./status.ts";

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

/**
 * Why a delivery was cancelled, or skipped at once, by what was done to its destination or replay.
 * What was made while its destination was disabled is `skipped`, what waited then is `cancelled`.
 */
export const deliveryStopReasons = [
  "destination_disabled",
  "destination_deleted",
  "replay_cancelled",
] as const;

export type DeliveryStopReason = (typeof deliveryStopReasons)[number];

/** One event on its way to one destination. */
export const deliverySchema = z.object({
  id: z.uuid(),
  destination_id: z.uuid(),
  destination_name: z.string(),
  /** How it stands now. */
  destination_status: z.enum(["active", "paused", "disabled", "deleted"]),
  /** The booking's event; null when it is an operational one. */
  booking_event_id: z.uuid().nullable(),
  booking_id: z.uuid().nullable(),
  booking_number: z.number().int().nullable(),
  operational_event_id: z.uuid().nullable(),
  /** Of one that was sent anew: the first delivery of the event. */
  replay_of: z.uuid().nullable(),
  /** The replay that it was sent anew with, if it was one of many. */
  replay_id: z.uuid().nullable(),
  event_type: z.string(),
  status: z.enum(deliveryStatuses),
  /**
   * Of what was cancelled one of `deliveryStopReasons`; of what was skipped too, or a sentence that
   * says what held it back.
   */
  skip_reason: z.string().nullable(),
  attempt_count: z.number().int(),
  next_attempt_at: instantSchema.nullable(),
  delivered_at: instantSchema.nullable(),
  last_status_code: z.number().int().nullable(),
  error_class: z.string().nullable(),
  created_at: instantSchema,
  /** Whether it can be sent again as it is by now: `POST …/retry`. */
  can_retry: z.boolean(),
  /** Whether its event can be sent anew by now: `POST …/replay`. */
  can_replay: z.boolean(),
});

export type DeliveryResource = z.infer<typeof deliverySchema>;

/** Which deliveries; what is absent does not matter. */
const filterFields = {
  destination_id: z.uuid().optional(),
  booking_id: z.uuid().optional(),
  /** The same by the number that people know a booking by. */
  booking_number: z.coerce.number().int().positive().optional(),
  status: z.enum(deliveryStatuses).optional(),
  event_type: z.union([z.enum(bookingEventTypes), z.enum(operationalEventTypes)]).optional(),
  /** What the last attempt came to. */
  error_class: z.string().max(40).optional(),
  /** What was stopped, or never begun, for this reason. */
  skip_reason: z.enum(deliveryStopReasons).optional(),
  /** From this instant on, … */
  from: instantInputSchema.optional(),
  /** … and before this one. */
  to: instantInputSchema.optional(),
};

export const deliveryFilterSchema = z.strictObject(filterFields);

export type DeliveryFilter = z.infer<typeof deliveryFilterSchema>;

export const deliveryListQuerySchema = pageQuerySchema.extend({
  ...filterFields,
  status_code: z.coerce.number().int().min(100).max(599).optional(),
  /** Those of one replay. */
  replay_id: z.uuid().optional(),
});

export type DeliveryListQuery = z.infer<typeof deliveryListQuerySchema>;

/** Which deliveries are counted: as in the list, whatever their status. */
export const deliveryCountsQuerySchema = deliveryListQuerySchema.omit({
  status: true,
  limit: true,
  cursor: true,
});

export type DeliveryCountsQuery = z.infer<typeof deliveryCountsQuerySchema>;

export const deliveryCountsSchema = z.object({
  by_status: z.record(z.enum(deliveryStatuses), z.int()),
  /** Whether there are more than 5,000, of which the newest were counted. */
  is_limited: z.boolean(),
});

export type DeliveryCounts = z.infer<typeof deliveryCountsSchema>;

/** One try at a delivery: what was answered and how long it took. */
export const deliveryAttemptSchema = z.object({
  no: z.number().int(),
  at: instantSchema,
  status_code: z.number().int().nullable(),
  error_class: z.string().nullable(),
  error: z.string().nullable(),
  /** As it was sent, without what proves who sends it. */
  request_headers: z.record(z.string(), z.string()).nullable(),
  request_body: z.string().nullable(),
  /**
   * When the body is a list: the deliveries in it, in its order, also when there is only this one.
   * `request_body` is the whole list then, and null when a part of it is not there any more.
   */
  batch_delivery_ids: z.array(z.uuid()).nullable(),
  response_headers: z.record(z.string(), z.string()).nullable(),
  response_body: z.string().nullable(),
  /** In milliseconds; null for a step that was not needed or not reached. */
  dns_ms: z.number().nullable(),
  connect_ms: z.number().nullable(),
  tls_ms: z.number().nullable(),
  first_byte_ms: z.number().nullable(),
  total_ms: z.number(),
});

export type DeliveryAttemptResource = z.infer<typeof deliveryAttemptSchema>;
