import {
  connectionKindSchema,
  connectionSchema,
  connectionSecretSchema,
  connectionTokenUrlSchema,
  createConnectionSchema,
  createdConnectionSchema,
  listOf,
  rotateConnectionSecretSchema,
  updateConnectionSchema,
} from "@slotwire/contract";
import { z } from "zod";
import { createConnection } from "../../inbox/connections/create-connection.ts";
import { getConnection } from "../../inbox/connections/get-connection.ts";
import { listConnectionKinds } from "../../inbox/connections/list-connection-kinds.ts";
import { listConnections } from "../../inbox/connections/list-connections.ts";
import { pauseConnection } from "../../inbox/connections/pause-connection.ts";
import { removeConnection } from "../../inbox/connections/remove-connection.ts";
import { resumeConnection } from "../../inbox/connections/resume-connection.ts";
import { rotateConnectionSecret } from "../../inbox/connections/rotate-connection-secret.ts";
import { rotateUrlToken } from "../../inbox/connections/rotate-url-token.ts";
import { updateConnection } from "../../inbox/connections/update-connection.ts";
import type { App, Hub } from "../app.types.ts";
import { requireAuthor, requireRole } from "../authorise.ts";
import { requireRecentProof } from "../recent-proof.ts";

const tags = ["connections"];
const params = z.object({ id: z.uuid() });
const one = { 200: connectionSchema };

/** What the organisation is connected to. */
export function connectionsRoutes(app: App, hub: Hub): void {
  addReadingRoutes(app, hub);
  addCreation(app, hub);
  addChanges(app, hub);
  addPauses(app, hub);
  addRotations(app, hub);
}

function addReadingRoutes(app: App, hub: Hub): void {
  app.get(
    "/api/v1/connection-kinds",
    {
      schema: {
        tags,
        summary: "List the kinds of source that can be connected",
        response: { 200: listOf(connectionKindSchema) },
      },
    },
    async (request) => {
      requireRole(request, "connections:read");
      return { data: listConnectionKinds(hub), next_cursor: null };
    },
  );

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
      return { data: await listConnections(hub, orgId), next_cursor: null };
    },
  );

  app.get(
    "/api/v1/connections/:id",
    { schema: { tags, summary: "Read a connection", params, response: one } },
    async (request) => {
      const { orgId } = requireRole(request, "connections:read");
      return getConnection(hub, orgId, request.params.id);
    },
  );
}

function addCreation(app: App, hub: Hub): void {
  app.post(
    "/api/v1/connections",
    {
      schema: {
        tags,
        summary: "Connect a source",
        description:
          "Without `secret` the hub makes one. The answer is the only one that shows it, and the address with its token.",
        body: createConnectionSchema,
        response: { 201: createdConnectionSchema },
      },
    },
    async (request, reply) => {
      const author = requireAuthor(request, "connections:manage");
      requireRecentProof(request);
      const connection = await createConnection(hub, author, request.body);
      return reply
        .code(201)
        .header("location", `/api/v1/connections/${connection.id}`)
        .send(connection);
    },
  );
}

function addChanges(app: App, hub: Hub): void {
  app.patch(
    "/api/v1/connections/:id",
    {
      schema: {
        tags,
        summary: "Change a connection",
        description:
          "A mode that is taken away counts no longer; with `url_token` goes its token. Of the environment's connection only ranges and limit can be changed here.",
        params,
        body: updateConnectionSchema,
        response: one,
      },
    },
    async (request) => {
      const author = requireAuthor(request, "connections:manage");
      const { auth_modes, allowed_ranges, api_key, api_url } = request.body;
      const sensitive = [auth_modes, allowed_ranges, api_key, api_url];
      if (sensitive.some((member) => member !== undefined)) requireRecentProof(request);
      return updateConnection(hub, author, request.params.id, request.body);
    },
  );

  app.delete(
    "/api/v1/connections/:id",
    {
      schema: {
        tags,
        summary: "Remove a connection",
        description: "Its source is answered with 404 from now on. Messages and bookings stay.",
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const author = requireAuthor(request, "connections:manage");
      await removeConnection(hub, author, request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function addPauses(app: App, hub: Hub): void {
  app.post(
    "/api/v1/connections/:id/pause",
    {
      schema: {
        tags,
        summary: "Pause a connection",
        description: "Messages are refused with 409 until it is resumed.",
        params,
        response: one,
      },
    },
    async (request) => {
      const author = requireAuthor(request, "connections:manage");
      return pauseConnection(hub, author, request.params.id);
    },
  );

  app.post(
    "/api/v1/connections/:id/resume",
    { schema: { tags, summary: "Resume a paused connection", params, response: one } },
    async (request) => {
      const author = requireAuthor(request, "connections:manage");
      return resumeConnection(hub, author, request.params.id);
    },
  );
}

function addRotations(app: App, hub: Hub): void {
  app.post(
    "/api/v1/connections/:id/rotate-secret",
    {
      schema: {
        tags,
        summary: "Give a connection a new secret",
        description:
          "Without `secret` the hub makes one. The answer shows it, this once. The old one counts for another 24 hours.",
        params,
        body: rotateConnectionSecretSchema.nullish(),
        response: { 200: connectionSecretSchema },
      },
    },
    async (request) => {
      const author = requireAuthor(request, "connections:manage");
      requireRecentProof(request);
      return rotateConnectionSecret(hub, author, request.params.id, request.body?.secret);
    },
  );

  app.post(
    "/api/v1/connections/:id/rotate-url-token",
    {
      schema: {
        tags,
        summary: "Give a connection an address with a new token",
        description: "The answer shows it, this once. The old one counts for another 24 hours.",
        params,
        response: { 200: connectionTokenUrlSchema },
      },
    },
    async (request) => {
      const author = requireAuthor(request, "connections:manage");
      requireRecentProof(request);
      return rotateUrlToken(hub, author, request.params.id);
    },
  );
}
