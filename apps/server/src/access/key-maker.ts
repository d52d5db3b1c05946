import { type Database, tenant } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { ENVIRONMENT_KEY_ID } from "./environment-key.ts";
import type { Principal } from "./principal.ts";

/** Whoever makes a key, and what no key of theirs may exceed. */
export interface KeyMaker {
  readonly role: "admin" | "developer";
  /** The person behind it; null when it is the environment or the command line. */
  readonly userId: string | null;
  /** A key lives no longer than the key that made it; null for no end. */
  readonly expiresAt: Date | null;
  /** And works from nowhere else; null for everywhere. */
  readonly allowedRanges: readonly string[] | null;
}

/** The machine's own operator: the command line, the environment's key. */
export const operator: KeyMaker = {
  role: "admin",
  userId: null,
  expiresAt: null,
  allowedRanges: null,
};

interface MakerRow {
  created_by: string | null;
  expires_at: Date | null;
  allowed_ranges: string[] | null;
}

/**
 * The maker that a principal is.
 * @throws SlotwireError E_UNAUTHENTICATED when the key was revoked meanwhile
 */
export async function keyMaker(
  { db }: { readonly db: Database },
  { kind, id, role, orgId }: Principal,
): Promise<KeyMaker> {
  const own = { ...operator, role: role === "developer" ? role : "admin" } as const;
  if (kind === "user") return { ...own, userId: id };
  if (id === ENVIRONMENT_KEY_ID) return own;
  const [row] = await db.transaction(tenant(orgId), (tx) =>
    tx.query<MakerRow>(
      `SELECT created_by, expires_at, allowed_ranges FROM api_key
        WHERE org_id = $1 AND id = $2 AND revoked_at IS NULL`,
      [orgId, id],
    ),
  );
  if (row === undefined) throw new SlotwireError("E_UNAUTHENTICATED");
  return {
    ...own,
    userId: row.created_by,
    expiresAt: row.expires_at,
    allowedRanges: row.allowed_ranges,
  };
}
