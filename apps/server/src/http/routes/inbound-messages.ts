import {
  inboundMessageDetailSchema,
  inboundMessageListQuerySchema,
  inboundMessageSchema,
  listOf,
} from "@slotwire/contract";
import { z } from "zod";
import { getMessage } from "../../inbox/get-message.ts";
import { listMessages } from "../../inbox/list-messages.ts";
import type { App, Hub } from "../app.types.ts";
import { requireView } from "../authorise.ts";
import { decodeCursor, encodeCursor, timePositionSchema } from "../cursor.ts";

const tags = ["inbox"];

/** What the sources sent, and what became of it. */
export function inboundMessagesRoutes(app: App, hub: Hub): void {
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
        params: z.object({ id: z.uuid() }),
        response: { 200: inboundMessageDetailSchema },
      },
    },
    async (request) => {
      const { view } = requireView(request, "inbox:read");
      return getMessage(hub, view, request.params.id);
    },
  );
}
