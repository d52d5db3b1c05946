import { system } from "../db/database.ts";
import type { AccessDeps } from "./session-lifetime.ts";

/**
 * Whether an owner of the organisation has a password, or an account at the sign-in provider.
 * Until then the hub's terminal is where its owner gets in.
 */
export async function ownerCanSignIn(
  { db }: Pick<AccessDeps, "db">,
  orgId: string,
): Promise<boolean> {
  const owners = await db.transaction(system, (tx) =>
    tx.query(
      `SELECT FROM membership m JOIN app_user u ON u.id = m.user_id
        WHERE m.org_id = $1 AND m.role = 'owner' AND u.disabled_at IS NULL
          AND ((u.password_hash IS NOT NULL AND u.email IS NOT NULL)
               OR EXISTS (SELECT FROM user_identity i WHERE i.user_id = u.id))
        LIMIT 1`,
      [orgId],
    ),
  );
  return owners.length > 0;
}
