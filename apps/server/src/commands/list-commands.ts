import type { CommandListQuery, CommandResource } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import { isOwn, type View } from "../domain/views/view.ts";
import type { CommandDeps } from "./command-deps.ts";
import { selectCommands, toCommand } from "./command-row.ts";

/** Which commands; what is absent does not matter. */
export type CommandFilter = Pick<CommandListQuery, "booking_id" | "status">;

/**
 * The commands to the bookings of a view, the newest first.
 * @param page at most `limit`, those before the id `before`
 * @returns a page, and the id behind which the next one begins; null on the last page
 */
export async function listCommands(
  { db, connectors }: Pick<CommandDeps, "db" | "connectors">,
  { orgId, own, detail }: View,
  filter: CommandFilter,
  page: { readonly limit: number; readonly before: string | null },
): Promise<{ rows: CommandResource[]; next: string | null }> {
  const rows = await db.transaction(tenant(orgId, own), (tx) =>
    selectCommands(
      tx,
      `($2::uuid IS NULL OR c.booking_id = $2)
        AND ($3::text[] IS NULL OR c.status = ANY ($3))
        AND ($4::uuid IS NULL OR c.id < $4)
      ORDER BY c.id DESC LIMIT $5`,
      [orgId, filter.booking_id ?? null, statusesOf(filter), page.before, page.limit + 1],
    ),
  );
  const shown = rows.slice(0, page.limit);
  return {
    rows: shown
      .filter(({ booking }) => isOwn(own, booking.provider?.email))
      .map((row) => toCommand(row, connectors, detail)),
    next: rows.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

function statusesOf({ status }: CommandFilter): readonly string[] | null {
  if (status === undefined) return null;
  return status === "open" ? ["queued", "sending", "accepted"] : [status];
}
