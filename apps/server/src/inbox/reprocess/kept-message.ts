import type { InboundMessageFilter, InboundMessageStatus } from "@slotwire/contract";
import type { View } from "../../domain/views/view.ts";
import { type Conditions, conditionsOf } from "../message-filter.ts";

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
