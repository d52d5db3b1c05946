import type { AcceptInvitation } from "@slotwire/contract";
import { system, type Transaction } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import { type Account, type AccountDeps, findAccountById } from "../account.ts";
import { type AnyAccount, findAnyAccount } from "../any-account.ts";
import { type Attempt, returnAttempts, takeAttempt } from "../attempt-throttle.ts";
import type { MailDeps } from "../mail-deps.ts";
import type { Origin, Principal } from "../principal.ts";
import { proveAccount } from "../prove-account.ts";
import { recordAskedAbout } from "../record-asked-about.ts";
import type { AuditActor } from "../record-audit.ts";
import { hashSessionToken } from "../session-token.ts";
import { type StartedSession, startSession } from "../start-session.ts";
import { refuseWeakPassword } from "../weak-password.ts";
import { adoptAccount, createAccount } from "./create-account.ts";
import { invitationOfToken, type LiveInvitation, takesMailedToken } from "./invitation-of-token.ts";
import { joinByInvitation, nameFromEmail } from "./join-by-invitation.ts";

/** What the verb works on. */
export type AcceptDeps = AccountDeps & MailDeps;

/** The browser in which an invitation is accepted. */
export interface Acceptor {
  readonly origin: Origin;
  /** Who is signed in there, if anybody is. */
  readonly principal: Principal | null;
  /** Token of that session. */
  readonly sessionToken: string | null;
}

/**
 * Makes whoever holds an invitation's link a member, once, and signs them in. They say whether they
 * want an account made, with a password that they choose. An account that is there is only used by
 * whoever is signed in as it or knows its password: the link proves nothing about it, and changes
 * nothing of it.
 *
 * Whoever invited holds the link that is shown as well. So signing in is answered the same whether or
 * not there is an account, and a weak password is refused before there is a look. Where another link
 * was mailed, the shown one makes no account at all: only the mailed one does, whose holder reads the
 * mailbox and may know. Where no mail went out, who makes an account in earnest learns that there is
 * one, five times a day in an organisation: where there was none, that uses the invitation up.
 * @returns the new session; null when the one that the browser has goes on in the organisation
 * @throws SlotwireError E_INVITATION when the link is unknown, used up, revoked or expired
 * @throws SlotwireError E_UNAUTHENTICATED when nothing says who they are
 * @throws SlotwireError E_CREDENTIALS, E_SECOND_FACTOR, E_RATE_LIMITED as signing in does
 * @throws SlotwireError E_INVITATION_MAIL when an account takes the link that is mailed
 * @throws SlotwireError E_VALIDATION when a new account's password is missing or weak
 * @throws SlotwireError E_ACCOUNT_EXISTS when there is an account of the address already;
 *   E_RATE_LIMITED, be there one or not, when the organisation has learned that too often
 */
export async function acceptInvitation(
  deps: AcceptDeps,
  accepted: AcceptInvitation,
  acceptor: Acceptor,
): Promise<StartedSession | null> {
  const { db, clock } = deps;
  const hash = hashSessionToken(accepted.token);
  const { invitation, account, home } = await db.transaction(system, async (tx) => {
    const found = await invitationOfToken(tx, hash, clock.now());
    const existing = await findAnyAccount(tx, found.email);
    return {
      invitation: found,
      account: existing,
      home: existing === null ? null : await findAccountById(tx, existing.id),
    };
  });
  const acceptance = { deps, accepted, acceptor, hash, invitation, home };
  const { principal } = acceptor;
  if (account !== null && principal?.kind === "user" && principal.id === account.id) {
    return acceptSignedIn(acceptance, account);
  }
  return accepted.new_account === true ? acceptAsNew(acceptance) : acceptByPassword(acceptance);
}

interface Acceptance {
  readonly deps: AcceptDeps;
  readonly accepted: AcceptInvitation;
  readonly acceptor: Acceptor;
  readonly hash: Buffer;
  /** As it was before anything was proven; it is read again, and locked, when it is used up. */
  readonly invitation: LiveInvitation;
  /** The account of the address, if it belongs to an organisation. */
  readonly home: Account | null;
}

