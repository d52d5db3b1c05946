import {
  createPortalLinkSchema,
  deliveryAttemptSchema,
  listOf,
  pageQuerySchema,
  portalDeliverySchema,
  portalLinkSchema,
  portalSchema,
} from "@slotwire/contract";
import { z } from "zod";
import { createPortalLink } from "../../destinations/portal/create-portal-link.ts";
import { openPortal } from "../../destinations/portal/open-portal.ts";
import { revokePortalLinks } from "../../destinations/portal/revoke-portal-links.ts";
import type { App, Hub } from "../app.types.ts";
import { requireAuthor, requireView } from "../authorise.ts";
import { bearerOf } from "../bearer.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";

const params = z.object({ id: z.uuid() });
const idCursorSchema = z.tuple([z.uuid()]);
const tags = ["portal"];
const how = "With the token of a link in `Authorization: Bearer`.";

/** Links to a destination's log for the receiver's people, and what they open. */
export function portalRoutes(app: App, hub: Hub): void {
  addLinks(app, hub);
  addLog(app, hub);
}

function addLinks(app: App, hub: Hub): void {
  app.post(
    "/api/v1/destinations/:id/portal-link",
    {
      schema: {
        tags: ["destinations"],
        summary: "Make a link to a destination's log",
        description:
          "Whoever has it reads what was sent there and answered, without an account, until it expires or all links are taken back. It shows no more than its maker is shown.",
        params,
        body: createPortalLinkSchema.nullish(),
        response: { 201: portalLinkSchema },
      },
    },
    async (request, reply) => {
      const author = requireAuthor(request, "destinations:manage");
      const { detail } = requireView(request, "deliveries:read").view;
      const hours = (request.body ?? createPortalLinkSchema.parse({})).expires_in_hours;
      const link = await createPortalLink(hub, author, request.params.id, { hours, detail });
      return reply.code(201).send(link);
    },
  );

  app.delete(
    "/api/v1/destinations/:id/portal-link",
    {
      schema: {
        tags: ["destinations"],
        summary: "Take back all links to a destination's log",
        params,
        response: { 204: z.null().describe("Taken back") },
      },
    },
    async (request, reply) => {
      const author = requireAuthor(request, "destinations:manage");
      await revokePortalLinks(hub, author, request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function addLog(app: App, hub: Hub): void {
  app.get(
    "/api/v1/portal",
    {
      schema: {
        tags,
        summary: "Read whose log it is",
        description: how,
        response: { 200: portalSchema },
      },
    },
    async (request) => (await openPortal(hub, bearerOf(request))).about(),
  );

  app.get(
    "/api/v1/portal/deliveries",
    {
      schema: {
        tags,
        summary: "List what was sent",
        description: `The newest first. ${how}`,
        querystring: pageQuerySchema,
        response: { 200: listOf(portalDeliverySchema) },
      },
    },
    async (request) => {
      const portal = await openPortal(hub, bearerOf(request));
      const { limit, cursor } = request.query;
      const before = cursor === undefined ? null : decodeCursor(cursor, idCursorSchema)[0];
      const { rows, next } = await portal.deliveries({ limit, before });
      return { data: rows, next_cursor: next === null ? null : encodeCursor([next]) };
    },
  );

  app.get(
    "/api/v1/portal/deliveries/:id/attempts",
    {
      schema: {
        tags,
        summary: "List the attempts at one of them",
        description: `The first one first. ${how}`,
        params,
        response: { 200: listOf(deliveryAttemptSchema) },
      },
    },
    async (request) => {
      const portal = await openPortal(hub, bearerOf(request));
      return portal.attempts(request.params.id);
    },
  );
}
