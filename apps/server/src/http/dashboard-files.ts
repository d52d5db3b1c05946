import { existsSync, readdirSync } from "node:fs";
import { join, normalize } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyRequest } from "fastify";
import { SlotwireError } from "../errors.ts";
import type { App } from "./app.types.ts";

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Slotwire</title>
<h1>Slotwire is running</h1>
<p>The dashboard has not been built. <code>npm start</code> builds it; so does
<code>npm run build</code>. The API is described at <a href="/api/v1/docs">/api/v1/docs</a>.</p>
</html>
`;

/** Whether a path belongs to programs: what is unknown there is an error, never a page. */
export const isProgramPath = (path: string): boolean =>
  /^\/(api|functions|feeds)([/?]|$)/.test(path);

/** A path that ends like a file's name is a file, not one of the dashboard's own addresses. */
const isFilePath = (path: string): boolean => /\.[a-z0-9]{1,10}$/i.test(path);

/** Whether a browser asks for a page to show: what pages and programs load asks for other types. */
const isNavigation = ({ headers }: FastifyRequest): boolean =>
  /\btext\/html\b/i.test(headers.accept ?? "");

/**
 * Serves the built dashboard. Addresses that only its router knows answer with its first page;
 * files under `assets/` carry a hash in their name and never change. A browser that is sent to a
 * file which is not there gets the first page too, as 404: it says so in its own words.
 * @param folder where the built dashboard lies; it may not exist
 */
export async function serveDashboard(app: App, folder: string): Promise<void> {
  const isBuilt = existsSync(join(folder, "index.html"));
  if (isBuilt) {
    await app.register(fastifyStatic, { root: folder, serve: false, preCompressed: true });
  }
  const files = new Set(isBuilt ? readdirSync(folder, { recursive: true, encoding: "utf8" }) : []);
  app.get("/*", { exposeHeadRoute: true }, (request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "/";
    if (isProgramPath(path)) throw new SlotwireError("E_NOT_FOUND");
    if (!isBuilt) return reply.type("text/html; charset=utf-8").send(notBuilt);
    const asked = (request.params as { "*": string })["*"];
    const isPage = !path.startsWith("/assets/") && !isFilePath(path);
    const isAstray = !isPage && !files.has(normalize(asked)) && isNavigation(request);
    if (isPage || isAstray) {
      return reply
        .code(isAstray ? 404 : 200)
        .header("cache-control", "no-cache")
        .sendFile("index.html", { cacheControl: false });
    }
    if (path.startsWith("/assets/")) {
      return reply.sendFile(asked, { maxAge: "365d", immutable: true });
    }
    return reply.header("cache-control", "no-cache").sendFile(asked, { cacheControl: false });
  });
}
