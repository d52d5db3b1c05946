import { createHmac, randomUUID } from "node:crypto";
import type {
  AuthMode,
  ConnectionKind,
  ConnectionResource,
  CreatedConnection,
} from "@slotwire/contract";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type InboxFixture, calcomSecret, inboxFixture } from "../../../test/inbox-fixture.ts";
import { createTestConnection, createTestOrganisation } from "../../../test/test-database.ts";
import { withKey } from "../../../test/test-hub.ts";
import { ManualClock } from "../../clock.ts";
import { calcomFixture } from "../../connectors/calcom/fixtures.ts";
import { system, tenant } from "../../db/database.ts";
import { processMessages } from "../process-messages.ts";
import { ensureEnvironmentConnections } from "./ensure-environment-connections.ts";
import { RefusalNotes } from "./refusal-notes.ts";
import type { SourceConnection } from "./source-connection.ts";

const clock = new ManualClock("2026-01-02T08:00:00.000Z");
const HOUR = 60 * 60 * 1000;

let hub: InboxFixture;
beforeAll(async () => {
  hub = await inboxFixture({ clock });
});
afterAll(() => hub.close());

interface Reply<Body> {
  readonly status: number;
  readonly body: Body;
  readonly headers: Readonly<Record<string, unknown>>;
}

async function call<Body = Record<string, unknown>>(
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  payload?: object,
): Promise<Reply<Body>> {
  const url = `/api/v1${path}`;
  const answer = await hub.app.inject({
    method,
    url,
    headers: withKey,
    ...(payload === undefined ? {} : { payload }),
  });
  const body = answer.body === "" ? null : answer.json<Body>();
  return { status: answer.statusCode, body: body as Body, headers: answer.headers };
}

/** Every secret that any answer of this file has shown: none may turn up anywhere else. */
const shown: string[] = [calcomSecret];

async function connect(
  modes: AuthMode[],
  changes: object = {},
): Promise<CreatedConnection & { secret: string; token_url: string }> {
  const input = { kind: "calcom", name: "A source", auth_modes: modes, ...changes };
  const { status, body } = await call<CreatedConnection>("POST", "/connections", input);
  expect(status, JSON.stringify(body)).toBe(201);
  const { secret, token_url } = body;
  if (secret !== null) shown.push(secret);
  if (token_url !== null) shown.push(tokenOf(token_url));
  return { ...body, secret: secret ?? "", token_url: token_url ?? "" };
}

const tokenOf = (url: string): string => url.slice(url.lastIndexOf("/") + 1);
const read = async (id: string): Promise<ConnectionResource> =>
  (await call<ConnectionResource>("GET", `/connections/${id}`)).body;

let count = 0;
const newBody = (): Buffer =>
  Buffer.from(JSON.stringify(calcomFixture("booking_created", { uid: `made-${(count += 1)}` })));

/** What a source sends that proves itself by the mode. */
function proofOf(
  mode: AuthMode,
  body: Buffer,
  { secret, token }: { secret: string; token: string },
) {
  switch (mode) {
    case "source_signature":
      return {
        headers: {
          "x-cal-signature-256": createHmac("sha256", secret).update(body).digest("hex"),
        },
      };
    case "standard_webhooks": {
      const id = `msg_${randomUUID()}`;
      return {
        headers: {
          "webhook-id": id,
          "webhook-timestamp": String(Math.floor(clock.now().getTime() / 1000)),
          "webhook-signature": new Webhook(secret).sign(id, clock.now(), body.toString()),
        },
      };
    }
    case "shared_secret":
      return { headers: { "x-webhook-secret": secret } };
    case "bearer":
      return { headers: { authorization: `Bearer ${secret}` } };
    case "url_token":
      return { headers: {}, suffix: `/${token}` };
  }
}

interface Sending {
  readonly headers?: Record<string, string>;
  readonly suffix?: string;
  readonly from?: string;
  readonly body?: Buffer;
}

