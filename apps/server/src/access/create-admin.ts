import type { Role } from "@slotwire/contract";
import { system, type Transaction } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { createAccount } from "./invitations/create-account.ts";
import { revokeInvitationsBeyond } from "./invitations/revoke-invitations-beyond.ts";
import { lockMembers, requireAnotherOwner } from "./members/manage-members.ts";
import { settleKeys } from "./members/settle-keys.ts";
import { createSignInLink } from "./create-sign-in-link.ts";
import { endWaysIn } from "./end-ways-in.ts";
import { commandLine, noOrigin, recordAudit } from "./record-audit.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/** Whom the operator lets in. */
export interface AdminRequest {
  readonly orgId: string;
  /** In lower case. */
  readonly email: string;
  /** Null keeps the name that there is, or takes the e-mail's part before the @. */
  readonly name: string | null;
  readonly role: Role;
}

/**
 * Makes somebody a member of the organisation in this role, be they new or known, and a link that
 * signs them in once: for the first owner, and for whoever has lost every other way in. The
 * nameless owner that a new hub begins with becomes the first owner who is made like this.
 *
 * Anybody who may invite could have made an account of the address before, without its mailbox. So
 * of an account whose address is not proven every old way in ends, and the link is the only one.
 * @returns the link's token, which is stored nowhere, and what was done
 * @throws SlotwireError E_CONFIG when the account is disabled
 * @throws SlotwireError E_LAST_OWNER when it would leave the organisation without an owner
 */
export async function createAdmin(
  deps: AccessDeps,
  request: AdminRequest,
): Promise<Admitted & { readonly token: string }> {
  const { orgId } = request;
  const made = await deps.db.transaction(system, async (tx) => {
    // Two at once must not both take the nameless owner, nor both be the last one to leave.
    await lockMembers(tx, orgId);
    const found = await findOrCreate(tx, deps.clock.now(), request);
    await joinAs(tx, deps, request, found);
    return { ...found, elsewhere: await otherOrganisations(tx, orgId, found.userId) };
  });
  const { token } = await createSignInLink(deps, { userId: made.userId, orgId });
  return { token, ...made };
}

/** Whom the operator let in. */
export interface Admitted {
  readonly userId: string;
  readonly isNew: boolean;
  /** Whether the account's old ways in ended, as nobody had proven its address. */
  readonly isTakenOver: boolean;
  /** Names of the other organisations that the account belongs to. */
  readonly elsewhere: readonly string[];
}

type Found = Omit<Admitted, "elsewhere">;

async function findOrCreate(tx: Transaction, now: Date, request: AdminRequest): Promise<Found> {
  const { email, name } = request;
  const [known] = await tx.query<Known>(
    "SELECT id, disabled_at, email_verified_at FROM app_user WHERE lower(email) = $1 FOR UPDATE",
    [email],
  );
  if (known !== undefined) {
    if (known.disabled_at !== null) {
      throw new SlotwireError("E_CONFIG", { detail: `The account of ${email} is disabled.` });
    }
    if (name !== null) {
      await tx.query("UPDATE app_user SET name = $2 WHERE id = $1", [known.id, name]);
    }
    const isTakenOver = known.email_verified_at === null;
    if (isTakenOver) await takeOver(tx, known.id, now);
    return { userId: known.id, isNew: false, isTakenOver };
  }
  const called = name ?? email.slice(0, email.indexOf("@"));
  const claimed = request.role === "owner" ? await claimNameless(tx, request, called) : null;
  const userId =
    claimed ?? (await createAccount(tx, { name: called, email, passwordHash: null, at: now }));
  // Somebody accepted an invitation to the address in this very moment: the account is theirs so far.
  if (userId === null) return findOrCreate(tx, now, request);
  await takeOver(tx, userId, now);
  return { userId, isNew: true, isTakenOver: false };
}

interface Known {
  id: string;
  disabled_at: Date | null;
  email_verified_at: Date | null;
}

/** The operator says whose the address is; whoever was in before is out. */
async function takeOver(tx: Transaction, userId: string, now: Date): Promise<void> {
  await endWaysIn(tx, userId);
  await tx.query("UPDATE app_user SET email_verified_at = $2 WHERE id = $1", [userId, now]);
}

async function otherOrganisations(
  tx: Transaction,
  orgId: string,
  userId: string,
): Promise<string[]> {
  const rows = await tx.query<{ name: string }>(
    `SELECT o.name FROM membership m JOIN organisation o ON o.id = m.org_id
      WHERE m.user_id = $2 AND m.org_id <> $1 ORDER BY m.created_at, o.id`,
    [orgId, userId],
  );
  return rows.map(({ name }) => name);
}

/** Gives the owner of a new hub, whom nobody is yet, a name. */
async function claimNameless(
  tx: Transaction,
  { orgId, email }: AdminRequest,
  name: string,
): Promise<string | null> {
  const [nameless] = await tx.query<{ id: string }>(
    `UPDATE app_user SET email = $2, name = $3
      WHERE id = (SELECT u.id FROM app_user u JOIN membership m ON m.user_id = u.id
                   WHERE m.org_id = $1 AND m.role = 'owner'
                     AND u.email IS NULL AND u.password_hash IS NULL AND u.disabled_at IS NULL
                     AND NOT EXISTS (SELECT FROM user_identity i WHERE i.user_id = u.id)
                   ORDER BY m.created_at, u.id LIMIT 1)
     RETURNING id`,
    [orgId, email, name],
  );
  return nameless?.id ?? null;
}

async function joinAs(
  tx: Transaction,
  { clock }: AccessDeps,
  { orgId, email, role }: AdminRequest,
  { userId, isTakenOver }: Found,
): Promise<void> {
  const [member] = await tx.query<{ role: Role }>(
    "SELECT role FROM membership WHERE org_id = $1 AND user_id = $2",
    [orgId, userId],
  );
  if (member?.role === "owner" && role !== "owner") await requireAnotherOwner(tx, orgId, userId);
  await tx.query(
    `INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, $3)
     ON CONFLICT (org_id, user_id) DO UPDATE SET role = EXCLUDED.role`,
    [orgId, userId, role],
  );
  const author = { orgId, at: clock.now(), actor: commandLine, origin: noOrigin };
  await recordAudit(tx, {
    ...author,
    action: "member.admitted",
    entityId: userId,
    entityName: email,
    old: member === undefined ? null : { role: member.role },
    new: { role, email, ...(isTakenOver ? { other_proofs_ended: true } : {}) },
  });
  if (member === undefined) return;
  await revokeInvitationsBeyond(tx, author, { userId, role });
  await settleKeys(tx, author, { userId, role }, { all: false });
}
