import type { InvitationPreview } from "@slotwire/contract";
import { system } from "../../db/database.ts";
import type { MailDeps } from "../mail-deps.ts";
import type { AccessDeps } from "../session-lifetime.ts";
import { hashSessionToken } from "../session-token.ts";
import { invitationOfToken, takesMailedToken } from "./invitation-of-token.ts";

/**
 * What whoever holds an invitation's link is told before accepting it. It changes nothing, and tells
 * nothing of an account: whoever invites holds the link too.
 * @throws SlotwireError E_INVITATION
 */
export async function previewInvitation(
  { db, clock, mailer }: AccessDeps & MailDeps,
  token: string,
): Promise<InvitationPreview> {
  return db.transaction(system, async (tx) => {
    const found = await invitationOfToken(tx, hashSessionToken(token), clock.now());
    return {
      organisation: found.organisation,
      email: found.email,
      role: found.role,
      expires_at: found.expires_at.toISOString(),
      new_account_by_mail: takesMailedToken(found, mailer !== null),
    };
  });
}