async function post(
  connection: { readonly kind: string; readonly id: string },
  { headers = {}, suffix = "", from, body = newBody() }: Sending,
): Promise<Reply<Record<string, unknown>>> {
  const answer = await hub.app.inject({
    method: "POST",
    url: `/api/webhooks/${connection.kind}/${connection.id}${suffix}`,
    headers: { "content-type": "application/json", ...headers },
    payload: body,
    ...(from === undefined ? {} : { remoteAddress: from }),
  });
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
}

/** Posts a message that proves itself by the mode. @returns the answer's status */
async function send(
  mode: AuthMode,
  connection: CreatedConnection,
  more: { readonly secret?: string; readonly token?: string; readonly from?: string } = {},
): Promise<number> {
  const body = newBody();
  const secret = more.secret ?? connection.secret ?? "";
  const token = more.token ?? tokenOf(connection.token_url ?? "");
  const { headers, suffix } = { suffix: "", ...proofOf(mode, body, { secret, token }) };
  const from = more.from === undefined ? {} : { from: more.from };
  return (
    await post(connection, {
      headers: { ...headers },
      suffix,
      body,
      ...from,
    })
  ).status;
}

const every: AuthMode[] = [
  "source_signature",
  "standard_webhooks",
  "shared_secret",
  "bearer",
  "url_token",
];

const auditOf = (entityId: string) =>
  hub.hub.db.transaction(system, (tx) =>
    tx.query<{ action: string; old: object | null; new: object | null }>(
      "SELECT action, old, new FROM audit_log WHERE entity_id = $1 ORDER BY id",
      [entityId],
    ),
  );

describe("kinds", () => {
  test("are those of the connectors, with what their messages can prove", async () => {
    const { body } = await call<{ data: ConnectionKind[] }>("GET", "/connection-kinds");
    expect(body.data.map(({ kind, label }) => [kind, label])).toEqual([
      ["calcom", "Cal.com"],
      ["generic", "Any other source"],
    ]);
    expect(body.data.map(({ auth_modes: modes }) => modes[0])).toEqual([
      "source_signature",
      "standard_webhooks",
    ]);
    expect(body.data.map(({ takes_mapping: takes }) => takes)).toEqual([false, true]);
  });
});

describe.each(every)("a connection by %s", (mode) => {
  test("takes what proves itself so, and keeps by what it did", async () => {
    const connection = await connect([mode]);
    expect(connection.secret !== "").toBe(mode !== "url_token");
    expect(connection.token_url !== "").toBe(mode === "url_token");
    expect(await send(mode, connection)).toBe(200);
    const [message] = await hub.messages(`&connection_id=${connection.id}`);
    expect(message?.signature_state).toBe(mode === "source_signature" ? "valid" : mode);
    expect(await read(connection.id)).toMatchObject({
      auth_modes: [mode],
      has_secret: mode !== "url_token",
      has_url_token: mode === "url_token",
      first_message_at: clock.now().toISOString(),
      last_message_at: clock.now().toISOString(),
      last_refusal: null,
    });
  });

  test("refuses what does not, and says only what it would have taken", async () => {
    const connection = await connect([mode]);
    expect(await post(connection, {})).toMatchObject({
      status: 401,
      body: { code: "E_SIGNATURE_MISSING", accepted: [mode] },
    });
    const wrong = { secret: `whsec_${"A".repeat(43)}=`, token: "A".repeat(43) };
    expect(await send(mode, connection, wrong)).toBe(401);
    expect(await hub.messages(`&connection_id=${connection.id}`)).toEqual([]);
    expect(await read(connection.id)).toMatchObject({
      last_refused_at: clock.now().toISOString(),
      last_message_at: null,
    });
  });

  test("takes the old proof for 24 hours after a rotation, and the new one at once", async () => {
    const connection = await connect([mode]);
    const verb = mode === "url_token" ? "rotate-url-token" : "rotate-secret";
    const { status, body } = await call<{ secret?: string; token_url?: string }>(
      "POST",
      `/connections/${connection.id}/${verb}`,
    );
    expect(status).toBe(200);
    const fresh = { secret: body.secret ?? "", token: tokenOf(body.token_url ?? "") };
    shown.push(...[fresh.secret, fresh.token].filter((text) => text !== ""));
    expect(await send(mode, connection)).toBe(200);
    expect(await send(mode, connection, fresh)).toBe(200);
    clock.advance(24 * HOUR + 1);
    expect(await send(mode, connection)).toBe(401);
    expect(await send(mode, connection, fresh)).toBe(200);
  });

  test("does not take another connection's proof", async () => {
    const [one, other] = [await connect([mode]), await connect([mode])];
    const foreign = { secret: other.secret, token: tokenOf(other.token_url) };
    expect(await send(mode, one, foreign)).toBe(401);
  });
});

