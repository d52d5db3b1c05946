import { recordAudit } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { FeedCaller, FeedDeps } from "./feed-caller.ts";

/**
 * Ends a feed: its address shows nothing any more, at once.
 * @throws SlotwireError E_NOT_FOUND when there is no such feed, or it is somebody else's
 */
export async function deleteFeed(
  { db, clock }: FeedDeps,
  { author, ownedBy }: FeedCaller,
  id: string,
): Promise<void> {
  await db.transaction(tenant(author.orgId), async (tx) => {
    const [gone] = await tx.query<{ name: string; scope: string }>(
      `DELETE FROM calendar_feed
        WHERE id = $1 AND ($2::uuid IS NULL OR (is_own AND created_by = $2))
       RETURNING name, scope`,
      [id, ownedBy],
    );
    if (gone === undefined) throw new SlotwireError("E_NOT_FOUND");
    await recordAudit(tx, {
      ...author,
      at: clock.now(),
      action: "calendar_feed.deleted",
      entityId: id,
      entityName: gone.name,
      old: { scope: gone.scope },
    });
  });
}
