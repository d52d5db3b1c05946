import type { DeliveryAttemptResource, List } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import { showAttempt } from "../domain/views/show-attempt.ts";
import type { View } from "../domain/views/view.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { profileOf } from "./encode-delivery.ts";
import { found } from "./destination-row.ts";

interface AttemptRow extends Omit<DeliveryAttemptResource, "at"> {
  readonly at: Date;
  readonly profile: string;
  /** Of a list, the parts that are still there. */
  readonly parts: readonly string[] | null;
}

/** Those that travelled together have the same list of ids, at the same time. */
const attemptsOfDelivery = `
  SELECT a.no, a.at, a.status_code, a.error_class, a.error, a.request_headers, a.request_body,
         a.batch_delivery_ids, a.response_headers, a.response_body,
         a.dns_ms, a.connect_ms, a.tls_ms, a.first_byte_ms, a.total_ms, t.profile,
         (SELECT array_agg(p.request_body ORDER BY one.position)
            FROM unnest(a.batch_delivery_ids) WITH ORDINALITY one (id, position)
            JOIN delivery_attempt p ON p.org_id = a.org_id AND p.delivery_id = one.id AND p.at = a.at
             AND p.batch_delivery_ids = a.batch_delivery_ids AND p.request_body IS NOT NULL) AS parts
    FROM delivery_attempt a
    JOIN delivery d ON d.org_id = a.org_id AND d.id = a.delivery_id
    JOIN destination t ON t.org_id = d.org_id AND t.id = d.destination_id
   WHERE a.delivery_id = $1
   ORDER BY a.no`;

/** An attempt with the whole body of its request. */
function toAttempt({ profile, parts, at, ...row }: AttemptRow): DeliveryAttemptResource {
  const attempt = { ...row, at: at.toISOString() };
  const { batch_delivery_ids: ids } = row;
  if (ids === null) return attempt;
  const isWhole = parts?.length === ids.length;
  const body = isWhole ? (profileOf({ profile }).encodeBatch?.(parts) ?? null) : null;
  return { ...attempt, request_body: body };
}

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
    return tx.query<AttemptRow>(attemptsOfDelivery, [deliveryId]);
  });
  const attempts = rows.map(toAttempt);
  return { data: attempts.map((attempt) => showAttempt(attempt, detail)), next_cursor: null };
}