describe("a connection of several modes", () => {
  test("takes any of them", async () => {
    const connection = await connect(every);
    for (const mode of every) expect(await send(mode, connection)).toBe(200);
  });

  test("answers the same whichever of several proofs was nearly right", async () => {
    const connection = await connect(every);
    const body = newBody();
    const proofs = Object.fromEntries(
      every
        .filter((mode) => mode !== "url_token")
        .flatMap((mode) =>
          Object.entries(
            proofOf(mode, Buffer.from("{}"), { secret: `whsec_${"A".repeat(43)}=`, token: "" })
              .headers,
          ),
        ),
    );
    const answers = [
      { headers: proofs, suffix: "/wrong" },
      { headers: { authorization: `Bearer ${connection.secret}x` } },
      { headers: { "x-webhook-secret": connection.secret.toLowerCase() } },
      { suffix: `/${tokenOf(connection.token_url)}x` },
      { suffix: "?token=x" },
    ].map(async (sending) => {
      const answer = await post(connection, { ...sending, body });
      return { ...answer.body, instance: null, request_id: null };
    });
    const [first, ...others] = await Promise.all(answers);
    expect(first).toMatchObject({ code: "E_SIGNATURE", status: 401, accepted: every });
    for (const other of others) expect(other).toEqual(first);
  });

  test("takes its token as the last part of the address and in the query", async () => {
    const connection = await connect(["url_token"]);
    const token = tokenOf(connection.token_url);
    expect(connection.token_url).toBe(`${connection.webhook_url}/${token}`);
    expect((await post(connection, { suffix: `/${token}` })).status).toBe(200);
    expect((await post(connection, { suffix: `?token=${token}` })).status).toBe(200);
  });
});

describe("making a connection", () => {
  test("takes the secret that the source made", async () => {
    const connection = await connect(["source_signature"], { secret: "made by the source" });
    expect(connection.secret).toBe("made by the source");
    expect(await send("source_signature", connection)).toBe(200);
    const pasted = { secret: "another one of the source" };
    const path = `/connections/${connection.id}/rotate-secret`;
    expect((await call("POST", path, pasted)).body).toEqual({ id: connection.id, ...pasted });
    shown.push(pasted.secret);
    expect(await send("source_signature", connection, pasted)).toBe(200);
  });

  test("uses the kind's usual mode, and a minute's limit that no source reaches", async () => {
    const input = { kind: "memory", name: " Simulated " };
    const { body } = await call<CreatedConnection>("POST", "/connections", input);
    shown.push(body.secret ?? "");
    expect(body).toMatchObject({
      kind: "memory",
      name: "Simulated",
      origin: "user",
      origin_setting: null,
      auth_modes: ["source_signature"],
      allowed_ranges: null,
      messages_per_minute: 6000,
    });
  });

  test.each([
    [{ kind: "nobody" }],
    [{ auth_modes: [] }],
    [{ auth_modes: ["bearer", "bearer"] }],
    [{ auth_modes: ["magic"] }],
    [{ allowed_ranges: ["10.0.0.0/99"] }],
    [{ messages_per_minute: 0 }],
    [{ secret: "short" }],
    [{ secret: "with\nline feed" }],
    [{ name: " " }],
    [{ origin: "environment" }],
  ])("refuses %j", async (wrong) => {
    const input = { kind: "calcom", name: "A source", ...wrong };
    expect(await call("POST", "/connections", input)).toMatchObject({
      status: 422,
      body: { code: "E_VALIDATION" },
    });
  });
});

