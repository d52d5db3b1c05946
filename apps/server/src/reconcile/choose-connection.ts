import { tenant } from "../db/database.ts";
import { SlotwireError } from "../errors.ts";
import { openSourceApi } from "../inbox/connections/open-source-api.ts";
import type { SourceConnection } from "../inbox/connections/source-connection.ts";
import type { ReconcileDeps } from "./reconcile-deps.ts";

/**
 * Finds the connection whose source can be asked for a booking: the one that is named, or the only
 * one there is.
 * @throws SlotwireError E_CONNECTION_UNKNOWN, E_CONNECTION_PAUSED, E_API_KEY_MISSING when there is
 *   none; E_CONNECTION_CHOICE, which names them, when there are several
 */
export async function chooseConnection(
  deps: ReconcileDeps,
  orgId: string,
  connectionId: string | undefined,
): Promise<SourceConnection> {
  if (connectionId !== undefined) return namedConnection(deps, orgId, connectionId);
  const connections = await activeConnections(deps, orgId);
  const askable = connections.filter((connection) => canBeAsked(deps, connection));
  const [only] = askable;
  if (only === undefined) throw nobodyToAsk(deps, connections);
  if (askable.length === 1) return only;
  throw new SlotwireError("E_CONNECTION_CHOICE", {
    detail: `It may be a booking of ${inWords(askable, "or")}.`,
    extra: { connections: askable.map(({ id, name, kind }) => ({ id, name, kind })) },
  });
}

async function namedConnection(
  deps: ReconcileDeps,
  orgId: string,
  id: string,
): Promise<SourceConnection> {
  const connection = await deps.connections.find({ id }, { fresh: true });
  if (connection === null || connection.orgId !== orgId || connection.status === "removed") {
    throw new SlotwireError("E_CONNECTION_UNKNOWN", { remedy: "Choose another connection." });
  }
  if (connection.status === "paused") {
    const remedy = "Resume it under Connections, and import the booking then.";
    throw new SlotwireError("E_CONNECTION_PAUSED", { remedy });
  }
  return connection;
}

/** The oldest first. */
async function activeConnections(deps: ReconcileDeps, orgId: string): Promise<SourceConnection[]> {
  const rows = await deps.db.transaction(tenant(orgId), (tx) =>
    tx.query<{ id: string }>(
      `SELECT id FROM connection
        WHERE org_id = $1 AND status = 'active' AND removed_at IS NULL
        ORDER BY created_at, id`,
      [orgId],
    ),
  );
  const found = rows.map(({ id }) => deps.connections.find({ id }, { fresh: true }));
  return (await Promise.all(found)).filter((connection) => connection !== null);
}

function canBeAsked(deps: ReconcileDeps, connection: SourceConnection): boolean {
  try {
    openSourceApi(deps, connection);
    return true;
  } catch (error) {
    if (error instanceof SlotwireError && error.code === "E_API_KEY_MISSING") return false;
    throw error;
  }
}

/** Names those whose sources have an API, which a key would open. */
function nobodyToAsk(deps: ReconcileDeps, connections: readonly SourceConnection[]): SlotwireError {
  const closed = connections.filter(({ kind }) => deps.connectors.get(kind)?.api !== undefined);
  const detail =
    closed.length === 0
      ? "There is no connection whose source has an API that the hub calls."
      : `The hub has no address or no key of the API of ${inWords(closed, "and")}.`;
  const remedy = "Give a connection the address and the key of its source's API.";
  return new SlotwireError("E_API_KEY_MISSING", { detail, remedy });
}

function inWords(connections: readonly SourceConnection[], word: "and" | "or"): string {
  const names = connections.map(({ name }) => name);
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} ${word} ${last}`;
}
