import type { InboundMessageFilter, InboundMessageResource } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";
import { showMessage } from "../domain/views/show-message.ts";
import type { View } from "../domain/views/view.ts";
import { conditionsOf } from "./message-filter.ts";
import { type InboundMessageRow, messageColumns, messageTables, toMessage } from "./message-row.ts";

/** Where a page of messages ends: when the last one was received, with microseconds, and its id. */
export type MessagePosition = readonly [receivedAt: string, id: string];

type Row = InboundMessageRow & { readonly position: string };

/**
 * Lists what came in, the latest first, as the view shows it.
 * @param page `before` is the position of the last message of the page before
 * @returns at most `limit` messages, and the position to go on from, or null on the last page
 */
export async function listMessages(
  { db }: { readonly db: Database },
  view: View,
  filter: InboundMessageFilter,
  page: { readonly limit: number; readonly before: MessagePosition | null },
): Promise<{ messages: InboundMessageResource[]; next: MessagePosition | null }> {
  const { conditions, values, bind } = conditionsOf(view, filter);
  if (page.before !== null) {
    const [receivedAt, id] = page.before;
    conditions.push(
      `(m.received_at, m.id) < (${bind(receivedAt)}::timestamptz, ${bind(id)}::uuid)`,
    );
  }
  const rows = await db.transaction(tenant(view.orgId), (tx) =>
    tx.query<Row>(
      `SELECT ${messageColumns},
              to_char(m.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS position
         FROM ${messageTables}
        WHERE ${conditions.join("\n          AND ")}
        ORDER BY m.received_at DESC, m.id DESC
        LIMIT ${page.limit + 1}`,
      values,
    ),
  );
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const isLastPage = rows.length <= page.limit || last === undefined;
  return {
    messages: shown.map((row) => showMessage(toMessage(row, view.detail), view.detail)),
    next: isLastPage ? null : [last.position, last.id],
  };
}
