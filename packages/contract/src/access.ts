import { z } from "zod";
import { instantSchema } from "./list.ts";
import { roles } from "./session.ts";

/** What an API key may be allowed; a key never may more than the role it was made under. */
export const scopes = [
  "bookings:read",
  "bookings:write",
  "customers:read",
  "customers:write",
  "customers:export",
  "customers:import",
  "calendar:sync",
  "webhooks:manage",
  "events:read",
  "notify:write",
  "stream:mint",
  "admin",
] as const;

export type Scope = (typeof scopes)[number];

const emailSchema = z.email().max(254).toLowerCase();
const nameSchema = z.string().trim().min(1).max(100);

/** A range of addresses: `203.0.113.0/24`, or a single address. */
export const rangeSchema = z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]);
const rangesSchema = z.array(rangeSchema).max(50);

/** One person in the organisation. */
export const memberSchema = z.object({
  user_id: z.uuid(),
  name: z.string(),
  email: z.string().nullable(),
  role: z.enum(roles),
  /** The provider whose bookings are this member's own; null takes the member's e-mail. */
  provider_email: z.string().nullable(),
  /** Whether customers' phone numbers and e-mail addresses are hidden from a staff member. */
  hide_contacts: z.boolean(),
  has_password: z.boolean(),
  has_second_factor: z.boolean(),
  last_seen_at: instantSchema.nullable(),
  created_at: instantSchema,
});
export type MemberResource = z.infer<typeof memberSchema>;

export const updateMemberSchema = z
  .strictObject({
    role: z.enum(roles),
    provider_email: emailSchema.nullable(),
    hide_contacts: z.boolean(),
  })
  .partial();

export const invitationSchema = z.object({
  id: z.uuid(),
  email: z.string(),
  role: z.enum(roles),
  provider_email: z.string().nullable(),
  hide_contacts: z.boolean(),
  invited_by: z.string().nullable(),
  created_at: instantSchema,
  expires_at: instantSchema,
});
export type InvitationResource = z.infer<typeof invitationSchema>;

export const createInvitationSchema = z.strictObject({
  email: emailSchema,
  role: z.enum(roles),
  provider_email: emailSchema.nullable().optional(),
  hide_contacts: z.boolean().optional(),
});
/** The answer of the call that invites: the only one that shows the link, for who has no SMTP. */
export const createdInvitationSchema = invitationSchema.extend({
  link: z.string(),
  e_mailed: z.boolean(),
});
export type CreatedInvitation = z.infer<typeof createdInvitationSchema>;

/** What an invitation's link shows before it is accepted. */
export const invitationPreviewSchema = z.object({
  organisation: z.string(),
  email: z.string(),
  role: z.enum(roles),
  /** Whether an account of that e-mail exists: then it signs in instead of choosing a password. */
  has_account: z.boolean(),
  expires_at: instantSchema,
});
export type InvitationPreview = z.infer<typeof invitationPreviewSchema>;

export const apiKeySchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(["secret", "publishable"]),
  /** Its first characters, by which people recognise it. */
  prefix: z.string(),
  role: z.enum(["admin", "developer"]),
  scopes: z.array(z.enum(scopes)),
  allowed_ranges: z.array(z.string()).nullable(),
  allowed_origins: z.array(z.string()).nullable(),
  requests_per_minute: z.int(),
  /** Where it comes from; the environment's key is changed where it is set. */
  origin: z.enum(["user", "environment"]),
  expires_at: instantSchema.nullable(),
  last_used_at: instantSchema.nullable(),
  last_used_address: z.string().nullable(),
  created_by: z.string().nullable(),
  created_at: instantSchema.nullable(),
});
export type ApiKeyResource = z.infer<typeof apiKeySchema>;

export const createApiKeySchema = z.strictObject({
  name: nameSchema,
  kind: z.enum(["secret", "publishable"]).default("secret"),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
  expires_at: instantSchema.nullable().optional(),
  allowed_ranges: rangesSchema.nullable().optional(),
  /** Only for publishable keys: pages of these origins may use it. */
  allowed_origins: z
    .array(z.url({ protocol: /^https?$/ }).max(300))
    .max(50)
    .nullable()
    .optional(),
  requests_per_minute: z.int().min(1).max(100_000).default(600),
});
export type CreateApiKey = z.input<typeof createApiKeySchema>;
export const createdApiKeySchema = apiKeySchema.extend({ key: z.string() });
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;

/** One line of the audit log. */
export const auditEntrySchema = z.object({
  id: z.uuid(),
  at: instantSchema,
  actor: z.object({
    kind: z.enum(["user", "api_key", "connection", "system"]),
    id: z.string().nullable(),
    name: z.string(),
  }),
  /** `<entity>.<what happened>`, like `api_key.created`. */
  action: z.string(),
  entity: z.string(),
  entity_id: z.string().nullable(),
  entity_name: z.string().nullable(),
  /** What changed: only the fields that differ, never a secret. */
  old: z.record(z.string(), z.unknown()).nullable(),
  new: z.record(z.string(), z.unknown()).nullable(),
  address: z.string().nullable(),
  user_agent: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** One signed-in browser. */
export const signedInSchema = z.object({
  id: z.uuid(),
  current: z.boolean(),
  method: z.enum(["link", "password", "oidc", "invitation"]),
  address: z.string().nullable(),
  user_agent: z.string().nullable(),
  created_at: instantSchema,
  last_seen_at: instantSchema,
  expires_at: instantSchema,
});
export type SignedIn = z.infer<typeof signedInSchema>;

/** 10 characters at least, long passphrases welcome; what is too common is refused by name. */
export const passwordSchema = z.string().min(10).max(200);
export { emailSchema, nameSchema, rangesSchema };
