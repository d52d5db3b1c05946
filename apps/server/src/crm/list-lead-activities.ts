import type { ActivityResource } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import { type Database, tenant } from "../db/database.ts";
import type { View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";
import { type ActivityFilter, listActivities } from "./list-activities.ts";

/**
 * Lists the first activities of a lead, as the view shows them.
 * @throws SlotwireError E_NOT_FOUND when the view has no such lead
 */
export async function listLeadActivities(
  deps: { readonly db: Database; readonly clock: Clock },
  view: View,
  leadId: string,
  { limit, ...filter }: Omit<ActivityFilter, "leadId"> & { readonly limit: number },
): Promise<ActivityResource[]> {
  const { orgId, own } = view;
  const rows = await deps.db.transaction(tenant(orgId, own), (tx) =>
    tx.query("SELECT 1 FROM lead WHERE org_id = $1 AND id = $2", [orgId, leadId]),
  );
  if (own !== null || rows.length === 0) throw new SlotwireError("E_NOT_FOUND");
  const page = { limit, after: null };
  return (await listActivities(deps, view, { ...filter, leadId }, page)).activities;
}
