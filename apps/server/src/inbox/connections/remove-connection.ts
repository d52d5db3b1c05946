import type { Author } from "../../access/record-audit.ts";
import { changeConnection, requireOwn } from "./change-connection.ts";
import type { ConnectionDeps } from "./connection-deps.ts";

/**
 * Ends a connection: to its source there is none any more. Its messages and its bookings' ids
 * stay, its secrets do not.
 * @throws SlotwireError E_NOT_FOUND
 * @throws SlotwireError E_ENVIRONMENT when it is set in the environment
 */
export async function removeConnection(
  deps: ConnectionDeps,
  author: Author,
  id: string,
): Promise<void> {
  await changeConnection(deps, author, id, {
    action: "connection.removed",
    columns: (row) => {
      requireOwn(row);
      return {
        removed_at: deps.clock.now(),
        secret_sealed: null,
        previous_secret_sealed: null,
        previous_secret_until: null,
        url_token_hash: null,
        previous_url_token_hash: null,
        previous_url_token_until: null,
      };
    },
  });
}
