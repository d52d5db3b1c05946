import { system } from "../../db/database.ts";
import type { MailDeps } from "../mail-deps.ts";
import { oneLine } from "../one-line.ts";
import type { AccessDeps } from "../session-lifetime.ts";

/** What the mail is made of. */
export interface EmailMailDeps extends AccessDeps, MailDeps {
  /** Address of the hub, without a trailing slash. */
  readonly publicUrl: string;
}

/** A pending e-mail, and the token of the link that makes it the account's. */
export interface EmailLink {
  readonly userId: string;
  /** What the person is called. */
  readonly name: string;
  readonly email: string;
  readonly token: string;
}

/**
 * Mails the link to the new e-mail. Is it the e-mail of another account, its owner is told instead,
 * and the asker never learns: either way one mail goes to the same address.
 * @throws SlotwireError E_MAIL
 */
export async function mailEmailLink(
  { db, mailer, publicUrl }: EmailMailDeps,
  { userId, name, email, token }: EmailLink,
): Promise<void> {
  if (mailer === null) return;
  const taken = await db.transaction(system, (tx) =>
    tx.query("SELECT FROM app_user WHERE lower(email) = $1 AND id <> $2", [email, userId]),
  );
  const isTaken = taken.length > 0;
  await mailer.send({
    to: email,
    subject: isTaken ? "Somebody wanted your e-mail for an account" : "Confirm your new e-mail",
    text: (isTaken
      ? takenText(publicUrl)
      : linkText(name, `${publicUrl}/confirm-email#token=${token}`, publicUrl)
    ).join("\n"),
  });
}

const linkText = (name: string, link: string, publicUrl: string): string[] => [
  `Hello ${oneLine(name)},`,
  "",
  `this is to be the e-mail of your account at ${publicUrl}.`,
  "Open this link within 24 hours, in a browser in which you are signed in:",
  "",
  link,
  "",
  "Until then you sign in with your present e-mail. If you did not ask for it, ignore this mail:",
  "nothing changes.",
  "",
];

const takenText = (publicUrl: string): string[] => [
  "Hello,",
  "",
  `somebody asked to make this the e-mail of their account at ${publicUrl}.`,
  "It is the e-mail of an account already: yours. Nothing was changed, and they were not told.",
  "",
  "If it was you, sign in with this e-mail. If it was not, there is nothing to do.",
  "",
];
