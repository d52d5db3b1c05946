import { listOf, signedInSchema } from "@slotwire/contract";
import { z } from "zod";
import { endOtherSessions } from "../../access/end-other-sessions.ts";
import { endSession } from "../../access/end-session.ts";
import { listSessions } from "../../access/list-sessions.ts";
import type { App, Hub } from "../app.types.ts";
import { requirePerson } from "../person.ts";
import { recheckStreams } from "../recheck-streams.ts";

const tags = ["session"];

/** The browsers that one is signed in with. */
export function sessionsRoutes(app: App, hub: Hub): void {
  recheckStreams(app, hub);

  app.get(
    "/api/v1/sessions",
    {
      schema: {
        tags,
        summary: "List the browsers that you are signed in with",
        description: "All of them, the last used first.",
        response: { 200: listOf(signedInSchema) },
      },
    },
    async (request) => ({
      data: await listSessions(hub, requirePerson(request)),
      next_cursor: null,
    }),
  );

  app.delete(
    "/api/v1/sessions",
    {
      schema: {
        tags,
        summary: "Sign out everywhere else",
        response: { 204: z.null().describe("Only this session is left") },
      },
    },
    async (request, reply) => {
      await endOtherSessions(hub, requirePerson(request));
      return reply.code(204).send(null);
    },
  );

  app.delete(
    "/api/v1/sessions/:id",
    {
      schema: {
        tags,
        summary: "Sign out one browser",
        params: z.object({ id: z.uuid() }),
        response: { 204: z.null().describe("Signed out there") },
      },
    },
    async (request, reply) => {
      await endSession(hub, requirePerson(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
