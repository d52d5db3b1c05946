import type { InboundMessageResource, InboundMessageStatus } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";
import { showMessage } from "../domain/views/show-message.ts";
import type { View } from "../domain/views/view.ts";
import { type InboundMessageRow, messageColumns, toMessage } from "./message-row.ts";

/** Which messages to list. A field that is absent does not narrow the list. */
export interface MessageFilter {
  readonly connectionId?: string | undefined;
  readonly status?: InboundMessageStatus | undefined;
  readonly bookingId?: string | undefined;
}

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
  { orgId, detail }: View,
  filter: MessageFilter,
  page: { readonly limit: number; readonly before: MessagePosition | null },
): Promise<{ messages: InboundMessageResource[]; next: MessagePosition | null }> {
  const { conditions, values } = conditionsOf(orgId, filter, page.before);
  const rows = await db.transaction(tenant(orgId), (tx) =>
    tx.query<Row>(
      `SELECT ${messageColumns},
              to_char(m.received_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS position
         FROM inbound_message m
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
    messages: shown.map((row) => showMessage(toMessage(row), detail)),
    next: isLastPage ? null : [last.position, last.id],
  };
}

function conditionsOf(
  orgId: string,
  { connectionId, status, bookingId }: MessageFilter,
  before: MessagePosition | null,
): { conditions: string[]; values: unknown[] } {
  const values: unknown[] = [orgId];
  const conditions = ["m.org_id = $1"];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  if (connectionId !== undefined) conditions.push(`m.connection_id = ${bind(connectionId)}::uuid`);
  if (status !== undefined) conditions.push(`m.status = ${bind(status)}`);
  if (bookingId !== undefined) conditions.push(`m.booking_id = ${bind(bookingId)}::uuid`);
  if (before !== null) {
    const [receivedAt, id] = before;
    conditions.push(
      `(m.received_at, m.id) < (${bind(receivedAt)}::timestamptz, ${bind(id)}::uuid)`,
    );
  }
  return { conditions, values };
}
