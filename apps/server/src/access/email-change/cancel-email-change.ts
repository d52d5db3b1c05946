import { system } from "../../db/database.ts";
import { type Person, readAccount } from "../person.ts";
import { recordAudit } from "../record-audit.ts";
import type { AccessDeps } from "../session-lifetime.ts";
import { dropPendingEmail } from "./pending-email.ts";

/** Takes a change of the e-mail back that is not confirmed yet. Does nothing when there is none. */
export async function cancelEmailChange({ db, clock }: AccessDeps, person: Person): Promise<void> {
  const { name } = await readAccount({ db }, person);
  await db.transaction(system, async (tx) => {
    const email = await dropPendingEmail(tx, person.userId);
    if (email === null) return;
    await recordAudit(tx, {
      ...person.author,
      at: clock.now(),
      action: "account.email_change_cancelled",
      entityId: person.userId,
      entityName: name,
      old: { email },
    });
  });
}
