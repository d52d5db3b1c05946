import type { DeliveryFilter } from "@slotwire/contract";
import type { Transaction } from "../../db/database.ts";
import { chooseDeliveries } from "../choose-deliveries.ts";
import { selectDeliveries } from "../delivery-row.ts";

/**
 * The first deliveries of their events that a filter names, of those that are over. Who asks for
 * those that did not arrive wants what never did: what was sent anew since and did is not among them.
 */
export function replayable(tx: Transaction, filter: DeliveryFilter) {
  const chosen = chooseDeliveries(selectDeliveries(tx), filter)
    .where("delivery.replay_of", "is", null)
    .where("delivery.status", "in", ["delivered", "exhausted", "cancelled", "skipped"]);
  const asksForAny = filter.status === undefined && filter.skip_reason === undefined;
  if (asksForAny || filter.status === "delivered") return chosen;
  return chosen.where((eb) => {
    const arrivedSince = eb
      .selectFrom("delivery as again")
      .select("again.id")
      .whereRef("again.org_id", "=", "delivery.org_id")
      .whereRef("again.replay_of", "=", "delivery.id")
      .where("again.status", "=", "delivered");
    return eb.not(eb.exists(arrivedSince));
  });
}
