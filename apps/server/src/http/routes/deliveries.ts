import {
  deliveryAttemptSchema,
  deliveryListQuerySchema,
  deliverySchema,
  listOf,
} from "@slotwire/contract";
import { z } from "zod";
import { getDelivery } from "../../destinations/get-delivery.ts";
import { listDeliveries } from "../../destinations/list-deliveries.ts";
import { listDeliveryAttempts } from "../../destinations/list-delivery-attempts.ts";
import { retryDelivery } from "../../destinations/retry-delivery.ts";
import type { App, Hub } from "../app.types.ts";
import { requireAuthor, requireView } from "../authorise.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";

const tags = ["deliveries"];
const params = z.object({ id: z.uuid() });
const idCursorSchema = z.tuple([z.uuid()]);

/** Looking at what was sent where, and sending it again. */
export function deliveriesRoutes(app: App, hub: Hub): void {
  app.get(
    "/api/v1/deliveries",
    {
      schema: {
        tags,
        summary: "List deliveries",
        description: "The newest first, all or by destination, booking and status.",
        querystring: deliveryListQuerySchema,
        response: { 200: listOf(deliverySchema) },
      },
    },
    async (request) => {
      const { orgId } = requireView(request, "deliveries:read").view;
      const { limit, cursor, destination_id, booking_id, status } = request.query;
      const before = cursor === undefined ? null : decodeCursor(cursor, idCursorSchema)[0];
      const filter = { destinationId: destination_id, bookingId: booking_id, status };
      const { rows, next } = await listDeliveries(hub, orgId, filter, { limit, before });
      return { data: rows, next_cursor: next === null ? null : encodeCursor([next]) };
    },
  );

  app.get(
    "/api/v1/deliveries/:id",
    { schema: { tags, summary: "Read a delivery", params, response: { 200: deliverySchema } } },
    (request) => {
      const { orgId } = requireView(request, "deliveries:read").view;
      return getDelivery(hub, orgId, request.params.id);
    },
  );

  app.get(
    "/api/v1/deliveries/:id/attempts",
    {
      schema: {
        tags,
        summary: "List a delivery's attempts",
        description: "The first one first.",
        params,
        response: { 200: listOf(deliveryAttemptSchema) },
      },
    },
    (request) => {
      const { view } = requireView(request, "deliveries:read");
      return listDeliveryAttempts(hub, view, request.params.id);
    },
  );

  app.post(
    "/api/v1/deliveries/:id/retry",
    {
      schema: {
        tags,
        summary: "Send a delivery again, now",
        description:
          "Under the same `webhook-id`. Possible for deliveries that are exhausted, retrying, skipped or cancelled.",
        params,
        response: { 200: deliverySchema },
      },
    },
    (request) => {
      const author = requireAuthor(request, "deliveries:manage");
      return retryDelivery(hub, author, request.params.id);
    },
  );
}
