import type { SignedIn } from "@slotwire/contract";
import { system } from "../db/database.ts";
import type { Person } from "./person.ts";
import { type AccessDeps, SESSION_IDLE } from "./session-lifetime.ts";

interface SessionRow {
  id: string;
  method: SignedIn["method"];
  address: string | null;
  user_agent: string | null;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
}

/** The person's sessions that still work, the last used first. */
export async function listSessions({ db, clock }: AccessDeps, person: Person): Promise<SignedIn[]> {
  const now = clock.now();
  const rows = await db.transaction(system, (tx) =>
    tx.query<SessionRow>(
      `SELECT id, method, address, user_agent, created_at, last_seen_at, expires_at
         FROM session WHERE user_id = $1 AND expires_at > $2 AND last_seen_at > $3
        ORDER BY last_seen_at DESC, id`,
      [person.userId, now, new Date(now.getTime() - SESSION_IDLE)],
    ),
  );
  return rows.map((row) => ({
    ...row,
    current: row.id === person.sessionId,
    created_at: row.created_at.toISOString(),
    last_seen_at: row.last_seen_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
  }));
}
