import { z } from "zod";
import { deliveryFilterSchema } from "./delivery.ts";
import { instantSchema, pageQuerySchema } from "./list.ts";

/** So many deliveries are sent anew at once. */
export const MAX_REPLAY = 10_000;

/** What to send anew. Only the first delivery of each event to each destination is chosen. */
export const replayDeliveriesSchema = z.strictObject({
  filter: deliveryFilterSchema,
  /** How many go to each destination per second, at most. */
  rate_per_second: z.number().min(0.1).max(100).default(10),
  dry_run: z
    .boolean({
      error: "Write true to be told how many it would be, or false to send them.",
    })
    .describe("`true` answers how many it would be, and sends nothing; `false` does it."),
});

export type ReplayDeliveries = z.input<typeof replayDeliveriesSchema>;

/** What sending anew would do. Nothing was sent. */
export const replayPlanSchema = z.object({
  total: z.int(),
  destinations: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      /** Deliveries to one that is paused wait; of one that is disabled or deleted none are sent. */
      status: z.enum(["active", "paused", "disabled", "deleted"]),
      count: z.int(),
    }),
  ),
  oldest: instantSchema.nullable(),
  newest: instantSchema.nullable(),
  /** How long it takes at that rate, in seconds. */
  seconds: z.int(),
});

export type ReplayPlan = z.infer<typeof replayPlanSchema>;

export const replayStatuses = ["running", "done", "cancelled"] as const;

/** Deliveries that are being sent anew, or were. */
export const replaySchema = z.object({
  id: z.uuid(),
  status: z.enum(replayStatuses),
  filter: z.record(z.string(), z.unknown()),
  rate_per_second: z.number(),
  total: z.int(),
  delivered: z.int(),
  failed: z.int(),
  /** Held back by a destination's filter, or taken back. */
  skipped: z.int(),
  requested_by: z.string(),
  created_at: instantSchema,
  cancelled_at: instantSchema.nullable(),
});

export type ReplayResource = z.infer<typeof replaySchema>;

export const replayListQuerySchema = pageQuerySchema;
