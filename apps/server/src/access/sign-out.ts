import { system } from "../db/database.ts";
import type { AccessDeps } from "./session-lifetime.ts";
import { hashSessionToken } from "./session-token.ts";

/** Ends the session of `token`; does nothing when there is none. */
export async function signOut({ db }: AccessDeps, token: string): Promise<void> {
  await db.transaction(system, (tx) =>
    tx.query("DELETE FROM session WHERE token_hash = $1", [hashSessionToken(token)]),
  );
}
