import { system, type Transaction } from "../db/database.ts";
import { sqlStateOf } from "../db/sql-state.ts";
import { SlotwireError } from "../errors.ts";
import type { Account, AccountDeps } from "./account.ts";
import { type Attempt, returnAttempts, takeAttempts } from "./attempt-throttle.ts";
import { type Person, readAccount } from "./person.ts";
import { recordAudit } from "./record-audit.ts";

/** What a person may change of their account. */
export interface AccountChange {
  readonly name?: string | undefined;
  /** In lower case. */
  readonly email?: string | undefined;
}

/** SQLSTATE of a value that somebody else has. */
const UNIQUE_VIOLATION = "23505";

/** Shorter ones are refused as passwords anyway. */
const SHORTEST_PASSWORD = 10;

/**
 * Changes the person's name or e-mail.
 *
 * The e-mail says whose bookings a staff member sees, and whom a sign-in provider speaks of. So
 * only who may give members any such address anyway, in all of their organisations, may change
 * their own, and only soon after showing who they are.
 * @returns the e-mail that they had, if they have another one now
 * @throws SlotwireError E_FORBIDDEN, E_CONFIRM as said above
 * @throws SlotwireError E_VALIDATION when the e-mail is the account's password
 * @throws SlotwireError E_ACCOUNT_EMAIL when another account has that e-mail
 * @throws SlotwireError E_RATE_LIMITED after five tries in a day
 */
export async function updateAccount(
  deps: Pick<AccountDeps, "db" | "clock" | "passwords">,
  person: Person,
  { name, email }: AccountChange,
): Promise<{ readonly formerEmail: string | null }> {
  const account = await readAccount(deps, person);
  const old = { name: account.name, email: account.email };
  const fresh = { name: name ?? old.name, email: email ?? old.email };
  const isOther = fresh.email !== old.email;
  if (fresh.name === old.name && !isOther) return { formerEmail: null };
  if (isOther) {
    await deps.db.transaction(system, (tx) => refuseEmailChange(tx, person));
    await refuseEmailAsPassword(deps, account, fresh.email ?? "");
    // The answer tells whether somebody has an account of that address.
    await takeAttempts(deps, questionsOf(person));
  }
  await write(deps, person, old, fresh);
  return { formerEmail: isOther ? old.email : null };
}

function questionsOf({ userId, author }: Person): readonly Attempt[] {
  return [
    { kind: "email_change", subject: userId },
    { kind: "taken", subject: author.orgId },
  ];
}

interface Values {
  readonly name: string;
  readonly email: string | null;
}

async function write(
  { db, clock }: Pick<AccountDeps, "db" | "clock">,
  person: Person,
  old: Values,
  fresh: Values,
): Promise<void> {
  await db
    .transaction(system, async (tx) => {
      await requireSession(tx, person);
      if (fresh.email !== old.email) await refuseEmailChange(tx, person);
      await tx.query("UPDATE app_user SET name = $2 WHERE id = $1", [person.userId, fresh.name]);
      if (fresh.email !== old.email) {
        await storeEmail(tx, person, { old, fresh }, clock.now());
        await returnAttempts(tx, [{ kind: "taken", subject: person.author.orgId }], clock.now());
      }
      await recordAudit(tx, {
        ...person.author,
        at: clock.now(),
        action: "account.updated",
        entityId: person.userId,
        entityName: fresh.name,
        old: { ...old },
        new: { ...fresh },
      });
    })
    .catch((error: unknown) => {
      throw sqlStateOf(error) === UNIQUE_VIOLATION
        ? new SlotwireError("E_ACCOUNT_EMAIL", { cause: error })
        : error;
    });
}

/** Who lost the account in this moment must not change it a last time. */
async function requireSession(tx: Transaction, { userId, sessionId }: Person): Promise<void> {
  await tx.query("SELECT FROM app_user WHERE id = $1 FOR NO KEY UPDATE", [userId]);
  const live = await tx.query("SELECT FROM session WHERE user_id = $1 AND id = $2", [
    userId,
    sessionId,
  ]);
  if (live.length === 0) throw new SlotwireError("E_UNAUTHENTICATED");
}

/**
 * The new address is anybody's claim. Only the first owner, whom the hub's operator let in without
 * an address, is taken at their word. Links that were mailed to the old one stop working.
 */
async function storeEmail(
  tx: Transaction,
  { userId }: Person,
  { old, fresh }: { readonly old: Values; readonly fresh: Values },
  now: Date,
): Promise<void> {
  await tx.query("UPDATE app_user SET email = $2, email_verified_at = $3 WHERE id = $1", [
    userId,
    fresh.email,
    old.email === null ? now : null,
  ]);
  await tx.query("DELETE FROM sign_in_link WHERE user_id = $1 AND purpose = 'password_reset'", [
    userId,
  ]);
}

/**
 * A password that is the e-mail, or what stands before its @, is refused when it is set; so is the
 * e-mail that would make it one. Of a password only a hash is kept: one that merely resembles the
 * e-mail, by other capitals or added digits, is not seen.
 */
async function refuseEmailAsPassword(
  { passwords }: Pick<AccountDeps, "passwords">,
  { passwordHash }: Account,
  email: string,
): Promise<void> {
  if (passwordHash === null) return;
  const guesses = [email, email.slice(0, email.indexOf("@"))];
  for (const guess of guesses.filter(({ length }) => length >= SHORTEST_PASSWORD)) {
    const { isRight } = await passwords.verify(guess, passwordHash);
    if (!isRight) continue;
    const message = "Your password is made of this e-mail. Choose another password first.";
    throw new SlotwireError("E_VALIDATION", { errors: [{ path: "body.email", message }] });
  }
}

async function refuseEmailChange(tx: Transaction, person: Person): Promise<void> {
  const others = await tx.query(
    "SELECT FROM membership WHERE user_id = $1 AND role NOT IN ('owner', 'admin') LIMIT 1",
    [person.userId],
  );
  if (others.length > 0) {
    throw new SlotwireError("E_FORBIDDEN", {
      detail: "Only owners and admins change their e-mail themselves.",
    });
  }
  if (!person.isProven) throw new SlotwireError("E_CONFIRM");
}
