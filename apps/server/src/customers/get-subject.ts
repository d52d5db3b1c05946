import type { SubjectResource } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";
import { showSubjectResource } from "../domain/views/show-customer.ts";
import type { View } from "../domain/views/view.ts";
import { readSubject } from "./customer-queries.ts";

/**
 * One subject as the view shows it.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function getSubject(
  { db }: { readonly db: Database },
  view: View,
  id: string,
): Promise<SubjectResource> {
  const subject = await db.transaction(tenant(view.orgId, view.own), (tx) =>
    readSubject(tx, view, id),
  );
  return showSubjectResource(subject, view.detail);
}
