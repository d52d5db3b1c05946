import type { InvitationResource, Role } from "@slotwire/contract";

/** How long an invitation can be accepted. Milliseconds. */
export const INVITATION_LIFETIME = 7 * 24 * 60 * 60_000;

/** An invitation and the name of whoever sent it last. */
export interface InvitationRow {
  readonly id: string;
  readonly email: string;
  readonly role: Role;
  readonly provider_email: string | null;
  readonly hide_contacts: boolean;
  readonly invited_by: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

/** Of `invitation i LEFT JOIN app_user u ON u.id = i.invited_by`. */
export const invitationColumns = `
       i.id, i.email, i.role, i.provider_email, i.hide_contacts, u.name AS invited_by,
       i.created_at, i.expires_at`;

/** What was neither accepted nor revoked; it may have expired. */
export const isOpen = "i.accepted_at IS NULL AND i.revoked_at IS NULL";

/** The row as the API shows it. */
export function toInvitation(row: InvitationRow): InvitationResource {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    provider_email: row.provider_email,
    hide_contacts: row.hide_contacts,
    invited_by: row.invited_by,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
  };
}

/** An invitation and the tokens of its links, which are stored nowhere. */
export interface SentInvitation {
  readonly invitation: InvitationResource;
  /** Of the link that whoever invites is shown. */
  readonly token: string;
  /** Of the link in the mail alone: who has it reads the mailbox. */
  readonly mailedToken: string;
  /** What the mail calls the organisation. */
  readonly organisation: string;
}
