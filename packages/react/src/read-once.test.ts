import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type ClientOptions, createClient, type SlotwireClient } from "@slotwire/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readOnce } from "./read-once.ts";

let server: Server;
let status: number;
let requests: number;
beforeEach(async () => {
  status = 200;
  requests = 0;
  server = createServer((_, response) => {
    requests += 1;
    response
      .writeHead(status, { "content-type": "application/json" })
      .end('{"user":{"id":"anna"}}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const open = (options: ClientOptions = {}): SlotwireClient =>
  createClient({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...options,
  });
const outcome = (client: SlotwireClient): Promise<string> =>
  readOnce(client, client.session).then(
    ({ user }) => user.id ?? "nobody",
    () => "refused",
  );

it.each([
  [200, "anna"],
  [403, "refused"],
])("asks once for all parts of a page, where the hub answers %d", async (answer, told) => {
  status = answer;
  const client = open({ apiKey: "sw_sk_live_x" });
  expect(await Promise.all([outcome(client), outcome(client)])).toEqual([told, told]);
  expect([await outcome(client), await outcome(client), requests]).toEqual([told, told, 1]);
});

it("asks once at a time where nobody is signed in, and again as somebody may be", async () => {
  status = 401;
  const client = open();
  expect(await Promise.all([outcome(client), outcome(client)])).toEqual(["refused", "refused"]);
  expect(requests).toBe(1);
  status = 200;
  expect(await outcome(client)).toBe("anna");
});

it("asks again after nobody has answered", async () => {
  let isAway = true;
  const client = open({
    fetch: (...request) => {
      if (isAway) throw new TypeError("nobody there");
      return fetch(...request);
    },
  });
  expect(await outcome(client)).toBe("refused");
  isAway = false;
  expect(await outcome(client)).toBe("anna");
});

it.each<[string, ClientOptions]>([
  ["a publishable key", { apiKey: "sw_pk_live_x" }],
  ["a stream token", { getToken: () => "eyJhbGciOiJIUzI1NiJ9.eyJvcmciOiIxIn0.c2lnbg" }],
  ["a ticket", { getTicket: () => "ticket" }],
])("does not ask with %s, which opens no session", async (_, options) => {
  const client = open(options);
  expect([await outcome(client), await outcome(client), requests]).toEqual([
    "refused",
    "refused",
    0,
  ]);
});
