import { hubAuthor } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { auditDestination } from "./audit-destination.ts";
import { cancelOpenDeliveries } from "./cancel-open-deliveries.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { selectDestination } from "./destination-row.ts";

/**
 * Disables a destination that is gone for good, until a person resumes it. Its open deliveries
 * are cancelled, and those of what happens meanwhile are skipped.
 * @param reason for people, in one sentence
 * @param failingSince disables it only if no attempt has succeeded since, UTC
 */
export async function disableDestination(
  { db, clock }: Pick<DestinationDeps, "db" | "clock">,
  orgId: string,
  id: string,
  reason: string,
  failingSince?: Date,
): Promise<void> {
  await db.transaction(tenant(orgId), async (tx) => {
    const row = await selectDestination(tx, id).forUpdate().executeTakeFirst();
    if (row === undefined || row.status === "disabled") return;
    if (failingSince !== undefined && row.failing_since?.getTime() !== failingSince.getTime())
      return;
    const disabled_at = clock.now();
    const disabled = { status: "disabled", disabled_reason: reason, disabled_at } as const;
    await tx.kysely.updateTable("destination").set(disabled).where("id", "=", id).execute();
    await cancelOpenDeliveries(tx, id, "destination_disabled");
    const rows = { old: row, fresh: { ...row, ...disabled } };
    await auditDestination(tx, hubAuthor(orgId), clock.now(), "disabled", rows);
  });
}
