import { system, type Transaction } from "../../db/database.ts";
import { sqlStateOf, UNIQUE_VIOLATION } from "../../db/sql-state.ts";
import { SlotwireError } from "../../errors.ts";
import type { Account, AccountDeps } from "../account.ts";
import { type Person, readAccount } from "../person.ts";
import { recordAudit } from "../record-audit.ts";
import { hashSessionToken } from "../session-token.ts";
import {
  refuseEmailAsPassword,
  requireEmailRights,
  requireSession,
} from "./require-email-rights.ts";
import { storeEmail } from "./store-email.ts";

type Deps = Pick<AccountDeps, "db" | "clock" | "passwords">;

/**
 * Makes the pending e-mail the account's, by the link that was mailed to it; it is proven from then
 * on. Whoever opens the link has to be signed in to the account: a mail that went to a stranger by a
 * slip of the pen gives them nothing.
 * @returns the e-mail that the account had before, if any
 * @throws SlotwireError E_EMAIL_CHANGE when the token is unknown, used up, expired or another
 *   account's
 * @throws SlotwireError E_FORBIDDEN when the person may not change it any more
 * @throws SlotwireError E_VALIDATION when it is the account's password by now
 * @throws SlotwireError E_ACCOUNT_EMAIL when another account has it; the link still works
 */
export async function confirmEmail(
  deps: Deps,
  person: Person,
  token: string,
): Promise<{ readonly formerEmail: string | null }> {
  const { db } = deps;
  const hash = hashSessionToken(token);
  const account = await readAccount(deps, person);
  // Outside the transaction: it takes long, and the embedded engine has one session.
  const email = await db.transaction(system, (tx) => emailOfLink(deps, tx, person, hash));
  await refuseEmailAsPassword(deps, account, email);
  return db
    .transaction(system, async (tx) => {
      await requireSession(tx, person);
      await requireEmailRights(tx, person);
      // Behind the lock: it may have been replaced, taken back or used meanwhile.
      if ((await emailOfLink(deps, tx, person, hash)) !== email) throw gone();
      return write(deps, tx, person, account, email);
    })
    .catch((error: unknown) => {
      throw sqlStateOf(error) === UNIQUE_VIOLATION
        ? new SlotwireError("E_ACCOUNT_EMAIL", { cause: error })
        : error;
    });
}

async function emailOfLink(
  { clock }: Deps,
  tx: Transaction,
  { userId }: Person,
  hash: Buffer,
): Promise<string> {
  const [link] = await tx.query<{ mailed_to: string }>(
    `SELECT mailed_to FROM sign_in_link
      WHERE token_hash = $1 AND purpose = 'email_change' AND user_id = $2 AND expires_at > $3`,
    [hash, userId, clock.now()],
  );
  if (link === undefined) throw gone();
  return link.mailed_to;
}

const gone = (): SlotwireError => new SlotwireError("E_EMAIL_CHANGE");

async function write(
  { clock }: Deps,
  tx: Transaction,
  { userId, author }: Person,
  { name }: Account,
  email: string,
): Promise<{ readonly formerEmail: string | null }> {
  const now = clock.now();
  const [before] = await tx.query<{ email: string | null }>(
    "SELECT lower(email) AS email FROM app_user WHERE id = $1",
    [userId],
  );
  await storeEmail(tx, userId, { email, verifiedAt: now });
  const formerEmail = before?.email ?? null;
  await recordAudit(tx, {
    ...author,
    at: now,
    action: "account.updated",
    entityId: userId,
    entityName: name,
    old: { email: formerEmail },
    new: { email },
  });
  return { formerEmail };
}
