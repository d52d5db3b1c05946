import type { DestinationFilter } from "@slotwire/contract";
import type { Transaction } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";

/**
 * Keeps a filter from naming connections that the transaction's organisation does not have: it
 * would hold back everything, and nobody would see why.
 * @throws SlotwireError E_VALIDATION
 */
export async function refuseUnknownConnections(
  tx: Transaction,
  filter: DestinationFilter | null | undefined,
): Promise<void> {
  const ids = filter?.connection_ids;
  if (ids === undefined) return;
  const [row] = await tx.query<{ is_known: boolean }>(
    `SELECT count(*) = (SELECT count(DISTINCT id) FROM unnest($1::uuid[]) id) AS is_known
       FROM connection WHERE id = ANY ($1)`,
    [ids],
  );
  if (row?.is_known === true) return;
  const message = "Names a connection that there is not.";
  throw new SlotwireError("E_VALIDATION", {
    errors: [{ path: "body.filter.connection_ids", message }],
  });
}
