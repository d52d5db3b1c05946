import type { OrganisationSettings } from "@slotwire/contract";
import { type Database, type Queryable, tenant } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";

/** Reads the settings of the organisation of the transaction. */
export async function selectOrganisation(
  tx: Queryable,
  orgId: string,
): Promise<OrganisationSettings> {
  const [row] = await tx.query<OrganisationSettings>(
    "SELECT id, slug, name, time_zone, raw_message_days FROM organisation WHERE id = $1",
    [orgId],
  );
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return row;
}

/** An organisation's settings. */
export function readOrganisation(
  { db }: { readonly db: Database },
  orgId: string,
): Promise<OrganisationSettings> {
  return db.transaction(tenant(orgId), (tx) => selectOrganisation(tx, orgId));
}
