import type { OrganisationSettings, UpdateOrganisation } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import { type Database, system } from "../db/database.ts";
import { selectOrganisation } from "./read-organisation.ts";
import { type Author, recordAudit } from "./record-audit.ts";

/** Changes an organisation's settings. What is absent stays. */
export async function updateOrganisation(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  by: Author,
  { raw_message_days: days }: UpdateOrganisation,
): Promise<OrganisationSettings> {
  // An organisation's own scope reads its row, and changes nothing of it.
  return db.transaction(system, async (tx) => {
    await tx.query("SELECT FROM organisation WHERE id = $1 FOR UPDATE", [by.orgId]);
    const before = await selectOrganisation(tx, by.orgId);
    if (days === undefined || days === before.raw_message_days) return before;
    await tx.query("UPDATE organisation SET raw_message_days = $2 WHERE id = $1", [by.orgId, days]);
    const after = await selectOrganisation(tx, by.orgId);
    await recordAudit(tx, {
      ...by,
      at: clock.now(),
      action: "organisation.changed",
      entityId: by.orgId,
      entityName: after.name,
      old: { raw_message_days: before.raw_message_days },
      new: { raw_message_days: days },
    });
    return after;
  });
}
