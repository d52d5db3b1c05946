import { z } from "zod";
import { auditActions, auditEntities } from "./audit-action.ts";
import { instantInputSchema, instantSchema, pageQuerySchema } from "./list.ts";
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
/** Where something may be used from. None at all means anywhere, like null. */
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
    /** Revokes the organisation's keys that this member made and could not make any more. */
    revoke_keys: z.boolean(),
  })
  .partial();
export type UpdateMember = z.infer<typeof updateMemberSchema>;

export const removeMemberQuerySchema = z.object({
  /** `true` revokes all keys that this member made; else the organisation's go on. */
  revoke_keys: z.enum(["true", "false"]).default("false"),
});

/** A key where several are named. */
export const namedKeySchema = z.object({ id: z.string(), name: z.string(), prefix: z.string() });
export type NamedKey = z.infer<typeof namedKeySchema>;

/** What becomes of the keys that somebody made when the membership or its role ends. */
export const memberKeysSchema = z.object({
  /** They end: a developer's own, and those whose end was asked for. */
  revoked_keys: z.array(namedKeySchema),
  /** They go on, though the person could not make them any more. */
  kept_keys: z.array(namedKeySchema),
});
export type MemberKeys = z.infer<typeof memberKeysSchema>;

export const memberKeysQuerySchema = z.object({
  /** The role that the member would get; none when the membership would end. */
  role: z.enum(roles).optional(),
});

export const updatedMemberSchema = memberSchema.extend(memberKeysSchema.shape);
export type UpdatedMember = z.infer<typeof updatedMemberSchema>;

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
export type CreateInvitation = z.infer<typeof createInvitationSchema>;
/** The answer of the call that invites: the only one that shows the link, for who has no SMTP. */
export const createdInvitationSchema = invitationSchema.extend({
  link: z.string(),
  e_mailed: z.boolean(),
});
export type CreatedInvitation = z.infer<typeof createdInvitationSchema>;

/**
 * What an invitation's link shows before it is accepted. Not whether the address has an account on
 * the hub: who invites sees the link too, and need not know where else somebody belongs.
 */
export const invitationPreviewSchema = z.object({
  organisation: z.string(),
  email: z.string(),
  role: z.enum(roles),
  expires_at: instantSchema,
  /**
   * Whether a new account takes the link that was mailed to the address: this one was shown to
   * whoever invites.
   */
  new_account_by_mail: z.boolean(),
});
export type InvitationPreview = z.infer<typeof invitationPreviewSchema>;

export const invitationTokenSchema = z.strictObject({ token: z.string().min(20).max(200) });
/**
 * How an invitation is accepted. Whoever has no account yet chooses a name and a password; whoever
 * has one is signed in as it, or proves to be its holder by its password (and second factor).
 */
export const acceptInvitationSchema = invitationTokenSchema.extend({
  /** Makes an account, with this password; else the password is that of the account there is. */
  new_account: z.boolean().optional(),
  name: nameSchema.optional(),
  password: z.string().min(1).max(200).optional(),
  code: z.string().trim().min(1).max(40).optional(),
});
export type AcceptInvitation = z.infer<typeof acceptInvitationSchema>;

/** Why a sign-in by OpenID Connect ended at `/sign-in#error=…`. */
export const oidcErrors = [
  // The provider cannot be reached, or answers nonsense.
  "oidc_unavailable",
  // The person pressed cancel there, or the provider refused.
  "oidc_denied",
  // The way back belongs to no sign-in that this browser began here, or took too long.
  "oidc_expired",
  // The provider does not vouch for the e-mail address.
  "oidc_unverified",
  // Nobody here has that address, and nobody invited it.
  "oidc_unknown",
  // The account belongs to another identity at the same provider.
  "oidc_taken",
] as const;
export type OidcError = (typeof oidcErrors)[number];

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
  /** Null for the environment's key, which has no limit. */
  requests_per_minute: z.int().nullable(),
  /** Where it comes from; the environment's key is changed where it is set. */
  origin: z.enum(["user", "environment"]),
  expires_at: instantSchema.nullable(),
  last_used_at: instantSchema.nullable(),
  last_used_address: z.string().nullable(),
  /** Who made it, or made the key that made it. */
  created_by: z.string().nullable(),
  /** The key that made it, and ends it with itself; null for what a person made. */
  created_by_key: namedKeySchema.nullable(),
  created_at: instantSchema.nullable(),
});
export type ApiKeyResource = z.infer<typeof apiKeySchema>;

