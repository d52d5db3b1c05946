import { system } from "../db/database.ts";
import { expireAttempts } from "./attempt-throttle.ts";
import { type AccessDeps, SESSION_IDLE } from "./session-lifetime.ts";

/** Removes sessions, one-time links and tickets that are over: they had stopped working before. */
export async function expireSessions({ db, clock }: AccessDeps): Promise<void> {
  const now = clock.now();
  const idleSince = new Date(now.getTime() - SESSION_IDLE);
  await db.transaction(system, async (tx) => {
    await tx.kysely
      .deleteFrom("session")
      .where((or) => or.or([or("expires_at", "<=", now), or("last_seen_at", "<=", idleSince)]))
      .execute();
    await tx.kysely.deleteFrom("stream_ticket").where("expires_at", "<=", now).execute();
    await tx.kysely.deleteFrom("sign_in_link").where("expires_at", "<=", now).execute();
    await expireAttempts(tx, now);
  });
}
