import { randomUUID } from "node:crypto";
import { system, type Transaction } from "../db/database.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/** The organisation that the environment's settings, keys and addresses belong to. */
const DEFAULT_SLUG = "default";

export interface DefaultOrganisation {
  readonly orgId: string;
  /** The first owner: whoever opens the set-up link. */
  readonly ownerId: string;
}

/**
 * Makes sure that there is an organisation to begin with, and an owner who can sign in to it.
 * @param timeZone IANA zone of a new organisation; an existing one keeps its own
 */
export async function ensureDefaultOrganisation(
  { db }: Pick<AccessDeps, "db">,
  timeZone: string,
): Promise<DefaultOrganisation> {
  return db.transaction(system, async (tx) => {
    await tx.query(
      `INSERT INTO organisation (id, slug, name, time_zone)
       VALUES ($1, $2, 'My business', $3) ON CONFLICT (slug) DO NOTHING`,
      [randomUUID(), DEFAULT_SLUG, timeZone],
    );
    // The lock keeps two nodes that start together from creating an owner each.
    const [organisation] = await tx.query<{ id: string }>(
      "SELECT id FROM organisation WHERE slug = $1 FOR UPDATE",
      [DEFAULT_SLUG],
    );
    if (organisation === undefined) throw new Error("the default organisation was not created");
    const orgId = organisation.id;
    return { orgId, ownerId: (await findOwner(tx, orgId)) ?? (await createOwner(tx, orgId)) };
  });
}

async function findOwner(tx: Transaction, orgId: string): Promise<string | null> {
  const [owner] = await tx.query<{ user_id: string }>(
    `SELECT m.user_id FROM membership m JOIN app_user u ON u.id = m.user_id
      WHERE m.org_id = $1 AND m.role = 'owner'
      ORDER BY u.disabled_at IS NOT NULL, m.created_at, m.user_id LIMIT 1`,
    [orgId],
  );
  return owner?.user_id ?? null;
}

async function createOwner(tx: Transaction, orgId: string): Promise<string> {
  const userId = randomUUID();
  await tx.query("INSERT INTO app_user (id, name) VALUES ($1, 'Owner')", [userId]);
  await tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, 'owner')", [
    orgId,
    userId,
  ]);
  return userId;
}
