import type { Transaction } from "../../db/database.ts";
import type { Origin } from "../principal.ts";
import { recordAudit } from "../record-audit.ts";
import type { LiveInvitation } from "./invitation-of-token.ts";

/** Who joins, from where and when. */
export interface Newcomer {
  readonly userId: string;
  readonly name: string;
  readonly origin: Origin;
  readonly at: Date;
}

/**
 * Makes the invited person a member and uses the invitation up. Who has become a member in another
 * way meanwhile keeps the role they have. Who came by the mailed link has proven the address.
 * @param tx in the scope of the system, with the invitation locked
 */
export async function joinByInvitation(
  tx: Transaction,
  invitation: LiveInvitation,
  { userId, name, origin, at }: Newcomer,
): Promise<void> {
  const { org_id, id, role, provider_email, hide_contacts } = invitation;
  const joined = await tx.query(
    `INSERT INTO membership (org_id, user_id, role, provider_email, hide_contacts, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
     RETURNING user_id`,
    [org_id, userId, role, provider_email, hide_contacts, at],
  );
  await tx.query("UPDATE invitation SET accepted_at = $3 WHERE org_id = $1 AND id = $2", [
    org_id,
    id,
    at,
  ]);
  if (invitation.isMailed) {
    await tx.query(
      `UPDATE app_user SET email_verified_at = $3
        WHERE id = $1 AND lower(email) = $2 AND email_verified_at IS NULL`,
      [userId, invitation.email, at],
    );
  }
  if (joined.length === 0) return;
  await recordAudit(tx, {
    orgId: org_id,
    at,
    actor: { kind: "user", id: userId, name },
    origin,
    action: "member.joined",
    entityId: userId,
    entityName: name,
    new: { role, invitation_id: id },
  });
}

/** A person's name when nobody said it: what stands before the @. */
export function nameFromEmail(email: string): string {
  return email.split("@", 1)[0] ?? email;
}
