import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Receiver, startReceiver } from "../../../test/receiver.ts";
import { createTestMember } from "../../../test/key-fixture.ts";
import { testMasterKey } from "../../../test/test-database.ts";
import { createTestHub, type TestHub, withKey } from "../../../test/test-hub.ts";
import { systemClock } from "../../clock.ts";
import { tenant } from "../../db/database.ts";
import { createPortalLinkSigner } from "./portal-link-signer.ts";

let test: TestHub;
let receiver: Receiver;
let now = new Date("2026-11-21T12:00:00Z");
beforeAll(async () => {
  test = await createTestHub({
    clock: { now: () => now },
    config: { allowPrivateDestinations: ["127.0.0.0/8"] },
  });
  receiver = await startReceiver();
});
afterAll(async () => {
  await test.close();
  await receiver.close();
});

type Headers = Readonly<Record<string, string>>;

/** What the tests look at of an answer. */
interface Answer {
  readonly id?: string;
  readonly url?: string;
  readonly data?: readonly { readonly action?: string }[];
}

async function call(
  method: "GET" | "POST" | "DELETE",
  url: string,
  headers: Headers,
  body?: object,
) {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${url}`,
    headers,
    ...(body && { payload: body }),
  });
  const parsed = answer.body === "" ? {} : answer.json<Answer>();
  return { status: answer.statusCode, body: parsed };
}

let names = 0;

/** A destination with one delivery that was attempted. */
async function sentTo(): Promise<{ id: string; deliveryId: string }> {
  const name = `Calendar ${(names += 1)}`;
  const made = await call("POST", "/destinations", withKey, { name, url: receiver.url });
  const id = made.body.id ?? "";
  const { hub } = test;
  const [row] = await hub.db.transaction(tenant(hub.defaultOrgId), async (tx) => {
    await tx.query("INSERT INTO booking (org_id, starts_at, ends_at) VALUES ($1, now(), now())", [
      hub.defaultOrgId,
    ]);
    return tx.query<{ id: string }>(
      `WITH sent AS (UPDATE delivery SET status = 'delivered', next_attempt_at = NULL,
                            delivered_at = now(), attempt_count = 1, last_status_code = 200
                      WHERE destination_id = $1 RETURNING org_id, id),
            kept AS (INSERT INTO delivery_attempt (org_id, delivery_id, no, at, status_code,
                            request_body, total_ms)
                     SELECT org_id, id, 1, now(), 200, '{"name":"Emily Carter"}', 5 FROM sent)
       SELECT id FROM sent`,
      [id],
    );
  });
  return { id, deliveryId: row?.id ?? "" };
}

async function linkTo(id: string, headers: Headers = withKey): Promise<Headers> {
  const made = await call("POST", `/destinations/${id}/portal-link`, headers, {
    expires_in_hours: 2,
  });
  expect(made.status).toBe(201);
  return { authorization: `Bearer ${String(made.body.url).split("#token=")[1]}` };
}

const refused = { status: 401, body: { code: "E_PORTAL_LINK" } };

describe("a link to a destination's log", () => {
  it("shows that destination's deliveries and attempts, and nothing else", async () => {
    const [one, other] = [await sentTo(), await sentTo()];
    const link = await linkTo(one.id);
    expect((await call("GET", "/portal", link)).body).toMatchObject({
      expires_at: "2026-11-21T14:00:00.000Z",
      time_zone: "Europe/Stockholm",
    });
    const { data } = (await call("GET", "/portal/deliveries", link)).body;
    expect(data).toMatchObject([
      { id: expect.any(String) as unknown, status: "pending" },
      { id: one.deliveryId, webhook_id: `msg_${one.deliveryId}`, status: "delivered" },
    ]);
    const attempts = await call("GET", `/portal/deliveries/${one.deliveryId}/attempts`, link);
    expect(attempts.body.data).toMatchObject([{ request_body: '{"name":"Emily Carter"}' }]);
    const others = await call("GET", `/portal/deliveries/${other.deliveryId}/attempts`, link);
    expect(others.status).toBe(404);
    for (const path of ["/deliveries", "/destinations", "/bookings", `/destinations/${one.id}`]) {
      expect(await call("GET", path, link), path).toMatchObject({ status: 401 });
    }
    expect((await call("POST", `/deliveries/${one.deliveryId}/replay`, link)).status).toBe(401);
  });

  it("is made without a body, too", async () => {
    const { id } = await sentTo();
    expect(await call("POST", `/destinations/${id}/portal-link`, withKey)).toMatchObject({
      status: 201,
      body: { expires_at: "2026-11-28T12:00:00.000Z" },
    });
  });

  it("holds back what the destination's filter held back", async () => {
    const { id, deliveryId } = await sentTo();
    const link = await linkTo(id);
    await test.hub.db.transaction(tenant(test.hub.defaultOrgId), (tx) =>
      tx.query("UPDATE delivery SET status = 'skipped', skip_reason = 'x' WHERE id = $1", [
        deliveryId,
      ]),
    );
    expect((await call("GET", "/portal/deliveries", link)).body).toMatchObject({ data: [] });
    const attempts = await call("GET", `/portal/deliveries/${deliveryId}/attempts`, link);
    expect(attempts.status).toBe(404);
  });

  it("ends with its time, when links are taken back, and with the destination", async () => {
    const { id } = await sentTo();
    const first = await linkTo(id);
    now = new Date(now.getTime() + 2 * 60 * 60 * 1000 + 1000);
    expect(await call("GET", "/portal", first)).toMatchObject(refused);
    const second = await linkTo(id);
    expect((await call("DELETE", `/destinations/${id}/portal-link`, withKey)).status).toBe(204);
    expect(await call("GET", "/portal/deliveries", second)).toMatchObject(refused);
    const third = await linkTo(id);
    expect((await call("GET", "/portal", third)).status).toBe(200);
    await call("DELETE", `/destinations/${id}`, withKey);
    expect(await call("GET", "/portal", third)).toMatchObject(refused);
  });

  it("is none without a token, with a forged one, or with one for something else", async () => {
    const { id } = await sentTo();
    const claims = { org: test.hub.defaultOrgId, dst: id, gen: 0, show: "full" as const };
    const exp = Math.floor(now.getTime() / 1000) + 3600;
    const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
    const forged = createPortalLinkSigner([Buffer.alloc(32, 9)], systemClock);
    expect(await call("GET", "/portal", {})).toMatchObject(refused);
    expect(await call("GET", "/portal", withKey)).toMatchObject(refused);
    const wrong = bearer(await forged.sign({ ...claims, exp }));
    expect(await call("GET", "/portal", wrong)).toMatchObject(refused);
    const right = createPortalLinkSigner([testMasterKey], systemClock);
    const good = bearer(await right.sign({ ...claims, exp }));
    expect((await call("GET", "/portal", good)).status).toBe(200);
    expect((await call("GET", "/stream", good)).status).toBe(401);
  });

  it("shows no more than its maker is shown, and is told of in the audit log", async () => {
    const { id, deliveryId } = await sentTo();
    const { headers } = await createTestMember(test.hub, test.hub.defaultOrgId, "developer");
    const link = await linkTo(id, headers);
    const attempts = await call("GET", `/portal/deliveries/${deliveryId}/attempts`, link);
    expect(attempts.body.data).toHaveLength(1);
    expect(JSON.stringify(attempts.body)).not.toContain("Emily");
    await call("DELETE", `/destinations/${id}/portal-link`, withKey);
    const log = await call("GET", `/audit?entity_id=${id}`, withKey);
    const told = log.body.data?.map(({ action }) => action);
    expect(told).toEqual(
      expect.arrayContaining([
        "destination.portal_link_created",
        "destination.portal_links_revoked",
      ]),
    );
  });
});
