import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** A request as a receiver saw it. */
export interface ReceivedRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What a receiver answers; the default is 200 with nothing in it. */
export type Answering = (request: ReceivedRequest, response: ServerResponse) => unknown;

/** A real HTTP server on loopback that keeps what it is sent. */
export interface Receiver {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  /** Answers by this from now on. */
  answer(by: Answering): void;
  /** How many connections have been opened to it. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
}

const accept: Answering = (_request, response) => {
  response.end();
};

/** Starts a receiver on a free port. `server` is for one that speaks TLS. */
export async function startReceiver(
  by: Answering = accept,
  createHttpServer: (
    listener: (request: IncomingMessage, response: ServerResponse) => void,
  ) => Server = createServer,
): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const sockets = new Set<Socket>();
  let answering = by;
  let connections = 0;
  const server = createHttpServer((request, response) => {
    void readRequest(request).then((received) => {
      requests.push(received);
      return answering(received, response);
    });
  });
  server.on("connection", (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    requests,
    answer(next) {
      answering = next;
    },
    connections: () => connections,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function readRequest(request: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    path: request.url ?? "",
    headers: request.headers as Record<string, string>,
    body: Buffer.concat(chunks).toString("utf8"),
  };
}
