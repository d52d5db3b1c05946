import { destinationStatisticsQuerySchema, destinationStatisticsSchema } from "@slotwire/contract";
import { readStatistics } from "../../destinations/statistics/read-statistics.ts";
import type { App, Hub } from "../app.types.ts";
import { requireRole } from "../authorise.ts";

/** How destinations fare. */
export function destinationStatisticsRoutes(app: App, hub: Hub): void {
  app.get(
    "/api/v1/destinations/statistics",
    {
      schema: {
        tags: ["destinations"],
        summary: "Read how destinations fare",
        description:
          "By destination and together: what was delivered, at once and in the end, how long answers took, and what is open. Of the last 24 hours unless given, over 31 days at most.",
        querystring: destinationStatisticsQuerySchema,
        response: { 200: destinationStatisticsSchema },
      },
    },
    (request) => {
      const { orgId } = requireRole(request, "destinations:read");
      return readStatistics(hub, orgId, request.query);
    },
  );
}
