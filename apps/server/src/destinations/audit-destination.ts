import { type Author, recordAudit } from "../access/record-audit.ts";
import type { Transaction } from "../db/database.ts";
import type { DestinationRow } from "./destination-row.ts";

/** What can have happened to a destination. */
export type DestinationAction =
  | "created"
  | "changed"
  | "paused"
  | "resumed"
  | "disabled"
  | "deleted"
  | "secret_rotated"
  | "key_changed"
  | "tested";

/**
 * Writes what happened to a destination into the audit log, in the transaction of the change.
 * @param rows before and after; null where there is none, and both the same when no value changed
 */
export async function auditDestination(
  tx: Transaction,
  by: Author,
  at: Date,
  what: DestinationAction,
  { old, fresh }: { readonly old: DestinationRow | null; readonly fresh: DestinationRow | null },
): Promise<void> {
  const known = fresh ?? old;
  await recordAudit(tx, {
    ...by,
    at,
    action: `destination.${what}`,
    entityId: known?.id ?? null,
    entityName: known?.name ?? null,
    old: old === fresh ? null : valuesOf(old),
    new: old === fresh ? null : valuesOf(fresh),
  });
}

function valuesOf(row: DestinationRow | null): Record<string, unknown> | null {
  if (row === null) return null;
  return {
    name: row.name,
    url: withoutSecrets(row.url),
    profile: row.profile,
    event_types: row.event_types,
    payload_mode: row.payload_mode,
    filter: row.filter,
    ordering: row.ordering,
    retry_schedule: row.retry_schedule,
    rate_per_second: row.rate_per_second,
    concurrency: row.concurrency,
    batch_size: row.batch_size,
    patience_hours: row.patience_hours,
    status: row.status,
    disabled_reason: row.disabled_reason,
  };
}

/** Receivers hide keys in queries and user names; the log cannot be cleared of them later. */
function withoutSecrets(address: string): string {
  if (!URL.canParse(address)) return "";
  const { origin, pathname, search } = new URL(address);
  return `${origin}${pathname}${search === "" ? "" : "?…"}`;
}
