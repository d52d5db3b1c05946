import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { Person } from "./person.ts";
import { recordAudit } from "./record-audit.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/**
 * Ends one of the person's sessions.
 * @throws SlotwireError E_NOT_FOUND when the person has no such session
 */
export async function endSession(
  { db, clock }: AccessDeps,
  person: Person,
  sessionId: string,
): Promise<void> {
  await db.transaction(system, async (tx) => {
    const ended = await tx.query(
      "DELETE FROM session WHERE id = $1 AND user_id = $2 RETURNING id",
      [sessionId, person.userId],
    );
    if (ended.length === 0) throw new SlotwireError("E_NOT_FOUND");
    await recordAudit(tx, {
      ...person.author,
      at: clock.now(),
      action: "session.ended",
      entityId: sessionId,
    });
  });
}
