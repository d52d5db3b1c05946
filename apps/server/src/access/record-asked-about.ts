import { system } from "../db/database.ts";
import { findAccountByEmail } from "./account.ts";
import { type Author, recordAudit } from "./record-audit.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/**
 * Tells the organisation that an account is at home in that somebody has learned of it: there was
 * no way not to say so. Of another organisation nobody is named, only where the question came from.
 * @param email whose account it is; nothing is told when it belongs nowhere
 * @param asker in the organisation for which was asked
 * @param by what was wanted
 */
export async function recordAskedAbout(
  { db, clock }: AccessDeps,
  email: string,
  asker: Author,
  by: "invitation" | "email_change",
): Promise<void> {
  await db.transaction(system, async (tx) => {
    const account = await findAccountByEmail(tx, email);
    if (account === null) return;
    const isTheirs = account.homeOrgId === asker.orgId;
    await recordAudit(tx, {
      orgId: account.homeOrgId,
      at: clock.now(),
      actor: isTheirs ? asker.actor : { kind: "system", id: null, name: "Somebody on this hub" },
      origin: asker.origin,
      action: "account.asked_about",
      entityId: account.id,
      entityName: account.name,
      new: { by },
    });
  });
}
