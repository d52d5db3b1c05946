import type {
  DeliveryAttemptResource,
  List,
  PageQuery,
  PortalDelivery,
  PortalResource,
} from "@slotwire/contract";
import type { Calls } from "./resource.ts";

/** A destination's log, with the token of a link to it as the client's token. */
export interface PortalApi {
  get(): Promise<PortalResource>;
  deliveries(query?: Partial<PageQuery>): Promise<List<PortalDelivery>>;
  /** Every try at one delivery. */
  attempts(deliveryId: string): Promise<List<DeliveryAttemptResource>>;
}

export const portalCalls: Calls<PortalApi> = {
  get: "GET",
  deliveries: "GET/deliveries?",
  attempts: "GET/deliveries/:/attempts",
};
