import type { Mapping, MappingVersion } from "@slotwire/contract";
import type { Author } from "../../access/record-audit.ts";
import type { Clock } from "../../clock.ts";
import type { Queryable } from "../../db/database.ts";

/** So many versions are shown. */
const MAX_SHOWN = 20;

/** A connection whose settings are written. */
interface WrittenSettings {
  readonly id: string;
  /** What it was before; null for a new one. */
  readonly before: { readonly settings: Readonly<Record<string, unknown>> } | null;
  /** JSON text; undefined when they stay. */
  readonly settings: string | undefined;
}

/**
 * Keeps a version of the mapping in a connection's settings, when that is another one than before.
 * Whoever writes the settings calls this, in the same transaction.
 */
export async function keepMappingVersion(
  tx: Queryable,
  { orgId, actor }: Author,
  { id, before, settings }: WrittenSettings,
  clock: Clock,
): Promise<void> {
  if (settings === undefined) return;
  const { mapping } = JSON.parse(settings) as { mapping?: unknown };
  if (mapping === undefined || mapping === null) return;
  await tx.query(
    `INSERT INTO connection_mapping (org_id, connection_id, version, mapping, made_by, made_at)
     SELECT $1::uuid, $2::uuid, coalesce(max(version), 0) + 1, $3::jsonb, $5, $6
       FROM connection_mapping WHERE org_id = $1 AND connection_id = $2
     HAVING $3::jsonb IS DISTINCT FROM $4::jsonb`,
    [
      orgId,
      id,
      JSON.stringify(mapping),
      JSON.stringify(before?.settings["mapping"] ?? null),
      actor.name,
      clock.now(),
    ],
  );
}

/** The latest versions of a connection's mapping, the latest first. */
export async function readMappingHistory(
  tx: Queryable,
  orgId: string,
  connectionId: string,
): Promise<MappingVersion[]> {
  const rows = await tx.query<{
    version: number;
    mapping: Mapping;
    made_by: string;
    made_at: Date;
  }>(
    `SELECT version, mapping, made_by, made_at FROM connection_mapping
      WHERE org_id = $1 AND connection_id = $2 ORDER BY version DESC LIMIT ${MAX_SHOWN}`,
    [orgId, connectionId],
  );
  return rows.map((row) => ({ ...row, made_at: row.made_at.toISOString() }));
}

/** How many messages of a connection wait until somebody has said what they mean. */
export async function countUnmapped(
  tx: Queryable,
  orgId: string,
  connectionId: string,
): Promise<number> {
  const [row] = await tx.query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM inbound_message
      WHERE org_id = $1 AND connection_id = $2 AND status = 'waiting'
        AND error_code = 'E_NOT_MAPPED'`,
    [orgId, connectionId],
  );
  return row?.waiting ?? 0;
}
