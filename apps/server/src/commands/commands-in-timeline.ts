import type { CommandResource } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import type { View } from "../domain/views/view.ts";
import type { CommandDeps } from "./command-deps.ts";
import { selectCommands, toCommand } from "./command-row.ts";

/** More than this were never asked for in the time of one page. */
const MOST = 200;

/**
 * What a booking's source was asked for in the time of a page of its timeline, newest first: after
 * the events of the page behind it, and before those of the page before it. Who sees the timeline
 * is the caller's to know.
 * @param page the versions at which the page before it and the one behind it begin; null for none
 */
export async function commandsInTimeline(
  { db, connectors }: Pick<CommandDeps, "db" | "connectors">,
  { orgId, own, detail }: View,
  bookingId: string,
  page: { readonly before: number | null; readonly next: number | null },
): Promise<CommandResource[]> {
  const rows = await db.transaction(tenant(orgId, own), (tx) =>
    selectCommands(
      tx,
      `c.booking_id = $2
        AND ($3::int IS NULL OR c.created_at < ${recordedAt("$3")})
        AND ($4::int IS NULL OR c.created_at >= ${recordedAt("$4")})
      ORDER BY c.id DESC LIMIT ${MOST}`,
      [orgId, bookingId, page.before, page.next],
    ),
  );
  return rows.map((row) => toCommand(row, connectors, detail));
}

const recordedAt = (version: string): string => `(
  SELECT e.recorded_at FROM booking_event e
   WHERE e.org_id = $1 AND e.booking_id = $2 AND e.booking_version = ${version})`;
