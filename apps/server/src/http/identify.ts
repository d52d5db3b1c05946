import type { FastifyRequest } from "fastify";
import { environmentKey } from "../access/environment-key.ts";
import type { Principal } from "../access/principal.ts";
import { readSession } from "../access/read-session.ts";
import type { App, Hub } from "./app.types.ts";
import { requireSameOrigin } from "./same-origin.ts";
import { sessionCookie } from "./session-cookie.ts";

/**
 * Makes the function that tells who makes a request: by the API key in `Authorization`, or else
 * by the session's cookie. An unknown key or session is nobody. A stream asks again while it is
 * open, as sessions end and roles change.
 */
export function principalFinder(hub: Hub): (request: FastifyRequest) => Promise<Principal | null> {
  const keyHolder = environmentKey(hub.config.apiKey, hub.defaultOrgId);
  const cookie = sessionCookie(hub.config.publicUrl);
  return async (request) => {
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      return key === undefined ? null : keyHolder(key);
    }
    const token = cookie.read(request);
    return token === null ? null : readSession(hub, token);
  };
}

/**
 * Finds out who makes a request, before any handler runs; the route decides what nobody may do.
 * Sources' webhooks prove themselves in their own way and are left alone.
 */
export function identifyPrincipals(app: App, hub: Hub): void {
  const findPrincipal = principalFinder(hub);
  app.decorateRequest("principal", null);
  app.addHook("onRequest", async (request) => {
    if (!request.url.startsWith("/api/v1/")) return;
    request.principal = await findPrincipal(request);
    const byCookie = request.headers.authorization === undefined;
    if (byCookie && request.principal !== null) requireSameOrigin(request, hub.config.publicUrl);
  });
}