export const apiKeysQuerySchema = pageQuerySchema.extend({
  /** Only the keys that this one made, and those that they made: what ends with it. */
  made_by_key: z.uuid().optional(),
});
export type ApiKeysQuery = z.infer<typeof apiKeysQuerySchema>;

/** All keys that ended, the one that was named first. */
export const revokedKeysSchema = z.object({ revoked_keys: z.array(namedKeySchema) });
export type RevokedKeys = z.infer<typeof revokedKeysSchema>;

/** Where a page is from: scheme, host and port. */
const originSchema = z
  .url({ protocol: /^https?$/ })
  .max(300)
  .refine(isOrigin, "Only scheme, host and port, for example https://www.example.com.")
  .transform((address) => new URL(address).origin);

function isOrigin(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { href, origin } = new URL(address);
  return href === `${origin}/`;
}

export const createApiKeySchema = z
  .strictObject({
    name: nameSchema,
    kind: z.enum(["secret", "publishable"]).default("secret"),
    scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
    expires_at: instantInputSchema.nullable().optional(),
    allowed_ranges: rangesSchema.nullable().optional(),
    /** Only for publishable keys: pages of these origins may use it. */
    allowed_origins: z.array(originSchema).min(1).max(50).nullable().optional(),
    /** 600 unless given, or less when a key makes it that has less. */
    requests_per_minute: z.int().min(1).max(100_000).optional(),
  })
  .superRefine(({ kind, scopes: given, allowed_origins: origins }, context) => {
    const refuse = (path: string, message: string): void =>
      context.addIssue({ code: "custom", path: [path], message });
    if (kind === "secret") {
      if (origins != null) refuse("allowed_origins", "Only publishable keys have origins.");
      return;
    }
    if (origins == null) refuse("allowed_origins", "A publishable key needs an origin.");
    if (given.some((scope) => scope !== "stream:mint")) {
      refuse("scopes", "A publishable key can have the scope stream:mint alone.");
    }
  });
export type CreateApiKey = z.input<typeof createApiKeySchema>;
export const createdApiKeySchema = apiKeySchema.extend({ key: z.string() });
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;

/** Who does what the audit log tells of. */
export const auditActorKinds = ["user", "api_key", "connection", "system"] as const;

/** One line of the audit log. */
export const auditEntrySchema = z.object({
  id: z.uuid(),
  at: instantSchema,
  actor: z.object({
    kind: z.enum(auditActorKinds),
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

const auditFilter = z.string().min(1).max(200).optional();
/**
 * Filters of the audit log; all that are given have to fit. What no line could ever fit is refused:
 * an empty list would say that nothing was done.
 */
export const auditQuerySchema = pageQuerySchema.extend({
  actor_id: auditFilter,
  actor_kind: z.enum(auditActorKinds).optional(),
  entity: z.enum(auditEntities).optional(),
  entity_id: auditFilter,
  action: z.enum(auditActions).optional(),
  /** Not before, and before, these instants. */
  from: instantInputSchema.optional(),
  to: instantInputSchema.optional(),
});
export type AuditQuery = z.input<typeof auditQuerySchema>;

/** Somebody or something that stands in the audit log as who did it. */
export const auditActorSchema = z.object({
  kind: z.enum(auditActorKinds),
  id: z.string(),
  /** As it was when this actor did something last. */
  name: z.string(),
  last_at: instantSchema,
});
export type AuditActorResource = z.infer<typeof auditActorSchema>;

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
