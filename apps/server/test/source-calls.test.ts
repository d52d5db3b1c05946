import { createServer as createTlsServer } from "node:https";
import { afterEach, describe, expect, test } from "vitest";
import { type Answering, type Receiver, startReceiver } from "./receiver.ts";
import { selfSigned } from "./self-signed.ts";
import { createAddressPolicy } from "../src/network/address-policy.ts";
import { createSystemResolver } from "../src/network/resolve-host.ts";
import { createSourceFetch, type SourceFetchOptions } from "../src/network/source-fetch.ts";
import { callSource, type SourceAnswer, type SourceCall } from "../src/connectors/call-source.ts";

const key = "cal_live_a-key-of-the-tests";
const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function source(by: Answering): Promise<Receiver> {
  const receiver = await startReceiver(by);
  open.push(receiver);
  return receiver;
}

async function call(
  by: Answering | string,
  options: Partial<SourceFetchOptions> & Partial<SourceCall> = {},
): Promise<SourceAnswer> {
  const { policy = createAddressPolicy(true), trusted = [], timeout = 5_000, ...rest } = options;
  const made = createSourceFetch({ policy, resolve: createSystemResolver(), trusted, timeout });
  open.push(made);
  const baseUrl = typeof by === "string" ? by : (await source(by)).url;
  return callSource(
    { baseUrl, fetch: made.fetch },
    {
      method: "GET",
      path: "/thing",
      headers: { authorization: `Bearer ${key}` },
      reasonIn: (body) => (body as { reason?: string } | null)?.reason,
      ...rest,
    },
  );
}

const answering =
  (status: number, body: string, headers: Record<string, string> = {}): Answering =>
  (_request, response) => {
    response.writeHead(status, headers).end(body);
  };

describe("calling a source", () => {
  test("sends the key and the body, and reads JSON", async () => {
    const receiver = await source(answering(200, '{"a":1}'));
    const answer = await call(receiver.url, { method: "POST", body: { why: "ill" } });
    expect(answer.body).toEqual({ a: 1 });
    expect(receiver.requests).toMatchObject([
      {
        path: "/hook/thing",
        body: '{"why":"ill"}',
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      },
    ]);
  });

  test("knows by the source's clock how old the answer is at most", async () => {
    const date = "Tue, 05 Jan 2027 10:00:00 GMT";
    const { asOf } = await call(answering(200, "{}", { date }));
    const age = Date.parse(date) - Date.parse(asOf);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(5_000);
  });

  test.each([
    [401, "unauthorised"],
    [403, "unauthorised"],
    [404, "not_found"],
    [400, "refused"],
    [409, "refused"],
    [422, "refused"],
    [429, "rate_limited"],
    [500, "unavailable"],
    [503, "unavailable"],
    [302, "unavailable"],
  ] as const)("a status of %i is %s, with the source's own words", async (status, problem) => {
    const body = '{"reason":"the time is taken"}';
    await expect(call(answering(status, body))).rejects.toMatchObject({
      problem,
      status,
      message: "the time is taken",
      mayPass: problem === "rate_limited" || problem === "unavailable",
    });
  });

  test("hears when it may ask again, in seconds or as a date", async () => {
    await expect(call(answering(429, "", { "retry-after": "30" }))).rejects.toMatchObject({
      retryAfterSeconds: 30,
    });
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    const failed = call(answering(503, "", { "retry-after": inAMinute }));
    await expect(failed).rejects.toSatisfy((error: { retryAfterSeconds: number }) => {
      return error.retryAfterSeconds > 50 && error.retryAfterSeconds <= 60;
    });
    await expect(call(answering(429, "", { "retry-after": "soon" }))).rejects.toMatchObject({
      retryAfterSeconds: null,
    });
  });

  test("follows no redirect, which would carry the key away", async () => {
    const elsewhere = await source(answering(200, "{}"));
    const moved = call(answering(307, "", { location: elsewhere.url }));
    await expect(moved).rejects.toMatchObject({ problem: "unavailable", status: 307 });
    expect(elsewhere.requests).toEqual([]);
  });
});

describe("what goes wrong on the way is unavailable, and never tells the key", () => {
  test.each([
    ["no JSON", answering(200, "<html>oops")],
    ["a JSON that breaks off", answering(200, '{"a":')],
    ["an answer that never ends", (_request, response) => response.write("{")],
    ["no answer at all", () => {}],
    ["a line that is cut", (_request, response) => response.socket?.destroy()],
    ["more than 5 MiB", answering(200, `"${"a".repeat(5 * 1024 * 1024)}"`)],
  ] satisfies [string, Answering][])("%s", async (_what, by) => {
    await expect(call(by, { timeout: 1_000 })).rejects.toSatisfy((error: Error) => {
      const told = JSON.stringify(error) + error.message + String(error.stack);
      return "problem" in error && error.problem === "unavailable" && !told.includes(key);
    });
  });

  test("a certificate that nobody signed", async () => {
    const receiver = await startReceiver(answering(200, "{}"), (listener) =>
      createTlsServer(selfSigned, listener),
    );
    open.push(receiver);
    const failed = call(receiver.url.replace("http:", "https:"));
    await expect(failed).rejects.toMatchObject({ problem: "unavailable", status: null });
  });

  test("a private address, unless the operator set it", async () => {
    const receiver = await source(answering(200, "{}"));
    const policy = createAddressPolicy([]);
    await expect(call(receiver.url, { policy })).rejects.toMatchObject({
      problem: "address_refused",
      message: expect.stringContaining("127.0.0.1"),
    });
    expect(receiver.requests).toEqual([]);
    expect((await call(receiver.url, { policy, trusted: [receiver.url] })).body).toEqual({});
  });
});
