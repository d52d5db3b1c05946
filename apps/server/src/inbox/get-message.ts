import type { InboundMessageDetail } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";
import { showMessageDetail } from "../domain/views/show-message.ts";
import type { View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";
import { type InboundMessageRow, messageColumns, toMessage } from "./message-row.ts";

/** What is not UTF-8 is shown as U+FFFD; the stored body stays as it came. */
const utf8 = new TextDecoder("utf-8");

/**
 * One message with its raw body as text, as the view shows it.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function getMessage(
  { db }: { readonly db: Database },
  { orgId, detail }: View,
  id: string,
): Promise<InboundMessageDetail> {
  const [row] = await db.transaction(tenant(orgId), (tx) =>
    tx.query<InboundMessageRow & { readonly body: Uint8Array }>(
      `SELECT ${messageColumns}, m.body FROM inbound_message m WHERE m.org_id = $1 AND m.id = $2`,
      [orgId, id],
    ),
  );
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return showMessageDetail({ ...toMessage(row), body: utf8.decode(row.body) }, detail);
}
