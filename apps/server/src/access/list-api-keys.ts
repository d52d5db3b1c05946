import type { ApiKeyResource } from "@slotwire/contract";
import { system } from "../db/database.ts";
import { apiKeyResource, type ApiKeyRow } from "./api-key-row.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/** Which keys of an organisation are listed. */
export interface KeyListRequest {
  readonly orgId: string;
  /** Only the keys that this person made; null for all. */
  readonly ownedBy: string | null;
  /** Only the keys that this key made, near or far; null for all. */
  readonly madeByKey: string | null;
  readonly limit: number;
  /** The last id of the page before; null for the first page. */
  readonly before: string | null;
}

/**
 * The keys that are not revoked, the newest first; those that have expired are among them.
 * @returns a page, and the id behind which the next one begins; null on the last page
 */
export async function listApiKeys(
  { db }: Pick<AccessDeps, "db">,
  { orgId, ownedBy, madeByKey, limit, before }: KeyListRequest,
): Promise<{ keys: ApiKeyResource[]; next: string | null }> {
  // People's names are the system's alone.
  const rows = await db.transaction(system, (tx) =>
    tx.query<ApiKeyRow>(
      `SELECT k.id, k.name, k.kind, k.prefix, k.role, k.scopes, k.allowed_ranges,
              k.allowed_origins, k.requests_per_minute, k.expires_at, k.last_used_at,
              k.last_used_address, u.name AS created_by, k.created_at,
              CASE WHEN m.id IS NOT NULL THEN
                jsonb_build_object('id', m.id, 'name', m.name, 'prefix', m.prefix)
              END AS created_by_key
         FROM api_key k
         LEFT JOIN app_user u ON u.id = k.created_by
         LEFT JOIN api_key m ON m.org_id = k.org_id AND m.id = k.created_by_key
        WHERE k.org_id = $1 AND k.revoked_at IS NULL
          AND ($2::uuid IS NULL OR k.created_by = $2)
          AND ($3::uuid IS NULL OR k.id < $3)
          AND ($5::uuid IS NULL OR k.id IN (
                WITH RECURSIVE made AS (
                  SELECT id FROM api_key WHERE org_id = $1 AND created_by_key = $5
                  UNION
                  SELECT c.id FROM api_key c JOIN made ON c.created_by_key = made.id
                   WHERE c.org_id = $1)
                SELECT id FROM made))
        ORDER BY k.id DESC LIMIT $4`,
      [orgId, ownedBy, before, limit + 1, madeByKey],
    ),
  );
  const page = rows.slice(0, limit);
  const next = rows.length > limit ? (page.at(-1)?.id ?? null) : null;
  return { keys: page.map(apiKeyResource), next };
}
