import type { UnlinkedCount } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import type { View } from "../domain/views/view.ts";
import { unlinkedConditions, type UnlinkedDeps } from "./unlinked-bookings.ts";

/** More than anybody reads on a badge. */
const MOST = 99;

/** How many bookings of the view are unlinked, up to a number beyond which nobody counts. */
export async function countUnlinked(
  { db, clock }: UnlinkedDeps,
  view: View,
): Promise<UnlinkedCount> {
  const values: unknown[] = [view.orgId];
  const conditions = unlinkedConditions(view, clock.now(), (value) => `$${values.push(value)}`);
  const [row] = await db.transaction(tenant(view.orgId, view.own), (tx) =>
    tx.query<{ count: number }>(
      `SELECT count(*) AS count FROM (
         SELECT FROM booking b WHERE ${conditions.join(" AND ")} LIMIT ${MOST + 1}) unlinked`,
      values,
    ),
  );
  const count = row?.count ?? 0;
  return { count: Math.min(count, MOST), at_least: count > MOST };
}
