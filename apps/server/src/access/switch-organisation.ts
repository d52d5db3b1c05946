import { system } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import type { AccessDeps } from "./session-lifetime.ts";
import { hashSessionToken } from "./session-token.ts";

/**
 * Moves the session of `token` to another organisation of its user.
 * @throws SlotwireError E_NOT_FOUND when there is no such organisation, or the user is not a
 *   member of it: the two are not told apart
 */
export async function switchOrganisation(
  { db }: AccessDeps,
  token: string,
  orgId: string,
): Promise<void> {
  const moved = await db.transaction(system, (tx) =>
    // Whoever is removed in this moment must not go there: their removal would not see the session.
    tx.query(
      `WITH there AS (
         SELECT m.org_id, m.user_id FROM membership m JOIN session s ON s.user_id = m.user_id
          WHERE s.token_hash = $1 AND m.org_id = $2 FOR KEY SHARE OF m)
       UPDATE session s SET org_id_active = t.org_id FROM there t
        WHERE s.token_hash = $1 AND t.user_id = s.user_id
       RETURNING s.user_id`,
      [hashSessionToken(token), orgId],
    ),
  );
  if (moved.length === 0) throw new SlotwireError("E_NOT_FOUND");
}
