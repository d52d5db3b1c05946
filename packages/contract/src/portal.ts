import { z } from "zod";
import { deliveryStatuses } from "./delivery.ts";
import { instantSchema } from "./list.ts";

/** Links to a destination's log last so many hours at most. */
export const MAX_PORTAL_HOURS = 90 * 24;

export const createPortalLinkSchema = z.strictObject({
  expires_in_hours: z
    .int()
    .min(1)
    .max(MAX_PORTAL_HOURS)
    .default(7 * 24),
});

export type CreatePortalLink = z.input<typeof createPortalLinkSchema>;

/** A link to a destination's log for people who are no members. It is shown this once. */
export const portalLinkSchema = z.object({ url: z.url(), expires_at: instantSchema });

export type PortalLink = z.infer<typeof portalLinkSchema>;

/** Whose log a link opens. */
export const portalSchema = z.object({
  organisation: z.string(),
  destination: z.string(),
  time_zone: z.string(),
  expires_at: instantSchema,
});

export type PortalResource = z.infer<typeof portalSchema>;

/** A delivery as the receiver's people see it. */
export const portalDeliverySchema = z.object({
  id: z.uuid(),
  /** As in the request's `webhook-id`: the same when the event is sent anew. */
  webhook_id: z.string(),
  event_type: z.string(),
  status: z.enum(deliveryStatuses),
  is_replay: z.boolean(),
  attempt_count: z.int(),
  last_status_code: z.int().nullable(),
  error_class: z.string().nullable(),
  next_attempt_at: instantSchema.nullable(),
  delivered_at: instantSchema.nullable(),
  created_at: instantSchema,
});

export type PortalDelivery = z.infer<typeof portalDeliverySchema>;
