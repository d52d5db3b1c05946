import type { SubjectResource } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";
import { showSubjectResource } from "../domain/views/show-customer.ts";
import type { View } from "../domain/views/view.ts";
import { ownCustomer } from "./customer-queries.ts";

/**
 * Lists what customers have, those that were made first first.
 * @param customerId narrows to one customer's
 * @param after id of the last one of the page before; null for the first page
 */
export async function listSubjects(
  { db }: { readonly db: Database },
  view: View,
  customerId: string | undefined,
  page: { readonly limit: number; readonly after: string | null },
): Promise<{ subjects: SubjectResource[]; next: string | null }> {
  const { orgId, own, detail } = view;
  const values: unknown[] = [orgId];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const conditions = ["s.org_id = $1"].concat(
    ownCustomer(view, "s.customer_id", bind),
    customerId === undefined ? [] : [`s.customer_id = ${bind(customerId)}`],
    page.after === null ? [] : [`s.id > ${bind(page.after)}`],
  );
  const rows = await db.transaction(tenant(orgId, own), (tx) =>
    tx.query<{ subject: SubjectResource }>(
      `SELECT subject_resource(s) AS subject FROM subject s
        WHERE ${conditions.join(" AND ")} ORDER BY s.id LIMIT ${page.limit + 1}`,
      values,
    ),
  );
  const shown = rows.slice(0, page.limit);
  return {
    subjects: shown.map(({ subject }) => showSubjectResource(subject, detail)),
    next: rows.length > page.limit ? (shown.at(-1)?.subject.id ?? null) : null,
  };
}
