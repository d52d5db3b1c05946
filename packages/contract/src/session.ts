import { z } from "zod";
import { instantSchema } from "./list.ts";

export const roles = [
  "owner",
  "admin",
  "manager",
  "staff",
  "viewer",
  "accountant",
  "developer",
] as const;

export type Role = (typeof roles)[number];

export const organisationSchema = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  /** IANA name; the organisation's days begin at midnight in it. */
  time_zone: z.string(),
});

export type OrganisationResource = z.infer<typeof organisationSchema>;

/** Who is signed in, where, and what else they may switch to. */
export const sessionSchema = z.object({
  user: z.object({ id: z.uuid(), name: z.string(), email: z.string().nullable() }),
  /** The e-mail that becomes the account's when the link mailed to it is opened; null for none. */
  pending_email: z.object({ email: z.string(), expires_at: instantSchema }).nullable(),
  role: z.enum(roles),
  /** What the role allows, for screens: each action, and how much of it. */
  grants: z.record(z.string(), z.enum(["all", "own", "ids"])),
  /** The scopes that the role may give to keys; none for whoever makes none. */
  key_scopes: z.array(z.string()),
  /** Whether the account has a password and a second factor. */
  has_password: z.boolean(),
  has_second_factor: z.boolean(),
  organisation: organisationSchema,
  organisations: z.array(organisationSchema),
});

export type SessionResource = z.infer<typeof sessionSchema>;

export const switchOrganisationSchema = z.strictObject({ organisation_id: z.uuid() });
