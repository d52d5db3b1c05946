import type { ConnectionResource } from "@slotwire/contract";
import type { Author } from "../../access/record-audit.ts";
import { changeConnection } from "./change-connection.ts";
import type { ConnectionDeps } from "./connection-deps.ts";

/**
 * Takes a paused connection's messages again.
 * @throws SlotwireError E_NOT_FOUND
 */
export function resumeConnection(
  deps: ConnectionDeps,
  author: Author,
  id: string,
): Promise<ConnectionResource> {
  return changeConnection(deps, author, id, {
    action: "connection.resumed",
    columns: ({ status }) => (status === "active" ? null : { status: "active" }),
  });
}
