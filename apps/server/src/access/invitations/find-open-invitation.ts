import type { Queryable } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";
import { invitationColumns, type InvitationRow, isOpen } from "./invitation-row.ts";

/**
 * Reads and locks an open invitation of an organisation.
 * @param tx in the scope of the system
 * @throws SlotwireError E_NOT_FOUND when it is unknown, accepted, revoked or another organisation's
 */
export async function findOpenInvitation(
  tx: Queryable,
  orgId: string,
  id: string,
): Promise<InvitationRow> {
  const [row] = await tx.query<InvitationRow>(
    `SELECT ${invitationColumns}
       FROM invitation i LEFT JOIN app_user u ON u.id = i.invited_by
      WHERE i.org_id = $1 AND i.id = $2 AND ${isOpen}
      FOR UPDATE OF i`,
    [orgId, id],
  );
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return row;
}
