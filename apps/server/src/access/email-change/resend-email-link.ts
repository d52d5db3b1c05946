import { system } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import { takeAttempt } from "../attempt-throttle.ts";
import { type Person, readAccount } from "../person.ts";
import { recordAudit } from "../record-audit.ts";
import { type EmailMailDeps, mailEmailLink } from "./mail-email-link.ts";
import { readPendingEmail, storePendingEmail } from "./pending-email.ts";
import { requireEmailRights, requireSession } from "./require-email-rights.ts";

/**
 * Mails another link to the pending e-mail, for another 24 hours; the one before is dead.
 * @throws SlotwireError E_MAIL_UNSET when the hub sends no mail
 * @throws SlotwireError E_NOT_FOUND when no e-mail is pending
 * @throws SlotwireError E_RATE_LIMITED after five mails in a day
 * @throws SlotwireError E_FORBIDDEN, E_UNAUTHENTICATED when the person may not change it any more
 * @throws SlotwireError E_MAIL when the mail did not go out; the e-mail stays pending
 */
export async function resendEmailLink(deps: EmailMailDeps, person: Person): Promise<void> {
  const { db, clock, mailer } = deps;
  if (mailer === null) throw new SlotwireError("E_MAIL_UNSET");
  const { userId, author } = person;
  const { name } = await readAccount(deps, person);
  const now = clock.now();
  const link = await db.transaction(system, async (tx) => {
    await requireSession(tx, person);
    await requireEmailRights(tx, person);
    const pending = await readPendingEmail(tx, userId, now);
    if (pending === null) throw new SlotwireError("E_NOT_FOUND", { detail: "None is pending." });
    await takeAttempt(tx, { kind: "email_change", subject: userId }, now);
    const { email } = pending;
    const token = await storePendingEmail(tx, { userId, orgId: author.orgId, email, now });
    await recordAudit(tx, {
      ...author,
      at: now,
      action: "account.email_change_requested",
      entityId: userId,
      entityName: name,
      new: { email },
    });
    return { userId, name, email, token };
  });
  await mailEmailLink(deps, link);
}
