import { alertListQuerySchema, alertSchema, listOf } from "@slotwire/contract";
import { z } from "zod";
import { acknowledgeAlert } from "../../alerts/acknowledge-alert.ts";
import { listAlerts } from "../../alerts/list-alerts.ts";
import { resolveAlert } from "../../alerts/resolve-alert.ts";
import type { App, Hub } from "../app.types.ts";
import { requireAuthor, requireView } from "../authorise.ts";
import { decodeCursor, encodeCursor, timePositionSchema } from "../cursor.ts";

const tags = ["alerts"];
const params = z.object({ id: z.uuid() });
const one = { 200: alertSchema };

/** What people should see to. */
export function alertsRoutes(app: App, hub: Hub): void {
  app.get(
    "/api/v1/alerts",
    {
      schema: {
        tags,
        summary: "List alerts",
        description: "The newest first. `open=true` are those that are not over.",
        querystring: alertListQuerySchema,
        response: { 200: listOf(alertSchema) },
      },
    },
    async (request) => {
      const { view } = requireView(request, "alerts:read");
      const { limit, cursor, open = null } = request.query;
      const before = cursor === undefined ? null : decodeCursor(cursor, timePositionSchema);
      const { alerts, next } = await listAlerts(hub, view, open, { limit, before });
      return { data: alerts, next_cursor: next && encodeCursor(next) };
    },
  );

  app.post(
    "/api/v1/alerts/:id/acknowledge",
    {
      schema: {
        tags,
        summary: "Say that somebody is at it",
        description: "It stays open until it is over.",
        params,
        response: one,
      },
    },
    (request) => {
      const author = requireAuthor(request, "alerts:manage");
      const { view } = requireView(request, "alerts:read");
      return acknowledgeAlert(hub, author, view, request.params.id);
    },
  );

  app.post(
    "/api/v1/alerts/:id/resolve",
    {
      schema: {
        tags,
        summary: "Say that it is over",
        description: "Many end by themselves. What is seen of it later opens another.",
        params,
        response: one,
      },
    },
    (request) => {
      const author = requireAuthor(request, "alerts:manage");
      const { view } = requireView(request, "alerts:read");
      return resolveAlert(hub, author, view, request.params.id);
    },
  );
}
