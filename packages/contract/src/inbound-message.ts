import { z } from "zod";
import { instantInputSchema, instantSchema, type PageQuery, pageQuerySchema } from "./list.ts";

export const inboundMessageStatuses = [
  "received",
  "waiting",
  "processed",
  "unchanged",
  "ignored",
  "failed",
] as const;

export type InboundMessageStatus = (typeof inboundMessageStatuses)[number];

/**
 * By what a message proved itself: `valid` is the source's own signature, the others are the
 * connection's `auth_modes` by name.
 */
export const signatureStates = [
  "valid",
  "not_required",
  "standard_webhooks",
  "shared_secret",
  "bearer",
  "url_token",
] as const;

export type SignatureState = (typeof signatureStates)[number];

/** One message of a source: what came in, and what became of it. */
export const inboundMessageSchema = z.object({
  id: z.uuid(),
  connection_id: z.uuid(),
  connection_name: z.string(),
  trigger: z.string().nullable(),
  status: z.enum(inboundMessageStatuses),
  action: z.string().nullable(),
  /** How the message was understood, or why it was not, in words. */
  summary: z.string(),
  /**
   * The same, once it is known which booking it was about: `reschedule of #1043 to Tue 14:30`, by
   * the organisation's clock.
   */
  description: z.string(),
  /** What people should see to, although the message was dealt with; null for nothing. */
  warning: z.string().nullable(),
  signature_state: z.enum(signatureStates),
  booking_id: z.uuid().nullable(),
  booking_number: z.number().int().nullable(),
  error_code: z.string().nullable(),
  error: z.string().nullable(),
  /** What people can do about it; null for nothing. */
  remedy: z.string().nullable(),
  /** How many further times the same message arrived. */
  duplicate_count: z.number().int(),
  /** How often its event was told within ten minutes, in these words or others; and … */
  deliveries: z.number().int(),
  /** … how many of those changed a booking. */
  effects: z.number().int(),
  /** When its raw body was removed; null while it is kept. */
  body_removed_at: instantSchema.nullable(),
  received_at: instantSchema,
  processed_at: instantSchema.nullable(),
});

export type InboundMessageResource = z.infer<typeof inboundMessageSchema>;

/** A member of a booking that changes: its values before and after, as on the wire. */
export const fieldChangeSchema = z.object({
  field: z.string(),
  old: z.unknown(),
  new: z.unknown(),
});

export type FieldChange = z.infer<typeof fieldChangeSchema>;

/** One message with its raw body, as text. */
export const inboundMessageDetailSchema = inboundMessageSchema.extend({
  /** Empty when it was removed. */
  body: z.string(),
  /** The names of the body's fields, once it was removed. */
  body_keys: z.array(z.string()).nullable(),
  /** SHA-256 of the body, in hexadecimal digits. */
  body_sha256: z.string(),
  /** Without what is secret in them. */
  headers: z.record(z.string(), z.string()),
  /** What it changed of its booking. */
  changes: z.array(fieldChangeSchema),
  /** The other deliveries of the same event. */
  related: z.array(
    inboundMessageSchema.pick({
      id: true,
      status: true,
      action: true,
      duplicate_count: true,
      received_at: true,
    }),
  ),
  /** How often it was tried, when something went wrong inside the hub. */
  attempts: z.number().int(),
  next_attempt_at: instantSchema.nullable(),
});

export type InboundMessageDetail = z.infer<typeof inboundMessageDetailSchema>;

/** Which messages; what is absent does not narrow them. */
export const inboundMessageFilterSchema = z.strictObject({
  connection_id: z.uuid().optional(),
  status: z.enum(inboundMessageStatuses).optional(),
  booking_id: z.uuid().optional(),
  trigger: z.string().max(200).optional(),
  /** What became of it, like `rescheduled`. */
  action: z.string().max(50).optional(),
  /** Words of the summary, an id of the booking at its source, its number, or a message's id. */
  q: z.string().trim().min(1).max(200).optional(),
  /** Received at this instant or later; … */
  from: instantInputSchema.optional(),
  /** … received before this instant. */
  to: instantInputSchema.optional(),
  /** Only those with a warning, or those without. */
  warning: z.boolean().optional(),
});

export type InboundMessageFilter = z.infer<typeof inboundMessageFilterSchema>;

export const inboundMessageListQuerySchema = pageQuerySchema.extend({
  ...inboundMessageFilterSchema.shape,
  warning: z
    .enum(["true", "false"])
    .transform((word) => word === "true")
    .optional(),
});

/** What the list is asked with. */
export type InboundMessageListQuery = InboundMessageFilter & PageQuery;

/** What a source is told about its webhook. */
export const webhookReceiptSchema = z.object({
  success: z.boolean(),
  action: z.string(),
  booking_id: z.uuid().nullable(),
  message_id: z.uuid(),
  reason: z.string().optional(),
  /** An error code, where there is something to see to. */
  code: z.string().optional(),
});

export type WebhookReceipt = z.infer<typeof webhookReceiptSchema>;