describe("changing a connection", () => {
  test("counts at once, and is in the audit log with old and new", async () => {
    const connection = await connect(["bearer", "url_token"]);
    const changes = {
      name: "Renamed",
      auth_modes: ["shared_secret", "bearer"],
      allowed_ranges: ["192.0.2.0/24"],
      messages_per_minute: 10,
    };
    const { status, body } = await call("PATCH", `/connections/${connection.id}`, changes);
    expect({ status, body }).toMatchObject({ status: 200, body: changes });
    expect(await send("bearer", connection)).toBe(403);
    expect(await send("shared_secret", connection, { from: "192.0.2.1" })).toBe(200);
    expect((await auditOf(connection.id)).at(-1)).toEqual({
      action: "connection.changed",
      old: {
        name: "A source",
        auth_modes: ["bearer", "url_token"],
        has_url_token: true,
        allowed_ranges: null,
        messages_per_minute: 6000,
      },
      new: { ...changes, has_url_token: false },
    });
  });

  test("a token that was given up does not count when its mode comes back", async () => {
    const connection = await connect(["bearer", "url_token"]);
    const path = `/connections/${connection.id}`;
    await call("PATCH", path, { auth_modes: ["bearer"] });
    await call("PATCH", path, { auth_modes: ["bearer", "url_token"] });
    expect(await read(connection.id)).toMatchObject({ has_url_token: false });
    expect(await send("url_token", connection)).toBe(401);
  });

  test("to what it is already changes nothing and is not told of", async () => {
    const connection = await connect(["bearer"]);
    const before = await auditOf(connection.id);
    const { name, auth_modes, allowed_ranges, messages_per_minute } = connection;
    const same = { name, auth_modes, allowed_ranges, messages_per_minute };
    expect((await call("PATCH", `/connections/${connection.id}`, same)).status).toBe(200);
    expect(await auditOf(connection.id)).toEqual(before);
  });

  test("a token needs its mode", async () => {
    const { id } = await connect(["bearer"]);
    expect(await call("POST", `/connections/${id}/rotate-url-token`)).toMatchObject({
      status: 422,
      body: { errors: [{ path: "auth_modes" }] },
    });
  });

  test("a paused connection refuses what proves itself, until it is resumed", async () => {
    const connection = await connect(["bearer"]);
    expect((await call("POST", `/connections/${connection.id}/pause`)).body).toMatchObject({
      status: "paused",
    });
    expect(await send("bearer", connection)).toBe(409);
    expect(await read(connection.id)).toMatchObject({ last_refusal: "E_CONNECTION_PAUSED" });
    // A stranger does not learn that it is paused.
    expect(await send("bearer", connection, { secret: "a guess" })).toBe(401);
    await call("POST", `/connections/${connection.id}/pause`);
    expect((await call("POST", `/connections/${connection.id}/resume`)).status).toBe(200);
    expect(await send("bearer", connection)).toBe(200);
    expect((await auditOf(connection.id)).map(({ action }) => action)).toEqual([
      "connection.created",
      "connection.paused",
      "connection.resumed",
    ]);
  });

  test("a removed connection is gone for its source and for people; what came stays", async () => {
    const connection = await connect(every);
    expect(await send("bearer", connection)).toBe(200);
    const [message] = await hub.messages(`&connection_id=${connection.id}`);
    const path = `/connections/${connection.id}`;
    expect((await call("DELETE", path)).status).toBe(204);
    for (const mode of every) expect(await send(mode, connection)).toBe(404);
    expect((await call("GET", path)).status).toBe(404);
    expect((await call("DELETE", path)).status).toBe(404);
    expect(await hub.messages(`&connection_id=${connection.id}`)).toEqual([message]);
    const booking = await call("GET", `/bookings/${message?.booking_id}`);
    expect(booking.status).toBe(200);
    const [row] = await hub.hub.db.transaction(system, (tx) =>
      tx.query("SELECT secret_sealed, url_token_hash FROM connection WHERE id = $1", [
        connection.id,
      ]),
    );
    expect(row).toEqual({ secret_sealed: null, url_token_hash: null });
  });
});

