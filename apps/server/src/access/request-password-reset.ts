import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { accountAuthor, findAccountByEmail } from "./account.ts";
import { takeAttempts } from "./attempt-throttle.ts";
import { createSignInLink } from "./create-sign-in-link.ts";
import type { MailDeps } from "./mail-deps.ts";
import { oneLine } from "./one-line.ts";
import type { Origin } from "./principal.ts";
import { recordAudit } from "./record-audit.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/** What the mail is made of. */
export interface ResetDeps extends AccessDeps, MailDeps {
  /** Address of the hub, without a trailing slash. */
  readonly publicUrl: string;
}

/**
 * Mails a link to choose a new password, if there is an account of this e-mail. Nothing that a
 * caller could tell apart says whether there is one: the answer must not wait for this.
 * @throws SlotwireError E_RATE_LIMITED when too many mails were asked for; E_MAIL; none of them
 *   is for the asker
 */
export async function requestPasswordReset(
  deps: ResetDeps,
  email: string,
  origin: Origin,
): Promise<void> {
  const { db, clock, mailer, publicUrl } = deps;
  if (mailer === null) throw new SlotwireError("E_MAIL_UNSET");
  await takeAttempts(deps, [{ kind: "reset", subject: email }]);
  const account = await db.transaction(system, (tx) => findAccountByEmail(tx, email));
  if (account === null || account.email === null) return;
  const { token } = await createSignInLink(
    deps,
    { userId: account.id, orgId: account.homeOrgId },
    "password_reset",
    account.email,
  );
  await mailer.send({
    to: account.email,
    subject: "Choose a new password",
    text: resetText(account.name, `${publicUrl}/reset#token=${token}`, publicUrl),
  });
  await db.transaction(system, (tx) =>
    recordAudit(tx, {
      ...accountAuthor(account, origin),
      // Whoever asked has shown nothing yet.
      actor: { kind: "system", id: null, name: "Somebody who is not signed in" },
      at: clock.now(),
      action: "account.password_reset_requested",
      entityId: account.id,
      entityName: account.name,
    }),
  );
}

function resetText(name: string, link: string, publicUrl: string): string {
  return [
    `Hello ${oneLine(name)},`,
    "",
    `somebody asked for a new password for your account at ${publicUrl}.`,
    "If it was you, choose one here within one hour:",
    "",
    link,
    "",
    "If it was not you, there is nothing to do: your password stays as it is.",
    "",
  ].join("\n");
}
