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
    tx.query(
      `UPDATE session s SET org_id_active = m.org_id
         FROM membership m
        WHERE s.token_hash = $1 AND m.user_id = s.user_id AND m.org_id = $2
       RETURNING s.user_id`,
      [hashSessionToken(token), orgId],
    ),
  );
  if (moved.length === 0) throw new SlotwireError("E_NOT_FOUND");
}
