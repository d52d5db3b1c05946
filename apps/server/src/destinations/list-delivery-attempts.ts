import type { DeliveryAttemptResource, List } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import { showAttempt } from "../domain/views/show-attempt.ts";
import type { View } from "../domain/views/view.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { found } from "./destination-row.ts";

/** Every attempt at one delivery, as the view shows it, the first one first. @throws SlotwireError E_NOT_FOUND */
export async function listDeliveryAttempts(
  { db }: Pick<DestinationDeps, "db">,
  { orgId, detail }: View,
  deliveryId: string,
): Promise<List<DeliveryAttemptResource>> {
  const rows = await db.transaction(tenant(orgId), async (tx) => {
    found(
      await tx.kysely
        .selectFrom("delivery")
        .select("id")
        .where("id", "=", deliveryId)
        .executeTakeFirst(),
    );
    return tx.kysely
      .selectFrom("delivery_attempt")
      .select([
        "no",
        "at",
        "status_code",
        "error_class",
        "error",
        "request_headers",
        "request_body",
        "response_headers",
        "response_body",
        "dns_ms",
        "connect_ms",
        "tls_ms",
        "first_byte_ms",
        "total_ms",
      ])
      .where("delivery_id", "=", deliveryId)
      .orderBy("no")
      .execute();
  });
  const attempts = rows.map((row) => ({
    ...row,
    at: row.at.toISOString(),
    batch_delivery_ids: null,
  }));
  return { data: attempts.map((attempt) => showAttempt(attempt, detail)), next_cursor: null };
}
