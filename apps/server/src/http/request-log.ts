import type { FastifyRequest } from "fastify";
import type { App } from "./app.types.ts";

/** Longest part of a path that is logged. */
const MAX_PATH = 200;

/**
 * Logs one line per answer. Neither headers, bodies nor query strings are in it: they carry
 * keys, one-time tokens and people's data. Health checks are logged at debug level only.
 */
export function logRequests(app: App): void {
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url;
    const quiet = route === "/livez" || route === "/readyz" || route === "/metrics";
    request.log[quiet ? "debug" : "info"](
      {
        method: request.method,
        route: route ?? null,
        path: loggablePath(request).slice(0, MAX_PATH),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      "answered",
    );
  });
}

/** The path without a webhook's token, which is as good as a secret, whatever was asked of it. */
function loggablePath(request: FastifyRequest): string {
  const route = request.routeOptions.url;
  if (route?.includes(":token")) {
    const params = request.params as Readonly<Record<string, string>>;
    const { kind = "", connection = "" } = params;
    return route.replace(":kind", () => kind).replace(":connection", () => connection);
  }
  const [path = ""] = request.url.split("?", 1);
  return path.replace(/(\/webhooks\/+[^/]*\/+[^/]*\/+).+$/i, "$1:token");
}
