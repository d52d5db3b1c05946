import { isIP } from "node:net";
import type { App } from "./app.types.ts";

/**
 * Forgets what a proxy says of a client's address when it is no address: the request counts as the
 * proxy's own then. What is left in `request.ip` can be kept, counted and compared with ranges.
 *
 * Only the client's address is ever taken from a proxy. The hub's own address and scheme are those
 * of `PUBLIC_URL`, whatever `X-Forwarded-Host` and `X-Forwarded-Proto` say.
 */
export function ignoreForwardedNonsense(app: App): void {
  app.addHook("onRequest", async (request) => {
    if (isIP(request.ip) === 0) delete request.raw.headers["x-forwarded-for"];
  });
}
