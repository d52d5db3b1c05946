import { bookingEventListSchema, bookingEventQuerySchema } from "@slotwire/contract";
import { readEventLog } from "../../ledger/read-event-log.ts";
import type { App, Hub } from "../app.types.ts";
import { requireView } from "../authorise.ts";
import { withPosition } from "../with-position.ts";

/** The event log as pages. */
export function bookingEventsRoutes(app: App, hub: Hub): void {
  app.get(
    "/api/v1/booking-events",
    {
      schema: {
        tags: ["events"],
        summary: "Read the event log",
        description:
          "Ascending by `seq`, which has no gaps: whoever follows `next_cursor` until it is null misses nothing. Staff are given the events of their own bookings, so a page of theirs may be short or empty and still have a `next_cursor`. The header `slotwire-position` says how far the log reached before it was read.",
        querystring: bookingEventQuerySchema,
        response: { 200: bookingEventListSchema },
      },
    },
    async (request, reply) => {
      const { view } = requireView(request, "events:read");
      const { after, limit } = request.query;
      const { events, next } = await withPosition(hub, reply, view.orgId, () =>
        readEventLog(hub.db, view, after, limit),
      );
      // Not checked against the schema: for 1,000 events that takes longer than reading them, and
      // the stream sends the same objects.
      return reply
        .serializer(JSON.stringify)
        .send({ data: events, next_cursor: next === null ? null : String(next) });
    },
  );
}
