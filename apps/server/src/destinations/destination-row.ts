import type { DestinationResource } from "@slotwire/contract";
import type { Selectable } from "kysely";
import type { Transaction } from "../db/database.ts";
import type { Schema } from "../db/schema.ts";
import { SlotwireError } from "../errors.ts";
import { scheduleOf } from "./destination-columns.ts";

export type DestinationRow = Selectable<Schema["destination"]>;

/** A destination as people see it, without its secrets. */
export function toDestination(row: DestinationRow): DestinationResource {
  return {
    id: row.id,
    name: row.name,
    url: row.url,
    profile: row.profile as DestinationResource["profile"],
    event_types: row.event_types,
    payload_mode: row.payload_mode as DestinationResource["payload_mode"],
    filter: row.filter,
    ordering: row.ordering as DestinationResource["ordering"],
    retry_schedule: scheduleOf(row.retry_schedule),
    rate_per_second: row.rate_per_second,
    concurrency: row.concurrency,
    batch_size: row.batch_size,
    patience_hours: row.patience_hours,
    failing_since: row.failing_since?.toISOString() ?? null,
    has_key: row.auth_value_sealed !== null,
    status: row.status as DestinationResource["status"],
    disabled_reason: row.disabled_reason,
    origin: row.origin as DestinationResource["origin"],
    created_at: row.created_at.toISOString(),
  };
}

/** The query for one destination that has not been deleted, in the transaction's organisation. */
export const selectDestination = (tx: Transaction, id: string) =>
  tx.kysely
    .selectFrom("destination")
    .selectAll()
    .where("id", "=", id)
    .where("deleted_at", "is", null);

/** The row that a query found. @throws SlotwireError E_NOT_FOUND when it found none */
export function found<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return row;
}
