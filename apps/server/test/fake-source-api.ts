import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request as the API got it. */
export interface SourceRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What the API answers; `silence` is no answer at all. */
export type SourceReply =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  | "silence";

/** A real HTTP server in the place of a source's API. */
export interface FakeSourceApi {
  readonly url: string;
  readonly requests: SourceRequest[];
  /** What it answers from now on. */
  reply: (request: SourceRequest) => SourceReply;
  readonly close: () => Promise<void>;
}

/**
 * Starts it on the loopback.
 * @param now its clock, which the `Date` header tells
 */
export async function startFakeSourceApi(
  reply: FakeSourceApi["reply"],
  now: () => Date = () => new Date(),
): Promise<FakeSourceApi> {
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    const received = { method, path: url, headers };
    api.requests.push(received);
    const answer = api.reply(received);
    if (answer === "silence") return;
    const { status = 200, body } = answer;
    const sent = { date: now().toUTCString(), "content-type": "application/json" };
    response.writeHead(status, { ...sent, ...answer.headers });
    response.end(body === undefined ? "" : JSON.stringify(body));
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const api: FakeSourceApi = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    reply,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return api;
}
