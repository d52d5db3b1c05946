import type { DeliveryFilter, DeliveryResource } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import { chooseDeliveries } from "./choose-deliveries.ts";
import { selectDeliveries, toDelivery } from "./delivery-row.ts";
import type { DestinationDeps } from "./destination-deps.ts";
import { type Page, pageOf, type PageRequest } from "./page.ts";

/** Which deliveries; what is absent does not matter. */
export interface DeliveryChoice extends DeliveryFilter {
  readonly status_code?: number | undefined;
  readonly replay_id?: string | undefined;
}

/** The organisation's deliveries, the newest first. */
export async function listDeliveries(
  { db }: Pick<DestinationDeps, "db">,
  orgId: string,
  choice: DeliveryChoice,
  { limit, before }: PageRequest,
): Promise<Page<DeliveryResource>> {
  const rows = await db.transaction(tenant(orgId), (tx) => {
    let query = chosenDeliveries(selectDeliveries(tx), choice)
      .orderBy("delivery.id", "desc")
      .limit(limit + 1);
    if (before !== null) query = query.where("delivery.id", "<", before);
    return query.execute();
  });
  return pageOf(rows.map(toDelivery), limit);
}

/** Narrows a query for deliveries to those that a choice names. */
export function chosenDeliveries(
  query: ReturnType<typeof selectDeliveries>,
  { status_code: statusCode, replay_id: replayId, ...filter }: DeliveryChoice,
): ReturnType<typeof selectDeliveries> {
  let chosen = chooseDeliveries(query, filter);
  if (statusCode !== undefined) chosen = chosen.where("delivery.last_status_code", "=", statusCode);
  if (replayId !== undefined) chosen = chosen.where("delivery.replay_id", "=", replayId);
  return chosen;
}
