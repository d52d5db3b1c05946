import { type AddressInfo, connect } from "node:net";
import type { AuditEntry, List, Problem } from "@slotwire/contract";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestHub, type TestHub, withKey } from "../../test/test-hub.ts";
import { createSignInLink } from "../access/create-sign-in-link.ts";
import type { Config } from "../config.ts";
import type { App } from "./app.types.ts";
import { type ArrivalLimits, buildApp } from "./build-app.ts";

let shared: TestHub;
beforeAll(async () => {
  shared = await createTestHub();
});
afterAll(() => shared.close());

/** Another HTTP side of the same hub, with other settings. */
interface Side {
  readonly app: App;
  readonly signIn: TestHub["signIn"];
}

const opened: App[] = [];
async function open(config: Partial<Config>, arrival?: ArrivalLimits): Promise<Side> {
  const hub = { ...shared.hub, config: { ...shared.hub.config, ...config } };
  const app = await buildApp(hub, {
    dashboardFolder: "/no-dashboard",
    ...(arrival && { arrival }),
  });
  opened.push(app);
  return { app, signIn: () => signInAt(app) };
}
afterEach(async () => {
  for (const app of opened.splice(0)) await app.close();
});

async function signInAt(app: App): Promise<{ cookie: string; "sec-fetch-site": string }> {
  const { hub, ownerId } = shared;
  const { token } = await createSignInLink(hub, { userId: ownerId, orgId: hub.defaultOrgId });
  const answer = await app.inject({ method: "POST", url: "/api/v1/session", payload: { token } });
  const [cookie] = answer.cookies;
  if (cookie === undefined) throw new Error(`no cookie was set: ${answer.body}`);
  return { cookie: `${cookie.name}=${cookie.value}`, "sec-fetch-site": "same-origin" };
}

type Headers = Readonly<Record<string, unknown>>;
const ownAddress = (app: TestHub["app"]): number => (app.server.address() as AddressInfo).port;

/** Sends bytes, and ends when the other side hangs up. */
function sendBytes(port: number, ...parts: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => {
      for (const part of parts) socket.write(part);
    });
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", reject);
    socket.on("close", () => resolve(answer));
  });
}

function requireSafe(headers: Headers, what: string): string {
  expect(headers, what).toMatchObject({
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": expect.stringContaining("camera=()") as string,
  });
  const policy = String(headers["content-security-policy"]);
  expect(policy, what).toContain("default-src 'none'");
  expect(policy, what).toContain("frame-ancestors 'none'");
  expect(policy, what).toContain("base-uri 'none'");
  expect(policy, what).not.toMatch(/unsafe|\*|https?:/);
  return policy;
}

