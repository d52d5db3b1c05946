import type {
  DeliveryAttemptResource,
  List,
  PageQuery,
  PortalDelivery,
  PortalResource,
} from "@slotwire/contract";
import type { Transport } from "../transport.ts";

/** A destination's log, with the token of a link to it as the client's token. */
export interface PortalApi {
  get(): Promise<PortalResource>;
  deliveries(query?: Partial<PageQuery>): Promise<List<PortalDelivery>>;
  /** Every try at one delivery. */
  attempts(deliveryId: string): Promise<List<DeliveryAttemptResource>>;
}

export function portalApi(transport: Transport): PortalApi {
  const path = "/api/v1/portal";
  return {
    get: () => transport.json("GET", path),
    deliveries: (query = {}) => transport.json("GET", `${path}/deliveries`, { query }),
    attempts: (id) =>
      transport.json("GET", `${path}/deliveries/${encodeURIComponent(id)}/attempts`),
  };
}
