import { deliverySchema, destinationSchema, destinationWithSecretSchema } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Receiver, startReceiver } from "../../../test/receiver.ts";
import { createTestMember } from "../../../test/key-fixture.ts";
import { createTestHub, type TestHub, withKey } from "../../../test/test-hub.ts";
import { tenant } from "../../db/database.ts";

let test: TestHub;
let receiver: Receiver;
beforeAll(async () => {
  test = await createTestHub({ config: { allowPrivateDestinations: ["127.0.0.0/8"] } });
  receiver = await startReceiver();
});
afterAll(async () => {
  await test.close();
  await receiver.close();
});

type Method = "GET" | "POST" | "PATCH" | "DELETE";

async function call(method: Method, url: string, payload?: object) {
  const answer = await test.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: withKey,
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.body };
}

const json = (answer: { body: string }): Record<string, unknown> =>
  JSON.parse(answer.body) as Record<string, unknown>;

async function create(name: string): Promise<string> {
  const answer = await call("POST", "/destinations", { name, url: receiver.url });
  return destinationWithSecretSchema.parse(json(answer)).id;
}

describe("the destinations API", () => {
  it("creates with defaults, and shows the secret only then", async () => {
    const answer = await call("POST", "/destinations", { name: "Board", url: receiver.url });
    expect(answer.status).toBe(201);
    const { secret, ...created } = destinationWithSecretSchema.parse(json(answer));
    expect(answer.headers["location"]).toBe(`/api/v1/destinations/${created.id}`);
    expect(created).toMatchObject({
      profile: "standard",
      event_types: ["*"],
      payload_mode: "thin",
      ordering: "per_booking",
      status: "active",
    });
    const read = await call("GET", `/destinations/${created.id}`);
    expect(destinationSchema.strict().parse(json(read))).toEqual(created);
    expect((await call("GET", "/destinations")).body).not.toContain(secret);
    expect(test.logged()).not.toContain(secret);
  });

  it.each([
    ["http://10.0.0.1/", "E_DESTINATION_ADDRESS"],
    ["http://[::ffff:10.0.0.1]/", "E_DESTINATION_ADDRESS"],
    ["http://0xa000001/", "E_DESTINATION_ADDRESS"],
    ["ftp://example.com/", "E_VALIDATION"],
    ["file:///etc/passwd", "E_VALIDATION"],
    ["gopher://127.0.0.1/", "E_VALIDATION"],
    ["not a url", "E_VALIDATION"],
    ["http://", "E_VALIDATION"],
  ])("refuses %s as %s", async (url, code) => {
    const answer = await call("POST", "/destinations", { name: "Hostile", url });
    expect(answer.status).toBe(422);
    expect(json(answer)).toMatchObject({ code });
  });

  it("refuses keys that no header can carry, at its creation and later", async () => {
    const id = await create("Keys");
    for (const key of ["two\r\nlines", "a\nb", "tab\tbed", "z\u0142oty", "", "\u0000"]) {
      const input = { name: "Wrong", url: receiver.url, key };
      expect(await call("POST", "/destinations", input)).toMatchObject({ status: 422 });
      expect(await call("PATCH", `/destinations/${id}`, { key })).toMatchObject({ status: 422 });
    }
    const key = "M\u00fcller ~!";
    expect(await call("PATCH", `/destinations/${id}`, { key })).toMatchObject({ status: 200 });
  });

  it("refuses batches where the profile takes one event at a time", async () => {
    const input = { name: "One by one", url: receiver.url, profile: "slack" };
    expect(json(await call("POST", "/destinations", { ...input, batch_size: 2 }))).toMatchObject({
      code: "E_VALIDATION",
      errors: [{ path: "body.batch_size", message: expect.stringContaining("choose 1") as string }],
    });
    const made = json(await call("POST", "/destinations", { ...input, batch_size: 1 }));
    const path = `/destinations/${String(made["id"])}`;
    expect(await call("PATCH", path, { batch_size: 2 })).toMatchObject({ status: 422 });
    expect(await call("PATCH", path, { batch_size: 1 })).toMatchObject({ status: 200 });
  });

  it("refuses alerts alone where the profile hears of bookings alone", async () => {
    const input = { name: "Only alerts", url: receiver.url, profile: "make" };
    const alone = { event_types: ["alert.*"] };
    expect(json(await call("POST", "/destinations", { ...input, ...alone }))).toMatchObject({
      code: "E_VALIDATION",
      errors: [{ path: "body.event_types" }],
    });
    const both = { event_types: ["booking.created", "alert.opened"] };
    const made = json(await call("POST", "/destinations", { ...input, ...both }));
    const path = `/destinations/${String(made["id"])}`;
    expect(await call("PATCH", path, alone)).toMatchObject({ status: 422 });
    expect(await call("PATCH", path, both)).toMatchObject({ status: 200 });
  });

  it("says of every wrong field which it is, as the schema does", async () => {
    const id = await create("Fields");
    const url = "https://name:word@example.com/";
    expect(json(await call("PATCH", `/destinations/${id}`, { url }))).toMatchObject({
      errors: [{ path: "body.url" }],
    });
    expect(json(await call("PATCH", `/destinations/${id}`, { url: "no url" }))).toMatchObject({
      errors: [{ path: "body.url" }],
    });
    expect(json(await call("PATCH", `/destinations/${id}`, {}))).toMatchObject({
      errors: [{ path: "body" }],
    });
    const filter = { connection_ids: [id] };
    expect(json(await call("PATCH", `/destinations/${id}`, { filter }))).toMatchObject({
      errors: [{ path: "body.filter.connection_ids" }],
    });
    const destination = { url: receiver.url, profile: "crm", payload_mode: "thin" };
    expect(json(await call("POST", "/destinations/preview", { destination }))).toMatchObject({
      errors: [{ path: "body.destination.payload_mode" }],
    });
    const span = "from=2026-01-01T00:00:00Z&to=2026-06-01T00:00:00Z";
    expect(json(await call("GET", `/destinations/statistics?${span}`))).toMatchObject({
      errors: [{ path: "query.from" }],
    });
  });

  it("refuses event types and fields that there are not", async () => {
    for (const wrong of [
      { event_types: ["booking.teleported"] },
      { event_types: [] },
      { auth: 1 },
    ]) {
      const input = { name: "Wrong", url: receiver.url, ...wrong };
      expect(await call("POST", "/destinations", input)).toMatchObject({ status: 422 });
    }
  });

  it("changes, pauses, resumes, rotates, tests and deletes", async () => {
    const id = await create("Everything");
    expect(json(await call("PATCH", `/destinations/${id}`, { name: "All" }))).toMatchObject({
      name: "All",
      event_types: ["*"],
    });
    expect(json(await call("POST", `/destinations/${id}/pause`))).toMatchObject({
      status: "paused",
    });
    expect(json(await call("POST", `/destinations/${id}/resume`))).toMatchObject({
      status: "active",
    });
    const rotated = json(await call("POST", `/destinations/${id}/rotate-secret`));
    expect(rotated["secret"]).toMatch(/^whsec_/);
    expect(json(await call("POST", `/destinations/${id}/test`))).toMatchObject({
      status_code: 200,
      error_class: null,
    });
    expect(await call("DELETE", `/destinations/${id}`)).toMatchObject({ status: 204 });
    expect(await call("GET", `/destinations/${id}`)).toMatchObject({ status: 404 });
  });

  it("is closed to whoever has no key", async () => {
    for (const [method, url] of [
      ["GET", "/api/v1/destinations"],
      ["POST", "/api/v1/destinations"],
      ["GET", "/api/v1/deliveries"],
    ] as const) {
      const payload = method === "POST" ? { payload: { name: "No", url: receiver.url } } : {};
      const answer = await test.app.inject({ method, url, ...payload });
      expect(answer.statusCode).toBe(401);
    }
  });
});

