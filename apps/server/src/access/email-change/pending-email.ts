import type { Transaction } from "../../db/database.ts";
import { EMAIL_CHANGE_LIFETIME } from "../session-lifetime.ts";
import { newSessionToken } from "../session-token.ts";

/*
 * An e-mail that somebody wants for their account is *pending* until they open the link that was
 * mailed to it. It is a one-time link like others; an account has one of this kind at most.
 */

/** The account's next e-mail, as long as it is not confirmed. */
export interface PendingEmail {
  /** In lower case. */
  readonly email: string;
  /** When the link stops working (UTC). */
  readonly expiresAt: Date;
}

/** The account's pending e-mail; null when there is none, or its link has expired. */
export async function readPendingEmail(
  tx: Transaction,
  userId: string,
  now: Date,
): Promise<PendingEmail | null> {
  const [row] = await tx.query<{ mailed_to: string; expires_at: Date }>(
    `SELECT mailed_to, expires_at FROM sign_in_link
      WHERE user_id = $1 AND purpose = 'email_change' AND expires_at > $2`,
    [userId, now],
  );
  return row === undefined ? null : { email: row.mailed_to, expiresAt: row.expires_at };
}

/**
 * Makes an e-mail the pending one, in place of another; a link that was mailed before is dead.
 * @param tx in the scope of the system, with the account locked
 * @returns the token of the link, which is stored nowhere
 */
export async function storePendingEmail(
  tx: Transaction,
  { userId, orgId, email, now }: { userId: string; orgId: string; email: string; now: Date },
): Promise<string> {
  const { token, hash } = newSessionToken();
  await dropPendingEmail(tx, userId);
  await tx.query(
    `INSERT INTO sign_in_link (token_hash, user_id, org_id_active, purpose, mailed_to, expires_at)
     VALUES ($1, $2, $3, 'email_change', $4, $5)`,
    [hash, userId, orgId, email, new Date(now.getTime() + EMAIL_CHANGE_LIFETIME)],
  );
  return token;
}

/** @returns the e-mail that is not pending any more; null when none was */
export async function dropPendingEmail(tx: Transaction, userId: string): Promise<string | null> {
  const [dropped] = await tx.query<{ mailed_to: string }>(
    "DELETE FROM sign_in_link WHERE user_id = $1 AND purpose = 'email_change' RETURNING mailed_to",
    [userId],
  );
  return dropped?.mailed_to ?? null;
}
