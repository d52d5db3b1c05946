import { createServer as createTlsServer } from "node:https";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { destinationFixture, type DestinationFixture } from "../../test/destination-fixture.ts";
import { type Answering, type Receiver, startReceiver } from "../../test/receiver.ts";
import { expired, selfSigned } from "../../test/self-signed.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { until } from "../../test/until.ts";
import { createAddressPolicy } from "../network/address-policy.ts";
import type { ResolveHost } from "../network/resolve-host.ts";
import { createSender } from "./send.ts";

/** Every name is this machine. */
const here: ResolveHost = () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]);

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function tlsReceiver(certificate: typeof selfSigned): Promise<Receiver> {
  const started = await startReceiver(undefined, (listener) =>
    createTlsServer(certificate, listener),
  );
  open.push(started);
  return started;
}

describe("a certificate", () => {
  const usual = getCACertificates();
  beforeAll(() => setDefaultCACertificates([...usual, selfSigned.cert, expired.cert]));
  afterAll(() => setDefaultCACertificates(usual));

  async function sendTo(host: string, { url }: Receiver) {
    const sender = createSender({ policy: createAddressPolicy(true), resolve: here });
    open.push(sender);
    const { port } = new URL(url);
    return sender.send({ url: `https://${host}:${port}/hook`, headers: {}, body: "{}" });
  }

  it("that somebody vouches for is good, and its handshake is timed", async () => {
    const receiver = await tlsReceiver(selfSigned);
    const answer = await sendTo("localhost", receiver);
    expect(answer).toMatchObject({ statusCode: 200, errorClass: null });
    expect(answer.tlsMs).toBeGreaterThan(0);
    expect(receiver.requests).toHaveLength(1);
  });

  it.each([
    ["is another host's", "elsewhere.example", selfSigned],
    ["is over", "localhost", expired],
  ])("that %s gets nothing", async (_, host, certificate) => {
    const receiver = await tlsReceiver(certificate);
    const answer = await sendTo(host, receiver);
    expect(answer).toMatchObject({ statusCode: null, errorClass: "tls" });
    expect(answer.error).not.toBe("");
    expect(receiver.requests).toEqual([]);
  });
});

/** Writes a little for ever, and notes when it may stop. */
const drip =
  (begin: (response: Parameters<Answering>[1]) => void): Answering =>
  (_request, response) => {
    begin(response);
    const timer = setInterval(() => response.socket?.write("x"), 20);
    response.on("close", () => clearInterval(timer));
  };

const flood: Answering = (_request, response) => {
  const chunk = Buffer.alloc(64 * 1024, "a");
  let left = 200 * 1024 * 1024;
  const pump = (): void => {
    while (!response.destroyed && left > 0) {
      left -= chunk.length;
      if (!response.write(chunk)) return;
    }
    response.end();
  };
  response.on("drain", pump);
  pump();
};

describe("receivers that misbehave", () => {
  let test: TestDatabase;
  let fixture: DestinationFixture;
  beforeAll(async () => {
    test = await openTestDatabase();
  });
  afterEach(() => fixture.close());
  afterAll(() => test.close());

  it("each get the class of what they did, and nobody else waits for them", async () => {
    fixture = await destinationFixture(test.db);
    const inside = await fixture.receiver();
    const healthy = await fixture.receiver();
    const classes = new Map<string, string | null>();
    const expecting = async (errorClass: string | null, url: string): Promise<void> => {
      classes.set((await fixture.destination(url)).id, errorClass);
    };
    const { url: silent } = await fixture.receiver(() => {});
    await expecting("timeout", silent);
    const slowHeaders = drip((response) => response.socket?.write("HTTP/1.1 200 OK\r\nx-slow: "));
    await expecting("timeout", (await fixture.receiver(slowHeaders)).url);
    await expecting(null, (await fixture.receiver(drip((one) => one.flushHeaders()))).url);
    await expecting(null, (await fixture.receiver(flood)).url);
    const redirect: Answering = (_request, response) =>
      response.writeHead(307, { location: inside.url }).end();
    await expecting("redirect", (await fixture.receiver(redirect)).url);
    const broken = await tlsReceiver(selfSigned);
    await expecting("tls", broken.url.replace("http:", "https:"));
    await fixture.destination(healthy.url);

    fixture.worker({ sendTimeout: 1_000 });
    for (let count = 0; count < 30; count += 1) await fixture.book();
    await until(() => healthy.requests.length === 30);
    await until(async () => {
      const tried = new Set(
        (await fixture.deliveries())
          .filter((one) => one.attempt_count > 0)
          .map((one) => one.destination_id),
      );
      return [...classes.keys()].every((id) => tried.has(id));
    }, 20_000);
    for (const delivery of await fixture.deliveries()) {
      if (delivery.attempt_count === 0 || !classes.has(delivery.destination_id)) continue;
      expect(delivery.error_class).toBe(classes.get(delivery.destination_id));
    }
    expect(inside.requests).toEqual([]);
    expect(broken.requests).toEqual([]);
  });
});
