import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { destinationFixture, type DestinationFixture } from "../../test/destination-fixture.ts";
import type { ReceivedRequest, Receiver } from "../../test/receiver.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { until } from "../../test/until.ts";
import { hubAuthor } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { rotateSecret } from "./rotate-secret.ts";
import { createSigner } from "./sign.ts";

describe("a signature", () => {
  // Those that the tests of both libraries publish.
  it.each([
    {
      secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
      id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
      seconds: 1_614_265_330,
      body: '{"test": 2432232314}',
      signature: "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    },
    {
      secret: "whsec_plJ3nmyCDGBKInavdOK15jsl",
      id: "msg_loFOjxBNrRLzqYUf",
      seconds: 1_731_705_121,
      body: '{"event_type":"ping","data":{"success":true}}',
      signature: "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
    },
  ])("is that of the published vector $id", ({ secret, id, seconds, body, signature }) => {
    expect(createSigner([secret])(id, new Date(seconds * 1000), body)).toEqual({
      "webhook-id": id,
      "webhook-timestamp": String(seconds),
      "webhook-signature": signature,
    });
  });
});

/** What receivers verify with; either takes the headers as they came. */
const verifiers = [
  { name: "standardwebhooks", verifier: (secret: string) => new StandardWebhook(secret) },
  { name: "svix", verifier: (secret: string) => new SvixWebhook(secret) },
];

describe.each(verifiers)("$name", ({ verifier }) => {
  let test: TestDatabase;
  const fixtures: DestinationFixture[] = [];
  beforeAll(async () => {
    test = await openTestDatabase();
  });
  afterAll(() => test.close());
  afterEach(async () => {
    for (const fixture of fixtures.splice(0)) await fixture.close();
  });

  const takes = (secret: string, { body, headers }: ReceivedRequest): boolean => {
    try {
      verifier(secret).verify(body, { ...headers });
      return true;
    } catch {
      return false;
    }
  };

  /** Books, and what the receiver is sent about it. */
  async function sent(fixture: DestinationFixture, receiver: Receiver): Promise<ReceivedRequest> {
    const before = receiver.requests.length;
    await fixture.book();
    await until(() => receiver.requests.length > before);
    const request = receiver.requests.at(-1);
    if (request === undefined) throw new Error("nothing came");
    return request;
  }

  it("verifies what is sent, before, during and after a rotation", async () => {
    const fixture = await destinationFixture(test.db);
    fixtures.push(fixture);
    const receiver = await fixture.receiver();
    const { id, secret: old } = await fixture.destination(receiver.url, { payload_mode: "full" });
    fixture.worker();
    const before = await sent(fixture, receiver);
    expect(takes(old, before)).toBe(true);
    expect(takes(old, { ...before, body: `${before.body} ` })).toBe(false);
    const later = { ...before.headers, "webhook-timestamp": "1700000000" };
    expect(takes(old, { ...before, headers: later })).toBe(false);
    const { secret: fresh } = await rotateSecret(fixture.deps, hubAuthor(fixture.orgId), id);
    const during = await sent(fixture, receiver);
    expect([takes(old, during), takes(fresh, during)]).toEqual([true, true]);
    await expect(rotateSecret(fixture.deps, hubAuthor(fixture.orgId), id)).rejects.toMatchObject({
      code: "E_SECRET_OVERLAP",
    });
    await test.db.transaction(tenant(fixture.orgId), (tx) =>
      tx.query("UPDATE destination SET previous_secret_until = now() - interval '1 second'"),
    );
    const after = await sent(fixture, receiver);
    expect([takes(old, after), takes(fresh, after)]).toEqual([false, true]);
    const author = hubAuthor(fixture.orgId);
    const { secret: third } = await rotateSecret(fixture.deps, author, id);
    const { secret: fourth } = await rotateSecret(fixture.deps, author, id, true);
    const last = await sent(fixture, receiver);
    expect([fresh, third, fourth].map((one) => takes(one, last))).toEqual([false, true, true]);
  });
});
