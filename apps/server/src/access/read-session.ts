import type { Role } from "@slotwire/contract";
import { system, type Transaction } from "../db/database.ts";
import type { Principal } from "./principal.ts";
import { LAST_SEEN_PRECISION, SESSION_IDLE, type AccessDeps } from "./session-lifetime.ts";
import { hashSessionToken } from "./session-token.ts";

interface SessionRow {
  id: string;
  user_id: string;
  name: string;
  email: string | null;
  provider_email: string | null;
  hide_contacts: boolean;
  authenticated_at: Date;
  org_id: string;
  role: Role;
  last_seen_at: Date;
  expires_at: Date;
}

const findSession = {
  name: "access_find_session",
  text: `SELECT s.id, s.user_id, u.name, lower(u.email) AS email, m.org_id, m.role,
                 m.provider_email, m.hide_contacts, s.authenticated_at, s.last_seen_at, s.expires_at
           FROM session s
           JOIN app_user u ON u.id = s.user_id
           JOIN membership m ON m.org_id = s.org_id_active AND m.user_id = s.user_id
          WHERE s.token_hash = $1 AND u.disabled_at IS NULL`,
};

/**
 * Who is signed in under `token`, with the role of this very moment.
 * @returns null when the session is unknown or over, or its user is no longer a member
 */
export async function readSession(
  { db, clock }: AccessDeps,
  token: string,
): Promise<Principal | null> {
  const now = clock.now();
  const hash = hashSessionToken(token);
  return db.transaction(system, async (tx) => {
    const [row] = await tx.query<SessionRow>(findSession, [hash]);
    if (row === undefined) return null;
    const idle = now.getTime() - row.last_seen_at.getTime();
    if (row.expires_at <= now || idle >= SESSION_IDLE) {
      await tx.query("DELETE FROM session WHERE token_hash = $1", [hash]);
      return null;
    }
    if (idle >= LAST_SEEN_PRECISION) await noteLastSeen(tx, hash, now);
    return toPrincipal(row);
  });
}

function toPrincipal(row: SessionRow): Principal {
  return {
    kind: "user",
    id: row.user_id,
    name: row.name,
    role: row.role,
    orgId: row.org_id,
    scopes: null,
    providerEmail: row.provider_email ?? row.email,
    hideContacts: row.hide_contacts,
    session: { id: row.id, authenticatedAt: row.authenticated_at },
  };
}

async function noteLastSeen(tx: Transaction, hash: Buffer, now: Date): Promise<void> {
  await tx.query("UPDATE session SET last_seen_at = $2 WHERE token_hash = $1", [hash, now]);
}
