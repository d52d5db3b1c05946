import type { NamedKey, Role } from "@slotwire/contract";
import { type Database, type Queryable, system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { mayMakeKey } from "./can.ts";
import { ENVIRONMENT_KEY_ID } from "./environment-key.ts";
import type { Principal } from "./principal.ts";

/** Whoever makes a key, and what no key of theirs may exceed. */
export interface KeyMaker {
  readonly role: "admin" | "developer";
  /** The person behind it; null when it is the environment or the command line. */
  readonly userId: string | null;
  readonly userName: string | null;
  /** The key that makes it, and ends it with itself; null for everybody else. */
  readonly key: NamedKey | null;
  /** A key lives no longer than the key that made it; null for no end. */
  readonly expiresAt: Date | null;
  /** And works from nowhere else; null for everywhere. */
  readonly allowedRanges: readonly string[] | null;
  /** And not more often; null for no limit. */
  readonly requestsPerMinute: number | null;
}

/** The machine's own operator: the command line, the environment's key. */
export const operator: KeyMaker = {
  role: "admin",
  userId: null,
  userName: null,
  key: null,
  expiresAt: null,
  allowedRanges: null,
  requestsPerMinute: null,
};

interface MakerRow {
  name: string;
  prefix: string;
  created_by: string | null;
  user_name: string | null;
  expires_at: Date | null;
  allowed_ranges: string[] | null;
  requests_per_minute: number;
}

/**
 * The maker that a principal is.
 * @throws SlotwireError E_UNAUTHENTICATED when the key was revoked meanwhile
 */
export async function keyMaker(
  { db }: { readonly db: Database },
  { kind, id, name, role, orgId }: Principal,
): Promise<KeyMaker> {
  const own = { ...operator, role: role === "developer" ? role : "admin" } as const;
  if (kind === "user") return { ...own, userId: id, userName: name };
  if (id === ENVIRONMENT_KEY_ID) return own;
  // People's names are the system's alone.
  const [row] = await db.transaction(system, (tx) =>
    tx.query<MakerRow>(
      `SELECT k.name, k.prefix, k.created_by, u.name AS user_name, k.expires_at,
              k.allowed_ranges, k.requests_per_minute
         FROM api_key k LEFT JOIN app_user u ON u.id = k.created_by
        WHERE k.org_id = $1 AND k.id = $2 AND k.revoked_at IS NULL`,
      [orgId, id],
    ),
  );
  if (row === undefined) throw new SlotwireError("E_UNAUTHENTICATED");
  return {
    ...own,
    userId: row.created_by,
    userName: row.user_name,
    key: { id, name: row.name, prefix: row.prefix },
    expiresAt: row.expires_at,
    allowedRanges: row.allowed_ranges,
    requestsPerMinute: row.requests_per_minute,
  };
}

/**
 * Holds the maker until the commit: whoever ends their key, membership or role at this moment
 * waits, and then finds the new key, too.
 * @throws SlotwireError E_UNAUTHENTICATED when the key was revoked meanwhile
 * @throws SlotwireError E_FORBIDDEN when the person may make no such key any more
 */
export async function holdMaker(tx: Queryable, orgId: string, maker: KeyMaker): Promise<void> {
  if (maker.key !== null) {
    const [key] = await tx.query(
      "SELECT id FROM api_key WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL FOR SHARE",
      [orgId, maker.key.id],
    );
    if (key === undefined) throw new SlotwireError("E_UNAUTHENTICATED");
    return;
  }
  if (maker.userId === null) return;
  const [member] = await tx.query<{ role: Role }>(
    "SELECT role FROM membership WHERE org_id = $1 AND user_id = $2 FOR SHARE",
    [orgId, maker.userId],
  );
  if (member === undefined || !mayMakeKey(member.role, maker.role)) {
    throw new SlotwireError("E_FORBIDDEN");
  }
}
