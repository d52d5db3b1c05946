import type { App } from "./app.types.ts";

/** Longest part of a path that is logged. */
const MAX_PATH = 200;

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Logs one line per answer. Neither headers, bodies nor query strings are in it: they carry
 * keys, one-time tokens and people's data. Of a path only the words that routes are made of are
 * kept, and ids: people paste anything into an address, and some addresses end with a token.
 * Health checks are logged at debug level only.
 * @param words what else may stand in a path, like the kinds of sources
 */
export function logRequests(app: App, words: Iterable<string>): void {
  const known = new Set(words);
  app.addHook("onRoute", ({ url }) => {
    for (const word of url.split("/")) if (!/[:*]/.test(word)) known.add(word);
  });
  const speakable = (segment: string): string =>
    known.has(segment) || uuid.test(segment) ? segment : "…";
  app.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url;
    const quiet = route === "/livez" || route === "/readyz" || route === "/metrics";
    const [path = ""] = request.url.slice(0, MAX_PATH).split("?", 1);
    request.log[quiet ? "debug" : "info"](
      {
        method: request.method,
        route: route ?? null,
        path: path.split("/").map(speakable).join("/"),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
      },
      "answered",
    );
  });
}
