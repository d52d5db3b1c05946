import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
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
export const isProgramPath = (path: string): boolean => /^\/(api|functions)([/?]|$)/.test(path);

/** A path that ends like a file's name is a file, not one of the dashboard's own addresses. */
const isFilePath = (path: string): boolean => /\.[a-z0-9]{1,10}$/i.test(path);

/**
 * Serves the built dashboard. Addresses that only its router knows answer with its first page;
 * files under `assets/` carry a hash in their name and never change.
 * @param folder where the built dashboard lies; it may not exist
 */
export async function serveDashboard(app: App, folder: string): Promise<void> {
  const isBuilt = existsSync(join(folder, "index.html"));
  if (isBuilt) {
    await app.register(fastifyStatic, { root: folder, serve: false, preCompressed: true });
  }
  app.get("/*", { exposeHeadRoute: true }, (request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "/";
    if (isProgramPath(path)) throw new SlotwireError("E_NOT_FOUND");
    if (!isBuilt) return reply.type("text/html; charset=utf-8").send(notBuilt);
    if (path.startsWith("/assets/")) {
      return reply.sendFile((request.params as { "*": string })["*"], {
        maxAge: "365d",
        immutable: true,
      });
    }
    const file = isFilePath(path) ? (request.params as { "*": string })["*"] : "index.html";
    return reply.header("cache-control", "no-cache").sendFile(file, { cacheControl: false });
  });
}
