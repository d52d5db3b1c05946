import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { type Account, type AccountDeps, findAccountById } from "./account.ts";
import type { Claim } from "./prove-account.ts";
import type { Author } from "./record-audit.ts";

/** Somebody who is signed in and works on their own account. */
export interface Person {
  readonly userId: string;
  readonly sessionId: string;
  /** Whether they have shown who they are in the last minutes. */
  readonly isProven: boolean;
  /** As the audit log of the organisation that they are in names them. */
  readonly author: Author;
}

/**
 * The person's account, as it is now.
 * @throws SlotwireError E_UNAUTHENTICATED when it may no longer sign in
 */
export async function readAccount(
  { db }: Pick<AccountDeps, "db">,
  person: Person,
): Promise<Account> {
  const account = await db.transaction(system, (tx) => findAccountById(tx, person.userId));
  if (account === null) throw new SlotwireError("E_UNAUTHENTICATED");
  return account;
}

/** What `proveAccount` asks of somebody who is signed in: that it is still them. */
export function ownClaim(person: Person, account: Account): Claim {
  return {
    subject: account.email ?? account.id,
    origin: person.author.origin,
    find: (tx) => findAccountById(tx, person.userId),
  };
}
