import type { FastifyRequest } from "fastify";
import type { App, Hub } from "./app.types.ts";
import { sessionCookie } from "./session-cookie.ts";

/**
 * Has all open streams, on every node, ask whether they may go on, after each successful request to
 * the scope's routes that may have ended a session: nobody reads on who has signed out.
 * @param mayEnd of requests that change something; one without a session ends none, unless told. A
 *   cookie that is nobody's is none: else a stranger could keep all streams asking
 */
export function recheckStreams(
  app: App,
  hub: Hub,
  mayEnd?: (request: FastifyRequest) => boolean,
): void {
  const cookie = sessionCookie(hub.config.publicUrl);
  const isConcerned =
    mayEnd ?? ((request) => request.principal !== null && cookie.read(request) !== null);
  app.addHook("onResponse", async (request, reply) => {
    // A provider sends people back with GET, and the answer sets their cookie.
    const changes = request.method !== "GET" || reply.hasHeader("set-cookie");
    if (reply.statusCode < 400 && changes && isConcerned(request)) hub.keys.changed();
  });
}
