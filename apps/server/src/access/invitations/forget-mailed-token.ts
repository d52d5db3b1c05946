import { system } from "../../db/database.ts";
import type { AccessDeps } from "../session-lifetime.ts";

/** Notes that an invitation's mail did not go out: the link that is shown has to do. */
export async function forgetMailedToken(
  { db }: Pick<AccessDeps, "db">,
  orgId: string,
  id: string,
): Promise<void> {
  await db.transaction(system, (tx) =>
    tx.query("UPDATE invitation SET mailed_hash = NULL WHERE org_id = $1 AND id = $2", [orgId, id]),
  );
}
