import type { AuditActorResource } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";

/** More than this are not listed. */
const MOST = 1000;

/**
 * Lists who has done something in the organisation, also those who have left it since and keys that
 * were revoked, by name. The hub itself is not among them, for it has no id.
 *
 * It steps through the index from actor to actor, so that it costs as much as there are actors and
 * not lines.
 */
export async function listAuditActors(
  { db }: { readonly db: Database },
  orgId: string,
): Promise<AuditActorResource[]> {
  const { text, values } = auditActorsStatement(orgId);
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<Omit<AuditActorResource, "last_at"> & { readonly last_at: Date }>(text, values),
  );
  return rows.map((row) => ({ ...row, last_at: row.last_at.toISOString() }));
}

/** The query for all of them. */
export function auditActorsStatement(orgId: string): { text: string; values: unknown[] } {
  const text = `WITH RECURSIVE actor (id) AS (
    (SELECT actor_id FROM audit_log
      WHERE org_id = $1 AND actor_id IS NOT NULL ORDER BY actor_id LIMIT 1)
    UNION ALL
    SELECT next.actor_id
      FROM actor
     CROSS JOIN LATERAL (
       SELECT l.actor_id FROM audit_log l
        WHERE l.org_id = $1 AND l.actor_id > actor.id ORDER BY l.actor_id LIMIT 1) next
  )
  SELECT latest.*
    FROM (SELECT id FROM actor LIMIT ${MOST}) known
   CROSS JOIN LATERAL (
     SELECT l.actor_kind AS kind, l.actor_id AS id, l.actor_name AS name, l.at AS last_at
       FROM audit_log l
      WHERE l.org_id = $1 AND l.actor_id = known.id
      ORDER BY l.at DESC, l.id DESC
      LIMIT 1) latest
   ORDER BY lower(latest.name), latest.id`;
  return { text, values: [orgId] };
}
