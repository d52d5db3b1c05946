import type { Queryable } from "../db/database.ts";
import type { AlertRow } from "../domain/describe-alert.ts";
import { SlotwireError } from "../errors.ts";

/** Alerts with the names of their connections and destinations, in SQL over the alias `a`. */
export const selectAlerts = `
  SELECT a.id, a.kind, a.severity, a.connection_id, c.name AS connection_name,
         a.destination_id, d.name AS destination_name, a.params,
         a.opened_at, a.last_seen_at, a.count, a.acknowledged_by, a.acknowledged_at,
         a.resolved_by, a.resolved_at
    FROM alert a LEFT JOIN connection c ON c.org_id = a.org_id AND c.id = a.connection_id
    LEFT JOIN destination d ON d.org_id = a.org_id AND d.id = a.destination_id`;

/** Reads one alert. @throws SlotwireError E_NOT_FOUND */
export async function selectAlert(tx: Queryable, orgId: string, id: string): Promise<AlertRow> {
  const [row] = await tx.query<AlertRow>(`${selectAlerts} WHERE a.org_id = $1 AND a.id = $2`, [
    orgId,
    id,
  ]);
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return row;
}
