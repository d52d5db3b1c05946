import { type OrganisationResource, scopes, type SessionResource } from "@slotwire/contract";
import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { Principal } from "./principal.ts";
import { readPendingEmail } from "./email-change/pending-email.ts";
import { can, grantsOf, mayGive, opensSomething } from "./can.ts";
import type { AccessDeps } from "./session-lifetime.ts";
import { viewOf } from "./view-of.ts";

/**
 * What a signed-in person is told about the session: who, where, and where else they belong.
 * @throws SlotwireError E_FORBIDDEN when the principal is not a person
 */
export async function describeSession(
  { db, clock }: AccessDeps,
  principal: Principal,
): Promise<SessionResource> {
  if (principal.kind !== "user") {
    throw new SlotwireError("E_FORBIDDEN", { detail: "An API key has no session." });
  }
  const { account, pending, organisations } = await db.transaction(system, async (tx) => ({
    account: (
      await tx.query<{ email: string | null; has_password: boolean; has_second_factor: boolean }>(
        `SELECT email, password_hash IS NOT NULL AS has_password,
                totp_confirmed_at IS NOT NULL AS has_second_factor
           FROM app_user WHERE id = $1`,
        [principal.id],
      )
    )[0],
    pending: await readPendingEmail(tx, principal.id, clock.now()),
    organisations: await tx.query<OrganisationResource>(
      `SELECT o.id, o.slug, o.name, o.time_zone
         FROM membership m JOIN organisation o ON o.id = m.org_id
        WHERE m.user_id = $1 ORDER BY o.name, o.id`,
      [principal.id],
    ),
  }));
  const organisation = organisations.find(({ id }) => id === principal.orgId);
  if (organisation === undefined || account === undefined)
    throw new SlotwireError("E_UNAUTHENTICATED");
  return {
    user: { id: principal.id, name: principal.name, email: account.email },
    pending_email: pending && {
      email: pending.email,
      expires_at: pending.expiresAt.toISOString(),
    },
    role: principal.role,
    grants: grantsFor(principal),
    key_scopes: keyScopesFor(principal),
    has_password: account.has_password,
    has_second_factor: account.has_second_factor,
    organisation,
    organisations,
  };
}

/** What the role allows, less the contact data that this member is not shown. */
function grantsFor(principal: Principal): SessionResource["grants"] {
  const { "contacts:read": contacts, ...grants } = grantsOf(principal.role);
  const isShown = viewOf(principal, "bookings:read").detail === "full";
  return contacts === undefined || !isShown ? grants : { ...grants, "contacts:read": contacts };
}

function keyScopesFor(principal: Principal): string[] {
  return can(principal, "keys:manage")
    ? scopes.filter((scope) => mayGive(principal.role, scope) && opensSomething(scope))
    : [];
}
