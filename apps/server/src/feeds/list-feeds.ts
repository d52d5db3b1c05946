import type { FeedResource } from "@slotwire/contract";
import { ENVIRONMENT_KEY_NAME } from "../access/environment-key.ts";
import { system } from "../db/database.ts";
import type { FeedCaller, FeedDeps } from "./feed-caller.ts";
import { feedResource, type FeedRow } from "./feed-row.ts";

/**
 * The feeds, the newest first: all of the organisation's, or one's own.
 * @param page how many, and the last id of the page before; null for the first page
 * @returns a page, and the id behind which the next one begins; null on the last page
 */
export async function listFeeds(
  { db }: Pick<FeedDeps, "db">,
  { author, ownedBy }: FeedCaller,
  page: { readonly limit: number; readonly before: string | null },
): Promise<{ feeds: FeedResource[]; next: string | null }> {
  // People's names are the system's alone.
  const rows = await db.transaction(system, (tx) =>
    tx.query<FeedRow>(
      `SELECT f.id, f.name, f.scope,
              CASE WHEN f.is_own THEN coalesce(m.provider_email, lower(u.email))
                   ELSE f.provider_email END AS provider_email,
              f.customer_id, c.display_name AS customer_name, f.shows_names, f.days_back,
              f.days_ahead, coalesce(u.name, k.name, $5) AS created_by, f.created_at, f.last_read_at
         FROM calendar_feed f
         LEFT JOIN app_user u ON u.id = f.created_by
         LEFT JOIN api_key k ON k.org_id = f.org_id AND k.id = f.created_by_key
         LEFT JOIN membership m ON m.org_id = f.org_id AND m.user_id = f.created_by
         LEFT JOIN customer c ON c.org_id = f.org_id AND c.id = f.customer_id
        WHERE f.org_id = $1
          AND ($2::uuid IS NULL OR (f.is_own AND f.created_by = $2))
          AND ($3::uuid IS NULL OR f.id < $3)
        ORDER BY f.id DESC LIMIT $4`,
      [author.orgId, ownedBy, page.before, page.limit + 1, ENVIRONMENT_KEY_NAME],
    ),
  );
  const shown = rows.slice(0, page.limit);
  const next = rows.length > page.limit ? (shown.at(-1)?.id ?? null) : null;
  return { feeds: shown.map(feedResource), next };
}
