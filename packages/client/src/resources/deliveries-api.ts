import type {
  DeliveryAttemptResource,
  DeliveryCounts,
  DeliveryCountsQuery,
  DeliveryListQuery,
  DeliveryResource,
  List,
  PageQuery,
  ReplayDeliveries,
  ReplayPlan,
  ReplayResource,
} from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface DeliveriesApi {
  list(query?: Partial<DeliveryListQuery>): Promise<List<DeliveryResource>>;
  /** How many have which status. */
  counts(query?: DeliveryCountsQuery): Promise<DeliveryCounts>;
  get(id: string): Promise<DeliveryResource>;
  /** Every try at one delivery. */
  attempts(id: string): Promise<List<DeliveryAttemptResource>>;
  /** Tries again now. */
  retry(id: string): Promise<DeliveryResource>;
  /** Sends a finished one's event anew, as a delivery of its own. */
  replay(id: string): Promise<DeliveryResource>;
  /** How many a replay would send anew. */
  planReplay(input: Omit<ReplayDeliveries, "dry_run">): Promise<ReplayPlan>;
  /** Sends many anew, at a pace. */
  startReplay(input: Omit<ReplayDeliveries, "dry_run">): Promise<ReplayResource>;
  replays(query?: Partial<PageQuery>): Promise<List<ReplayResource>>;
  getReplay(id: string): Promise<ReplayResource>;
  /** Takes back what it has not sent yet. */
  cancelReplay(id: string): Promise<ReplayResource>;
}

export function deliveriesApi(transport: Transport): DeliveriesApi {
  const path = "/api/v1/deliveries";
  return {
    list: (query = {}) => transport.json("GET", path, { query }),
    counts: (query = {}) => transport.json("GET", `${path}/counts`, { query }),
    get: (id) => transport.json("GET", `${path}/${encodeURIComponent(id)}`),
    attempts: (id) => transport.json("GET", `${path}/${encodeURIComponent(id)}/attempts`),
    retry: (id) => transport.json("POST", `${path}/${encodeURIComponent(id)}/retry`),
    replay: (id) => transport.json("POST", `${path}/${encodeURIComponent(id)}/replay`),
    planReplay: (input) =>
      transport.json("POST", `${path}/replay`, { body: { ...input, dry_run: true } }),
    startReplay: (input) =>
      transport.json("POST", `${path}/replay`, { body: { ...input, dry_run: false } }),
    replays: (query = {}) => transport.json("GET", "/api/v1/replays", { query }),
    getReplay: (id) => transport.json("GET", `/api/v1/replays/${encodeURIComponent(id)}`),
    cancelReplay: (id) => transport.json("DELETE", `/api/v1/replays/${encodeURIComponent(id)}`),
  };
}
