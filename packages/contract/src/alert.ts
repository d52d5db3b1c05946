import { z } from "zod";
import { instantSchema, type PageQuery, pageQuerySchema } from "./list.ts";

/** What the hub raises an alert about. */
export const alertKinds = [
  "source_quiet",
  "signatures_failing",
  "unknown_fields",
  "message_failed",
  "calendar_entry_rejected",
  "calendars_differ",
  "credential_failing",
  "host_no_show",
  "deliveries_refused",
  "destination_failing",
  "destination_disabled",
] as const;

export type AlertKind = (typeof alertKinds)[number];

export const alertSeverities = ["info", "warning", "critical"] as const;

/** Something that people should see to, from when it began until it was right again. */
export const alertSchema = z.object({
  id: z.uuid(),
  kind: z.enum(alertKinds),
  severity: z.enum(alertSeverities),
  connection_id: z.uuid().nullable(),
  connection_name: z.string().nullable(),
  /** The destination that it is about, when it is about one. */
  destination_id: z.uuid().nullable(),
  destination_name: z.string().nullable(),
  /** What it is about, in a few words; … */
  title: z.string(),
  /** … what happened; … */
  description: z.string(),
  /** … and what to do about it. */
  remedy: z.string(),
  /** What a source said, or the names of fields. Empty in thin payloads. */
  details: z.array(z.string()),
  opened_at: instantSchema,
  last_seen_at: instantSchema,
  /** How often it was seen while it is open. */
  count: z.int(),
  acknowledged_by: z.string().nullable(),
  acknowledged_at: instantSchema.nullable(),
  /** Null when the hub saw by itself that it is right again. */
  resolved_by: z.string().nullable(),
  resolved_at: instantSchema.nullable(),
});

export type AlertResource = z.infer<typeof alertSchema>;

export const alertListQuerySchema = pageQuerySchema.extend({
  /** Only those that are open, or those that are over. */
  open: z
    .enum(["true", "false"])
    .transform((word) => word === "true")
    .optional(),
});

/** What the list is asked with. */
export type AlertListQuery = PageQuery & { open?: boolean | undefined };

/** What destinations can hear of beside bookings. */
export const operationalEventTypes = ["alert.opened", "alert.resolved"] as const;

export type OperationalEventType = (typeof operationalEventTypes)[number];

/** The body of a webhook about an operational event, in the `standard` profile. */
export const operationalWebhookSchema = z.object({
  type: z.enum(operationalEventTypes),
  timestamp: instantSchema,
  data: z.object({ alert: alertSchema }),
});

export type OperationalWebhook = z.infer<typeof operationalWebhookSchema>;
