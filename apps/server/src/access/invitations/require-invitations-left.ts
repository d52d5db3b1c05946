import type { Transaction } from "../../db/database.ts";
import { SlotwireError } from "../../errors.ts";

/** How many invitations an organisation sends in an hour, also again: each may be a mail to a stranger. */
const MOST = 60;
const HOUR = 60 * 60_000;

/**
 * Counts what the organisation has sent in the last hour, over all nodes: the audit log has a line of
 * each, which nobody can remove.
 * @param tx behind `lockMembers`, so that no two are let through at once
 * @throws SlotwireError E_RATE_LIMITED with the seconds until the next one may be sent
 */
export async function requireInvitationsLeft(
  tx: Transaction,
  orgId: string,
  now: Date,
): Promise<void> {
  const [row] = await tx.query<{ at: Date }>(
    `SELECT at FROM audit_log
      WHERE org_id = $1 AND action IN ('member.invited', 'invitation.resent') AND at > $2
      ORDER BY at DESC
     OFFSET $3 LIMIT 1`,
    [orgId, new Date(now.getTime() - HOUR), MOST - 1],
  );
  if (row === undefined) return;
  const wait = row.at.getTime() + HOUR - now.getTime();
  throw new SlotwireError("E_RATE_LIMITED", {
    detail: `An organisation sends ${MOST} invitations in an hour.`,
    extra: { retry_after_seconds: Math.max(1, Math.ceil(wait / 1000)) },
  });
}
