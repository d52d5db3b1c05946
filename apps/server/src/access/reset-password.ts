import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { type Account, accountAuthor, type AccountDeps, findAccountById } from "./account.ts";
import { accountAttempt, forgetAttempts } from "./attempt-throttle.ts";
import { storePassword } from "./change-password.ts";
import type { Origin } from "./principal.ts";
import { recordAudit } from "./record-audit.ts";
import { hashSessionToken } from "./session-token.ts";
import { refuseWeakPassword } from "./weak-password.ts";

/**
 * Sets a new password with the token of a mailed link, once. All sessions of the person end, and
 * none begins: whoever reads somebody's mail is not past the second factor.
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
    // Removing the row is what burns the link: of several at once, one gets it.
    const burnt = await tx.query(
      `DELETE FROM sign_in_link
        WHERE token_hash = $1 AND purpose = 'password_reset' AND expires_at > $2
       RETURNING user_id`,
      [tokenHash, now],
    );
    if (burnt.length === 0) throw new SlotwireError("E_LINK_INVALID");
    await storePassword(tx, account.id, hash, now);
    await tx.query("DELETE FROM session WHERE user_id = $1", [account.id]);
    // With a second factor the count of wrong codes stays: a mailbox must not open it again.
    if (account.totpSealed === null && account.email !== null) {
      await forgetAttempts(tx, accountAttempt(account.email));
    }
    await recordAudit(tx, {
      ...accountAuthor(account, origin),
      at: now,
      action: "account.password_reset",
      entityId: account.id,
      entityName: account.name,
    });
  });
  return { userId: account.id };
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
