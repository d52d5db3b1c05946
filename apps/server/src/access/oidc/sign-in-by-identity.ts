import { system, type Transaction } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import { findAccountById } from "../account.ts";
import { findAnyAccount } from "../any-account.ts";
import { endWaysIn } from "../end-ways-in.ts";
import { createAccount } from "../invitations/create-account.ts";
import { invitationOfToken, type LiveInvitation } from "../invitations/invitation-of-token.ts";
import { joinByInvitation, nameFromEmail } from "../invitations/join-by-invitation.ts";
import type { Origin } from "../principal.ts";
import { recordAudit } from "../record-audit.ts";
import type { AccessDeps } from "../session-lifetime.ts";
import { type StartedSession, startSession } from "../start-session.ts";
import type { Identity } from "./oidc-client.ts";
import { OidcRefusal } from "./oidc-refusal.ts";

/** The browser that came back from the provider. */
export interface Arrival {
  readonly origin: Origin;
  /** Who is signed in there already, if anybody is. */
  readonly userId: string | null;
  /** Token of that session. */
  readonly sessionToken: string | null;
  /** Hash of the invitation's token, when the person came from its link. */
  readonly invitation: Buffer | null;
}

/** A session that began at the provider. */
export interface IdentitySession extends StartedSession {
  /** The account whose other ways in ended, as it was linked by its e-mail alone; null for none. */
  readonly takenOver: string | null;
}

/**
 * Signs in whoever the provider says it is. A known identity is its account. An unknown one is
 * linked to the account of its verified e-mail, if that belongs to an organisation. Nobody becomes
 * a member by it, except by an invitation to that very address, from whose link they came.
 * @throws OidcRefusal oidc_unverified, oidc_unknown, oidc_taken
 */
export async function signInByIdentity(
  { db, clock }: AccessDeps,
  identity: Identity,
  arrival: Arrival,
): Promise<IdentitySession> {
  const now = clock.now();
  return db.transaction(system, async (tx) => {
    // Two browsers of one person must not both find nothing and link.
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended($1, 4))", [
      JSON.stringify([identity.issuer, identity.subject]),
    ]);
    const sign: SignIn = { tx, identity, arrival, now };
    const invitation = await findInvitation(sign);
    const known = await findByIdentity(sign);
    const person = known ?? (await findByEmail(sign, invitation));
    if (person.isDisabled) throw new OidcRefusal("oidc_unknown", "disabled");
    if (invitation !== null) {
      const { origin } = arrival;
      await joinByInvitation(tx, invitation, {
        userId: person.id,
        name: person.name,
        origin,
        at: now,
      });
    }
    // Behind the invitation, as an account that belongs nowhere is only let in by one.
    const account = await findAccountById(tx, person.id);
    if (account === null) throw new OidcRefusal("oidc_unknown", "no_membership");
    const orgId = invitation?.org_id ?? account.homeOrgId;
    const isTakenOver = known === null && (await link(sign, person, orgId));
    await markEmailVerified(sign, person.id);
    const session = await startSession(tx, {
      userId: person.id,
      orgId,
      method: "oidc",
      origin: arrival.origin,
      now,
      replaces: arrival.sessionToken,
    });
    return { ...session, takenOver: isTakenOver ? person.id : null };
  });
}

interface SignIn {
  readonly tx: Transaction;
  readonly identity: Identity;
  readonly arrival: Arrival;
  readonly now: Date;
}

interface Found {
  readonly id: string;
  readonly name: string;
  readonly isDisabled: boolean;
  /** Whether the account was there before anybody invited came. */
  readonly isOld: boolean;
}

/** The invitation whose link the person came from, when it is to an address that is theirs. */
async function findInvitation({
  tx,
  identity,
  arrival,
  now,
}: SignIn): Promise<LiveInvitation | null> {
  if (arrival.invitation === null || !identity.isEmailVerified) return null;
  try {
    const invitation = await invitationOfToken(tx, arrival.invitation, now);
    return invitation.email === identity.email ? invitation : null;
  } catch (error) {
    // Revoked or used up meanwhile: it is a sign-in like any other.
    if (error instanceof SlotwireError && error.code === "E_INVITATION") return null;
    throw error;
  }
}

async function findByIdentity({ tx, identity }: SignIn): Promise<Found | null> {
  const [row] = await tx.query<{ id: string; name: string; is_disabled: boolean }>(
    `SELECT u.id, u.name, u.disabled_at IS NOT NULL AS is_disabled
       FROM user_identity i JOIN app_user u ON u.id = i.user_id
      WHERE i.issuer = $1 AND i.subject = $2`,
    [identity.issuer, identity.subject],
  );
  return row === undefined
    ? null
    : { id: row.id, name: row.name, isDisabled: row.is_disabled, isOld: true };
}

async function findByEmail(sign: SignIn, invitation: LiveInvitation | null): Promise<Found> {
  const { tx, identity, now } = sign;
  const { email, isEmailVerified } = identity;
  if (email === null || !isEmailVerified) throw new OidcRefusal("oidc_unverified");
  const account = await findAnyAccount(tx, email);
  if (account !== null) {
    await refuseTaken(sign, account.id);
    return { ...account, isOld: true };
  }
  if (invitation === null) throw new OidcRefusal("oidc_unknown");
  const name = identity.name ?? nameFromEmail(email);
  const id = await createAccount(tx, { name, email, passwordHash: null, at: now });
  // Somebody accepted another invitation to the address in this very moment: the next try finds it.
  if (id === null) throw new OidcRefusal("oidc_expired", "account_appeared");
  return { id, name, isDisabled: false, isOld: false };
}

/** An address may have passed to somebody else: the account stays with the identity that it has. */
async function refuseTaken({ tx, identity }: SignIn, userId: string): Promise<void> {
  const [other] = await tx.query("SELECT FROM user_identity WHERE user_id = $1 AND issuer = $2", [
    userId,
    identity.issuer,
  ]);
  if (other !== undefined) throw new OidcRefusal("oidc_taken");
}

/**
 * Remembers the identity. Whoever made the account need not be the address's owner, so unless its
 * holder is signed in here, all that they could still get in by ends: password, second factor,
 * sessions, links.
 * @returns whether that ended
 */
async function link(sign: SignIn, person: Found, orgId: string): Promise<boolean> {
  const { tx, identity, arrival, now } = sign;
  await tx.query(
    "INSERT INTO user_identity (issuer, subject, user_id, created_at) VALUES ($1, $2, $3, $4)",
    [identity.issuer, identity.subject, person.id, now],
  );
  const isOnlyByEmail = person.isOld && arrival.userId !== person.id;
  if (isOnlyByEmail) await endWaysIn(tx, person.id, { keepsIdentities: true });
  await recordAudit(tx, {
    orgId,
    at: now,
    actor: { kind: "user", id: person.id, name: person.name },
    origin: arrival.origin,
    action: "account.identity_linked",
    entityId: person.id,
    entityName: person.name,
    new: { issuer: identity.issuer, other_proofs_ended: isOnlyByEmail },
  });
  return isOnlyByEmail;
}

/** The provider vouches for the address, when it is the one that the account has. */
async function markEmailVerified({ tx, identity, now }: SignIn, userId: string): Promise<void> {
  if (!identity.isEmailVerified) return;
  await tx.query(
    `UPDATE app_user SET email_verified_at = $3
      WHERE id = $1 AND lower(email) = $2 AND email_verified_at IS NULL`,
    [userId, identity.email, now],
  );
}
