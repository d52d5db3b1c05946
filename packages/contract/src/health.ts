import { z } from "zod";

const ageSchema = z.number().nullable();

/**
 * `GET /api/health`: the state of each part and the age of what it last did. Ages are seconds,
 * null when there is nothing. It tells nothing about anybody, so everybody may read it.
 */
export const healthSchema = z.object({
  status: z.enum(["ok", "degraded", "down"]),
  database: z.object({ ok: z.boolean(), migrated: z.boolean(), engine: z.string() }),
  /** Whether this process knows the master key that the stored secrets are under. */
  secrets: z.object({ ok: z.boolean() }),
  worker: z.object({
    /** Whether this process works off deliveries, messages and schedules. */
    enabled: z.boolean(),
    ok: z.boolean(),
    /** How long the most overdue schedule has been waiting. */
    overdue_schedule_seconds: ageSchema,
  }),
  inbox: z.object({ last_message_age_seconds: ageSchema }),
  deliveries: z.object({
    /** How long the oldest due delivery has been due. */
    oldest_due_seconds: ageSchema,
  }),
  commands: z.object({
    /** How long the oldest request to a source has been due. */
    oldest_due_seconds: ageSchema,
  }),
});

export type Health = z.infer<typeof healthSchema>;
