import { environmentKey } from "../access/environment-key.ts";
import { readSession } from "../access/read-session.ts";
import type { App, Hub } from "./app.types.ts";
import { requireSameOrigin } from "./same-origin.ts";
import { sessionCookie } from "./session-cookie.ts";

/**
 * Finds out who makes a request, before any handler runs: by the API key in `Authorization`, or
 * else by the session's cookie. An unknown key or session is nobody; the route decides what
 * nobody may do. Sources' webhooks prove themselves in their own way and are left alone.
 */
export function identifyPrincipals(app: App, hub: Hub): void {
  const keyHolder = environmentKey(hub.config.apiKey, hub.defaultOrgId);
  const cookie = sessionCookie(hub.config.publicUrl);
  app.decorateRequest("principal", null);
  app.addHook("onRequest", async (request) => {
    if (!request.url.startsWith("/api/v1/")) return;
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const key = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
      request.principal = key === undefined ? null : keyHolder(key);
      return;
    }
    const token = cookie.read(request);
    if (token === null) return;
    request.principal = await readSession(hub, token);
    if (request.principal !== null) requireSameOrigin(request, hub.config.publicUrl);
  });
}
