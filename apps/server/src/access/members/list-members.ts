import type { MemberResource } from "@slotwire/contract";
import { system } from "../../db/database.ts";
import type { AccessDeps } from "../session-lifetime.ts";
import { memberColumns, type MemberRow, toMember } from "./member-row.ts";

/** Where a page ends: when its last member joined, with microseconds, and who it is. */
export type MemberPosition = readonly [joinedAt: string, userId: string];

/**
 * Lists an organisation's members, the longest-standing first.
 * @param page `after` is the position of the last member of the page before
 * @returns at most `limit` members, and the position to go on from, or null on the last page
 */
export async function listMembers(
  { db }: Pick<AccessDeps, "db">,
  orgId: string,
  { limit, after }: { readonly limit: number; readonly after: MemberPosition | null },
): Promise<{ members: MemberResource[]; next: MemberPosition | null }> {
  const [joinedAt, userId] = after ?? [null, null];
  const rows = await db.transaction(system, (tx) =>
    tx.query<MemberRow & { readonly position: string }>(
      `SELECT ${memberColumns},
              to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS position
         FROM membership m JOIN app_user u ON u.id = m.user_id
        WHERE m.org_id = $1
          AND ($2::timestamptz IS NULL OR (m.created_at, m.user_id) > ($2::timestamptz, $3::uuid))
        ORDER BY m.created_at, m.user_id
        LIMIT $4`,
      [orgId, joinedAt, userId, limit + 1],
    ),
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const isLastPage = rows.length <= limit || last === undefined;
  return { members: shown.map(toMember), next: isLastPage ? null : [last.position, last.user_id] };
}