async function acceptAsNew(acceptance: Acceptance): Promise<StartedSession> {
  const { deps, accepted, acceptor, invitation, hash } = acceptance;
  if (takesMailedToken(invitation, deps.mailer !== null)) {
    throw new SlotwireError("E_INVITATION_MAIL");
  }
  const { email, organisation } = invitation;
  const { password, name = nameFromEmail(email) } = accepted;
  if (password === undefined) {
    throw new SlotwireError("E_VALIDATION", {
      errors: [{ path: "body.password", message: "Choose a password." }],
    });
  }
  refuseWeakPassword(password, [email, name, organisation]);
  // Outside the transaction: it takes long, and the embedded engine has one session.
  const passwordHash = await deps.passwords.hash(password);
  const started = await deps.db.transaction(system, async (tx) => {
    const at = deps.clock.now();
    const live = await invitationOfToken(tx, hash, at);
    const questions = questionsOf(live);
    for (const question of questions) await takeAttempt(tx, question, at);
    const account = { name, email, passwordHash, at };
    const userId = (await createAccount(tx, account)) ?? (await adoptAccount(tx, account));
    // Refused outside: the count is to stay.
    if (userId === null) return null;
    await returnAttempts(tx, questions, at);
    return joinAndSignIn(tx, acceptance, live, { id: userId, name }, "invitation");
  });
  if (started !== null) return started;
  if (!invitation.isMailed) {
    const asker = { orgId: invitation.org_id, actor: somebody, origin: acceptor.origin };
    await recordAskedAbout(deps, email, asker, "invitation");
  }
  throw new SlotwireError("E_ACCOUNT_EXISTS");
}

const somebody: AuditActor = { kind: "system", id: null, name: "Somebody who is not signed in" };

/** Whoever reads the mailbox may know what is the address's. */
const questionsOf = ({ isMailed, org_id: subject }: LiveInvitation): Attempt[] =>
  isMailed ? [] : [{ kind: "taken", subject }];

async function acceptByPassword(acceptance: Acceptance): Promise<StartedSession> {
  const { deps, accepted, acceptor, invitation, home, hash } = acceptance;
  const { password, code } = accepted;
  if (password === undefined) {
    throw new SlotwireError("E_UNAUTHENTICATED", {
      detail: "Sign in to the account of that address, send its password, or make a new one.",
    });
  }
  const claim = {
    subject: invitation.email,
    origin: acceptor.origin,
    // A refusal is told to the organisation that the account is at home in, never to the inviting one.
    isAudited: home !== null,
    find: async (tx: Transaction) =>
      invitedAccount(invitation, home, await findAnyAccount(tx, invitation.email)),
  };
  return proveAccount(deps, claim, { password, code }, async (tx, account) => {
    const live = await invitationOfToken(tx, hash, deps.clock.now());
    return joinAndSignIn(tx, acceptance, live, account, "password");
  });
}

/** Whoever was removed everywhere is at home where they are invited to. */
function invitedAccount(
  { email, org_id }: LiveInvitation,
  home: Account | null,
  account: AnyAccount | null,
): Account | null {
  if (account === null || account.isDisabled) return null;
  return { ...account, email, homeOrgId: home?.homeOrgId ?? org_id, personal: [] };
}

async function joinAndSignIn(
  tx: Transaction,
  { deps, acceptor }: Acceptance,
  live: LiveInvitation,
  { id: userId, name }: Pick<Account, "id" | "name">,
  method: "invitation" | "password",
): Promise<StartedSession> {
  const now = deps.clock.now();
  const { origin, sessionToken: replaces } = acceptor;
  await joinByInvitation(tx, live, { userId, name, origin, at: now });
  return startSession(tx, { userId, orgId: live.org_id, method, origin, now, replaces });
}

/** The session goes on as it is, so that it is no fresh proof of who the person is. */
async function acceptSignedIn(
  { deps, acceptor, hash }: Acceptance,
  { id: userId, name }: AnyAccount,
): Promise<null> {
  await deps.db.transaction(system, async (tx) => {
    const at = deps.clock.now();
    const live = await invitationOfToken(tx, hash, at);
    await joinByInvitation(tx, live, { userId, name, origin: acceptor.origin, at });
    await tx.query("UPDATE session SET org_id_active = $3 WHERE user_id = $1 AND id = $2", [
      userId,
      acceptor.principal?.session?.id ?? null,
      live.org_id,
    ]);
  });
  return null;
}
