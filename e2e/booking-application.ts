import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type BundledPage, documentOf } from "./bundle-page.ts";
import type { DashboardHub } from "./dashboard-hub.ts";

/** An application of somebody's, on loopback: its page, and a way to the hub by its server's key. */
export interface BookingApplication {
  readonly address: string;
  page: BundledPage;
  /** Whether its server reaches the hub. */
  reachesHub: boolean;
  readonly close: () => Promise<void>;
}

/** @param page what it serves; the test may change it */
export async function startBookingApplication(
  hub: DashboardHub,
  page: BundledPage,
): Promise<BookingApplication> {
  const server = createServer((request, response) => void serve(request.url ?? "/", response));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const application: BookingApplication = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    page,
    reachesHub: true,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };

  async function serve(url: string, response: ServerResponse): Promise<void> {
    if (url === "/") {
      response.setHeader("content-type", "text/html; charset=utf-8");
      response.end(documentOf(application.page));
    } else if (url.startsWith("/api/v1/customers") && application.reachesHub) {
      const customers = await hub.api("GET", url.slice("/api/v1".length));
      response.setHeader("content-type", "application/json").end(JSON.stringify(customers));
    } else response.writeHead(url.startsWith("/api/") ? 502 : 404).end();
  }
  return application;
}