describe("the deliveries API", () => {
  it("lists, reads and repeats", async () => {
    const id = await create("Deliveries");
    const { hub } = test;
    await hub.db.transaction(tenant(hub.defaultOrgId), (tx) =>
      tx.query(
        `INSERT INTO booking (org_id, starts_at, ends_at)
         SELECT $1, now(), now() FROM generate_series(1, 3)`,
        [hub.defaultOrgId],
      ),
    );
    const first = json(await call("GET", `/deliveries?destination_id=${id}&limit=2`));
    expect(first["data"]).toHaveLength(2);
    const cursor = String(first["next_cursor"]);
    const rest = json(
      await call("GET", `/deliveries?destination_id=${id}&limit=2&cursor=${cursor}`),
    );
    expect(rest).toMatchObject({ next_cursor: null });
    const [delivery] = deliverySchema.strict().array().parse(rest["data"]);
    expect(delivery).toMatchObject({ status: "pending", event_type: "booking.created" });
    const own = `/deliveries/${delivery?.id}`;
    expect(json(await call("GET", own))).toEqual(delivery);
    expect(json(await call("GET", `${own}/attempts`))).toEqual({ data: [], next_cursor: null });
    expect(json(await call("POST", `${own}/retry`))).toMatchObject({ code: "E_DELIVERY_STATE" });

    await call("DELETE", `/destinations/${id}`);
    expect(json(await call("GET", own))).toMatchObject({ status: "cancelled" });
  });

  it("refuses a cursor that is not one of ours", async () => {
    for (const cursor of ["nonsense", Buffer.from('["1\' OR 1=1"]').toString("base64url")]) {
      expect(json(await call("GET", `/deliveries?cursor=${cursor}`))).toMatchObject({
        code: "E_CURSOR",
      });
    }
  });
});

describe("a developer, who is not shown contact data", () => {
  it("cannot have it sent to an address of their own", async () => {
    const { headers } = await createTestMember(test.hub, test.hub.defaultOrgId, "developer");
    const ask = async (method: Method, url: string, payload: object): Promise<number> => {
      const answer = await test.app.inject({ method, url: `/api/v1${url}`, headers, payload });
      return answer.statusCode;
    };
    const { url } = receiver;
    const full = { name: "Mine", url, payload_mode: "full" };
    expect(await ask("POST", "/destinations", full)).toBe(403);
    expect(await ask("POST", "/destinations", { ...full, payload_mode: "thin" })).toBe(201);
    const made = await call("POST", "/destinations", {
      name: "The owner's",
      url,
      payload_mode: "full",
    });
    const { id } = destinationWithSecretSchema.parse(json(made));
    expect(await ask("PATCH", `/destinations/${id}`, { url: `${url}/elsewhere` })).toBe(403);
    expect(await ask("PATCH", `/destinations/${id}`, { name: "Renamed" })).toBe(200);
    const thin = await create("Thin");
    expect(await ask("PATCH", `/destinations/${thin}`, { payload_mode: "full" })).toBe(403);
    expect(await ask("PATCH", `/destinations/${id}`, { payload_mode: "thin" })).toBe(200);
    const kept = json(await call("GET", `/destinations/${thin}`));
    expect(kept["payload_mode"]).toBe("thin");
  });
});
