import type { Clock } from "../clock.ts";
import { type Database, system } from "../db/database.ts";
import type { MailDeps } from "./mail-deps.ts";
import { oneLine } from "./one-line.ts";

/** What has become different about how somebody signs in. */
export type SecurityChange =
  | "password_changed"
  | "password_reset"
  | "second_factor_enabled"
  | "second_factor_disabled"
  | "email_change_requested"
  | "email_changed"
  | "identity_linked";

/** Whose account it is, and what happened to it. */
export interface SecurityNotice {
  readonly userId: string;
  readonly change: SecurityChange;
  /** Who is told; unless it is given, the account's own address. */
  readonly to?: string;
}

/** What the mail is made of. */
export interface NoticeDeps extends MailDeps {
  readonly db: Database;
  readonly clock: Clock;
  /** Address of the hub, without a trailing slash. */
  readonly publicUrl: string;
}

const texts: Readonly<Record<SecurityChange, { subject: string; happened: string }>> = {
  password_changed: {
    subject: "Your password was set",
    happened: "A password was set for your account. All other sessions have ended.",
  },
  password_reset: {
    subject: "Your password was set by a mailed link",
    happened: "A password was set for your account by a mailed link. All sessions have ended.",
  },
  second_factor_enabled: {
    subject: "An authenticator app was added to your account",
    happened: "Signing in to your account now takes a code of an authenticator app as well.",
  },
  second_factor_disabled: {
    subject: "The authenticator app was taken off your account",
    happened: "Signing in to your account takes no code of an authenticator app any more.",
  },
  email_change_requested: {
    subject: "Your account is to have another e-mail address",
    happened:
      "Somebody who is signed in to your account asked for another e-mail address. This one counts until a link that was mailed to the other is opened. Your account shows it, and takes it back.",
  },
  email_changed: {
    subject: "Your account has another e-mail address",
    happened: "Your account has another e-mail address now. This one signs nobody in any more.",
  },
  identity_linked: {
    subject: "Your account was linked to single sign-on",
    happened:
      "Somebody signed in to your account by single sign-on for the first time. Its password, authenticator app and sessions have ended.",
  },
};

/**
 * Mails somebody what changed about how they sign in, so that they hear of what they did not do.
 * Nothing happens when the hub sends no mail, or the account has no address.
 * @throws SlotwireError E_MAIL: what was done stays done, so nobody but the log is told
 */
export async function sendSecurityNotice(
  { db, clock, mailer, publicUrl }: NoticeDeps,
  { userId, change, to }: SecurityNotice,
): Promise<void> {
  if (mailer === null) return;
  const at = clock.now();
  const [account] = await db.transaction(system, (tx) =>
    tx.query<{ name: string; email: string | null }>(
      "SELECT name, email FROM app_user WHERE id = $1",
      [userId],
    ),
  );
  const receiver = to ?? account?.email ?? null;
  if (account === undefined || receiver === null) return;
  const { subject, happened } = texts[change];
  await mailer.send({
    to: receiver,
    subject,
    text: [
      `Hello ${oneLine(account.name)},`,
      "",
      happened,
      "",
      `Hub: ${publicUrl}`,
      `When: ${at.toISOString().slice(0, 16).replace("T", " ")} (UTC)`,
      "",
      "If it was you, there is nothing to do. If it was not, tell an owner of your organisation,",
      "or whoever runs the hub, at once.",
      "",
    ].join("\n"),
  });
}
