import { connectionSchema, connectionSecretSchema, listOf } from "@slotwire/contract";
import { z } from "zod";
import { getConnection } from "../../inbox/connections/get-connection.ts";
import { listConnections } from "../../inbox/connections/list-connections.ts";
import { rotateConnectionSecret } from "../../inbox/connections/rotate-connection-secret.ts";
import type { App, Hub } from "../app.types.ts";
import { requireRole } from "../authorise.ts";

const tags = ["connections"];
const params = z.object({ id: z.uuid() });

/** What the organisation is connected to. */
export function connectionsRoutes(app: App, hub: Hub): void {
  const { publicUrl } = hub.config;

  app.get(
    "/api/v1/connections",
    {
      schema: {
        tags,
        summary: "List connections",
        description: "The oldest first, all on one page.",
        response: { 200: listOf(connectionSchema) },
      },
    },
    async (request) => {
      const { orgId } = requireRole(request, "connections:read");
      return { data: await listConnections(hub, orgId, publicUrl), next_cursor: null };
    },
  );

  app.get(
    "/api/v1/connections/:id",
    { schema: { tags, summary: "Read a connection", params, response: { 200: connectionSchema } } },
    async (request) => {
      const { orgId } = requireRole(request, "connections:read");
      return getConnection(hub, orgId, request.params.id, publicUrl);
    },
  );

  app.post(
    "/api/v1/connections/:id/rotate-secret",
    {
      schema: {
        tags,
        summary: "Give a connection a new secret",
        description: "The answer shows it, this once. The old one counts for another 24 hours.",
        params,
        response: { 200: connectionSecretSchema },
      },
    },
    async (request) => {
      const { orgId } = requireRole(request, "connections:manage");
      return rotateConnectionSecret(hub, orgId, request.params.id);
    },
  );
}
