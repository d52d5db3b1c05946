import type { ConnectionResource } from "@slotwire/contract";
import type { Author } from "../../access/record-audit.ts";
import { changeConnection } from "./change-connection.ts";
import type { ConnectionDeps } from "./connection-deps.ts";

/**
 * Lets a connection rest: its messages are refused until it is resumed, so that their source
 * sends them again if it can.
 * @throws SlotwireError E_NOT_FOUND
 */
export function pauseConnection(
  deps: ConnectionDeps,
  author: Author,
  id: string,
): Promise<ConnectionResource> {
  return changeConnection(deps, author, id, {
    action: "connection.paused",
    columns: ({ status }) => (status === "paused" ? null : { status: "paused" }),
  });
}
