import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A hub on loopback that takes bookings, or fails in every way that is asked of it. */
export interface FlakyCrm {
  readonly url: string;
  /** The bodies that arrived whole, in order. */
  readonly bodies: string[];
  readonly secrets: (string | undefined)[];
  /** One for each request, in order; from then on bookings are taken. */
  behaviours: ((response: ServerResponse) => void)[];
  close(): Promise<void>;
}

/** The answer that the hub gives for a booking. */
export const taken = {
  success: true,
  lead: { id: "lead-1", title: "workshop - Test Person" },
  contact: { id: "contact-1", email: "test@example.com" },
  activity: { id: "activity-1" },
  tasks: [{ id: "task-1", title: "Workshop follow-up" }],
};

/** Answers so. */
export function answering(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

/** Ends the connection in the middle of an answer. */
export function dying(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
  response.write('{"success":tr', () => response.destroy());
}

export async function openFlakyCrm(port = 0): Promise<FlakyCrm> {
  const crm = {
    bodies: [] as string[],
    secrets: [] as (string | undefined)[],
    behaviours: [] as FlakyCrm["behaviours"],
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      crm.bodies.push(Buffer.concat(chunks).toString());
      crm.secrets.push(request.headers["x-webhook-secret"] as string | undefined);
      const isRight = request.method === "POST" && request.url === "/api/bookings/incoming";
      const behaviour = isRight ? crm.behaviours.shift() : answering(404, {});
      (behaviour ?? answering(200, taken))(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(crm, {
    url,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}
