import type { ActivityListQuery, ActivityResource, List } from "@slotwire/contract";
import type { Calls } from "./resource.ts";

export interface ActivitiesApi {
  /** What was or will be done with customers: of bookings, the meetings. */
  list(
    query?: Omit<ActivityListQuery, "limit"> & { readonly limit?: number },
  ): Promise<List<ActivityResource>>;
}

export const activitiesCalls: Calls<ActivitiesApi> = { list: "GET?" };
