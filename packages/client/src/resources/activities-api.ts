import type { ActivityListQuery, ActivityResource, List } from "@slotwire/contract";
import type { Transport } from "../transport.ts";

export interface ActivitiesApi {
  /** What was or will be done with customers: of bookings, the meetings. */
  list(
    query?: Omit<ActivityListQuery, "limit"> & { readonly limit?: number },
  ): Promise<List<ActivityResource>>;
}

export function activitiesApi(transport: Transport): ActivitiesApi {
  return { list: (query = {}) => transport.json("GET", "/api/v1/activities", { query }) };
}