describe("the security headers", () => {
  it("stand on every kind of answer, and only pages may load anything", async () => {
    const { app } = shared;
    const session = await shared.signIn();
    const kinds: readonly [what: string, status: number, request: object][] = [
      ["an answer of the API", 200, { url: "/api/v1/session", headers: session }],
      ["a refusal", 401, { url: "/api/v1/bookings" }],
      ["an unknown address", 404, { url: "/api/v1/nothing", headers: withKey }],
      ["an unreadable address", 400, { url: "/api/v1/bookings/%ff" }],
      ["a body that is no JSON", 400, { ...post("{"), headers: { ...withKey, ...json } }],
      ["a body that is too large", 413, { ...post(`"${"x".repeat(2e6)}"`), headers: json }],
      ["another media type", 415, { ...post("a"), headers: { "content-type": "text/plain" } }],
      ["the API's description", 200, { url: "/api/v1/openapi.json" }],
      ["a probe", 200, { url: "/livez" }],
      ["the health", 200, { url: "/api/health" }],
      ["the numbers", 200, { url: "/metrics" }],
      ["a webhook for nobody", 404, { method: "POST", url: "/api/webhooks/nothing" }],
    ];
    for (const [what, status, request] of kinds) {
      const answer = await app.inject(request);
      expect(answer.statusCode, what).toBe(status);
      expect(requireSafe(answer.headers, what), what).not.toContain("'self'");
      expect(answer.headers["cache-control"], what).toBe("no-store");
    }
    for (const url of ["/", "/bookings/7", "/nothing.js"]) {
      const answer = await app.inject({ url });
      expect(requireSafe(answer.headers, url)).toContain("script-src 'self';");
    }
    const docs = await app.inject({ url: "/api/v1/docs" });
    expect(requireSafe(docs.headers, "the API's page")).not.toContain("script-src");
    expect(docs.body).not.toMatch(/<script|<style|style=|javascript:|onclick/i);
  });

  it("stand on a stream, and on the answer to bytes that were no request", async () => {
    const { app } = await open({});
    const address = await app.listen({ port: 0, host: "127.0.0.1" });
    const stop = new AbortController();
    const stream = await fetch(`${address}/api/v1/stream`, {
      headers: withKey,
      signal: stop.signal,
    });
    expect(stream.headers.get("content-type")).toContain("text/event-stream");
    requireSafe(Object.fromEntries(stream.headers), "a stream");
    stop.abort();
    const [head = ""] = (await sendBytes(ownAddress(app), "NONSENSE\r\n\r\n")).split("\r\n\r\n");
    const lines = head.split("\r\n").slice(1);
    const headers = lines.map((line) => line.split(/: (.*)/, 2) as [string, string]);
    requireSafe(
      Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
      "no request",
    );
  });

  it("demand encryption when, and only when, the hub's own address has it", async () => {
    const secure = await open({ publicUrl: "https://hub.example" });
    for (const url of ["/", "/api/v1/bookings", "/livez"]) {
      const { headers } = await secure.app.inject({ url });
      expect(headers["strict-transport-security"]).toBe("max-age=31536000");
      const plain = await shared.app.inject({ url });
      expect(plain.headers["strict-transport-security"]).toBeUndefined();
    }
  });
});

const json = { "content-type": "application/json" };
const post = (payload: string) => ({ method: "POST", url: "/api/v1/bookings", payload }) as const;

describe("the session's cookie", () => {
  it("is bound to this very host under https, and no script or other site ever gets it", async () => {
    const secure = await open({ publicUrl: "https://hub.example" });
    const { cookie } = await secure.signIn();
    expect(cookie).toMatch(/^__Host-/);
    for (const { hub, secured } of [
      { hub: secure, secured: true },
      { hub: shared, secured: false },
    ]) {
      const { headers } = await hub.app.inject({
        method: "DELETE",
        url: "/api/v1/session",
        headers: await hub.signIn(),
      });
      const set = String(headers["set-cookie"]);
      expect(set).toMatch(/; Path=\/(;|$)/);
      expect(set).toContain("HttpOnly");
      expect(set).toContain("SameSite=Lax");
      expect(set).not.toContain("Domain");
      expect(set.includes("Secure")).toBe(secured);
    }
  });

  it("alone changes nothing by any route, unless the request shows that it is from here", async () => {
    const { app } = shared;
    const { cookie } = await shared.signIn();
    const { paths } = (await app.inject({ url: "/api/v1/openapi.json" })).json<{
      paths: Record<string, Record<string, object>>;
    }>();
    const writes = Object.entries(paths)
      .filter(([path]) => path.startsWith("/api/v1/"))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ path, method })))
      .filter(({ method }) => method !== "get");
    expect(writes.length).toBeGreaterThan(15);
    const from: readonly Record<string, string>[] = [
      {},
      { origin: "https://evil.example" },
      { "sec-fetch-site": "same-site", origin: shared.hub.config.publicUrl },
    ];
    for (const { path, method } of writes) {
      for (const headers of from) {
        const answer = await app.inject({
          method: method.toUpperCase() as "POST",
          url: path.replaceAll(/\{\w+\}/g, "00000000-0000-7000-8000-000000000000"),
          headers: { cookie, ...headers },
        });
        const said = `${method} ${path} ${JSON.stringify(headers)}`;
        expect(answer.json<Problem>().code, said).toBe("E_CROSS_SITE");
        expect(answer.statusCode, said).toBe(403);
      }
    }
    const still = await app.inject({ url: "/api/v1/session", headers: { cookie } });
    expect(still.statusCode).toBe(200);
  });
});

