import { type DeliveryFilter, MAX_REPLAY, type ReplayPlan } from "@slotwire/contract";
import { sql } from "kysely";
import { type Transaction, tenant } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import type { DestinationDeps } from "../destination-deps.ts";
import { replayable } from "./replayable.ts";

/**
 * How many deliveries a filter means, before any is sent anew.
 * @param rate how many go to each destination per second
 * @throws SlotwireError E_TOO_MANY_DELIVERIES
 */
export function planReplay(
  { db }: Pick<DestinationDeps, "db">,
  orgId: string,
  filter: DeliveryFilter,
  rate: number,
): Promise<ReplayPlan> {
  return db.transaction(tenant(orgId), (tx) => countReplayable(tx, filter, rate));
}

/** The same within a transaction. */
export async function countReplayable(
  tx: Transaction,
  filter: DeliveryFilter,
  rate: number,
): Promise<ReplayPlan> {
  const rows = await replayable(tx, filter)
    .clearSelect()
    .select(({ fn }) => [
      "destination.id",
      "destination.name",
      "destination.status",
      "destination.deleted_at",
      sql<number>`count(*)::int`.as("count"),
      fn.min("delivery.created_at").as("oldest"),
      fn.max("delivery.created_at").as("newest"),
    ])
    .groupBy(["destination.org_id", "destination.id"])
    .orderBy("destination.name")
    .execute();
  const destinations = rows.map(({ id, name, status, deleted_at: deletedAt, count }) => ({
    id,
    name,
    status:
      deletedAt === null ? (status as "active" | "paused" | "disabled") : ("deleted" as const),
    count,
  }));
  const open = destinations.filter(({ status }) => status === "active" || status === "paused");
  const total = open.reduce((sum, { count }) => sum + count, 0);
  if (total > MAX_REPLAY) {
    throw new SlotwireError("E_TOO_MANY_DELIVERIES", { detail: `It would be ${total}.` });
  }
  const most = Math.max(0, ...open.map(({ count }) => count));
  return {
    total,
    destinations,
    oldest: earliest(rows.map((row) => row.oldest))?.toISOString() ?? null,
    newest: earliest(rows.map((row) => row.newest).toReversed(), -1)?.toISOString() ?? null,
    seconds: Math.ceil(most / rate),
  };
}

/** The first of some instants; the last with a `sign` of -1. */
function earliest(instants: readonly Date[], sign: 1 | -1 = 1): Date | undefined {
  return instants.toSorted((one, other) => sign * (one.getTime() - other.getTime()))[0];
}
