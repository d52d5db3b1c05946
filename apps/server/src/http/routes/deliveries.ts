import {
  deliveryAttemptSchema,
  deliveryCountsQuerySchema,
  deliveryCountsSchema,
  deliveryListQuerySchema,
  deliverySchema,
  listOf,
  replayDeliveriesSchema,
  replayListQuerySchema,
  replayPlanSchema,
  replaySchema,
} from "@slotwire/contract";
import { z } from "zod";
import { getDelivery } from "../../destinations/get-delivery.ts";
import { listDeliveries } from "../../destinations/list-deliveries.ts";
import { listDeliveryAttempts } from "../../destinations/list-delivery-attempts.ts";
import { cancelReplay } from "../../destinations/replay/cancel-replay.ts";
import { planReplay } from "../../destinations/replay/plan-replay.ts";
import { replayDelivery } from "../../destinations/replay/replay-delivery.ts";
import { getReplay, listReplays } from "../../destinations/replay/replay-row.ts";
import { startReplay } from "../../destinations/replay/start-replay.ts";
import { countDeliveries } from "../../destinations/statistics/count-deliveries.ts";
import { retryDelivery } from "../../destinations/retry-delivery.ts";
import type { App, Hub } from "../app.types.ts";
import { requireAuthor, requireView } from "../authorise.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";

const tags = ["deliveries"];
const params = z.object({ id: z.uuid() });
const idCursorSchema = z.tuple([z.uuid()]);

/** Looking at what was sent where, and sending it again. */
export function deliveriesRoutes(app: App, hub: Hub): void {
  addReadingRoutes(app, hub);
  addSendingAgain(app, hub);
  addReplays(app, hub);
}

function addReadingRoutes(app: App, hub: Hub): void {
  app.get(
    "/api/v1/deliveries",
    {
      schema: {
        tags,
        summary: "List deliveries",
        description:
          "The newest first: all of them, or by destination, booking, status, type, answer and time.",
        querystring: deliveryListQuerySchema,
        response: { 200: listOf(deliverySchema) },
      },
    },
    async (request) => {
      const { orgId } = requireView(request, "deliveries:read").view;
      const { limit, cursor, ...filter } = request.query;
      const before = cursor === undefined ? null : decodeCursor(cursor, idCursorSchema)[0];
      const { rows, next } = await listDeliveries(hub, orgId, filter, { limit, before });
      return { data: rows, next_cursor: next === null ? null : encodeCursor([next]) };
    },
  );

  app.get(
    "/api/v1/deliveries/counts",
    {
      schema: {
        tags,
        summary: "Count deliveries by status",
        description: "Of those that the list would show whatever their status, the newest 5,000.",
        querystring: deliveryCountsQuerySchema,
        response: { 200: deliveryCountsSchema },
      },
    },
    (request) => {
      const { orgId } = requireView(request, "deliveries:read").view;
      return countDeliveries(hub, orgId, request.query);
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
}

function addSendingAgain(app: App, hub: Hub): void {
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

  app.post(
    "/api/v1/deliveries/:id/replay",
    {
      schema: {
        tags,
        summary: "Send a finished delivery's event anew",
        description:
          "As a delivery of its own under the same `webhook-id`, in today's form and signed with today's secret; also what arrived.",
        params,
        response: { 201: deliverySchema },
      },
    },
    async (request, reply) => {
      const author = requireAuthor(request, "deliveries:manage");
      const delivery = await replayDelivery(hub, author, request.params.id);
      return reply.code(201).header("location", `/api/v1/deliveries/${delivery.id}`).send(delivery);
    },
  );
}

function addReplays(app: App, hub: Hub): void {
  app.post(
    "/api/v1/deliveries/replay",
    {
      schema: {
        tags,
        summary: "Send many deliveries anew",
        description:
          "The first delivery of each event to each destination that the filter names, if it is over; of the exhausted ones those that never arrived since. `dry_run` answers how many.",
        body: replayDeliveriesSchema,
        response: {
          200: replayPlanSchema.describe("What would be sent; nothing was."),
          202: replaySchema.describe("It is being sent."),
        },
      },
    },
    async (request, reply) => {
      const author = requireAuthor(request, "deliveries:manage");
      const { filter, rate_per_second: rate, dry_run: isDry } = request.body;
      if (isDry) return reply.code(200).send(await planReplay(hub, author.orgId, filter, rate));
      const replay = await startReplay(hub, author, filter, rate);
      return reply.code(202).header("location", `/api/v1/replays/${replay.id}`).send(replay);
    },
  );

  app.get(
    "/api/v1/replays",
    {
      schema: {
        tags,
        summary: "List replays",
        description: "The newest first.",
        querystring: replayListQuerySchema,
        response: { 200: listOf(replaySchema) },
      },
    },
    async (request) => {
      const { orgId } = requireView(request, "deliveries:read").view;
      const { limit, cursor } = request.query;
      const before = cursor === undefined ? null : decodeCursor(cursor, idCursorSchema)[0];
      const { rows, next } = await listReplays(hub, orgId, { limit, before });
      return { data: rows, next_cursor: next === null ? null : encodeCursor([next]) };
    },
  );

  app.get(
    "/api/v1/replays/:id",
    { schema: { tags, summary: "Read a replay", params, response: { 200: replaySchema } } },
    (request) => {
      const { orgId } = requireView(request, "deliveries:read").view;
      return getReplay(hub, orgId, request.params.id);
    },
  );

  app.delete(
    "/api/v1/replays/:id",
    {
      schema: {
        tags,
        summary: "Stop a replay",
        description: "Takes back what it has not sent yet.",
        params,
        response: { 200: replaySchema },
      },
    },
    (request) => {
      const author = requireAuthor(request, "deliveries:manage");
      return cancelReplay(hub, author, request.params.id);
    },
  );
}
