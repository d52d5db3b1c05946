import { z } from "zod";
import { fieldChangeSchema, inboundMessageFilterSchema } from "./inbound-message.ts";
import { instantSchema, pageQuerySchema } from "./list.ts";

/** So many messages are processed again at once. */
export const MAX_REPROCESS = 10_000;
/** So many of them are tried in a plan, the oldest first. */
export const MAX_PLANNED = 100;

const dryRunSchema = z
  .boolean()
  .describe("`true` answers what would happen, and changes nothing; `false` does it.");

export const reprocessMessageSchema = z.strictObject({ dry_run: dryRunSchema });
export type ReprocessMessage = z.infer<typeof reprocessMessageSchema>;

export const reprocessMessagesSchema = z.strictObject({
  filter: inboundMessageFilterSchema,
  dry_run: dryRunSchema,
});
export type ReprocessMessages = z.infer<typeof reprocessMessagesSchema>;

/** What processing a message again would do to the ledger as it is now. */
export const plannedMessageSchema = z.object({
  message_id: z.uuid(),
  received_at: instantSchema,
  trigger: z.string().nullable(),
  /** What became of it so far, … */
  status: z.string(),
  /**
   * … and what would: an action like `created` or `rescheduled`; `unchanged`, `stale`, `refused`,
   * `waiting`, `ignored`, `failed`; `fetch` when its source has to be asked first; `unavailable`
   * when its body is gone.
   */
  outcome: z.string(),
  /** The same in words. */
  description: z.string(),
  booking_id: z.uuid().nullable(),
  booking_number: z.int().nullable(),
  changes: z.array(fieldChangeSchema),
  reason: z.string().nullable(),
});
export type PlannedMessage = z.infer<typeof plannedMessageSchema>;

/** What processing messages again would do. Nothing was changed. */
export const reprocessPlanSchema = z.object({
  /** How many messages it would be. */
  total: z.int(),
  /** How many of them would change a booking, of those that are planned here. */
  changing: z.int(),
  /** The oldest of them, each planned by itself against the ledger as it is now. */
  messages: z.array(plannedMessageSchema),
  /** Whether there are more than these. */
  is_partial: z.boolean(),
});
export type ReprocessPlan = z.infer<typeof reprocessPlanSchema>;

export const reprocessStatuses = ["queued", "running", "done", "cancelled", "failed"] as const;

/** Messages that are being processed again, or were. */
export const reprocessJobSchema = z.object({
  id: z.uuid(),
  status: z.enum(reprocessStatuses),
  filter: z.record(z.string(), z.unknown()),
  total: z.int(),
  done: z.int(),
  /** How many of those that are done changed a booking. */
  changed: z.int(),
  /** How many of them could not be understood, or not be processed. */
  failed: z.int(),
  requested_by: z.string(),
  created_at: instantSchema,
  started_at: instantSchema.nullable(),
  finished_at: instantSchema.nullable(),
});
export type ReprocessJobResource = z.infer<typeof reprocessJobSchema>;

/** What came of one message of a job. */
export const reprocessResultSchema = z.object({
  no: z.int(),
  message_id: z.uuid(),
  /** Null until it has been processed. */
  action: z.string().nullable(),
  reason: z.string().nullable(),
  done_at: instantSchema.nullable(),
});
export type ReprocessResultResource = z.infer<typeof reprocessResultSchema>;

export const reprocessJobListQuerySchema = pageQuerySchema;
