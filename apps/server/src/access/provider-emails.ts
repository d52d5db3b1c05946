import { system } from "../db/database.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/**
 * Which addresses the members among `userIds` have as providers, in lower case and in order;
 * strangers have none.
 */
export async function providerEmailsOf(
  { db }: Pick<AccessDeps, "db">,
  orgId: string,
  userIds: readonly string[],
): Promise<string[]> {
  if (userIds.length === 0) return [];
  const rows = await db.transaction(system, (tx) =>
    tx.query<{ email: string | null }>(
      `SELECT coalesce(m.provider_email, lower(u.email)) AS email
         FROM membership m JOIN app_user u ON u.id = m.user_id
        WHERE m.org_id = $1 AND m.user_id = ANY ($2::uuid[])`,
      [orgId, userIds],
    ),
  );
  return rows.flatMap(({ email }) => email ?? []).toSorted();
}
