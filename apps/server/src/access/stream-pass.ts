import type { Role, Scope, StreamTokenFilters } from "@slotwire/contract";
import { system } from "../db/database.ts";
import { can } from "./can.ts";
import { ENVIRONMENT_KEY_ID } from "./environment-key.ts";
import type { KeyDirectory, LiveKey } from "./key-directory.ts";
import type { Principal } from "./principal.ts";
import { providerEmailsOf } from "./provider-emails.ts";
import type { AccessDeps } from "./session-lifetime.ts";
import { endOf, type StreamClaims } from "./stream-claims.ts";

/** What a stream token or ticket lets its holder see, by the rights of this very moment. */
export interface StreamPass {
  readonly claims: StreamClaims;
  readonly principal: Principal;
  readonly filters: StreamTokenFilters;
  /** The providers that the filter's members are. */
  readonly userEmails: readonly string[];
  /**
   * Where pages that use it may be from, by the publishable key with which it was exchanged; null when
   * it was not, so that those of all the organisation's publishable keys count.
   */
  readonly allowedOrigins: readonly string[] | null;
}

export interface StreamPassDeps extends AccessDeps {
  readonly keys: KeyDirectory;
  /** The organisation of the environment's key; null when no such key is set. */
  readonly environmentKeyOrg: string | null;
}

interface Minter {
  readonly name: string;
  readonly role: Role;
  readonly scopes: readonly Scope[] | null;
  readonly providerEmail: string | null;
  readonly hideContacts: boolean;
}

/**
 * What claims are worth now. They end with their time, with their minter's key or membership, when
 * the minter's role changes, and with the publishable key.
 * @returns null when they are worth nothing
 */
export async function readStreamPass(
  deps: StreamPassDeps,
  claims: StreamClaims,
): Promise<StreamPass | null> {
  if (endOf(claims) <= deps.clock.now()) return null;
  const minter = await findMinter(deps, claims);
  if (minter === null || minter.role !== claims.role || !can(minter, "stream:mint")) return null;
  const page = claims.pk === undefined ? null : await findKey(deps, claims.org, claims.pk);
  if (claims.pk !== undefined && page === null) return null;
  return {
    claims,
    principal: principalOf(claims, minter),
    filters: claims.flt,
    userEmails: await providerEmailsOf(deps, claims.org, claims.flt.user_ids ?? []),
    allowedOrigins: page?.allowedOrigins ?? null,
  };
}

function principalOf(claims: StreamClaims, { name, ...rights }: Minter): Principal {
  return {
    kind: "stream_token",
    id: claims.jti,
    name,
    orgId: claims.org,
    ...rights,
    session: null,
  };
}

async function findMinter(
  deps: StreamPassDeps,
  { org, sub }: StreamClaims,
): Promise<Minter | null> {
  const id = sub.slice(sub.indexOf(":") + 1);
  if (sub.startsWith("user:")) return findMember(deps, org, id);
  const ofKey = { providerEmail: null, hideContacts: false };
  if (id === ENVIRONMENT_KEY_ID) {
    if (deps.environmentKeyOrg !== org) return null;
    return { name: "environment", role: "admin", scopes: ["admin"], ...ofKey };
  }
  const key = await findKey(deps, org, id);
  return key === null ? null : { name: key.name, role: key.role, scopes: key.scopes, ...ofKey };
}

async function findKey(deps: StreamPassDeps, orgId: string, id: string): Promise<LiveKey | null> {
  const key = await deps.keys.get(orgId, id);
  if (key?.expiresAt != null && key.expiresAt <= deps.clock.now()) return null;
  return key;
}

async function findMember(
  { db }: AccessDeps,
  orgId: string,
  userId: string,
): Promise<Minter | null> {
  const [row] = await db.transaction(system, (tx) =>
    tx.query<{ name: string; role: Role; provider_email: string | null; hide_contacts: boolean }>(
      `SELECT u.name, m.role, coalesce(m.provider_email, lower(u.email)) AS provider_email,
              m.hide_contacts
         FROM membership m JOIN app_user u ON u.id = m.user_id
        WHERE m.org_id = $1 AND m.user_id = $2 AND u.disabled_at IS NULL`,
      [orgId, userId],
    ),
  );
  if (row === undefined) return null;
  return {
    name: row.name,
    role: row.role,
    scopes: null,
    providerEmail: row.provider_email,
    hideContacts: row.hide_contacts,
  };
}
