import {
  connectionMappingSchema,
  listOf,
  putMappingSchema,
  sampleSchema,
  suggestedMappingSchema,
  triedMappingSchema,
  tryMappingSchema,
} from "@slotwire/contract";
import { z } from "zod";
import { getMapping } from "../../inbox/mappings/get-mapping.ts";
import { listSamples } from "../../inbox/mappings/list-samples.ts";
import { putMapping } from "../../inbox/mappings/put-mapping.ts";
import { suggestMapping } from "../../inbox/mappings/suggest-mapping.ts";
import { tryMapping } from "../../inbox/mappings/try-mapping.ts";
import type { App, Hub } from "../app.types.ts";
import { requireAuthor, requireRole, requireView } from "../authorise.ts";
import { expectedVersion, versionTag } from "../booking-caller.ts";

const tags = ["connections"];
const params = z.object({ id: z.uuid() });
const one = { 200: connectionMappingSchema };

/** What the messages of a connection mean, where people say so. */
export function mappingsRoutes(app: App, hub: Hub): void {
  addLiveRoutes(app, hub);
  addHelps(app, hub);
}

function addLiveRoutes(app: App, hub: Hub): void {
  app.get(
    "/api/v1/connections/:id/mapping",
    {
      schema: {
        tags,
        summary: "Read a connection's mapping",
        description: "With the versions before, and how many messages wait for one.",
        params,
        response: one,
      },
    },
    async (request, reply) => {
      const { orgId } = requireRole(request, "connections:manage");
      const mapping = await getMapping(hub, orgId, request.params.id);
      return reply.header("etag", versionTag(mapping)).send(mapping);
    },
  );

  app.put(
    "/api/v1/connections/:id/mapping",
    {
      schema: {
        tags,
        summary: "Make a mapping live",
        description:
          "Messages are read by it from now on, and those that waited for one are processed unless `process_waiting` is false. With `If-Match` only if nobody else was faster. An earlier version comes back by putting it again.",
        params,
        body: putMappingSchema,
        response: one,
      },
    },
    async (request, reply) => {
      const author = requireAuthor(request, "connections:manage");
      const version = expectedVersion(request.headers["if-match"]);
      const mapping = await putMapping(hub, author, request.params.id, {
        ...request.body,
        expectedVersion: version,
      });
      return reply.header("etag", versionTag(mapping)).send(mapping);
    },
  );
}

function addHelps(app: App, hub: Hub): void {
  app.get(
    "/api/v1/connections/:id/samples",
    {
      schema: {
        tags,
        summary: "List examples of a connection's messages",
        description: "Of each shape the latest, with all of its fields and their paths.",
        params,
        response: { 200: listOf(sampleSchema) },
      },
    },
    async (request) => {
      requireRole(request, "connections:manage");
      const { view } = requireView(request, "inbox:read");
      return { data: await listSamples(hub, view, request.params.id), next_cursor: null };
    },
  );

  app.get(
    "/api/v1/connections/:id/mapping/suggestion",
    {
      schema: {
        tags,
        summary: "Suggest a mapping",
        description: "Guessed by the names and values in the latest messages. It may be empty.",
        params,
        response: { 200: suggestedMappingSchema },
      },
    },
    async (request) => {
      const { orgId } = requireRole(request, "connections:manage");
      return suggestMapping(hub, orgId, request.params.id);
    },
  );

  app.post(
    "/api/v1/connections/:id/mapping/try",
    {
      schema: {
        tags,
        summary: "Try a mapping",
        description:
          "What it would make of the latest messages, each by itself against the ledger as it is now. Nothing is changed.",
        params,
        body: tryMappingSchema,
        response: { 200: triedMappingSchema },
      },
    },
    async (request) => {
      requireRole(request, "connections:manage");
      const { view } = requireView(request, "inbox:read");
      return tryMapping(hub, view, request.params.id, request.body);
    },
  );
}
