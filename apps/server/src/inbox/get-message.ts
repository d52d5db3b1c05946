import type { FieldChange, InboundMessageDetail } from "@slotwire/contract";
import { type Database, type Queryable, tenant } from "../db/database.ts";
import { eventChanges } from "../domain/event-changes.ts";
import { showMessageDetail } from "../domain/views/show-message.ts";
import type { View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";
import type { BookingEventRow } from "../ledger/read-events.ts";
import {
  type InboundMessageRow,
  isSameEvent,
  messageColumns,
  messageTables,
  toMessage,
} from "./message-row.ts";

interface DetailRow extends InboundMessageRow {
  readonly body: Uint8Array;
  readonly body_keys: string[] | null;
  readonly body_sha256: string;
  readonly headers: Record<string, string>;
  readonly attempts: number;
  readonly next_attempt_at: Date | null;
}

/** What is not UTF-8 is shown as U+FFFD; the stored body stays as it came. */
const utf8 = new TextDecoder("utf-8");

/**
 * One message with its raw body as text, what it changed, and the other deliveries of its event, as
 * the view shows it.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function getMessage(
  { db }: { readonly db: Database },
  { orgId, detail }: View,
  id: string,
): Promise<InboundMessageDetail> {
  const message = await db.transaction(tenant(orgId), async (tx) => {
    const [row] = await tx.query<DetailRow>(
      `SELECT ${messageColumns}, m.body, m.body_keys, encode(m.dedupe_key, 'hex') AS body_sha256,
              m.headers, m.attempts, m.next_attempt_at
         FROM ${messageTables} WHERE m.org_id = $1 AND m.id = $2`,
      [orgId, id],
    );
    if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
    return {
      ...toMessage(row, detail),
      body: utf8.decode(row.body),
      body_keys: row.body_keys,
      body_sha256: row.body_sha256,
      headers: row.headers,
      changes: await changesBy(tx, orgId, row),
      related: await relatedTo(tx, orgId, id),
      attempts: row.attempts,
      next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
    };
  });
  return showMessageDetail(message, detail);
}

type ChangedRow = Pick<BookingEventRow, "changed_fields" | "previous" | "booking">;

async function changesBy(
  tx: Queryable,
  orgId: string,
  { id, booking_id: bookingId }: DetailRow,
): Promise<FieldChange[]> {
  if (bookingId === null) return [];
  const events = await tx.query<ChangedRow>(
    `SELECT changed_fields, previous, booking FROM booking_event
      WHERE org_id = $1 AND booking_id = $2 AND inbound_message_id = $3 ORDER BY booking_version`,
    [orgId, bookingId, id],
  );
  return events.flatMap((event) => eventChanges(event));
}

type Related = InboundMessageDetail["related"][number];

async function relatedTo(tx: Queryable, orgId: string, id: string): Promise<Related[]> {
  const rows = await tx.query<Omit<Related, "received_at"> & { received_at: Date }>(
    `SELECT g.id, g.status, g.action, g.duplicate_count, g.received_at
       FROM inbound_message m JOIN inbound_message g ON ${isSameEvent}
      WHERE m.org_id = $1 AND m.id = $2
      ORDER BY g.received_at, g.id LIMIT 50`,
    [orgId, id],
  );
  return rows.map((row) => ({ ...row, received_at: row.received_at.toISOString() }));
}
