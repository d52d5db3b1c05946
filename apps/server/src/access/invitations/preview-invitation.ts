import type { InvitationPreview } from "@slotwire/contract";
import { system } from "../../db/database.ts";
import { findAnyAccount } from "../any-account.ts";
import type { AccessDeps } from "../session-lifetime.ts";
import { hashSessionToken } from "../session-token.ts";
import { invitationOfToken } from "./invitation-of-token.ts";

/**
 * What whoever holds an invitation's link is told before accepting it. It changes nothing.
 * @throws SlotwireError E_INVITATION
 */
export async function previewInvitation(
  { db, clock }: AccessDeps,
  token: string,
): Promise<InvitationPreview> {
  return db.transaction(system, async (tx) => {
    const found = await invitationOfToken(tx, hashSessionToken(token), clock.now());
    return {
      organisation: found.organisation,
      email: found.email,
      role: found.role,
      has_account: (await findAnyAccount(tx, found.email)) !== null,
      expires_at: found.expires_at.toISOString(),
    };
  });
}
