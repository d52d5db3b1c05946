import { commandListQuerySchema, commandSchema, listOf } from "@slotwire/contract";
import { z } from "zod";
import { auditActor } from "../../access/record-audit.ts";
import { getCommand } from "../../commands/get-command.ts";
import { listCommands } from "../../commands/list-commands.ts";
import { withdrawCommand } from "../../commands/withdraw-command.ts";
import type { App, Hub } from "../app.types.ts";
import { originOf, requireView } from "../authorise.ts";
import { decodeCursor, encodeCursor } from "../cursor.ts";

const tags = ["commands"];
const params = z.object({ id: z.uuid() });
const idCursorSchema = z.tuple([z.uuid()]);

/** What the sources that own bookings were asked for. */
export function commandsRoutes(app: App, hub: Hub): void {
  app.get(
    "/api/v1/commands",
    {
      schema: {
        tags,
        summary: "List commands",
        description:
          "What the sources of bookings were asked for, the newest first; `status=open` for what is on its way.",
        querystring: commandListQuerySchema,
        response: { 200: listOf(commandSchema) },
      },
    },
    async (request) => {
      const { view } = requireView(request, "bookings:read");
      const { limit, cursor, ...filter } = request.query;
      const before = cursor === undefined ? null : decodeCursor(cursor, idCursorSchema)[0];
      const { rows, next } = await listCommands(hub, view, filter, { limit, before });
      return { data: rows, next_cursor: next === null ? null : encodeCursor([next]) };
    },
  );

  app.get(
    "/api/v1/commands/:id",
    { schema: { tags, summary: "Read a command", params, response: { 200: commandSchema } } },
    (request) => {
      const { view } = requireView(request, "bookings:read");
      return getCommand(hub, view, request.params.id);
    },
  );

  app.delete(
    "/api/v1/commands/:id",
    {
      schema: {
        tags,
        summary: "Withdraw a command",
        description: "Possible while it is `queued`: what was sent may have taken effect.",
        params,
        response: { 200: commandSchema },
      },
    },
    (request) => {
      const { principal, view } = requireView(request, "bookings:write");
      const actor = auditActor(principal);
      const author = { orgId: view.orgId, actor, origin: originOf(request) };
      return withdrawCommand(hub, view, author, request.params.id);
    },
  );
}
