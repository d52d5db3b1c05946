import { createServer as createTlsServer } from "node:https";
import { createServer as createSocketServer } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { type Answering, type Receiver, startReceiver } from "../../test/receiver.ts";
import { selfSigned } from "../../test/self-signed.ts";
import { createAddressPolicy } from "../network/address-policy.ts";
import type { Answer } from "./answer.ts";
import { createSystemResolver, type ResolveHost } from "../network/resolve-host.ts";
import { createSender, type Sender } from "./send.ts";

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

function sender(options: { resolve?: ResolveHost; timeout?: number; strict?: true } = {}): Sender {
  const { resolve = createSystemResolver(), timeout = 5_000, strict } = options;
  const policy = createAddressPolicy(strict === true ? [] : true);
  const made = createSender({ policy, resolve, timeout });
  open.push(made);
  return made;
}

async function receiver(by?: Answering): Promise<Receiver> {
  const started = await startReceiver(by);
  open.push(started);
  return started;
}

const send = (url: string, by = sender()): Promise<Answer> =>
  by.send({ url, headers: { "content-type": "application/json" }, body: "{}" });

const answering =
  (status: number, headers: Record<string, string> = {}): Answering =>
  (_request, response) => {
    response.writeHead(status, headers).end(`status ${status}`);
  };

describe("sending", () => {
  it("posts the body and says honestly who it is", async () => {
    const { url, requests } = await receiver();
    expect(await send(url)).toMatchObject({ statusCode: 200, errorClass: null, error: null });
    expect(requests).toMatchObject([{ path: "/hook", body: "{}" }]);
    expect(requests[0]?.headers["user-agent"]).toMatch(/^Slotwire\/\d+\.\d+\.\d+$/);
  });

  it("keeps connections open for what comes next", async () => {
    const { url, connections } = await receiver();
    const by = sender();
    for (let count = 0; count < 5; count += 1) await send(url, by);
    expect(connections()).toBeLessThan(5);
  });

  it.each([
    [201, null],
    [204, null],
    [301, "redirect"],
    [304, "redirect"],
    [400, "http_4xx"],
    [404, "http_4xx"],
    [410, "gone"],
    [429, "too_many"],
    [500, "http_5xx"],
    [502, "unavailable"],
    [503, "unavailable"],
    [504, "unavailable"],
  ])("answers %i as %s", async (status, errorClass) => {
    const { url } = await receiver(answering(status, { "retry-after": "7" }));
    expect(await send(url)).toMatchObject({ statusCode: status, errorClass, retryAfter: "7" });
  });

  it("does not follow a redirect", async () => {
    const secret = await receiver();
    const { url } = await receiver(answering(307, { location: secret.url }));
    expect(await send(url)).toMatchObject({ statusCode: 307, errorClass: "redirect" });
    expect(secret.requests).toEqual([]);
  });

  it("reads 16 KiB of an endless answer and hangs up", async () => {
    let sent = 0;
    const hungUp = Promise.withResolvers<void>();
    const { url } = await receiver((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024, "a");
      response.on("close", () => hungUp.resolve());
      const pump = (): void => {
        while (!response.destroyed && sent < 200 * 1024 * 1024) {
          sent += chunk.length;
          if (!response.write(chunk)) return;
        }
        response.end();
      };
      response.on("drain", pump);
      pump();
    });
    const answer = await send(url);
    expect(answer).toMatchObject({ statusCode: 200, errorClass: null });
    expect(answer.responseBody).toHaveLength(16 * 1024);
    await hungUp.promise;
    expect(sent).toBeLessThan(20 * 1024 * 1024);
  });

  it("keeps a body that PostgreSQL can store, whatever the receiver sends", async () => {
    const { url } = await receiver((_request, response) => {
      response.end(Buffer.from([0x61, 0x00, 0xff, 0xed, 0xa0, 0x80, 0x62]));
    });
    const { responseBody } = await send(url);
    expect(responseBody).not.toContain("\0");
    expect(responseBody?.isWellFormed()).toBe(true);
    expect(responseBody).toMatch(/^a.*b$/u);
  });

  it("counts an answer whose body never ends by its status", async () => {
    const { url } = await receiver((_request, response) => {
      response.write("the beginning");
    });
    expect(await send(url, sender({ timeout: 200 }))).toMatchObject({
      statusCode: 200,
      errorClass: null,
      responseBody: "the beginning",
    });
  });
});

