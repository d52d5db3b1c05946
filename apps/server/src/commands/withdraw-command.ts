import type { CommandResource } from "@slotwire/contract";
import { type Author, recordAudit } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import type { View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";
import type { CommandDeps } from "./command-deps.ts";
import { toCommand } from "./command-row.ts";
import { readCommand } from "./get-command.ts";

/**
 * Takes a command back that has not been sent. What has been withdrawn before stays so.
 * @throws SlotwireError E_NOT_FOUND; E_COMMAND_STATE when it was sent or is settled
 */
export async function withdrawCommand(
  { db, clock, connectors }: CommandDeps,
  view: View,
  author: Author,
  id: string,
): Promise<CommandResource> {
  const row = await db.transaction(tenant(view.orgId, view.own), async (tx) => {
    const before = await readCommand(tx, view, id);
    if (before.status === "withdrawn") return before;
    const withdrawn = await tx.query(
      `UPDATE command SET status = 'withdrawn', settled_at = $3, next_attempt_at = NULL,
              lease_until = NULL, lease_token = NULL
        WHERE org_id = $1 AND id = $2 AND status = 'queued' RETURNING 1`,
      [view.orgId, id, clock.now()],
    );
    if (withdrawn.length === 0) {
      const { status } = await readCommand(tx, view, id);
      throw new SlotwireError("E_COMMAND_STATE", { detail: `It is ${status}.` });
    }
    await recordAudit(tx, {
      ...author,
      at: clock.now(),
      action: "command.withdrawn",
      entityId: id,
      entityName: `#${before.booking.booking_number}`,
      new: { kind: before.kind },
    });
    return readCommand(tx, view, id);
  });
  return toCommand(row, connectors, view.detail);
}
