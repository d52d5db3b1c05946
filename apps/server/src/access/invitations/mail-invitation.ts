import { system } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import { takeAttempt } from "../attempt-throttle.ts";
import type { MailDeps } from "../mail-deps.ts";
import type { Origin } from "../principal.ts";
import { recordAudit } from "../record-audit.ts";
import type { AccessDeps } from "../session-lifetime.ts";
import { hashSessionToken, newSessionToken } from "../session-token.ts";
import { joiningMail } from "./invitation-mail.ts";
import { invitationOfToken } from "./invitation-of-token.ts";

/** What the mail is made of. */
export interface MailInvitationDeps extends AccessDeps, MailDeps {
  /** Address of the hub, without a trailing slash. */
  readonly publicUrl: string;
}

/**
 * Mails the link that makes an account to the address that is invited, for whoever holds the other
 * link, the one that is shown. A link of an earlier mail is dead. Neither the answer nor the mail
 * depends on whether there is an account.
 * @throws SlotwireError E_MAIL_UNSET when the hub sends no mail
 * @throws SlotwireError E_INVITATION when the link is unknown, used up, revoked or expired
 * @throws SlotwireError E_RATE_LIMITED after five mails in a day
 * @throws SlotwireError E_MAIL when the mail did not go out
 */
export async function mailInvitation(
  deps: MailInvitationDeps,
  token: string,
  origin: Origin,
): Promise<void> {
  const { db, clock, mailer, publicUrl } = deps;
  if (mailer === null) throw new SlotwireError("E_MAIL_UNSET");
  const hash = hashSessionToken(token);
  const found = await db.transaction(system, async (tx) => {
    const invitation = await invitationOfToken(tx, hash, clock.now());
    await takeAttempt(tx, { kind: "invitation_mail", subject: invitation.id }, clock.now());
    return invitation;
  });
  const mailed = newSessionToken();
  await mailer.send(joiningMail(found, `${publicUrl}/invite#token=${mailed.token}`));
  await db.transaction(system, async (tx) => {
    const now = clock.now();
    const { org_id, id, email } = await invitationOfToken(tx, hash, now);
    await tx.query("UPDATE invitation SET mailed_hash = $3 WHERE org_id = $1 AND id = $2", [
      org_id,
      id,
      mailed.hash,
    ]);
    await recordAudit(tx, {
      orgId: org_id,
      at: now,
      actor: { kind: "system", id: null, name: "Somebody who is not signed in" },
      origin,
      action: "invitation.link_mailed",
      entityId: id,
      entityName: email,
    });
  });
}