describe("a client's address", () => {
  /** The address that the hub takes a request to come from, as its audit log shows it. */
  async function seenAs(
    { app }: Pick<Side, "app">,
    remoteAddress: string,
    headers: Record<string, string>,
  ): Promise<string | null> {
    const entityName = `Seen ${Math.random()}`;
    const made = await app.inject({
      method: "POST",
      url: "/api/v1/bookings",
      remoteAddress,
      headers: { ...withKey, ...headers },
      payload: { starts_at: "2026-06-01T08:00:00Z", ends_at: "2026-06-01T09:00:00Z" },
    });
    expect(made.statusCode, `${entityName}: ${made.body}`).toBe(201);
    const { id } = made.json<{ id: string }>();
    const log = await app.inject({ url: `/api/v1/audit?entity_id=${id}`, headers: withKey });
    return log.json<List<AuditEntry>>().data[0]?.address ?? null;
  }

  it("is the socket's when no proxy is trusted, whatever a header says", async () => {
    for (const name of ["x-forwarded-for", "forwarded", "x-real-ip", "true-client-ip"]) {
      expect(await seenAs(shared, "203.0.113.5", { [name]: "198.51.100.9" })).toBe("203.0.113.5");
    }
  });

  it("is read from the right, past trusted proxies alone", async () => {
    const hub = await open({ trustedProxies: ["127.0.0.0/8", "10.0.0.0/8"] });
    const table: readonly [socket: string, forwarded: string, seen: string][] = [
      ["127.0.0.1", "198.51.100.9", "198.51.100.9"],
      // What the client wrote itself stands left of what the proxy added.
      ["127.0.0.1", "1.2.3.4, 198.51.100.9", "198.51.100.9"],
      ["127.0.0.1", "1.2.3.4, 198.51.100.9, 10.1.2.3", "198.51.100.9"],
      ["127.0.0.1", "2001:db8::7", "2001:db8::7"],
      ["::ffff:127.0.0.1", "198.51.100.9", "198.51.100.9"],
      // Not from a proxy: a stranger's words.
      ["203.0.113.5", "198.51.100.9", "203.0.113.5"],
      ["203.0.113.5", "198.51.100.9, 127.0.0.1", "203.0.113.5"],
      // No address at all.
      ["127.0.0.1", "unknown", "127.0.0.1"],
      ["127.0.0.1", "'; DROP TABLE audit_log; --", "127.0.0.1"],
      ["127.0.0.1", "", "127.0.0.1"],
    ];
    for (const [socket, forwarded, seen] of table) {
      expect(await seenAs(hub, socket, { "x-forwarded-for": forwarded }), forwarded).toBe(seen);
    }
  });

  it("is all that a trusted proxy is believed: the hub's own address stays as it is set", async () => {
    const hub = await open({
      trustedProxies: ["127.0.0.0/8"],
      publicUrl: "https://hub.example",
    });
    const forwarded = {
      "x-forwarded-for": "198.51.100.9",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "http",
      host: "evil.example",
    };
    const { body, headers } = await hub.app.inject({
      url: "/api/v1/nothing",
      headers: forwarded,
    });
    expect(body).not.toContain("evil.example");
    expect(headers["strict-transport-security"]).toBeDefined();
    const { cookie } = await hub.signIn();
    expect(cookie).toMatch(/^__Host-/);
    const description = await hub.app.inject({ url: "/api/v1/openapi.json", headers: forwarded });
    expect(description.body).not.toContain("evil.example");
    // A page of any other host is another site, whatever host the request names, and so is one
    // of the hub's own that is not encrypted.
    for (const [host, origin] of [
      ["hub.example", "https://evil.example"],
      ["evil.example", "https://evil.example"],
      ["127.0.0.1:3000", "http://127.0.0.1:3000"],
      ["hub.example", "http://hub.example"],
    ]) {
      for (const site of [{}, { "sec-fetch-site": "same-origin" }]) {
        const { statusCode } = await hub.app.inject({
          method: "DELETE",
          url: "/api/v1/session",
          headers: { cookie, ...forwarded, ...site, host, origin },
        });
        expect(statusCode, `${host} ${origin}`).toBe(403);
      }
    }
  });
});

