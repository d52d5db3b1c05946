import type { ConnectionResource } from "@slotwire/contract";
import type { Queryable } from "../../db/database.ts";

/** A connection without its secrets. */
export interface ConnectionRow {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly status: ConnectionResource["status"];
  readonly origin: ConnectionResource["origin"];
  readonly has_secret: boolean;
  readonly last_message_at: Date | null;
  readonly created_at: Date;
}

/**
 * Reads connections of one organisation, the oldest first.
 * @param id only this one; null for all
 */
export function selectConnections(
  tx: Queryable,
  orgId: string,
  id: string | null,
): Promise<ConnectionRow[]> {
  return tx.query<ConnectionRow>(
    `SELECT c.id, c.kind, c.name, c.status, c.origin, c.created_at,
            c.secret_sealed IS NOT NULL AS has_secret,
            (SELECT m.received_at FROM inbound_message m
              WHERE m.org_id = c.org_id AND m.connection_id = c.id
              ORDER BY m.received_at DESC, m.id DESC LIMIT 1) AS last_message_at
       FROM connection c
      WHERE c.org_id = $1 AND ($2::uuid IS NULL OR c.id = $2)
      ORDER BY c.created_at, c.id`,
    [orgId, id],
  );
}

/**
 * A connection as people see it.
 * @param publicUrl the hub's address, without a trailing slash
 */
export function toConnection(row: ConnectionRow, publicUrl: string): ConnectionResource {
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    status: row.status,
    origin: row.origin,
    webhook_url: `${publicUrl}/api/webhooks/${row.kind}/${row.id}`,
    has_secret: row.has_secret,
    last_message_at: row.last_message_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}
