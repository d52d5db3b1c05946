import {
  listOf,
  pageQuerySchema,
  reconcileFindingSchema,
  reconcileRunListQuerySchema,
  reconcileRunSchema,
  startReconcileSchema,
} from "@slotwire/contract";
import { z } from "zod";
import { cancelRun } from "../../reconcile/cancel-run.ts";
import { listFindings } from "../../reconcile/list-findings.ts";
import { getRun, listRuns } from "../../reconcile/list-runs.ts";
import { startReconcile } from "../../reconcile/start-reconcile.ts";
import type { App, Hub } from "../app.types.ts";
import { requireAuthor, requireRole, requireView } from "../authorise.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";

const tags = ["reconcile"];
const params = z.object({ id: z.uuid() });
const idCursorSchema = z.tuple([z.uuid()]);
const positionOf = (cursor: string | undefined): string | null =>
  cursor === undefined ? null : decodeCursor(cursor, idCursorSchema)[0];
const cursorOf = (id: string | null): string | null => (id === null ? null : encodeCursor([id]));

/** Comparing the ledger with sources, and what was found. */
export function reconcileRoutes(app: App, hub: Hub): void {
  addStart(app, hub);
  addReading(app, hub);
  addCancellation(app, hub);
}

function addStart(app: App, hub: Hub): void {
  app.post(
    "/api/v1/connections/:id/reconcile",
    {
      schema: {
        tags,
        summary: "Compare a connection's bookings with its source",
        description:
          "Reads the source's API for the window (a day back and 90 days ahead unless given), and puts right what was missed. With `dry_run` it only looks.",
        params,
        body: startReconcileSchema.nullish(),
        response: { 202: reconcileRunSchema },
      },
    },
    async (request, reply) => {
      const author = requireAuthor(request, "connections:manage");
      const input = request.body ?? { dry_run: false };
      const run = await startReconcile(hub, author, request.params.id, input);
      return reply.code(202).header("location", `/api/v1/reconcile-runs/${run.id}`).send(run);
    },
  );
}

function addReading(app: App, hub: Hub): void {
  app.get(
    "/api/v1/reconcile-runs",
    {
      schema: {
        tags,
        summary: "List comparisons",
        description: "The newest first, all or of one connection.",
        querystring: reconcileRunListQuerySchema,
        response: { 200: listOf(reconcileRunSchema) },
      },
    },
    async (request) => {
      const { orgId } = requireRole(request, "connections:read");
      const { limit, cursor, connection_id: connectionId } = request.query;
      const page = { limit, before: positionOf(cursor) };
      const { runs, next } = await listRuns(hub, orgId, { connectionId }, page);
      return { data: runs, next_cursor: cursorOf(next) };
    },
  );

  app.get(
    "/api/v1/reconcile-runs/:id",
    {
      schema: { tags, summary: "Read a comparison", params, response: { 200: reconcileRunSchema } },
    },
    (request) => {
      const { orgId } = requireRole(request, "connections:read");
      return getRun(hub, orgId, request.params.id);
    },
  );

  app.get(
    "/api/v1/reconcile-runs/:id/findings",
    {
      schema: {
        tags,
        summary: "List what a comparison found",
        description:
          "In the order in which it was found: the missing, the different, the phantoms, the gone.",
        params,
        querystring: pageQuerySchema,
        response: { 200: listOf(reconcileFindingSchema) },
      },
    },
    async (request) => {
      const { view } = requireView(request, "inbox:read");
      const { limit, cursor } = request.query;
      const page = { limit, after: positionOf(cursor) };
      const { findings, next } = await listFindings(hub, view, request.params.id, page);
      return { data: findings, next_cursor: cursorOf(next) };
    },
  );
}

function addCancellation(app: App, hub: Hub): void {
  app.post(
    "/api/v1/reconcile-runs/:id/cancel",
    {
      schema: {
        tags,
        summary: "Stop a comparison",
        description: "What it has put right stays. A run that is over stays as it is.",
        params,
        response: { 200: reconcileRunSchema },
      },
    },
    (request) => {
      const author = requireAuthor(request, "connections:manage");
      return cancelRun(hub, author, request.params.id);
    },
  );
}
