import {
  inboundMessageDetailSchema,
  inboundMessageListQuerySchema,
  inboundMessageSchema,
  listOf,
  pageQuerySchema,
  reprocessJobListQuerySchema,
  reprocessJobSchema,
  reprocessMessageSchema,
  reprocessMessagesSchema,
  reprocessPlanSchema,
  reprocessResultSchema,
} from "@slotwire/contract";
import type { FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { getMessage } from "../../inbox/get-message.ts";
import { listMessages } from "../../inbox/list-messages.ts";
import { cancelReprocess } from "../../inbox/reprocess/cancel-reprocess.ts";
import type { MessageChoice } from "../../inbox/reprocess/kept-message.ts";
import { planReprocess } from "../../inbox/reprocess/plan-reprocess.ts";
import {
  getReprocessJob,
  listReprocessJobs,
  listReprocessResults,
} from "../../inbox/reprocess/reprocess-job.ts";
import { startReprocess } from "../../inbox/reprocess/start-reprocess.ts";
import type { App, Hub } from "../app.types.ts";
import { requireAuthor, requireRole, requireView } from "../authorise.ts";
import { decodeCursor, encodeCursor, timePositionSchema } from "../cursor.ts";

const tags = ["inbox"];

const params = z.object({ id: z.uuid() });

/** What the sources sent, and what became of it. */
export function inboundMessagesRoutes(app: App, hub: Hub): void {
  addReading(app, hub);
  addReprocessing(app, hub);
  addJobs(app, hub);
}

function addReading(app: App, hub: Hub): void {
  app.get(
    "/api/v1/inbound-messages",
    {
      schema: {
        tags,
        summary: "List what came in",
        description: "The latest first.",
        querystring: inboundMessageListQuerySchema,
        response: { 200: listOf(inboundMessageSchema) },
      },
    },
    async (request) => {
      const { view } = requireView(request, "inbox:read");
      const { limit, cursor, ...filter } = request.query;
      const before = cursor === undefined ? null : decodeCursor(cursor, timePositionSchema);
      const { messages, next } = await listMessages(hub, view, filter, { limit, before });
      return { data: messages, next_cursor: next && encodeCursor(next) };
    },
  );

  app.get(
    "/api/v1/inbound-messages/:id",
    {
      schema: {
        tags,
        summary: "Read a message with its raw body",
        params,
        response: { 200: inboundMessageDetailSchema },
      },
    },
    async (request) => {
      const { view } = requireView(request, "inbox:read");
      return getMessage(hub, view, request.params.id);
    },
  );
}

const planOrJob = {
  200: reprocessPlanSchema.describe("What would happen; nothing was changed."),
  202: reprocessJobSchema.describe("It is being done."),
};
const once =
  "Messages are understood anew from their raw bodies, the oldest first, and go the ordinary way: what a booking says already is not repeated, and what was overtaken stays so. What they change cannot be undone; try it by `dry_run` first.";

function addReprocessing(app: App, hub: Hub): void {
  app.post(
    "/api/v1/inbound-messages/reprocess",
    {
      schema: {
        tags,
        summary: "Process messages again",
        description: `${once} At most 10,000 at once; a plan names the 100 oldest.`,
        body: reprocessMessagesSchema,
        response: planOrJob,
      },
    },
    (request, reply) =>
      reprocess(hub, request, reply, { filter: request.body.filter }, request.body.dry_run),
  );

  app.post(
    "/api/v1/inbound-messages/:id/reprocess",
    {
      schema: {
        tags,
        summary: "Process a message again",
        description: once,
        params,
        body: reprocessMessageSchema,
        response: planOrJob,
      },
    },
    (request, reply) =>
      reprocess(hub, request, reply, { messageId: request.params.id }, request.body.dry_run),
  );
}

/** Answers a plan, or begins and answers a job. */
async function reprocess(
  hub: Hub,
  request: FastifyRequest,
  reply: FastifyReply,
  choice: MessageChoice,
  isDryRun: boolean,
): Promise<void> {
  const author = requireAuthor(request, "inbox:manage");
  const { view } = requireView(request, "inbox:read");
  if (isDryRun) return reply.code(200).send(await planReprocess(hub, view, choice));
  const job = await startReprocess(hub, author, view, choice);
  return reply.code(202).header("location", `/api/v1/reprocess-jobs/${job.id}`).send(job);
}

const idCursorSchema = z.tuple([z.uuid()]);
const numberCursorSchema = z.tuple([z.string().regex(/^\d{1,9}$/)]);

function addJobs(app: App, hub: Hub): void {
  app.get(
    "/api/v1/reprocess-jobs",
    {
      schema: {
        tags,
        summary: "List when messages were processed again",
        description: "The newest first.",
        querystring: reprocessJobListQuerySchema,
        response: { 200: listOf(reprocessJobSchema) },
      },
    },
    async (request) => {
      const { orgId } = requireRole(request, "inbox:manage");
      const { limit, cursor } = request.query;
      const before = cursor === undefined ? null : decodeCursor(cursor, idCursorSchema)[0];
      const { jobs, next } = await listReprocessJobs(hub, orgId, { limit, before });
      return { data: jobs, next_cursor: next && encodeCursor([next]) };
    },
  );

  app.get(
    "/api/v1/reprocess-jobs/:id",
    {
      schema: {
        tags,
        summary: "Read how far a job is",
        params,
        response: { 200: reprocessJobSchema },
      },
    },
    (request) => {
      const { orgId } = requireRole(request, "inbox:manage");
      return getReprocessJob(hub, orgId, request.params.id);
    },
  );

  app.get(
    "/api/v1/reprocess-jobs/:id/results",
    {
      schema: {
        tags,
        summary: "List what came of a job's messages",
        description: "In the order in which they are processed.",
        params,
        querystring: pageQuerySchema,
        response: { 200: listOf(reprocessResultSchema) },
      },
    },
    async (request) => {
      const { orgId } = requireRole(request, "inbox:manage");
      const { limit, cursor } = request.query;
      const after = cursor === undefined ? 0 : Number(decodeCursor(cursor, numberCursorSchema)[0]);
      const page = { limit, after };
      const { results, next } = await listReprocessResults(hub, orgId, request.params.id, page);
      return { data: results, next_cursor: next === null ? null : encodeCursor([String(next)]) };
    },
  );

  app.delete(
    "/api/v1/reprocess-jobs/:id",
    {
      schema: {
        tags,
        summary: "Stop a job",
        description: "Before its next message. What has been processed stays processed.",
        params,
        response: { 200: reprocessJobSchema },
      },
    },
    (request) => cancelReprocess(hub, requireAuthor(request, "inbox:manage"), request.params.id),
  );
}
