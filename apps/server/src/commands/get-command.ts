import type { CommandResource } from "@slotwire/contract";
import { type Queryable, tenant } from "../db/database.ts";
import { isOwn, type View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";
import type { CommandDeps } from "./command-deps.ts";
import { type CommandRow, selectCommands, toCommand } from "./command-row.ts";

/**
 * One command to a booking of the view.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function getCommand(
  { db, connectors }: Pick<CommandDeps, "db" | "connectors">,
  view: View,
  id: string,
): Promise<CommandResource> {
  const row = await db.transaction(tenant(view.orgId, view.own), (tx) => readCommand(tx, view, id));
  return toCommand(row, connectors, view.detail);
}

/**
 * The row of a command, in the caller's transaction.
 * @throws SlotwireError E_NOT_FOUND when its booking is not in the view
 */
export async function readCommand(
  tx: Queryable,
  { orgId, own }: View,
  id: string,
): Promise<CommandRow> {
  const [row] = await selectCommands(tx, "c.id = $2", [orgId, id]);
  if (row === undefined || !isOwn(own, row.booking.provider?.email)) {
    throw new SlotwireError("E_NOT_FOUND");
  }
  return row;
}
