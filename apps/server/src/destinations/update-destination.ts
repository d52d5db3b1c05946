import type { DestinationResource, UpdateDestination } from "@slotwire/contract";
import type { Author } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { auditDestination } from "./audit-destination.ts";
import { checkAddress } from "./check-address.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { changedColumns, keyColumns } from "./destination-columns.ts";
import { type DestinationRow, found, selectDestination, toDestination } from "./destination-row.ts";
import { nameIsFree } from "./name-is-free.ts";
import { refuseAlertsOnly } from "./refuse-alerts-only.ts";
import { refuseBatches } from "./refuse-batches.ts";
import { refuseRevealing } from "./refuse-revealing.ts";
import { refuseUnknownConnections } from "./refuse-unknown-connections.ts";
import { refuseUnknownMode } from "./refuse-unknown-mode.ts";

/**
 * Changes a destination. Deliveries that are still open go out by the new settings.
 * @param mayReveal whether the author is shown customers' contact data, and may send it on
 * @throws SlotwireError E_NOT_FOUND
 * @throws SlotwireError E_VALIDATION when nothing is to be changed, or its profile does not know the mode, batches or alerts
 * @throws SlotwireError E_DESTINATION_ADDRESS, E_DESTINATION_NAME, E_FORBIDDEN as at its creation
 */
export async function updateDestination(
  { db, clock, secretBox, policy, resolve }: DestinationDeps,
  by: Author,
  id: string,
  input: UpdateDestination,
  mayReveal = true,
): Promise<DestinationResource> {
  const { key, ...settings } = input;
  const changes = changedColumns(settings);
  if (Object.keys(changes).length === 0 && key === undefined) {
    throw new SlotwireError("E_VALIDATION", {
      errors: [{ path: "body", message: "Name at least one field to change." }],
    });
  }
  const newKey = (row: DestinationRow, value: string | null) =>
    keyColumns(secretBox, row.profile as DestinationResource["profile"], value);
  if (input.url !== undefined) await checkAddress(input.url, policy, resolve);
  const row = await nameIsFree(input.name, () =>
    db.transaction(tenant(by.orgId), async (tx) => {
      const old = found(await selectDestination(tx, id).forNoKeyUpdate().executeTakeFirst());
      await refuseUnknownConnections(tx, input.filter);
      const fresh = await tx.kysely
        .updateTable("destination")
        .set({ ...changes, ...(key === undefined ? {} : newKey(old, key)) })
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow();
      if (input.payload_mode !== undefined) refuseUnknownMode(fresh);
      if (input.batch_size !== undefined) refuseBatches(fresh);
      if (input.event_types !== undefined) refuseAlertsOnly(fresh);
      if (!mayReveal) refuseRevealing(old, fresh);
      if (Object.keys(changes).length > 0) {
        await auditDestination(tx, by, clock.now(), "changed", { old, fresh });
      }
      if (key !== undefined) {
        await auditDestination(tx, by, clock.now(), "key_changed", { old: fresh, fresh });
      }
      return fresh;
    }),
  );
  return toDestination(row);
}
