import { activityListQuerySchema, activitySchema, listOf } from "@slotwire/contract";
import { z } from "zod";
import { listActivities } from "../../crm/list-activities.ts";
import { listLeadActivities } from "../../crm/list-lead-activities.ts";
import type { App, Hub } from "../app.types.ts";
import { requireView } from "../authorise.ts";
import { decodeCursor, encodeCursor, timePositionSchema } from "../cursor.ts";

const tags = ["crm"];
/** Arrays have no next page: they are as long as a page can be. */
const MOST = 200;
const arrayQuerySchema = activityListQuerySchema.omit({ cursor: true }).extend({
  limit: activityListQuerySchema.shape.limit.unwrap().default(MOST),
});

/** What was or will be done with customers. */
export function activitiesRoutes(app: App, hub: Hub): void {
  addList(app, hub);
  addArrays(app, hub);
}

function addList(app: App, hub: Hub): void {
  app.get(
    "/api/v1/activities",
    {
      schema: {
        tags,
        summary: "List activities",
        description:
          "Meetings of bookings, and whatever else was done with customers: the latest first, or, with `upcoming=true`, what is scheduled and has not ended, soonest first. Staff are shown those of their own bookings, without leads.",
        querystring: activityListQuerySchema,
        response: { 200: listOf(activitySchema) },
      },
    },
    async (request) => {
      const { view } = requireView(request, "activities:read");
      const { limit, cursor, type, upcoming, lead_id, customer_id } = request.query;
      const filter = { type, upcoming, leadId: lead_id, customerId: customer_id };
      const after = cursor === undefined ? null : decodeCursor(cursor, timePositionSchema);
      const { activities, next } = await listActivities(hub, view, filter, { limit, after });
      return { data: activities, next_cursor: next && encodeCursor(next) };
    },
  );
}

/** The addresses that the screens of a CRM have asked from the start, and their plain arrays. */
function addArrays(app: App, hub: Hub): void {
  app.get(
    "/api/activities",
    {
      schema: {
        tags,
        summary: "Activities as an array",
        description: "The first page of `GET /api/v1/activities`, 200 unless `limit` is given.",
        querystring: arrayQuerySchema,
        response: { 200: z.array(activitySchema) },
      },
    },
    async (request) => {
      const { view } = requireView(request, "activities:read");
      const { limit, type, upcoming, lead_id, customer_id } = request.query;
      const filter = { type, upcoming, leadId: lead_id, customerId: customer_id };
      return (await listActivities(hub, view, filter, { limit, after: null })).activities;
    },
  );

  app.get(
    "/api/leads/:id/activities",
    {
      schema: {
        tags,
        summary: "A lead's activities as an array",
        description: "The latest first, 200 unless `limit` is given. Staff are shown no leads.",
        params: z.object({ id: z.uuid() }),
        querystring: arrayQuerySchema.omit({ lead_id: true, customer_id: true }),
        response: { 200: z.array(activitySchema) },
      },
    },
    (request) => {
      const { view } = requireView(request, "activities:read");
      return listLeadActivities(hub, view, request.params.id, request.query);
    },
  );
}
