import { listOf, taskListQuerySchema, taskSchema, updateTaskSchema } from "@slotwire/contract";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { type Author, auditActor } from "../../access/record-audit.ts";
import { listTasks } from "../../crm/list-tasks.ts";
import { updateTask } from "../../crm/update-task.ts";
import type { View } from "../../domain/views/view.ts";
import type { App, Hub } from "../app.types.ts";
import { originOf, requireView } from "../authorise.ts";
import { decodeCursor, encodeCursor, timePositionSchema } from "../cursor.ts";

const tags = ["crm"];
const params = z.object({ id: z.uuid() });
/** An array has no next page: it is as long as a page can be. */
const MOST = 200;
const arrayQuerySchema = taskListQuerySchema.omit({ cursor: true }).extend({
  limit: taskListQuerySchema.shape.limit.unwrap().default(MOST),
});

/** What people have to do, most often because of a booking. */
export function tasksRoutes(app: App, hub: Hub): void {
  addLists(app, hub);
  addChanges(app, hub);
}

function addLists(app: App, hub: Hub): void {
  app.get(
    "/api/v1/tasks",
    {
      schema: {
        tags,
        summary: "List tasks",
        description:
          "By when they are due, the earliest first. `upcoming=true` are those that are still to be done: what is overdue is among them, and comes first. Staff are shown those of their own bookings.",
        querystring: taskListQuerySchema,
        response: { 200: listOf(taskSchema) },
      },
    },
    async (request) => {
      const { view } = requireView(request, "tasks:read");
      const { limit, cursor, status, upcoming, booking_id: bookingId } = request.query;
      const after = cursor === undefined ? null : decodeCursor(cursor, timePositionSchema);
      const filter = { status, upcoming, bookingId };
      const { tasks, next } = await listTasks(hub, view, filter, { limit, after });
      return { data: tasks, next_cursor: next && encodeCursor(next) };
    },
  );

  // The address that the screens of a CRM have asked from the start, and its plain array.
  app.get(
    "/api/tasks",
    {
      schema: {
        tags,
        summary: "Tasks as an array",
        description: "The first page of `GET /api/v1/tasks`, 200 unless `limit` is given.",
        querystring: arrayQuerySchema,
        response: { 200: z.array(taskSchema) },
      },
    },
    async (request) => {
      const { view } = requireView(request, "tasks:read");
      const { limit, status, upcoming, booking_id: bookingId } = request.query;
      const filter = { status, upcoming, bookingId };
      return (await listTasks(hub, view, filter, { limit, after: null })).tasks;
    },
  );
}

function addChanges(app: App, hub: Hub): void {
  for (const [path, summary] of [
    ["/api/v1/tasks/:id", "Finish a task, or open it again"],
    ["/api/tasks/:id", "The same beside the array of tasks"],
  ] as const) {
    app.patch(
      path,
      {
        schema: {
          tags,
          summary,
          description:
            "What is so already stays as it is. Rules leave alone what was finished, and keep what is opened again as they did before, unless they had cancelled it: then it is the person's own.",
          params,
          body: updateTaskSchema,
          response: { 200: taskSchema },
        },
      },
      (request) => updateTask(hub, taskCaller(request), request.params.id, request.body),
    );
  }
}

/** @throws SlotwireError E_UNAUTHENTICATED, E_FORBIDDEN */
function taskCaller(request: FastifyRequest): { view: View; author: Author } {
  const { principal, view } = requireView(request, "tasks:write");
  const { orgId } = principal;
  return { view, author: { orgId, actor: auditActor(principal), origin: originOf(request) } };
}
