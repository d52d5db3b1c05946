import type { CreateInvitation } from "@slotwire/contract";
import { system, type Transaction } from "../../db/database.ts";
import { uuid7 } from "../../db/uuid7.ts";
import { SlotwireError } from "../../errors.ts";
import {
  askerNow,
  authorOf,
  type Caller,
  lockMembers,
  requireManagement,
} from "../members/manage-members.ts";
import { type Author, recordAudit } from "../record-audit.ts";
import type { AccessDeps } from "../session-lifetime.ts";
import { newSessionToken } from "../session-token.ts";
import { requireInvitationsLeft } from "./require-invitations-left.ts";
import { INVITATION_LIFETIME, type SentInvitation, toInvitation } from "./invitation-row.ts";

/**
 * Invites somebody by e-mail address, for seven days. An expired invitation of the same address
 * gives way.
 * @returns the invitation and its tokens, which are stored nowhere
 * @throws SlotwireError E_FORBIDDEN when anybody but an owner invites an owner
 * @throws SlotwireError E_RATE_LIMITED when the organisation has sent too many in the last hour
 * @throws SlotwireError E_MEMBER when a member has that address
 * @throws SlotwireError E_INVITED when an invitation of that address is open
 */
export async function createInvitation(
  { db, clock }: AccessDeps,
  caller: Caller,
  draft: CreateInvitation,
): Promise<SentInvitation> {
  return db.transaction(system, async (tx) => {
    await lockMembers(tx, caller.principal.orgId);
    requireManagement(await askerNow(tx, caller), [draft.role]);
    await requireInvitationsLeft(tx, caller.principal.orgId, clock.now());
    const invitedBy = caller.principal.kind === "user" ? caller.principal : null;
    return invite(tx, { ...authorOf(caller), at: clock.now() }, draft, invitedBy);
  });
}

/**
 * Writes the invitation, whoever it is from.
 * @param tx behind `lockMembers`, in the scope of the system
 * @param invitedBy the person who sees the link, if it is one
 * @throws SlotwireError E_MEMBER, E_INVITED
 */
async function invite(
  tx: Transaction,
  author: Author & { readonly at: Date },
  draft: CreateInvitation,
  invitedBy: { readonly id: string; readonly name: string } | null,
): Promise<SentInvitation> {
  const { orgId, at } = author;
  await requireNewcomer(tx, author, draft.email);
  const { token, hash } = newSessionToken();
  const mailed = newSessionToken();
  const row = {
    id: uuid7(),
    email: draft.email,
    role: draft.role,
    provider_email: draft.provider_email ?? null,
    hide_contacts: draft.hide_contacts ?? false,
    created_at: at,
    expires_at: new Date(at.getTime() + INVITATION_LIFETIME),
  };
  await tx.kysely
    .insertInto("invitation")
    .values({
      ...row,
      org_id: orgId,
      token_hash: hash,
      mailed_hash: mailed.hash,
      invited_by: invitedBy?.id ?? null,
    })
    .execute();
  const { role, provider_email, hide_contacts } = row;
  await recordAudit(tx, {
    ...author,
    action: "member.invited",
    entityId: row.id,
    entityName: row.email,
    new: { role, provider_email, hide_contacts },
  });
  return {
    invitation: toInvitation({ ...row, invited_by: invitedBy?.name ?? null }),
    token,
    mailedToken: mailed.token,
    organisation: await organisationName(tx, orgId),
  };
}

async function requireNewcomer(
  tx: Transaction,
  { orgId, at }: Author & { readonly at: Date },
  email: string,
): Promise<void> {
  const [member] = await tx.query(
    `SELECT FROM membership m JOIN app_user u ON u.id = m.user_id
      WHERE m.org_id = $1 AND lower(u.email) = $2`,
    [orgId, email],
  );
  if (member !== undefined) throw new SlotwireError("E_MEMBER");
  await tx.query(
    `UPDATE invitation SET revoked_at = $3
      WHERE org_id = $1 AND email = $2 AND accepted_at IS NULL AND revoked_at IS NULL
        AND expires_at <= $3`,
    [orgId, email, at],
  );
  const [open] = await tx.query(
    `SELECT FROM invitation
      WHERE org_id = $1 AND email = $2 AND accepted_at IS NULL AND revoked_at IS NULL`,
    [orgId, email],
  );
  if (open !== undefined) throw new SlotwireError("E_INVITED");
}

/** What an organisation is called. */
export async function organisationName(tx: Transaction, orgId: string): Promise<string> {
  const [row] = await tx.query<{ name: string }>("SELECT name FROM organisation WHERE id = $1", [
    orgId,
  ]);
  return row?.name ?? "";
}
