import { system, type Transaction } from "../db/database.ts";
import { sqlStateOf } from "../db/sql-state.ts";
import { SlotwireError } from "../errors.ts";
import type { AccountDeps } from "./account.ts";
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

/**
 * Changes the person's name or e-mail.
 *
 * The e-mail says whose bookings a staff member sees, and whom a sign-in provider speaks of. So
 * only who may give members any such address anyway, in all of their organisations, may change
 * their own, and only soon after showing who they are.
 * @throws SlotwireError E_FORBIDDEN, E_CONFIRM as said above
 * @throws SlotwireError E_ACCOUNT_EMAIL when another account has that e-mail
 */
export async function updateAccount(
  { db, clock }: Pick<AccountDeps, "db" | "clock">,
  person: Person,
  { name, email }: AccountChange,
): Promise<void> {
  const account = await readAccount({ db }, person);
  const old = { name: account.name, email: account.email };
  const fresh = { name: name ?? old.name, email: email ?? old.email };
  if (fresh.name === old.name && fresh.email === old.email) return;
  await db
    .transaction(system, async (tx) => {
      if (fresh.email !== old.email) await refuseEmailChange(tx, person);
      await tx.query("UPDATE app_user SET name = $2, email = $3 WHERE id = $1", [
        person.userId,
        fresh.name,
        fresh.email,
      ]);
      await recordAudit(tx, {
        ...person.author,
        at: clock.now(),
        action: "account.updated",
        entityId: person.userId,
        entityName: fresh.name,
        old,
        new: fresh,
      });
    })
    .catch((error: unknown) => {
      throw sqlStateOf(error) === UNIQUE_VIOLATION
        ? new SlotwireError("E_ACCOUNT_EMAIL", { cause: error })
        : error;
    });
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
