import type { AuditAction, AuditEntity, AuditEntry } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";

/** Which lines to list. A field that is absent does not narrow the list. */
export interface AuditFilter {
  readonly actorId?: string | undefined;
  readonly actorKind?: AuditEntry["actor"]["kind"] | undefined;
  readonly entity?: AuditEntity | undefined;
  readonly entityId?: string | undefined;
  readonly action?: AuditAction | undefined;
  /** Instants, RFC 3339: not before `from`, and before `to`. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Where a page ends: when its last line was written, with microseconds, and its id. */
export type AuditPosition = readonly [at: string, id: string];

interface AuditRow extends Omit<AuditEntry, "at" | "actor"> {
  readonly at: Date;
  readonly actor_kind: AuditEntry["actor"]["kind"];
  readonly actor_id: string | null;
  readonly actor_name: string;
  readonly position: string;
}

/**
 * Lists what was done in the organisation, the newest first.
 * @param page `before` is the position of the last line of the page before
 * @returns at most `limit` lines, and the position to go on from, or null on the last page
 */
export async function listAudit(
  { db }: { readonly db: Database },
  orgId: string,
  filter: AuditFilter,
  page: { readonly limit: number; readonly before: AuditPosition | null },
): Promise<{ entries: AuditEntry[]; next: AuditPosition | null }> {
  const { text, values } = auditStatement(orgId, filter, page);
  const rows = await db.transaction(tenant(orgId), (tx) => tx.query<AuditRow>(text, values));
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const isLastPage = rows.length <= page.limit || last === undefined;
  return { entries: shown.map(toEntry), next: isLastPage ? null : [last.position, last.id] };
}

/** The query for one page and one line more, which tells that there is another page. */
export function auditStatement(
  orgId: string,
  filter: AuditFilter,
  page: { readonly limit: number; readonly before: AuditPosition | null },
): { text: string; values: unknown[] } {
  const { conditions, values } = conditionsOf(orgId, filter, page.before);
  const text = `SELECT id, at, actor_kind, actor_id, actor_name, action, entity, entity_id,
         entity_name, old, new, address, user_agent,
         to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS position
    FROM audit_log
   WHERE ${conditions.join("\n     AND ")}
   ORDER BY at DESC, id DESC
   LIMIT ${page.limit + 1}`;
  return { text, values };
}

function conditionsOf(
  orgId: string,
  { actorId, actorKind, entity, entityId, action, from, to }: AuditFilter,
  before: AuditPosition | null,
): { conditions: string[]; values: unknown[] } {
  const values: unknown[] = [orgId];
  const conditions = ["org_id = $1"];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  if (actorId !== undefined) conditions.push(`actor_id = ${bind(actorId)}`);
  if (actorKind !== undefined) conditions.push(`actor_kind = ${bind(actorKind)}`);
  if (entity !== undefined) conditions.push(`entity = ${bind(entity)}`);
  if (entityId !== undefined) conditions.push(`entity_id = ${bind(entityId)}`);
  if (action !== undefined) conditions.push(`action = ${bind(action)}`);
  if (from !== undefined) conditions.push(`at >= ${bind(from)}::timestamptz`);
  if (to !== undefined) conditions.push(`at < ${bind(to)}::timestamptz`);
  if (before !== null) {
    const [at, id] = before;
    conditions.push(`(at, id) < (${bind(at)}::timestamptz, ${bind(id)}::uuid)`);
  }
  return { conditions, values };
}

function toEntry(row: AuditRow): AuditEntry {
  const { at, actor_kind: kind, actor_id: id, actor_name: name } = row;
  return {
    id: row.id,
    at: at.toISOString(),
    actor: { kind, id, name },
    action: row.action,
    entity: row.entity,
    entity_id: row.entity_id,
    entity_name: row.entity_name,
    old: row.old,
    new: row.new,
    address: row.address,
    user_agent: row.user_agent,
  };
}
