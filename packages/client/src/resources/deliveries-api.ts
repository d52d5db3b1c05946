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
import type { Calls, MakeMethod } from "./resource.ts";

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

const replayMany =
  (dry_run: boolean) =>
  (make: MakeMethod) =>
  <Answer>(input: Omit<ReplayDeliveries, "dry_run">): Promise<Answer> =>
    make("POST/replay!")({ ...input, dry_run });

export const deliveriesCalls: Calls<DeliveriesApi> = {
  list: "GET?",
  counts: "GET/counts?",
  get: "GET/:",
  attempts: "GET/:/attempts",
  retry: "POST/:/retry",
  replay: "POST/:/replay",
  planReplay: replayMany(true),
  startReplay: replayMany(false),
  replays: "GET//replays?",
  getReplay: "GET//replays/:",
  cancelReplay: "DELETE//replays/:",
};
