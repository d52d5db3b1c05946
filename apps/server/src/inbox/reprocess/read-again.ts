import type { Connector, Interpretation, RawMessage } from "../../connectors/connector.ts";
import type { ConnectionDirectory } from "../connections/connection-directory.ts";
import type { SourceConnection } from "../connections/source-connection.ts";
import type { InboxDeps } from "../inbox-deps.ts";
import { understandMessage } from "../understand-message.ts";
import { asDecided } from "./as-decided.ts";
import type { KeptMessage } from "./kept-message.ts";

/** A message that was understood once more, or why that cannot be. */
export type Reading =
  | {
      readonly connection: SourceConnection;
      readonly connector: Connector;
      readonly raw: RawMessage;
      readonly interpretation: Interpretation;
    }
  | { readonly unavailable: string };

/** Understands a kept message as its connector does now; what it says counts as when it was decided. */
export async function readAgain(
  { connectors, db, log }: Pick<InboxDeps, "connectors" | "db" | "log">,
  directory: ConnectionDirectory,
  message: KeptMessage,
): Promise<Reading> {
  if (message.body_removed_at !== null) return { unavailable: "its body has been removed" };
  const connection = await directory.find({ id: message.connection_id });
  const connector = connection === null ? undefined : connectors.get(connection.kind);
  if (connection === null || connector === undefined) {
    return { unavailable: "there is no connector for its source" };
  }
  const { headers, received_at: receivedAt } = message;
  const raw = { body: Buffer.from(message.body), headers, receivedAt };
  const read = understandMessage(connector, connection, raw, log);
  const interpretation = await asDecided({ db }, connection, message, read);
  return { connection, connector, raw, interpretation };
}
