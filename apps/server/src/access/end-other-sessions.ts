import { system } from "../db/database.ts";
import type { Person } from "./person.ts";
import { recordAudit } from "./record-audit.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/** Ends all of the person's sessions but the one they work in. */
export async function endOtherSessions({ db, clock }: AccessDeps, person: Person): Promise<void> {
  await db.transaction(system, async (tx) => {
    const ended = await tx.query(
      "DELETE FROM session WHERE user_id = $1 AND id <> $2 RETURNING id",
      [person.userId, person.sessionId],
    );
    if (ended.length === 0) return;
    await recordAudit(tx, {
      ...person.author,
      at: clock.now(),
      action: "session.others_ended",
      entityId: null,
      new: { sessions: ended.length },
    });
  });
}
