import type { StreamGap } from "@slotwire/contract";
import { type Database, type Statement, system, tenant } from "../db/database.ts";
import type { View } from "../domain/views/view.ts";

const newestStatement: Statement = {
  name: "live_newest",
  text: "SELECT org_id, seq FROM org_counter WHERE org_id = ANY ($1::uuid[])",
};

/** The highest seq of each organisation's log. */
export async function newestPositions(
  db: Database,
  orgIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.transaction(system, (tx) =>
    tx.query<{ org_id: string; seq: number }>(newestStatement, [orgIds]),
  );
  return new Map(rows.map((row) => [row.org_id, row.seq]));
}

/** How far the organisation's log reaches, both ways. */
export async function logBounds(db: Database, orgId: string): Promise<StreamGap> {
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<StreamGap>(
      `SELECT coalesce((SELECT min(seq) FROM booking_event), c.seq) AS oldest, c.seq AS newest
         FROM org_counter c`,
    ),
  );
  return rows[0] ?? { oldest: 0, newest: 0 };
}

/** Those of these bookings that are in the view. */
export async function bookingsInView(
  db: Database,
  { orgId, own }: View,
  bookingIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (bookingIds.length === 0) return new Set();
  const rows = await db.transaction(tenant(orgId, own), (tx) =>
    tx.query<{ id: string }>("SELECT id FROM booking WHERE org_id = $1 AND id = ANY ($2::uuid[])", [
      orgId,
      bookingIds,
    ]),
  );
  return new Set(rows.map(({ id }) => id));
}
