import { type Database, type Statement, tenant } from "../db/database.ts";

const positionStatement: Statement = {
  name: "ledger_position",
  text: "SELECT seq FROM org_counter WHERE org_id = $1",
};

/**
 * How far the organisation's log reaches. What is read after this call has all of it in it, as events
 * are committed in the order of their `seq`: read it first, and what follows it in the log is all that
 * the rest may lack.
 */
export async function readLogPosition(db: Database, orgId: string): Promise<number> {
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<{ seq: number }>(positionStatement, [orgId]),
  );
  return rows[0]?.seq ?? 0;
}
