import { z } from "zod";
import { instantSchema } from "./list.ts";

/** What connects the hub to one outside system. Secrets are never part of it. */
export const connectionSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  name: z.string(),
  status: z.enum(["active", "paused"]),
  /** Where its settings come from: the environment, a person, or the demo. */
  origin: z.enum(["environment", "user", "demo"]),
  /** The address to paste at the source. */
  webhook_url: z.string(),
  has_secret: z.boolean(),
  last_message_at: instantSchema.nullable(),
  created_at: instantSchema,
});

export type ConnectionResource = z.infer<typeof connectionSchema>;

/** The answer of the one call that ever shows a connection's new secret. */
export const connectionSecretSchema = z.object({ id: z.uuid(), secret: z.string() });

export type ConnectionSecret = z.infer<typeof connectionSecretSchema>;
