import {
  createDestinationSchema,
  deliveryAttemptSchema,
  destinationSchema,
  destinationWithSecretSchema,
  rotateDestinationSecretSchema,
  listOf,
  pageQuerySchema,
  previewDraftSchema,
  previewSchema,
  requestPreviewSchema,
  updateDestinationSchema,
} from "@slotwire/contract";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { can } from "../../access/can.ts";
import { createDestination } from "../../destinations/create-destination.ts";
import { deleteDestination } from "../../destinations/delete-destination.ts";
import {
  createDestinationDeps,
  type DestinationDeps,
} from "../../destinations/destination-deps.ts";
import { getDestination } from "../../destinations/get-destination.ts";
import { listDestinations } from "../../destinations/list-destinations.ts";
import { pauseDestination } from "../../destinations/pause-destination.ts";
import { resumeDestination } from "../../destinations/resume-destination.ts";
import { previewDraft, previewRequest } from "../../destinations/preview-request.ts";
import { rotateSecret } from "../../destinations/rotate-secret.ts";
import { sendTest } from "../../destinations/send-test.ts";
import { updateDestination } from "../../destinations/update-destination.ts";
import type { App, Hub } from "../app.types.ts";
import { requireAuthor, requireRole } from "../authorise.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";

const tags = ["destinations"];
const params = z.object({ id: z.uuid() });
const one = { 200: destinationSchema };
const idCursorSchema = z.tuple([z.uuid()]);

/** Managing the URLs that hear of bookings. */
export function destinationsRoutes(app: App, hub: Hub): void {
  const deps = createDestinationDeps(hub, hub.config.allowPrivateDestinations);
  addReadingRoutes(app, deps);
  addCreation(app, deps);
  addChanges(app, deps);
  addSecretAndTest(app, deps);
  addPreviews(app, deps);
}

/** Whether whoever asks is shown customers' contact data. */
const mayReveal = ({ principal }: FastifyRequest): boolean =>
  principal !== null && can(principal, "contacts:read");

function addReadingRoutes(app: App, deps: DestinationDeps): void {
  app.get(
    "/api/v1/destinations",
    {
      schema: {
        tags,
        summary: "List destinations",
        description: "The newest first.",
        querystring: pageQuerySchema,
        response: { 200: listOf(destinationSchema) },
      },
    },
    async (request) => {
      const { orgId } = requireRole(request, "destinations:read");
      const { limit, cursor } = request.query;
      const before = cursor === undefined ? null : decodeCursor(cursor, idCursorSchema)[0];
      const { rows, next } = await listDestinations(deps, orgId, { limit, before });
      return { data: rows, next_cursor: next === null ? null : encodeCursor([next]) };
    },
  );

  app.get(
    "/api/v1/destinations/:id",
    { schema: { tags, summary: "Read a destination", params, response: one } },
    (request) => {
      const { orgId } = requireRole(request, "destinations:read");
      return getDestination(deps, orgId, request.params.id);
    },
  );
}

function addCreation(app: App, deps: DestinationDeps): void {
  app.post(
    "/api/v1/destinations",
    {
      schema: {
        tags,
        summary: "Create a destination",
        description:
          "It hears of every event of its types from now on. The answer is the only one that shows the signing secret. Private addresses are refused unless the settings allow them.",
        body: createDestinationSchema,
        response: { 201: destinationWithSecretSchema },
      },
    },
    async (request, reply) => {
      const author = requireAuthor(request, "destinations:manage");
      const destination = await createDestination(deps, author, request.body, mayReveal(request));
      return reply
        .code(201)
        .header("location", `/api/v1/destinations/${destination.id}`)
        .send(destination);
    },
  );
}

function addChanges(app: App, deps: DestinationDeps): void {
  app.patch(
    "/api/v1/destinations/:id",
    {
      schema: {
        tags,
        summary: "Change a destination",
        description: "Deliveries that are still open go out by the new settings.",
        params,
        body: updateDestinationSchema,
        response: one,
      },
    },
    (request) => {
      const author = requireAuthor(request, "destinations:manage");
      return updateDestination(deps, author, request.params.id, request.body, mayReveal(request));
    },
  );

  app.delete(
    "/api/v1/destinations/:id",
    {
      schema: {
        tags,
        summary: "Delete a destination",
        description: "Cancels its open deliveries. Its history stays.",
        params,
        response: { 204: z.null().describe("Deleted") },
      },
    },
    async (request, reply) => {
      const author = requireAuthor(request, "destinations:manage");
      await deleteDestination(deps, author, request.params.id);
      return reply.code(204).send(null);
    },
  );

  app.post(
    "/api/v1/destinations/:id/pause",
    {
      schema: {
        tags,
        summary: "Pause a destination",
        description: "Its deliveries wait until it is resumed.",
        params,
        response: one,
      },
    },
    (request) => {
      const author = requireAuthor(request, "destinations:manage");
      return pauseDestination(deps, author, request.params.id);
    },
  );

  app.post(
    "/api/v1/destinations/:id/resume",
    {
      schema: {
        tags,
        summary: "Resume a paused or disabled destination",
        params,
        response: one,
      },
    },
    (request) => {
      const author = requireAuthor(request, "destinations:manage");
      return resumeDestination(deps, author, request.params.id);
    },
  );
}

function addSecretAndTest(app: App, deps: DestinationDeps): void {
  app.post(
    "/api/v1/destinations/:id/rotate-secret",
    {
      schema: {
        tags,
        summary: "Give a destination a new signing secret",
        description:
          "For 24 hours messages carry the signatures of both secrets. Within them another rotation is refused, unless `end_overlap` says that the older secret may stop signing at once. The answer is the only one that shows the new one.",
        params,
        body: rotateDestinationSecretSchema.nullish(),
        response: { 200: destinationWithSecretSchema },
      },
    },
    (request) => {
      const author = requireAuthor(request, "destinations:manage");
      const endsOverlap = request.body?.end_overlap === true;
      return rotateSecret(deps, author, request.params.id, endsOverlap);
    },
  );

  app.post(
    "/api/v1/destinations/:id/test",
    {
      schema: {
        tags,
        summary: "Send a trial now",
        description:
          "One signed request that speaks of no booking. Answers how it ended; it is not repeated and no delivery; the audit log keeps who sent it.",
        params,
        response: { 200: deliveryAttemptSchema },
      },
    },
    (request) => {
      const author = requireAuthor(request, "destinations:manage");
      return sendTest(deps, author, request.params.id);
    },
  );
}

function addPreviews(app: App, deps: DestinationDeps): void {
  const response = { 200: requestPreviewSchema };
  const description =
    "The exact request for a booking's newest event, for one event or for the newest there is, or why nothing would be sent. Nothing is sent: keys are hidden, and the signature is one of a secret that nobody has.";

  app.post(
    "/api/v1/destinations/preview",
    {
      schema: {
        tags,
        summary: "Show the request that a new destination would be sent",
        description,
        body: previewDraftSchema,
        response,
      },
    },
    (request) => {
      const { orgId } = requireRole(request, "destinations:manage");
      return previewDraft(deps, orgId, request.body, mayReveal(request));
    },
  );

  app.post(
    "/api/v1/destinations/:id/preview",
    {
      schema: {
        tags,
        summary: "Show the request that a destination would be sent",
        description: `${description} Whoever is not shown customers' contact data is shown a body without them.`,
        params,
        body: previewSchema,
        response,
      },
    },
    (request) => {
      const { orgId } = requireRole(request, "destinations:manage");
      return previewRequest(deps, orgId, request.params.id, request.body, mayReveal(request));
    },
  );
}
