import { system, type Transaction } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { type Account, accountAuthor, type AccountDeps, findAccountById } from "./account.ts";
import { accountAttempt, forgetAttempts } from "./attempt-throttle.ts";
import { storePassword } from "./change-password.ts";
import { dropPendingEmail } from "./email-change/pending-email.ts";
import { endWaysIn } from "./end-ways-in.ts";
import type { Origin } from "./principal.ts";
import { recordAudit } from "./record-audit.ts";
import { hashSessionToken } from "./session-token.ts";
import { refuseWeakPassword } from "./weak-password.ts";

/**
 * Sets a new password with the token of a mailed link, once. All sessions of the person end, and
 * none begins: whoever reads somebody's mail is not past the second factor.
 *
 * Of an account whose address nobody has proven yet, another may have set all there is: so the
 * second factor and linked identities end as well, and the address is proven from then on.
 * @returns whose password it is
 * @throws SlotwireError E_LINK_INVALID when the token is unknown, used up or expired
 * @throws SlotwireError E_VALIDATION when the password would be guessed soon; the link still works
 */
export async function resetPassword(
  deps: AccountDeps,
  { token, password, origin }: { token: string; password: string; origin: Origin },
): Promise<{ readonly userId: string }> {
  const { db, clock, passwords } = deps;
  const tokenHash = hashSessionToken(token);
  const account = await findOwner(deps, tokenHash);
  refuseWeakPassword(password, account.personal);
  const hash = await passwords.hash(password);
  await db.transaction(system, async (tx) => {
    const now = clock.now();
    const address = await lockAddress(tx, account.id);
    // Removing the row is what burns the link: of several at once, one gets it.
    const [burnt] = await tx.query<{ mailed_to: string | null }>(
      `DELETE FROM sign_in_link
        WHERE token_hash = $1 AND purpose = 'password_reset' AND expires_at > $2
          AND (mailed_to IS NULL OR mailed_to = $3)
       RETURNING mailed_to`,
      [tokenHash, now, address.email],
    );
    if (burnt === undefined) throw new SlotwireError("E_LINK_INVALID");
    const isRecovery = burnt.mailed_to !== null && !address.isVerified;
    if (isRecovery) await recover(tx, account.id, now);
    await storePassword(tx, account.id, hash, now);
    // Whoever was in before must not go on with an e-mail of theirs.
    await dropPendingEmail(tx, account.id);
    await tx.query("DELETE FROM session WHERE user_id = $1", [account.id]);
    // With a second factor the count of wrong codes stays: a mailbox must not open it again.
    if ((!address.hasSecondFactor || isRecovery) && address.email !== null) {
      await forgetAttempts(tx, accountAttempt(address.email));
    }
    await recordAudit(tx, {
      ...accountAuthor(account, origin),
      at: now,
      action: "account.password_reset",
      entityId: account.id,
      entityName: account.name,
      ...(isRecovery ? { new: { other_proofs_ended: true } } : {}),
    });
  });
  return { userId: account.id };
}

interface Address {
  /** In lower case. */
  readonly email: string | null;
  readonly isVerified: boolean;
  readonly hasSecondFactor: boolean;
}

/** Locked, as whoever changes the e-mail in this moment would let an old mailbox prove a new one. */
async function lockAddress(tx: Transaction, userId: string): Promise<Address> {
  const [row] = await tx.query<Address>(
    `SELECT lower(email) AS email, email_verified_at IS NOT NULL AS "isVerified",
            totp_confirmed_at IS NOT NULL AS "hasSecondFactor"
       FROM app_user WHERE id = $1 FOR NO KEY UPDATE`,
    [userId],
  );
  return row ?? { email: null, isVerified: false, hasSecondFactor: false };
}

/** Gives the account to whoever reads its mailbox. */
async function recover(tx: Transaction, userId: string, now: Date): Promise<void> {
  await endWaysIn(tx, userId);
  await tx.query("UPDATE app_user SET email_verified_at = $2 WHERE id = $1", [userId, now]);
}

async function findOwner({ db, clock }: AccountDeps, tokenHash: Buffer): Promise<Account> {
  const account = await db.transaction(system, async (tx) => {
    const [link] = await tx.query<{ user_id: string }>(
      `SELECT user_id FROM sign_in_link
        WHERE token_hash = $1 AND purpose = 'password_reset' AND expires_at > $2`,
      [tokenHash, clock.now()],
    );
    return link === undefined ? null : findAccountById(tx, link.user_id);
  });
  if (account === null) throw new SlotwireError("E_LINK_INVALID");
  return account;
}
