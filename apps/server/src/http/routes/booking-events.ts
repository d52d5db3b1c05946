import { bookingEventListSchema, bookingEventQuerySchema } from "@slotwire/contract";
import { readEvents } from "../../ledger/read-events.ts";
import type { App, Hub } from "../app.types.ts";
import { requireRole } from "../authorise.ts";

/** The event log as pages. */
export function bookingEventsRoutes(app: App, hub: Hub): void {
  app.get(
    "/api/v1/booking-events",
    {
      schema: {
        tags: ["events"],
        summary: "Read the event log",
        description:
          "Ascending by `seq`, which has no gaps: whoever follows `next_cursor` misses nothing.",
        querystring: bookingEventQuerySchema,
        response: { 200: bookingEventListSchema },
      },
    },
    async (request, reply) => {
      const { orgId } = requireRole(request, "events:read");
      const { after, limit } = request.query;
      const events = await readEvents(hub.db, orgId, after, limit + 1);
      const data = events.slice(0, limit);
      const last = data.at(-1);
      const more = events.length > limit && last !== undefined;
      // Not checked against the schema: for 1,000 events that takes longer than reading them, and
      // the stream sends the same objects.
      return reply
        .serializer(JSON.stringify)
        .send({ data, next_cursor: more ? String(last.seq) : null });
    },
  );
}
