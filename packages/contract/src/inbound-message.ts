import { z } from "zod";
import { instantSchema, pageQuerySchema } from "./list.ts";

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
  trigger: z.string().nullable(),
  status: z.enum(inboundMessageStatuses),
  action: z.string().nullable(),
  /** How the message was understood, or why it was not, in words. */
  summary: z.string(),
  /** What people should see to, although the message was dealt with; null for nothing. */
  warning: z.string().nullable(),
  signature_state: z.enum(signatureStates),
  booking_id: z.uuid().nullable(),
  booking_number: z.number().int().nullable(),
  error_code: z.string().nullable(),
  error: z.string().nullable(),
  /** How many further times the same message arrived. */
  duplicate_count: z.number().int(),
  received_at: instantSchema,
  processed_at: instantSchema.nullable(),
});

export type InboundMessageResource = z.infer<typeof inboundMessageSchema>;

/** One message with its raw body, as text. */
export const inboundMessageDetailSchema = inboundMessageSchema.extend({ body: z.string() });

export type InboundMessageDetail = z.infer<typeof inboundMessageDetailSchema>;

export const inboundMessageListQuerySchema = pageQuerySchema.extend({
  connection_id: z.uuid().optional(),
  status: z.enum(inboundMessageStatuses).optional(),
  booking_id: z.uuid().optional(),
});

export type InboundMessageListQuery = z.infer<typeof inboundMessageListQuerySchema>;

/** What a source is told about its webhook. */
export const webhookReceiptSchema = z.object({
  success: z.boolean(),
  action: z.string(),
  booking_id: z.uuid().nullable(),
  message_id: z.uuid(),
  reason: z.string().optional(),
});

export type WebhookReceipt = z.infer<typeof webhookReceiptSchema>;
