import type { BookingActions } from "@slotwire/contract";
import type { SourceCommand } from "../connectors/connector.ts";
import { SlotwireError } from "../errors.ts";
import type { SourceConnection } from "../inbox/connections/source-connection.ts";
import type { CommandDeps } from "./command-deps.ts";

/** Whether the owner of a booking can be asked to change it. */
export interface WriteBack {
  readonly state: Exclude<BookingActions["write_back"], "hub">;
  /** The source's product, for example Cal.com. */
  readonly sourceName: string;
  readonly connectionName: string;
  /** What it can be asked for. */
  readonly commands: readonly SourceCommand["kind"][];
}

/** Looks at a connection and its connector. Asks nobody outside. */
export async function findWriteBack(
  { connections, connectors }: Pick<CommandDeps, "connections" | "connectors">,
  connectionId: string,
): Promise<WriteBack> {
  const connection = await connections.find({ id: connectionId });
  const connector = connection === null ? undefined : connectors.get(connection.kind);
  const commands = connector?.api === undefined ? [] : connector.capabilities.commands;
  return {
    state: stateOf(connection, commands, connector?.api?.defaultUrl ?? null),
    sourceName: connector?.label ?? connection?.kind ?? "",
    connectionName: connection?.name ?? "",
    commands,
  };
}

function stateOf(
  connection: SourceConnection | null,
  commands: readonly SourceCommand["kind"][],
  defaultUrl: string | null,
): WriteBack["state"] {
  if (connection === null || connection.status === "removed" || commands.length === 0) {
    return "unsupported";
  }
  if (connection.status === "paused") return "paused";
  const isReachable = connection.apiKey !== null && (connection.apiUrl ?? defaultUrl) !== null;
  return isReachable ? "available" : "no_api_key";
}

/**
 * Says why the owner cannot be asked for this, and what can be done about it.
 * @throws SlotwireError E_NOT_OWNER; nothing when it can
 */
export function requireCommand(back: WriteBack, kind: SourceCommand["kind"]): void {
  const { state, sourceName, connectionName, commands } = back;
  const there = sourceName === "" ? "in the system that owns it" : `at ${sourceName}`;
  const refuse = (detail: string, remedy: string): never => {
    throw new SlotwireError("E_NOT_OWNER", { detail, remedy: `Make the change ${there}${remedy}` });
  };
  if (state === "paused") {
    refuse(
      `The connection “${connectionName}” is paused.`,
      ", or resume the connection so that the hub can ask for it.",
    );
  }
  if (state === "no_api_key") {
    refuse(
      `The hub has no key of the API of ${sourceName}.`,
      `, or give the connection “${connectionName}” an API key (Settings → Connections → Edit), so that the hub can ask for it.`,
    );
  }
  if (state === "unsupported" || !commands.includes(kind)) {
    refuse("Another system owns this booking, and cannot be asked for this.", ".");
  }
}
