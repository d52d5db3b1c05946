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

/** What a webhook's token comes behind, as its last part. */
const beforeToken = /^(.*\/webhooks\/+[^/]*\/+[^/]*\/+).+$/is;

/** The path without a webhook's token, which is as good as a secret, whatever was asked of it. */
function loggablePath(request: FastifyRequest): string {
  const route = request.routeOptions.url;
  if (route?.includes(":token")) {
    const { kind = "", connection = "" } = request.params as Readonly<Record<string, string>>;
    return route.replace(":kind", () => kind).replace(":connection", () => connection);
  }
  const [path = ""] = request.url.split("?", 1);
  if (beforeToken.test(path)) return path.replace(beforeToken, "$1:token");
  return beforeToken.test(decoded(path)) ? "/api/webhooks/:kind/:connection/:token" : path;
}

/** The path as the router reads it. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    // Nor does the router take it for anything.
    return path;
  }
}
