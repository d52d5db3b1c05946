import { once } from "node:events";
import { createServer, request as ask, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream/promises";

/** Somebody's own site: a page, stream tokens for it, and, below `/api/`, the way to the hub. */
export interface PageServer {
  readonly address: string;
  /** How many streams the hub has ended to be shown another token. */
  readonly renewals: () => number;
  /** Cuts all connections, in the middle of whatever is on them. */
  readonly cut: () => void;
  readonly close: () => Promise<void>;
}

export interface PageServerOptions {
  /** The document. */
  readonly page: string;
  readonly hub: string;
  readonly makeToken: () => Promise<string>;
  /** Added to what goes on to the hub. */
  readonly apiKey?: string;
}

/** Starts it on loopback. While the hub is away it answers 502, as a reverse proxy does. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  let renewals = 0;
  const server = createServer((request, response) => {
    const { url = "/", method, headers } = request;
    if (url === "/") {
      response.setHeader("content-type", "text/html; charset=utf-8").end(options.page);
    } else if (url === "/token") {
      void options.makeToken().then((token) => response.end(token));
    } else if (url.startsWith("/api/")) {
      const proof = options.apiKey && { authorization: `Bearer ${options.apiKey}` };
      const onward = ask(`${options.hub}${url}`, {
        method,
        headers: { ...headers, ...proof },
        agent: false,
      });
      onward.on("response", (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        // Chunks of the hub end with messages.
        answer.on("data", (chunk) => (renewals += String(chunk).includes("event: reauth") ? 1 : 0));
        pipeline(answer, response).catch(() => onward.destroy());
      });
      onward.on("error", () => fail(response));
      response.on("close", () => onward.destroy());
      request.pipe(onward);
    } else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    renewals: () => renewals,
    cut: () => server.closeAllConnections(),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

function fail(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(502).end();
}
