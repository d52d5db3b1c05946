import type { InboundMessageFilter, InboundMessageStatus } from "@slotwire/contract";
import type { Connector, Interpretation, RawMessage } from "../../connectors/connector.ts";
import type { View } from "../../domain/views/view.ts";
import type { ConnectionDirectory } from "../connections/connection-directory.ts";
import type { SourceConnection } from "../connections/source-connection.ts";
import type { InboxDeps } from "../inbox-deps.ts";
import { type Conditions, conditionsOf } from "../message-filter.ts";
import { asDecided } from "./as-decided.ts";
import { understandMessage } from "../understand-message.ts";

/** Which messages are to be processed again: one, or all that a filter means. */
export type MessageChoice =
  | { readonly messageId: string }
  | { readonly filter: InboundMessageFilter };

/** The choice as conditions over `inbound_message m`. */
export function conditionsOfChoice(view: View, choice: MessageChoice): Conditions {
  if ("filter" in choice) return conditionsOf(view, choice.filter);
  const conditions = conditionsOf(view, {});
  conditions.conditions.push(`m.id = ${conditions.bind(choice.messageId)}::uuid`);
  return conditions;
}

/** A message as it was kept. */
export interface KeptMessage {
  readonly id: string;
  readonly connection_id: string;
  readonly trigger: string | null;
  readonly status: InboundMessageStatus;
  readonly action: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly body_removed_at: Date | null;
  readonly received_at: Date;
}

/** Its columns, in SQL over the alias `m`. */
export const keptColumns =
  "m.id, m.connection_id, m.trigger, m.status, m.action, m.headers, m.body, m.body_removed_at, m.received_at";

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
