import type { MemberResource, Role } from "@slotwire/contract";
import type { Queryable } from "../../db/database.ts";

/** A membership with its person, and when that person was seen in this organisation last. */
export interface MemberRow {
  readonly user_id: string;
  readonly name: string;
  readonly email: string | null;
  readonly role: Role;
  readonly provider_email: string | null;
  readonly hide_contacts: boolean;
  readonly has_password: boolean;
  readonly has_second_factor: boolean;
  readonly last_seen_at: Date | null;
  readonly created_at: Date;
}

/** A person's work in another organisation is nothing that this one hears of. */
export const memberColumns = `
       m.user_id, u.name, u.email, m.role, m.provider_email, m.hide_contacts,
       u.password_hash IS NOT NULL AS has_password,
       u.totp_confirmed_at IS NOT NULL AS has_second_factor,
       (SELECT max(s.last_seen_at) FROM session s
         WHERE s.user_id = m.user_id AND s.org_id_active = m.org_id) AS last_seen_at,
       m.created_at`;

/**
 * Reads one member.
 * @param tx in the scope of the system: people's names are its alone
 */
export async function findMember(
  tx: Queryable,
  orgId: string,
  userId: string,
): Promise<MemberRow | null> {
  const [row] = await tx.query<MemberRow>(
    `SELECT ${memberColumns}
       FROM membership m JOIN app_user u ON u.id = m.user_id
      WHERE m.org_id = $1 AND m.user_id = $2`,
    [orgId, userId],
  );
  return row ?? null;
}

/** The row as the API shows it. */
export function toMember(row: MemberRow): MemberResource {
  return {
    user_id: row.user_id,
    name: row.name,
    email: row.email,
    role: row.role,
    provider_email: row.provider_email,
    hide_contacts: row.hide_contacts,
    has_password: row.has_password,
    has_second_factor: row.has_second_factor,
    last_seen_at: row.last_seen_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
  };
}
