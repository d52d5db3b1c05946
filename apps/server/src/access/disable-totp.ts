import { system } from "../db/database.ts";
import type { AccountDeps } from "./account.ts";
import { type Person, readAccount } from "./person.ts";
import { recordAudit } from "./record-audit.ts";
import { rotateSession } from "./rotate-session.ts";
import type { StartedSession } from "./start-session.ts";

/**
 * Takes the second factor off the account, with its recovery codes, or stops setting it up. All
 * other sessions end. Does nothing more when there is none.
 * @returns the session, and whether there was a second factor
 */
export async function disableTotp(
  { db, clock }: AccountDeps,
  person: Person,
): Promise<{ readonly session: StartedSession; readonly wasOn: boolean }> {
  const account = await readAccount({ db }, person);
  const now = clock.now();
  const { userId, sessionId } = person;
  return db.transaction(system, async (tx) => {
    await tx.query(
      `UPDATE app_user SET totp_sealed = NULL, totp_confirmed_at = NULL, totp_last_step = NULL
        WHERE id = $1`,
      [userId],
    );
    await tx.query("DELETE FROM recovery_code WHERE user_id = $1", [userId]);
    const wasOn = account.totpSealed !== null;
    if (wasOn) {
      await recordAudit(tx, {
        ...person.author,
        at: now,
        action: "account.second_factor_disabled",
        entityId: userId,
        entityName: account.name,
      });
    }
    return { session: await rotateSession(tx, { userId, sessionId, now }), wasOn };
  });
}