test("what was kept is processed, also when its connection has been removed meanwhile", async () => {
  const connection = await connect(["bearer"]);
  const early = calcomFixture("booking_no_show_updated", { bookingUid: "never-came" });
  const headers = { authorization: `Bearer ${connection.secret}` };
  const { body } = await post(connection, { headers, body: Buffer.from(JSON.stringify(early)) });
  const id = String(body["message_id"]);
  await call("DELETE", `/connections/${connection.id}`);
  await hub.hub.db.transaction(system, (tx) =>
    tx.query("UPDATE inbound_message SET status = 'received', error_code = NULL WHERE id = $1", [
      id,
    ]),
  );
  while ((await processMessages(hub.hub, hub.hub.connections)) > 0);
  const [message] = await hub.messages(`&connection_id=${connection.id}`);
  expect(message).toMatchObject({ id, status: "waiting", error_code: "E_BOOKING_UNKNOWN" });
});

describe("where messages may come from", () => {
  test("is one of the ranges, in whichever notation the address comes", async () => {
    const allowed_ranges = ["192.0.2.0/24", "2001:db8::/32"];
    const connection = await connect(["bearer"], { allowed_ranges });
    for (const from of ["192.0.2.9", "::ffff:192.0.2.9", "2001:db8::9"]) {
      expect(await send("bearer", connection, { from }), from).toBe(200);
    }
    for (const from of ["192.0.3.9", "::ffff:192.0.3.9", "2001:db9::9", "127.0.0.1"]) {
      expect(await send("bearer", connection, { from }), from).toBe(403);
    }
    expect(await read(connection.id)).toMatchObject({ last_refusal: "E_ADDRESS_NOT_ALLOWED" });
  });

  test("is said before it is said whether the proof was right", async () => {
    const connection = await connect(["bearer"], { allowed_ranges: ["192.0.2.1"] });
    const right = await send("bearer", connection);
    const wrong = await send("bearer", connection, { secret: "wrong" });
    expect([right, wrong]).toEqual([403, 403]);
  });
});

describe("how many messages are taken", () => {
  test("is a minute's worth at once, then as they come back, without database work", async () => {
    const connection = await connect(["bearer"], { messages_per_minute: 3 });
    for (let n = 0; n < 3; n++) expect(await send("bearer", connection)).toBe(200);
    const headers = { authorization: `Bearer ${connection.secret}` };
    expect(await post(connection, { headers })).toMatchObject({
      status: 429,
      headers: { "retry-after": "20" },
      body: { code: "E_RATE_LIMITED" },
    });
    const work = vi.spyOn(hub.hub.db, "transaction");
    expect(await send("bearer", connection)).toBe(429);
    expect(work).not.toHaveBeenCalled();
    work.mockRestore();
    clock.advance(20_000);
    expect(await send("bearer", connection)).toBe(200);
    expect(await send("bearer", connection)).toBe(429);
  });

  test("is not used up by messages that prove nothing, which have a limit of their own", async () => {
    const connection = await connect(["bearer"], { messages_per_minute: 2 });
    const guess = { secret: "a guess" };
    expect(await send("bearer", connection, guess)).toBe(401);
    expect(await send("bearer", connection, guess)).toBe(401);
    expect(await send("bearer", connection, guess)).toBe(429);
    expect(await send("bearer", connection)).toBe(200);
  });
});

