import type { CustomerDetail, CustomerResource, SubjectResource } from "@slotwire/contract";
import type { Queryable } from "../db/database.ts";
import type { View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";

/**
 * Narrows a query to the customers of one's own bookings, as row-level security does behind it. A
 * booking that they made for themselves counts while it takes place.
 * @param id the expression of the customer's id
 * @param bind adds a value and answers its placeholder
 */
export function ownCustomer({ own }: View, id: string, bind: (value: unknown) => string): string[] {
  if (own === null) return [];
  return [
    `EXISTS (SELECT FROM booking ob WHERE ob.org_id = $1 AND ob.customer_id = ${id}
               AND lower(ob.provider_email) = ${bind(own.providerEmail)}
               AND NOT (ob.made_for_self
                        AND (ob.occupancy = 'free' OR ob.deleted_at IS NOT NULL)))`,
  ];
}

/**
 * One customer with all identities, as it is stored.
 * @param tx in the view's scope
 * @throws SlotwireError E_NOT_FOUND when there is no such customer in the view
 */
export async function readCustomer(tx: Queryable, view: View, id: string): Promise<CustomerDetail> {
  const values: unknown[] = [view.orgId, id];
  const conditions = ["c.org_id = $1", "c.id = $2"].concat(
    ownCustomer(view, "c.id", (value) => `$${values.push(value)}`),
  );
  const [row] = await tx.query<{
    customer: CustomerResource;
    identities: CustomerDetail["identities"];
  }>(
    `SELECT customer_resource(c) AS customer,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value_raw,
                      'connection_id', i.connection_id, 'is_primary', i.is_primary)
                      ORDER BY i.kind, i.is_primary DESC, i.created_at, i.id), '[]')
               FROM customer_identity i
              WHERE i.org_id = c.org_id AND i.customer_id = c.id) AS identities
       FROM customer c WHERE ${conditions.join(" AND ")}`,
    values,
  );
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return { ...row.customer, identities: row.identities };
}

/**
 * One subject as it is stored.
 * @param tx in the view's scope
 * @throws SlotwireError E_NOT_FOUND when there is no such subject in the view
 */
export async function readSubject(tx: Queryable, view: View, id: string): Promise<SubjectResource> {
  const values: unknown[] = [view.orgId, id];
  const conditions = ["s.org_id = $1", "s.id = $2"].concat(
    ownCustomer(view, "s.customer_id", (value) => `$${values.push(value)}`),
  );
  const [row] = await tx.query<{ subject: SubjectResource }>(
    `SELECT subject_resource(s) AS subject FROM subject s WHERE ${conditions.join(" AND ")}`,
    values,
  );
  if (row === undefined) throw new SlotwireError("E_NOT_FOUND");
  return row.subject;
}

/** @throws SlotwireError E_PRECONDITION when it has another version than the expected one */
export function requireVersion(
  { version }: { readonly version: number },
  expected: number | null,
): void {
  if (expected !== null && expected !== version) {
    throw new SlotwireError("E_PRECONDITION", { detail: `It is at version ${version}.` });
  }
}
