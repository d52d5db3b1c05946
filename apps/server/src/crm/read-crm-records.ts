import { type Database, tenant } from "../db/database.ts";

/** What the CRM made of a booking. */
export interface CrmRecords {
  readonly lead: { readonly id: string; readonly title: string } | null;
  readonly contact: { readonly id: string; readonly email: string | null } | null;
  readonly activity: { readonly id: string };
  /** In the order of their rules, whatever became of them. */
  readonly tasks: readonly { readonly id: string; readonly title: string }[];
}

/**
 * Reads the CRM's records of a booking.
 * @returns null when it has none: its connection keeps out of the CRM
 */
export async function readCrmRecords(
  { db }: { readonly db: Database },
  { orgId, bookingId }: { readonly orgId: string; readonly bookingId: string },
): Promise<CrmRecords | null> {
  return db.transaction(tenant(orgId), async (tx) => {
    const [row] = await tx.query<{ records: CrmRecords }>(
      `SELECT jsonb_build_object(
                'lead', CASE WHEN l.id IS NOT NULL
                  THEN jsonb_build_object('id', l.id, 'title', l.title) END,
                'contact', CASE WHEN a.customer_id IS NOT NULL
                  THEN jsonb_build_object('id', a.customer_id,
                         'email', customer_contact(a.org_id, a.customer_id, 'email')) END,
                'activity', jsonb_build_object('id', a.id),
                'tasks', (
                  SELECT coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'title', t.title)
                           ORDER BY t.position, t.id), '[]')
                    FROM task t WHERE t.org_id = a.org_id AND t.booking_id = a.booking_id)
              ) AS records
         FROM activity a
         LEFT JOIN lead l ON l.org_id = a.org_id AND l.id = a.lead_id
        WHERE a.org_id = $1 AND a.booking_id = $2 AND a.type = 'MEETING'`,
      [orgId, bookingId],
    );
    return row?.records ?? null;
  });
}
