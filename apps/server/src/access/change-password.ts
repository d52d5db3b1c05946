import { system, type Transaction } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { Account, AccountDeps } from "./account.ts";
import { ownClaim, type Person, readAccount } from "./person.ts";
import { proveAccount } from "./prove-account.ts";
import { recordAudit } from "./record-audit.ts";
import { rotateSession } from "./rotate-session.ts";
import type { StartedSession } from "./start-session.ts";
import { refuseWeakPassword } from "./weak-password.ts";

/** What the person sends: the present password unless they have just shown who they are. */
export interface NewPassword {
  readonly password: string;
  readonly currentPassword?: string | undefined;
}

/**
 * Sets the person's password. All other sessions end, and this one goes on under a new token;
 * links to choose a password stop working.
 * @throws SlotwireError E_VALIDATION when the password would be guessed soon
 * @throws SlotwireError E_CONFIRM when neither the present password nor a recent proof is there
 * @throws SlotwireError E_CREDENTIALS, E_RATE_LIMITED about the present password
 */
export async function changePassword(
  deps: AccountDeps,
  person: Person,
  { password, currentPassword }: NewPassword,
): Promise<StartedSession> {
  const account = await readAccount(deps, person);
  refuseWeakPassword(password, account.personal);
  const hash = (): Promise<string> => deps.passwords.hash(password);
  if (account.passwordHash !== null && currentPassword !== undefined) {
    // The second factor was asked for when the session began; here the password is what changes.
    const claim = ownClaim(person, account);
    const find: typeof claim.find = async (tx) => withoutSecondFactor(await claim.find(tx));
    const fresh = await hash();
    return proveAccount(deps, { ...claim, find }, { password: currentPassword }, (tx) =>
      write(tx, deps, person, account, fresh),
    );
  }
  if (!person.isProven) throw new SlotwireError("E_CONFIRM");
  const fresh = await hash();
  return deps.db.transaction(system, (tx) => write(tx, deps, person, account, fresh));
}

function withoutSecondFactor(account: Account | null): Account | null {
  return account === null ? null : { ...account, totpSealed: null };
}

async function write(
  tx: Transaction,
  { clock }: AccountDeps,
  person: Person,
  account: Account,
  hash: string,
): Promise<StartedSession> {
  const now = clock.now();
  await storePassword(tx, person.userId, hash, now);
  await recordAudit(tx, {
    ...person.author,
    at: now,
    action: account.passwordHash === null ? "account.password_set" : "account.password_changed",
    entityId: account.id,
    entityName: account.name,
  });
  return rotateSession(tx, { userId: person.userId, sessionId: person.sessionId, now });
}

/**
 * Stores a password's hash; links to choose one, and those that set the hub up, stop working.
 * @param tx in the scope of the system
 */
export async function storePassword(
  tx: Transaction,
  userId: string,
  hash: string,
  now: Date,
): Promise<void> {
  await tx.query("UPDATE app_user SET password_hash = $2, password_changed_at = $3 WHERE id = $1", [
    userId,
    hash,
    now,
  ]);
  await tx.query(
    "DELETE FROM sign_in_link WHERE user_id = $1 AND purpose IN ('password_reset', 'setup')",
    [userId],
  );
}
