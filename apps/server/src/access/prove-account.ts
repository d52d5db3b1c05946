import { system, type Transaction } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { sameSecret } from "../same-secret.ts";
import { type Account, accountAuthor, type AccountDeps } from "./account.ts";
import {
  accountAttempt,
  addressAttempt,
  type Attempt,
  forgetAttempts,
  returnAttempts,
  takeAttempts,
} from "./attempt-throttle.ts";
import type { Origin } from "./principal.ts";
import { recordAudit } from "./record-audit.ts";
import { useSecondFactor } from "./second-factor.ts";

/** What somebody shows to be an account's owner. */
export interface Proof {
  readonly password: string;
  /** Of the second factor, when the account has one. */
  readonly code?: string | undefined;
}

/** Whose account is asked for, and from where. */
export interface Claim {
  /** The e-mail that was typed, or of the account that is signed in. */
  readonly subject: string;
  readonly origin: Origin;
  /** Looks the account up once the attempt is counted; null when there is none. */
  readonly find: (tx: Transaction) => Promise<Account | null>;
  /** Whether the audit log of the account's home tells of a refusal; it does unless this is false. */
  readonly isAudited?: boolean;
}

/**
 * Checks that somebody is an account's owner. It takes as long, and answers the same, for an
 * account that is not there, a wrong password and a wrong code.
 * @param then what is done with the account in the transaction that uses up the code
 * @throws SlotwireError E_RATE_LIMITED when there were too many attempts: not even a right one is
 *   let in
 * @throws SlotwireError E_CREDENTIALS when it is wrong
 * @throws SlotwireError E_SECOND_FACTOR when the password is right and the code is missing
 */
export async function proveAccount<Result>(
  deps: AccountDeps,
  { subject, origin, find, isAudited = true }: Claim,
  proof: Proof,
  then: (tx: Transaction, account: Account) => Promise<Result>,
): Promise<Result> {
  const attempts = [addressAttempt(origin.address), accountAttempt(subject)];
  await takeAttempts(deps, attempts);
  const claimed = await deps.db.transaction(system, find);
  const { isRight, isStale } = await deps.passwords
    .verify(proof.password, claimed?.passwordHash ?? null)
    .catch(async (error: unknown) => {
      await giveBack(deps, attempts);
      throw error;
    });
  const refuse = (wrong: "password" | "code"): Promise<SlotwireError> =>
    refusal(deps, isAudited ? claimed : null, origin, wrong);
  if (claimed === null || !isRight) throw await refuse("password");
  const fresh = isStale ? await deps.passwords.hash(proof.password) : null;
  const outcome = await deps.db.transaction(system, async (tx): Promise<Outcome<Result>> => {
    const account = await findAgain(tx, find, claimed);
    if (account === null) return { refused: "password" };
    if (account.totpSealed !== null && proof.code === undefined) {
      // Not forgotten: else asking without a code would reset the count of wrong codes.
      await returnAttempts(tx, attempts, deps.clock.now());
      return { refused: "no code" };
    }
    if (!(await hasSecondFactor(tx, deps, account, origin, proof.code))) return { refused: "code" };
    await returnAttempts(tx, [addressAttempt(origin.address)], deps.clock.now());
    await forgetAttempts(tx, accountAttempt(subject));
    if (fresh !== null) await replaceHash(tx, account, fresh);
    return { refused: null, result: await then(tx, account) };
  });
  if (outcome.refused === null) return outcome.result;
  if (outcome.refused === "no code") throw new SlotwireError("E_SECOND_FACTOR");
  throw await refuse(outcome.refused);
}

/** How it ended; the count of attempts stays in any case. */
type Outcome<Result> =
  | { readonly refused: null; readonly result: Result }
  | { readonly refused: "password" | "code" | "no code" };

/**
 * The account as it is behind a lock. Checking takes long: a password that was replaced meanwhile
 * opens nothing any more, nor does an account that is nobody's; a second factor counts from its
 * first moment on.
 */
async function findAgain(
  tx: Transaction,
  find: Claim["find"],
  claimed: Account,
): Promise<Account | null> {
  await tx.query("SELECT FROM app_user WHERE id = $1 FOR NO KEY UPDATE", [claimed.id]);
  const account = await find(tx);
  if (account === null || account.id !== claimed.id) return null;
  return isSameHash(account.passwordHash, claimed.passwordHash) ? account : null;
}

function isSameHash(one: string | null, other: string | null): boolean {
  return one !== null && other !== null && sameSecret(one, other);
}

async function hasSecondFactor(
  tx: Transaction,
  deps: AccountDeps,
  account: Account,
  origin: Origin,
  code: string | undefined,
): Promise<boolean> {
  if (account.totpSealed === null) return true;
  const factor = await useSecondFactor(tx, deps, account, code ?? "");
  if (factor === "recovery_code") {
    await recordAudit(tx, {
      ...accountAuthor(account, origin),
      at: deps.clock.now(),
      action: "account.recovery_code_used",
      entityId: account.id,
      entityName: account.name,
    });
  }
  return factor !== null;
}

/** The cost of hashing has changed since the password was set. */
async function replaceHash(tx: Transaction, account: Account, fresh: string): Promise<void> {
  await tx.query("UPDATE app_user SET password_hash = $3 WHERE id = $1 AND password_hash = $2", [
    account.id,
    account.passwordHash,
    fresh,
  ]);
}

function giveBack(deps: AccountDeps, attempts: readonly Attempt[]): Promise<void> {
  return deps.db.transaction(system, (tx) => returnAttempts(tx, attempts, deps.clock.now()));
}

/** Tells the audit log of the account's organisation, when there is an account. */
async function refusal(
  { db, clock }: AccountDeps,
  account: Account | null,
  origin: Origin,
  wrong: "password" | "code",
): Promise<SlotwireError> {
  if (account !== null) {
    await db.transaction(system, (tx) =>
      recordAudit(tx, {
        ...accountAuthor(account, origin),
        at: clock.now(),
        action: "session.refused",
        entityId: null,
        entityName: account.name,
        new: { wrong },
      }),
    );
  }
  return new SlotwireError("E_CREDENTIALS");
}
