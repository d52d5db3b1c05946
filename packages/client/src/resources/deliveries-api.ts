import type {
  DeliveryAttemptResource,
  DeliveryListQuery,
  DeliveryResource,
  List,
} from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface DeliveriesApi {
  list(query?: Partial<DeliveryListQuery>): Promise<List<DeliveryResource>>;
  get(id: string): Promise<DeliveryResource>;
  /** Every try at one delivery. */
  attempts(id: string): Promise<List<DeliveryAttemptResource>>;
  /** Tries again now. */
  retry(id: string): Promise<DeliveryResource>;
}

export function deliveriesApi(transport: Transport): DeliveriesApi {
  const path = "/api/v1/deliveries";
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    get: (id) => transport.json("GET", `${path}/${encodeURIComponent(id)}`),
    attempts: (id) => transport.json("GET", `${path}/${encodeURIComponent(id)}/attempts`),
    retry: (id) => transport.json("POST", `${path}/${encodeURIComponent(id)}/retry`),
  };
}
