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
        path: (request.url.split("?", 1)[0] ?? "").slice(0, MAX_PATH),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      "answered",
    );
  });
}
