import { system, type Transaction } from "../db/database.ts";
import { sqlStateOf, UNIQUE_VIOLATION } from "../db/sql-state.ts";
import { SlotwireError } from "../errors.ts";
import type { Account, AccountDeps } from "./account.ts";
import { type Attempt, returnAttempts, takeAttempts } from "./attempt-throttle.ts";
import {
  type EmailLink,
  type EmailMailDeps,
  mailEmailLink,
} from "./email-change/mail-email-link.ts";
import { dropPendingEmail, storePendingEmail } from "./email-change/pending-email.ts";
import {
  refuseEmailAsPassword,
  requireEmailRights,
  requireSession,
} from "./email-change/require-email-rights.ts";
import { storeEmail } from "./email-change/store-email.ts";
import { type Person, readAccount } from "./person.ts";
import { recordAskedAbout } from "./record-asked-about.ts";
import { recordAudit } from "./record-audit.ts";

/** What a person may change of their account. */
export interface AccountChange {
  readonly name?: string | undefined;
  /** In lower case. */
  readonly email?: string | undefined;
}

/** What became of the e-mail. */
export interface UpdatedAccount {
  /** The one that they had, if they have another one now. */
  readonly formerEmail: string | null;
  /** The one that counts until the link to another is opened, if one was mailed now. */
  readonly presentEmail: string | null;
}

/** What the verb works on. */
export type UpdateAccountDeps = Pick<AccountDeps, "passwords"> & EmailMailDeps;

/**
 * Changes the person's name or e-mail.
 *
 * The e-mail is changed soon after showing who they are, by whom `requireEmailRights` lets. Where
 * the hub sends mail it only becomes pending: the old one counts until the link in the mail is
 * opened, and nothing in the answer tells whether somebody has the new one. Without mail, and for
 * the first owner, who has none yet, it counts at once.
 * @throws SlotwireError E_FORBIDDEN, E_CONFIRM as said above
 * @throws SlotwireError E_VALIDATION when the e-mail is the account's password
 * @throws SlotwireError E_ACCOUNT_EMAIL when it would count at once, and another account has it
 * @throws SlotwireError E_RATE_LIMITED after five tries in a day
 * @throws SlotwireError E_MAIL when the mail did not go out: then no e-mail is pending
 */
export async function updateAccount(
  deps: UpdateAccountDeps,
  person: Person,
  change: AccountChange,
): Promise<UpdatedAccount> {
  const account = await readAccount(deps, person);
  const name = change.name === account.name ? undefined : change.name;
  const email = change.email === account.email ? undefined : change.email;
  if (email === undefined) {
    if (name !== undefined) await write(deps, person, account, { name });
    return { formerEmail: null, presentEmail: null };
  }
  await deps.db.transaction(system, (tx) => requireEmailChange(tx, person));
  await refuseEmailAsPassword(deps, account, email);
  if (deps.mailer === null || account.email === null) {
    return changeAtOnce(deps, person, account, { name, email });
  }
  await takeAttempts(deps, [{ kind: "email_change", subject: person.userId }]);
  const token = await askForProof(deps, person, account, { name, email });
  await mailOrForget(deps, { userId: person.userId, name: name ?? account.name, email, token });
  return { formerEmail: null, presentEmail: account.email };
}

async function requireEmailChange(tx: Transaction, person: Person): Promise<void> {
  await requireEmailRights(tx, person);
  if (!person.isProven) throw new SlotwireError("E_CONFIRM");
}

/** @returns the token of the link to be mailed */
async function askForProof(
  deps: UpdateAccountDeps,
  person: Person,
  account: Account,
  { name, email }: { readonly name: string | undefined; readonly email: string },
): Promise<string> {
  const now = deps.clock.now();
  const { userId, author } = person;
  return deps.db.transaction(system, async (tx) => {
    await requireSession(tx, person);
    await requireEmailChange(tx, person);
    if (name !== undefined) await writeIn(tx, deps, person, account, { name });
    const token = await storePendingEmail(tx, { userId, orgId: author.orgId, email, now });
    await recordAudit(tx, {
      ...author,
      at: now,
      action: "account.email_change_requested",
      entityId: userId,
      entityName: name ?? account.name,
      new: { email },
    });
    return token;
  });
}

async function mailOrForget(deps: UpdateAccountDeps, link: EmailLink): Promise<void> {
  try {
    await mailEmailLink(deps, link);
  } catch (error) {
    await deps.db.transaction(system, (tx) => dropPendingEmail(tx, link.userId));
    throw error;
  }
}

/**
 * The new e-mail is anybody's claim. Only the first owner, whom the hub's operator let in without
 * one, is taken at their word.
 */
async function changeAtOnce(
  deps: UpdateAccountDeps,
  person: Person,
  account: Account,
  values: { readonly name: string | undefined; readonly email: string },
): Promise<UpdatedAccount> {
  // The answer tells whether somebody has an account of that address.
  const taken: Attempt = { kind: "taken", subject: person.author.orgId };
  await takeAttempts(deps, [{ kind: "email_change", subject: person.userId }, taken]);
  try {
    await write(deps, person, account, values, [taken]);
  } catch (error) {
    if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error;
    await recordAskedAbout(deps, values.email, person.author, "email_change");
    throw new SlotwireError("E_ACCOUNT_EMAIL", { cause: error });
  }
  return { formerEmail: account.email, presentEmail: null };
}

async function write(
  deps: UpdateAccountDeps,
  person: Person,
  account: Account,
  values: Values,
  returned: readonly Attempt[] = [],
): Promise<void> {
  await deps.db.transaction(system, async (tx) => {
    await requireSession(tx, person);
    if (values.email !== undefined) await requireEmailChange(tx, person);
    await writeIn(tx, deps, person, account, values);
    await returnAttempts(tx, returned, deps.clock.now());
  });
}

interface Values {
  readonly name?: string | undefined;
  /** Counts at once. */
  readonly email?: string;
}

async function writeIn(
  tx: Transaction,
  { clock }: UpdateAccountDeps,
  { userId, author }: Person,
  account: Account,
  { name, email }: Values,
): Promise<void> {
  const now = clock.now();
  const old = { name: account.name, email: account.email };
  const fresh = { name: name ?? old.name, email: email ?? old.email };
  await tx.query("UPDATE app_user SET name = $2 WHERE id = $1", [userId, fresh.name]);
  if (email !== undefined) {
    await storeEmail(tx, userId, { email, verifiedAt: old.email === null ? now : null });
  }
  await recordAudit(tx, {
    ...author,
    at: now,
    action: "account.updated",
    entityId: userId,
    entityName: fresh.name,
    old,
    new: fresh,
  });
}
