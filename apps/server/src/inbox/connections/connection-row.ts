import type { AuthMode, ConnectionResource } from "@slotwire/contract";
import type { Queryable } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import type { ConnectionDeps } from "./connection-deps.ts";

/** A connection without its secrets. */
export interface ConnectionRow {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly status: ConnectionResource["status"];
  readonly origin: ConnectionResource["origin"];
  readonly auth_modes: AuthMode[];
  readonly has_secret: boolean;
  readonly has_url_token: boolean;
  readonly allowed_ranges: string[] | null;
  readonly messages_per_minute: number;
  readonly settings: Record<string, unknown>;
  /** Of the mapping in its settings; 0 before the first one. */
  readonly mapping_version: number;
  readonly api_url: string | null;
  readonly has_api_key: boolean;
  readonly first_message_at: Date | null;
  readonly last_message_at: Date | null;
  readonly last_refused_at: Date | null;
  readonly last_refusal: string | null;
  readonly created_at: Date;
}

/**
 * Reads the connections of one organisation that have not been removed, the oldest first.
 * @param id only this one; null for all
 */
export function selectConnections(
  tx: Queryable,
  orgId: string,
  id: string | null,
): Promise<ConnectionRow[]> {
  return tx.query<ConnectionRow>(
    `SELECT c.id, c.kind, c.name, c.status, c.origin, c.auth_modes, c.allowed_ranges,
            c.messages_per_minute, c.settings, c.api_url,
            (SELECT coalesce(max(v.version), 0) FROM connection_mapping v
              WHERE v.org_id = c.org_id AND v.connection_id = c.id) AS mapping_version,
            c.api_key_sealed IS NOT NULL AS has_api_key, c.last_refused_at, c.last_refusal, c.created_at,
            c.secret_sealed IS NOT NULL AS has_secret,
            c.url_token_hash IS NOT NULL AS has_url_token,
            (SELECT m.received_at FROM inbound_message m
              WHERE m.org_id = c.org_id AND m.connection_id = c.id
              ORDER BY m.received_at, m.id LIMIT 1) AS first_message_at,
            (SELECT m.received_at FROM inbound_message m
              WHERE m.org_id = c.org_id AND m.connection_id = c.id
              ORDER BY m.received_at DESC, m.id DESC LIMIT 1) AS last_message_at
       FROM connection c
      WHERE c.org_id = $1 AND ($2::uuid IS NULL OR c.id = $2) AND c.removed_at IS NULL
      ORDER BY c.created_at, c.id`,
    [orgId, id],
  );
}

/**
 * Reads one connection.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function selectConnection(
  tx: Queryable,
  orgId: string,
  id: string,
): Promise<ConnectionRow> {
  const [row] = await selectConnections(tx, orgId, id);
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return row;
}

/** A connection as people see it. */
export function toConnection(
  row: ConnectionRow,
  { connectors, config }: Pick<ConnectionDeps, "connectors" | "config">,
): ConnectionResource {
  const isEnvironment = row.origin === "environment";
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    status: row.status,
    origin: row.origin,
    origin_setting: isEnvironment ? (connectors.get(row.kind)?.secretSetting ?? null) : null,
    webhook_url: webhookUrl(config.publicUrl, row.kind, row.id),
    auth_modes: row.auth_modes,
    has_secret: row.has_secret,
    has_url_token: row.has_url_token,
    allowed_ranges: row.allowed_ranges,
    messages_per_minute: row.messages_per_minute,
    settings: row.settings,
    api_url: row.api_url,
    has_api_key: row.has_api_key,
    first_message_at: row.first_message_at?.toISOString() ?? null,
    last_message_at: row.last_message_at?.toISOString() ?? null,
    last_refused_at: row.last_refused_at?.toISOString() ?? null,
    last_refusal: row.last_refusal,
    created_at: row.created_at.toISOString(),
  };
}

/** The address to paste at the source, without any token. */
export function webhookUrl(publicUrl: string, kind: string, id: string): string {
  return `${publicUrl}/api/webhooks/${kind}/${id}`;
}