describe("what an attempt keeps", () => {
  it("is the request as it went out, without what proves who sends", async () => {
    const { url, requests } = await receiver();
    const headers = {
      "content-type": "application/json",
      "webhook-signature": "v1,abc",
      authorization: "Bearer secret",
      "X-Make-Apikey": "secret",
      "x-own-key": "secret",
    };
    const body = `{"title":"Å"}`;
    const answer = await sender().send({ url, headers, body, secretHeaders: ["x-own-key"] });
    expect(answer.requestBody).toBe(body);
    expect(JSON.stringify(answer)).not.toContain("secret");
    const { connection: _, ...received } = requests[0]?.headers ?? {};
    expect(answer.requestHeaders).toEqual({
      ...received,
      authorization: "•••",
      "x-make-apikey": "•••",
      "x-own-key": "•••",
    });
    expect(received).toMatchObject({ "content-length": "14", "x-own-key": "secret" });
  });

  it("is the answer's headers, within bounds", async () => {
    const { url } = await receiver((_request, response) => {
      response.setHeader("x-request-id", "7");
      response.setHeader("set-cookie", ["session=secret"]);
      response.setHeader("x-long", "a".repeat(9_000));
      response.end();
    });
    const { responseHeaders } = await send(url);
    expect(responseHeaders).toMatchObject({ "x-request-id": "7", "set-cookie": "•••" });
    expect(responseHeaders).not.toHaveProperty("x-long");
  });

  it("is the time of each step, and of none that a kept connection spares", async () => {
    const { url } = await receiver();
    const by = sender();
    const named = url.replace("127.0.0.1", "localhost");
    const first = await send(named, by);
    const steps = [first.dnsMs, first.connectMs, first.firstByteMs];
    for (const step of steps) expect(step).toBeGreaterThanOrEqual(0);
    expect(first.firstByteMs).toBeGreaterThanOrEqual((first.dnsMs ?? 0) + (first.connectMs ?? 0));
    expect(first.totalMs).toBeGreaterThanOrEqual(first.firstByteMs ?? 0);
    expect(first.tlsMs).toBeNull();
    const later: Answer[] = [];
    for (let count = 0; count < 5; count += 1) later.push(await send(named, by));
    const kept = later.filter(({ connectMs }) => connectMs === null);
    expect(kept).toContainEqual(expect.objectContaining({ dnsMs: null, tlsMs: null }));
  });

  it("is each request's own when several are under way", async () => {
    const { url } = await receiver();
    const gone = await startReceiver();
    await gone.close();
    const by = sender();
    const [good, refused] = await Promise.all([send(url, by), send(gone.url, by)]);
    expect(good.connectMs).toBeGreaterThanOrEqual(0);
    expect(refused).toMatchObject({ connectMs: null, firstByteMs: null, requestBody: "{}" });
  });
});

describe("what goes wrong on the way", () => {
  it("gives up on a receiver that never answers", async () => {
    const { url } = await receiver(() => {});
    const answer = await send(url, sender({ timeout: 150 }));
    expect(answer).toMatchObject({ statusCode: null, errorClass: "timeout" });
    expect(answer.totalMs).toBeGreaterThanOrEqual(145);
  });

  it("names a refused connection", async () => {
    const gone = await startReceiver();
    await gone.close();
    expect(await send(gone.url)).toMatchObject({ errorClass: "connect_refused" });
  });

  it("names a name that does not resolve", async () => {
    const resolve: ResolveHost = () =>
      Promise.reject(Object.assign(new Error("getaddrinfo ENOTFOUND"), { code: "ENOTFOUND" }));
    const answer = await send("http://nowhere.invalid/", sender({ resolve }));
    expect(answer).toMatchObject({ errorClass: "dns" });
  });

  it("names a connection that breaks off", async () => {
    const { url } = await receiver((_request, response) => {
      response.socket?.destroy();
    });
    expect(await send(url)).toMatchObject({ statusCode: null, errorClass: "reset" });
  });

  it("names an answer that is no HTTP", async () => {
    const server = createSocketServer((socket) => {
      socket.on("error", () => {});
      socket.resume().end("SSH-2.0-OpenSSH_9.2\r\n");
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    open.push({ close: () => new Promise((done) => server.close(() => done())) });
    const { port } = server.address() as { port: number };
    expect(await send(`http://127.0.0.1:${port}/`)).toMatchObject({ errorClass: "protocol" });
  });

  it("does not talk to a server whose certificate nobody vouches for", async () => {
    const started = await startReceiver(undefined, (listener) =>
      createTlsServer(selfSigned, listener),
    );
    open.push(started);
    const answer = await send(started.url.replace("http:", "https:"));
    expect(answer).toMatchObject({ statusCode: null, errorClass: "tls" });
    expect(started.requests).toEqual([]);
  });
});

describe("addresses that may not be sent to", () => {
  it.each([
    "http://127.0.0.1:9/",
    "http://[::1]:9/",
    "http://2130706433:9/",
    "http://localhost:9/",
    "http://0177.0.0.1:9/",
    "http://0x7f000001:9/",
    "http://017700000001:9/",
    "http://127.1:9/",
    "http://[::ffff:127.0.0.1]:9/",
    "http://[::ffff:7f00:1]:9/",
    "http://[64:ff9b::7f00:1]:9/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/",
    "http://[fd00:ec2::254]/",
  ])("refuses %s before connecting", async (url) => {
    const answer = await send(url, sender({ strict: true }));
    expect(answer).toMatchObject({ statusCode: null, errorClass: "address_refused" });
  });

  it("asks for a name's addresses once, and connects to what it checked", async () => {
    const secret = await receiver();
    let questions = 0;
    // A name server that answers with a public address first and a private one from then on.
    const resolve: ResolveHost = () => {
      questions += 1;
      const address = questions === 1 ? "192.0.2.1" : "127.0.0.1";
      return Promise.resolve([{ address, family: 4 }]);
    };
    const policy = { allows: (address: string) => address === "192.0.2.1" };
    const by = createSender({ policy, resolve, timeout: 300 });
    open.push(by);
    const { port } = new URL(secret.url);
    await send(`http://rebinding.example:${port}/`, by);
    expect(questions).toBe(1);
    expect(await send(`http://rebinding.example:${port}/`, by)).toMatchObject({
      errorClass: "address_refused",
    });
    expect(secret.requests).toEqual([]);
  });

  it("uses only the addresses of a name that are allowed", async () => {
    const { url, requests } = await receiver();
    const resolve: ResolveHost = () =>
      Promise.resolve([
        { address: "10.255.255.1", family: 4 },
        { address: "127.0.0.1", family: 4 },
      ]);
    const by = createSender({ policy: createAddressPolicy(["127.0.0.0/8"]), resolve });
    open.push(by);
    expect(await send(url.replace("127.0.0.1", "both.example"), by)).toMatchObject({
      statusCode: 200,
    });
    expect(requests).toHaveLength(1);
  });
});
