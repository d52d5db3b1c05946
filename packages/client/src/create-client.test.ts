import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ApiError } from "./api-error.ts";
import { createClient } from "./create-client.ts";

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

let seen: Seen[];
let answer: { status: number; body: string; headers?: Record<string, string> };
let baseUrl: string;
let close: () => Promise<unknown>;

beforeEach(async () => {
  seen = [];
  answer = { status: 200, body: '{"data":[],"next_cursor":null}' };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method, url, headers } = request;
      const body = Buffer.concat(chunks).toString();
      seen.push({ method, url, authorization: headers.authorization, body });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  close = () => {
    server.close();
    server.closeAllConnections();
    return once(server, "close");
  };
});
afterEach(() => close());

test("says at once that an address of a hub is none", () => {
  for (const wrong of [
    "hub.example.com",
    "localhost:3000",
    "ftp://hub",
    "https://",
    "http://[",
    " ",
  ]) {
    expect(() => createClient({ baseUrl: wrong })).toThrow(
      `baseUrl "${wrong}" is no address, such as "https://hub.example.com".`,
    );
  }
  for (const right of ["", "/", "/hub", "https://hub.example.com/a/", "HTTP://127.0.0.1:3000"]) {
    createClient({ baseUrl: right });
  }
});

test("is made without an address on a server, which says so when somebody is asked", async () => {
  const client = createClient();
  const message = 'baseUrl is missing, such as "https://hub.example.com".';
  await expect(client.bookings.list()).rejects.toThrow(message);
  await expect(client.members.list()).rejects.toThrow(message);
  expect(() => client.live.subscribe({})).toThrow(message);
  expect(() => client.stream()).toThrow(message);
  expect(() => createClient({ baseUrl: "/hub" }).stream()).toThrow(message);
  expect(client.live.state.status).toBe("idle");
  expect(client.live.subscriptionCount).toBe(0);
});

test("leaves addresses to a fetch that it is given", async () => {
  const asked: unknown[] = [];
  const client = createClient({
    fetch: async (input) => {
      asked.push(input);
      return fetch(`${baseUrl.slice(0, -1)}${input as string}`);
    },
  });
  await client.bookings.list();
  expect(asked).toEqual(["/api/v1/bookings"]);
});

test("asks what it is told to, as whom it is told to", async () => {
  const client = createClient({ baseUrl, apiKey: "sw_sk_1" });
  await client.bookings.list({ status: "confirmed", on: "today", limit: 5 });
  await client.bookings.timeline("a/b");
  await client.destinations.create({ name: "Make", url: "https://example.com/" });
  await client.session.switchOrganisation("o");
  expect(seen.map(({ method, url, body }) => [method, url, body])).toEqual([
    ["GET", "/api/v1/bookings?status=confirmed&on=today&limit=5", ""],
    ["GET", "/api/v1/bookings/a%2Fb/timeline", ""],
    ["POST", "/api/v1/destinations", '{"name":"Make","url":"https://example.com/"}'],
    ["PUT", "/api/v1/session/organisation", '{"organisation_id":"o"}'],
  ]);
  expect(new Set(seen.map((request) => request.authorization))).toEqual(
    new Set(["Bearer sw_sk_1"]),
  );
});

test("asks for a token before every request", async () => {
  let token = 0;
  const client = createClient({ baseUrl, getToken: () => Promise.resolve(`t${(token += 1)}`) });
  await client.connections.list();
  await client.connections.list();
  expect(seen.map((request) => request.authorization)).toEqual(["Bearer t1", "Bearer t2"]);
});

test("takes an answer without content", async () => {
  answer = { status: 204, body: "" };
  expect(await createClient({ baseUrl }).session.signOut()).toBeUndefined();
});

test("throws the hub's problem document", async () => {
  answer = {
    status: 409,
    headers: { "content-type": "application/problem+json", "retry-after": "7" },
    body: JSON.stringify({
      type: "t",
      title: "A destination of that name exists",
      detail: "There is one called Make.",
      status: 409,
      code: "E_DESTINATION_NAME",
      remedy: "Choose another name.",
    }),
  };
  const failure = await createClient({ baseUrl })
    .destinations.list()
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiError);
  expect(failure).toMatchObject({
    status: 409,
    code: "E_DESTINATION_NAME",
    message: "There is one called Make.",
    retryAfterSeconds: 7,
  });
});

test("throws an error of its own for what is not the hub's answer, and tells of a 401", async () => {
  answer = { status: 502, body: "<h1>Bad gateway</h1>" };
  let refused = 0;
  const client = createClient({ baseUrl, onAuthError: () => (refused += 1) });
  await expect(client.connections.list()).rejects.toMatchObject({ code: "E_HTTP", status: 502 });
  expect(refused).toBe(0);
  answer = { status: 401, body: "" };
  await expect(client.connections.list()).rejects.toMatchObject({ status: 401 });
  expect(refused).toBe(1);
});

test("throws an error of its own for a success that is not the hub's", async () => {
  answer = { status: 200, body: "<!doctype html><p>Sign in to the hotel's network" };
  const failure = await createClient({ baseUrl })
    .bookings.list()
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiError);
  expect(failure).toMatchObject({ code: "E_HTTP" });
  expect((failure as ApiError).problem.remedy).toContain("Check the address");
});

test.each([
  ["7", 7],
  ["Fri, 31 Dec 1999 23:59:59 GMT", null],
  ["soon", null],
])("understands `Retry-After: %s`", async (text, seconds) => {
  answer = { status: 503, body: "", headers: { "retry-after": text } };
  const failure = await createClient({ baseUrl })
    .bookings.list()
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ retryAfterSeconds: seconds });
});

test("understands a date in `Retry-After`", async () => {
  const inAMinute = new Date(Date.now() + 60_000).toUTCString();
  answer = { status: 503, body: "", headers: { "retry-after": inAMinute } };
  const failure = await createClient({ baseUrl })
    .bookings.list()
    .catch((error: unknown) => error);
  const { retryAfterSeconds } = failure as ApiError;
  expect(retryAfterSeconds).toBeGreaterThan(0);
  expect(retryAfterSeconds).toBeLessThanOrEqual(60);
});

test("refuses as before when the page's own listener for that throws", async () => {
  const thrown: unknown[] = [];
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => thrown.push(error));
  try {
    answer = { status: 401, body: "" };
    const onAuthError = (): void => {
      throw new Error("the page's own");
    };
    const client = createClient({ baseUrl, onAuthError });
    await expect(client.bookings.list()).rejects.toBeInstanceOf(ApiError);
    expect(thrown).toMatchObject([{ message: "the page's own" }]);
  } finally {
    process.removeAllListeners("uncaughtException");
    for (const listener of others) process.on("uncaughtException", listener);
  }
});