describe("the numbers", () => {
  it("are for this very machine alone, and not for whom a proxy on it speaks", async () => {
    const ask = async (remoteAddress: string, headers: Record<string, string> = {}) =>
      (await shared.app.inject({ url: "/metrics", remoteAddress, headers })).statusCode;
    expect(await ask("127.0.0.1")).toBe(200);
    expect(await ask("::1")).toBe(200);
    expect(await ask("::ffff:127.0.0.1")).toBe(200);
    for (const address of ["203.0.113.5", "10.0.0.1", "::ffff:10.0.0.1", "2001:db8::1"]) {
      expect(await ask(address), address).toBe(404);
    }
    expect(await ask("127.0.0.1", { "x-forwarded-for": "203.0.113.5" })).toBe(404);
    expect(await ask("127.0.0.1", withKey)).toBe(200);
  });

  it("are not for a page whose own name points to this machine", async () => {
    const { app } = await open({ publicUrl: "https://hub.example" });
    await app.listen({ port: 0, host: "127.0.0.1" });
    const port = ownAddress(app);
    const statusFor = async (host: string): Promise<string> => {
      const request = `GET /metrics HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      return (await sendBytes(port, request)).slice("HTTP/1.1 ".length).slice(0, 3);
    };
    const own = ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]", "hub.example"];
    for (const host of own.flatMap((name) => [name, `${name}:${port}`])) {
      expect(await statusFor(host), host).toBe("200");
    }
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "hub.example.evil.example",
      "localhost@evil.example",
      "10.0.0.1",
      "[::2]",
      "",
      "?",
    ]) {
      expect(await statusFor(host), host).toBe("404");
    }
    const bare = await sendBytes(port, "GET /metrics HTTP/1.0\r\n\r\n");
    expect(bare).toMatch(/^HTTP\/1\.1 404 /);
  });

  it("are for whoever shows the token, when one is set", async () => {
    const { app } = await open({ metricsToken: "a-token-of-the-tests" });
    const ask = async (authorization?: string) =>
      (
        await app.inject({
          url: "/metrics",
          remoteAddress: "203.0.113.5",
          headers: { ...(authorization && { authorization }) },
        })
      ).statusCode;
    expect(await ask()).toBe(401);
    expect(await ask("Bearer a-token-of-the-test")).toBe(401);
    expect(await ask(withKey.authorization)).toBe(401);
    expect(await ask("Bearer a-token-of-the-tests")).toBe(200);
  });
});

describe("a request that trickles in", () => {
  it("is cut off with a problem document, be it the headers or the body that are slow", async () => {
    const { app } = await open({}, { headers: 60, request: 120, check: 20 });
    await app.listen({ port: 0, host: "127.0.0.1" });
    const port = ownAddress(app);
    const head = "POST /api/v1/bookings HTTP/1.1\r\nHost: hub\r\n";
    const slowHeaders = await sendBytes(port, head);
    expect(slowHeaders).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"E_TIMEOUT"/);
    const slowBody = await sendBytes(
      port,
      `${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"title":`,
    );
    expect(slowBody).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"E_TIMEOUT"/);
    // Others are served meanwhile and afterwards.
    expect((await fetch(`http://127.0.0.1:${port}/livez`)).status).toBe(200);
  });

  it("is not the one whose answer is slow: a stream stays open beyond every limit", async () => {
    const { app } = await open({}, { headers: 30, request: 40, check: 10 });
    const address = await app.listen({ port: 0, host: "127.0.0.1" });
    const stop = new AbortController();
    const stream = await fetch(`${address}/api/v1/stream`, {
      headers: withKey,
      signal: stop.signal,
    });
    const reader = stream.body?.getReader();
    await reader?.read();
    // Another slow request is cut off meanwhile: the limits are at work.
    expect(await sendBytes(ownAddress(app), "GET / HTTP/1.1\r\n")).toContain(" 408 ");
    const next = reader?.read().then(
      () => "ended",
      () => "ended",
    );
    expect(await Promise.race([next, Promise.resolve("open")])).toBe("open");
    stop.abort();
    await next;
  });
});
