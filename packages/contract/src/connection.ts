import { z } from "zod";
import { nameSchema, rangesSchema } from "./access.ts";
import { instantSchema } from "./list.ts";

/**
 * How a message may prove that it is its source's; any of a connection's is enough.
 * `source_signature` is the source's own (Cal.com's HMAC); `standard_webhooks` the headers
 * `webhook-id`, `webhook-timestamp` and `webhook-signature`; `shared_secret` the secret in
 * `X-Webhook-Secret`; `bearer` the secret in `Authorization: Bearer`; `url_token` a token in the
 * address, as its last part or as `?token=`.
 */
export const authModes = [
  "source_signature",
  "standard_webhooks",
  "shared_secret",
  "bearer",
  "url_token",
] as const;

export type AuthMode = (typeof authModes)[number];

/** What connects the hub to one outside system. Secrets are never part of it. */
export const connectionSchema = z.object({
  id: z.uuid(),
  kind: z.string(),
  name: z.string(),
  status: z.enum(["active", "paused"]),
  /** Where its settings come from: the environment, a person, or the demo. */
  origin: z.enum(["environment", "user", "demo"]),
  /** The setting that its secret comes from, like `CALCOM_WEBHOOK_SECRET`; null for a person's. */
  origin_setting: z.string().nullable(),
  /** The address to paste at the source. A URL token comes behind it. */
  webhook_url: z.string(),
  auth_modes: z.array(z.enum(authModes)),
  has_secret: z.boolean(),
  has_url_token: z.boolean(),
  /** Messages are taken from these addresses only; null takes them from anywhere. */
  allowed_ranges: z.array(z.string()).nullable(),
  messages_per_minute: z.int(),
  /** What can be adjusted of its kind; see the connector's page in the documentation. */
  settings: z.record(z.string(), z.unknown()),
  /** Where its API is called; null for the source's own address. */
  api_url: z.string().nullable(),
  /** Whether the hub has a key for the source's API: it reconciles and sends commands by it. */
  has_api_key: z.boolean(),
  first_message_at: instantSchema.nullable(),
  last_message_at: instantSchema.nullable(),
  /** When a message was last refused, to within ten seconds. */
  last_refused_at: instantSchema.nullable(),
  /** The error code that it was refused with, like `E_SIGNATURE`. */
  last_refusal: z.string().nullable(),
  created_at: instantSchema,
});

export type ConnectionResource = z.infer<typeof connectionSchema>;

const authModesSchema = z
  .array(z.enum(authModes))
  .min(1)
  .max(authModes.length)
  .refine((modes) => new Set(modes).size === modes.length, "Names a mode twice.");

/** A secret that the source made: text that fits into a header. */
export const pastedSecretSchema = z
  .string()
  .min(8)
  .max(500)
  .regex(/^[!-~](?:[ -~]*[!-~])?$/, "Only visible ASCII characters, with no space at the ends.");

const connectionFields = {
  name: nameSchema,
  auth_modes: authModesSchema,
  /** An empty list is none: messages are taken from anywhere. */
  allowed_ranges: rangesSchema.nullable(),
  messages_per_minute: z.int().min(1).max(1_000_000),
};

/** What lets the hub call the source; each may be left out. */
const apiFields = {
  settings: z.record(z.string().max(100), z.unknown()).optional(),
  api_url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .transform((url) => url.replace(/\/+$/, ""))
    .nullish(),
  /** Shown to nobody afterwards; null takes it away. */
  api_key: pastedSecretSchema.nullish(),
};

export const createConnectionSchema = z.strictObject({
  ...connectionFields,
  kind: z.string().max(50),
  /** The kind's first mode unless given. */
  auth_modes: connectionFields.auth_modes.optional(),
  allowed_ranges: connectionFields.allowed_ranges.default(null),
  messages_per_minute: connectionFields.messages_per_minute.default(6000),
  /** The secret that the source made; a new one is made when it is absent. */
  secret: pastedSecretSchema.optional(),
  ...apiFields,
});

export type CreateConnection = z.input<typeof createConnectionSchema>;

/** What may be changed of a connection; what is absent stays. */
export const updateConnectionSchema = z
  .strictObject({ ...connectionFields, ...apiFields })
  .partial();

export type UpdateConnection = z.infer<typeof updateConnectionSchema>;

/** The answer to a new connection: the only time its secret and its URL token are shown. */
export const createdConnectionSchema = connectionSchema.extend({
  /** Null when no mode of it needs one. */
  secret: z.string().nullable(),
  /** The address with its token; null without that mode. */
  token_url: z.string().nullable(),
});

export type CreatedConnection = z.infer<typeof createdConnectionSchema>;

export const rotateConnectionSecretSchema = z.strictObject({
  /** The secret that the source made; a new one is made when it is absent. */
  secret: pastedSecretSchema.optional(),
});

export type RotateConnectionSecret = z.infer<typeof rotateConnectionSecretSchema>;

/** The answer of the one call that ever shows a connection's new secret. */
export const connectionSecretSchema = z.object({ id: z.uuid(), secret: z.string() });

export type ConnectionSecret = z.infer<typeof connectionSecretSchema>;

/** The answer of the one call that ever shows a connection's new URL token: its whole address. */
export const connectionTokenUrlSchema = z.object({ id: z.uuid(), token_url: z.string() });

export type ConnectionTokenUrl = z.infer<typeof connectionTokenUrlSchema>;

/** A kind of source that the hub can be connected to. */
export const connectionKindSchema = z.object({
  kind: z.string(),
  /** The product's name. */
  label: z.string(),
  /** The ways in which its messages can prove themselves, the usual one first. */
  auth_modes: z.array(z.enum(authModes)),
  /** Whether a secret can be pasted, because the source makes or keeps one of its own. */
  takes_secret: z.boolean(),
  /** Whether the source makes the secret, so that one of the hub's would prove nothing. */
  secret_from_source: z.boolean(),
  /** Whether the secret is the key of its API: nothing else has to be given. */
  secret_is_api_key: z.boolean(),
  /** Whether the hub can call its API, given a key. */
  takes_api_key: z.boolean(),
  /** Whether its API lists bookings; else the hub can only ask for those that it knows. */
  lists_bookings: z.boolean(),
  /** Whether people say by a mapping what its messages mean. */
  takes_mapping: z.boolean(),
  /** The JSON Schema of its settings; null when there are none. */
  settings_schema: z.record(z.string(), z.unknown()).nullable(),
});

export type ConnectionKind = z.infer<typeof connectionKindSchema>;