describe("a refusal", () => {
  const wrong = { secret: "wrong" };

  test("is noted once in ten seconds while its code stays", async () => {
    const connection = await connect(["bearer"]);
    const at = clock.now().toISOString();
    await send("bearer", connection, wrong);
    clock.advance(9_000);
    await send("bearer", connection, wrong);
    expect(await read(connection.id)).toMatchObject({
      last_refused_at: at,
      last_refusal: "E_SIGNATURE",
    });
    clock.advance(1_000);
    await send("bearer", connection, wrong);
    expect(await read(connection.id)).toMatchObject({ last_refused_at: clock.now().toISOString() });
  });

  test("for another reason is noted at once, and so is the return of the first", async () => {
    const connection = await connect(["bearer"]);
    const refuse: readonly [string, () => Promise<unknown>][] = [
      ["E_SIGNATURE", () => send("bearer", connection, wrong)],
      ["E_SIGNATURE_MISSING", () => post(connection, {})],
      ["E_SIGNATURE", () => send("bearer", connection, wrong)],
    ];
    for (const [code, attempt] of refuse) {
      clock.advance(1);
      await attempt();
      expect(await read(connection.id)).toMatchObject({
        last_refused_at: clock.now().toISOString(),
        last_refusal: code,
      });
    }
  });

  test("is the last of many that come at the same time", async () => {
    const { id } = await connect(["bearer"]);
    const connection = (await hub.hub.connections.find({ id })) as SourceConnection;
    const notes = new RefusalNotes(hub.hub);
    const codes = ["E_SIGNATURE", "E_RATE_LIMITED", "E_CONNECTION_PAUSED"] as const;
    const inTurn = Array.from({ length: 31 }, (_, no) => codes[no % codes.length] ?? codes[0]);
    const work = vi.spyOn(hub.hub.db, "transaction");
    await Promise.all(inTurn.map((code) => notes.note(connection, code)));
    expect(work.mock.calls.length).toBeLessThanOrEqual(2);
    work.mockRestore();
    expect(await read(id)).toMatchObject({ last_refusal: inTurn.at(-1) });
  });

  test("that could not be noted is noted with the next one", async () => {
    const { id } = await connect(["bearer"]);
    const connection = (await hub.hub.connections.find({ id })) as SourceConnection;
    const notes = new RefusalNotes(hub.hub);
    const broken = vi.spyOn(hub.hub.db, "transaction").mockRejectedValueOnce(new Error("away"));
    await notes.note(connection, "E_SIGNATURE");
    broken.mockRestore();
    expect(await read(id)).toMatchObject({ last_refusal: null });
    await notes.note(connection, "E_SIGNATURE");
    expect(await read(id)).toMatchObject({ last_refusal: "E_SIGNATURE" });
  });
});

describe("the environment's connection", () => {
  const own = async (): Promise<ConnectionResource> => {
    const { body } = await call<{ data: ConnectionResource[] }>("GET", "/connections");
    const found = body.data.find(({ origin }) => origin === "environment");
    if (found === undefined) throw new Error("there is none");
    return found;
  };

  test("says which setting it comes from", async () => {
    expect(await own()).toMatchObject({ origin_setting: "CALCOM_WEBHOOK_SECRET" });
  });

  test("can be paused and limited, and nothing else", async () => {
    const { id, name } = await own();
    const path = `/connections/${id}`;
    const limits = { allowed_ranges: ["127.0.0.1"], messages_per_minute: 5000, name };
    expect(await call("PATCH", path, limits)).toMatchObject({ status: 200, body: limits });
    expect((await call("POST", `${path}/pause`)).status).toBe(200);
    expect((await hub.send(calcomFixture("ping"))).status).toBe(409);
    expect((await call("POST", `${path}/resume`)).status).toBe(200);
    expect((await hub.send(calcomFixture("ping"))).status).toBe(200);
    const refused = [
      call("PATCH", path, { auth_modes: ["bearer"] }),
      call("PATCH", path, { name: "Another" }),
      call("POST", `${path}/rotate-secret`),
      call("POST", `${path}/rotate-secret`, { secret: "pasted by somebody" }),
      call("POST", `${path}/rotate-url-token`),
      call("DELETE", path),
    ];
    for (const answer of await Promise.all(refused)) {
      expect(answer).toMatchObject({ status: 409, body: { code: "E_ENVIRONMENT" } });
    }
  });

  test("is what messages without a connection in their address are for", async () => {
    await connect(["source_signature"]);
    expect((await hub.send(calcomFixture("ping"))).status).toBe(200);
  });

  test("one that a person removed comes back only when the environment sets it", async () => {
    const { orgId } = await createTestOrganisation(hub.hub.db);
    const ensure = (secret: string | null): Promise<void> =>
      ensureEnvironmentConnections(hub.hub, orgId, [{ kind: "calcom", secret }]);
    const rows = () =>
      hub.hub.db.transaction(tenant(orgId), (tx) =>
        tx.query<{ id: string; origin: string }>(
          "SELECT id, origin FROM connection WHERE removed_at IS NULL ORDER BY created_at, id",
        ),
      );
    await ensure(null);
    const [first] = await rows();
    await hub.hub.db.transaction(tenant(orgId), (tx) =>
      tx.query("UPDATE connection SET removed_at = now() WHERE id = $1", [first?.id]),
    );
    await ensure(null);
    expect(await rows()).toEqual([]);
    // A person's own one is left alone.
    clock.advance(1000);
    const { connectionId } = await createTestConnection(hub.hub.db, orgId);
    await ensure("set now");
    expect((await rows()).map(({ origin }) => origin).toSorted()).toEqual(["environment", "user"]);
    expect((await rows()).find(({ id }) => id === connectionId)?.origin).toBe("user");
    const before = await rows();
    await ensure("set now");
    expect(await rows()).toEqual(before);
  });
});

