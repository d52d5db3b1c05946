import type { InvitationResource } from "@slotwire/contract";
import { system } from "../../db/database.ts";
import type { AccessDeps } from "../session-lifetime.ts";
import { invitationColumns, type InvitationRow, isOpen, toInvitation } from "./invitation-row.ts";

/**
 * Lists the invitations that are open, the newest first; those that have expired are among them,
 * as they can be sent again.
 * @param page `before` is the id of the last invitation of the page before
 * @returns at most `limit` invitations, and the id to go on from, or null on the last page
 */
export async function listInvitations(
  { db }: Pick<AccessDeps, "db">,
  orgId: string,
  { limit, before }: { readonly limit: number; readonly before: string | null },
): Promise<{ invitations: InvitationResource[]; next: string | null }> {
  // People's names are the system's alone.
  const rows = await db.transaction(system, (tx) =>
    tx.query<InvitationRow>(
      `SELECT ${invitationColumns}
         FROM invitation i LEFT JOIN app_user u ON u.id = i.invited_by
        WHERE i.org_id = $1 AND ${isOpen} AND ($2::uuid IS NULL OR i.id < $2::uuid)
        ORDER BY i.id DESC
        LIMIT $3`,
      [orgId, before, limit + 1],
    ),
  );
  const shown = rows.slice(0, limit);
  const isLastPage = rows.length <= limit;
  return {
    invitations: shown.map(toInvitation),
    next: isLastPage ? null : (shown.at(-1)?.id ?? null),
  };
}
