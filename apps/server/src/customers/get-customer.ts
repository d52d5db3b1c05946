import type { CustomerDetail } from "@slotwire/contract";
import { type Database, tenant } from "../db/database.ts";
import { showCustomerDetail } from "../domain/views/show-customer.ts";
import type { View } from "../domain/views/view.ts";
import { readCustomer } from "./customer-queries.ts";

/**
 * One customer as the view shows them, with what is theirs and by what they are recognised.
 * @throws SlotwireError E_NOT_FOUND
 */
export async function getCustomer(
  { db }: { readonly db: Database },
  view: View,
  id: string,
): Promise<CustomerDetail> {
  const customer = await db.transaction(tenant(view.orgId, view.own), (tx) =>
    readCustomer(tx, view, id),
  );
  return showCustomerDetail(customer, view.detail);
}