describe("walls and secrets", () => {
  test("another organisation's connection is unknown to every route", async () => {
    const { orgId } = await createTestOrganisation(hub.hub.db);
    const { connectionId } = await createTestConnection(hub.hub.db, orgId);
    const path = `/connections/${connectionId}`;
    const answers = await Promise.all([
      call("GET", path),
      call("PATCH", path, { name: "Mine" }),
      call("DELETE", path),
      call("POST", `${path}/pause`),
      call("POST", `${path}/resume`),
      call("POST", `${path}/rotate-secret`),
      call("POST", `${path}/rotate-url-token`),
    ]);
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 404, body: { code: "E_NOT_FOUND" } });
    }
    const [row] = await hub.hub.db.transaction(system, (tx) =>
      tx.query("SELECT name, status, removed_at FROM connection WHERE id = $1", [connectionId]),
    );
    expect(row).toEqual({ name: "Test calcom", status: "active", removed_at: null });
    expect(await auditOf(connectionId)).toEqual([]);
  });

  // The last test of the file: by now every route has been used.
  test("no log, list, audit line or kept message carries a secret or a token", async () => {
    const connection = await connect(["url_token"]);
    const token = tokenOf(connection.token_url);
    const paths = [`/${token}`, `/${token}/`, `/${token}/more`, `?token=${token}`];
    for (const suffix of paths) await post(connection, { suffix });
    const path = `/api/webhooks/calcom/${connection.id}`;
    for (const url of [`${path}/${token}`, `/api/%77ebhooks/calcom/${connection.id}/${token}`]) {
      await hub.app.inject({ method: "GET", url });
      await hub.app.inject({ method: "POST", url, payload: {} });
    }
    const kept = await hub.hub.db.transaction(system, (tx) =>
      tx.query<{ text: string }>(
        `SELECT to_jsonb(a)::text AS text FROM audit_log a
         UNION ALL SELECT headers::text FROM inbound_message
         UNION ALL SELECT to_jsonb(c)::text FROM connection c`,
      ),
    );
    const lists = [await call("GET", "/connections"), await call("GET", "/inbound-messages")];
    const everything = [hub.logged(), JSON.stringify(lists), ...kept.map(({ text }) => text)];
    const secrets = shown.filter((text) => text !== "");
    expect(secrets.length).toBeGreaterThan(20);
    for (const text of everything) {
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    }
    expect(hub.logged()).toContain(`/api/webhooks/calcom/${connection.id}/…`);
  });
});
