import type {
  AuditEntry,
  BookingResource,
  ConnectionMapping,
  CreatedConnection,
  List,
  MappingInput,
  Sample,
  SuggestedMapping,
  TriedMapping,
  WebhookReceipt,
} from "@slotwire/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type InboxFixture, inboxFixture } from "../../../test/inbox-fixture.ts";
import { createTestPerson, openBrowser } from "../../../test/person-fixture.ts";
import { withKey } from "../../../test/test-hub.ts";
import { ManualClock } from "../../clock.ts";
import { tenant } from "../../db/database.ts";
import { ConnectionDirectory } from "../connections/connection-directory.ts";
import { processMessages } from "../process-messages.ts";

const clock = new ManualClock("2026-12-01T08:00:00.000Z");

let hub: InboxFixture;
beforeAll(async () => {
  hub = await inboxFixture({ clock });
});
afterAll(() => hub.close());

interface Reply<Body> {
  readonly status: number;
  readonly body: Body;
}

async function call<Body>(
  method: "GET" | "POST" | "PUT",
  path: string,
  payload?: object,
  headers: Record<string, string> = {},
): Promise<Reply<Body>> {
  const answer = await hub.app.inject({
    method,
    url: `/api/v1/connections${path}`,
    headers: { ...withKey, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: answer.statusCode, body: answer.json<Body>() };
}

async function connect(): Promise<CreatedConnection> {
  const input = { kind: "generic", name: "Koala", auth_modes: ["url_token"] };
  const { status, body } = await call<CreatedConnection>("POST", "", input);
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
}

/** As a source posts it that signs nothing: to the address with its token. */
async function post(
  { token_url }: CreatedConnection,
  body: object,
): Promise<Reply<WebhookReceipt>> {
  const url = new URL(token_url ?? "");
  const answer = await hub.app.inject({
    method: "POST",
    url: url.pathname,
    headers: { "content-type": "application/json" },
    payload: JSON.stringify(body),
  });
  return { status: answer.statusCode, body: answer.json() };
}

const message = (type: string, id: string, start: string, end: string): object => ({
  type,
  created_at: clock.now().toISOString(),
  event: {
    id,
    name: "Consultation",
    start_at: start,
    end_at: end,
    invitee: { name: "Jan Kowalski", email: "jan@mail.example" },
  },
});

const made = (id: string, type = "event.created"): object =>
  message(type, id, "2027-01-05T09:00:00Z", "2027-01-05T10:00:00Z");
const moved = (id: string): object =>
  message("event.rescheduled", id, "2027-01-06T13:30:00Z", "2027-01-06T14:30:00Z");

const work = (): Promise<number> => processMessages(hub.hub, new ConnectionDirectory(hub.hub));

async function bookingOf(uid: string): Promise<BookingResource | undefined> {
  const { body } = await hub.get<List<BookingResource>>(`/api/v1/bookings?external_id=${uid}`);
  return body.data[0];
}

async function suggested(id: string): Promise<SuggestedMapping["mapping"]> {
  return (await call<SuggestedMapping>("GET", `/${id}/mapping/suggestion`)).body.mapping;
}

/** Counts the rows that a dry run must leave alone. */
async function rows(): Promise<unknown> {
  return hub.hub.db.transaction(tenant(hub.hub.defaultOrgId), (tx) =>
    tx.query(
      `SELECT (SELECT count(*) FROM booking) AS bookings,
              (SELECT count(*) FROM booking_event) AS events,
              (SELECT count(*) FROM booking_external_ref) AS refs,
              (SELECT count(*) FROM customer) AS customers,
              (SELECT count(*) FROM connection_mapping) AS mappings,
              (SELECT count(*) FROM audit_log) AS audit,
              (SELECT string_agg(status || coalesce(error_code, ''), ',' ORDER BY id)
                 FROM inbound_message) AS messages`,
    ),
  );
}

test("messages wait for a mapping, are its samples, and are processed when it goes live", async () => {
  const connection = await connect();
  const first = await post(connection, made("k-1"));
  expect(first).toMatchObject({ status: 202, body: { action: "stored", booking_id: null } });
  await post(connection, made("k-2"));
  expect(await hub.messages(`&connection_id=${connection.id}`)).toMatchObject([
    { status: "waiting", error_code: "E_NOT_MAPPED", trigger: "event.created" },
    { status: "waiting", remedy: expect.stringContaining("Map its fields") as string },
  ]);

  const samples = await call<List<Sample>>("GET", `/${connection.id}/samples`);
  expect(samples.body.data).toMatchObject([{ trigger: "event.created", count: 2 }]);
  expect(samples.body.data[0]?.fields).toContainEqual({
    path: "$.event.invitee.email",
    name: "email",
    depth: 2,
    kind: "text",
    value: "jan@mail.example",
    others: [],
  });

  const mapping = await suggested(connection.id);
  const live = await call<ConnectionMapping>("PUT", `/${connection.id}/mapping`, { mapping });
  expect(live).toMatchObject({ status: 200, body: { version: 1, mapping } });
  await work();
  expect(await bookingOf("k-1")).toMatchObject({
    starts_at: "2027-01-05T09:00:00.000Z",
    attendees: [{ name: "Jan Kowalski", email: "jan@mail.example" }],
  });
  expect(await bookingOf("k-2")).toBeDefined();

  // What comes now is understood at once.
  const words = { ...mapping, events: { ...mapping.events, "event.rescheduled": "rescheduled" } };
  await call("PUT", `/${connection.id}/mapping`, { mapping: words });
  const again = await post(connection, moved("k-1"));
  expect(again).toMatchObject({ status: 200, body: { action: "rescheduled" } });
  expect(await bookingOf("k-1")).toMatchObject({ starts_at: "2027-01-06T13:30:00.000Z" });
});

test("a sample says what other messages of its shape say, so that all words can be given a meaning", async () => {
  const connection = await connect();
  const odd = (word: string, no: number) => ({ kind_of_message: word, visit: { ref: `o-${no}` } });
  const words = ["made", "shifted", "made", "dropped", "dropped"];
  for (const [no, word] of words.entries()) {
    await post(connection, odd(word, no));
    clock.advance(1000);
  }
  await post(connection, { kind_of_message: "paused", until: "2027-01-05" });
  const { body } = await call<List<Sample>>("GET", `/${connection.id}/samples`);
  expect(body.data.map(({ count }) => count)).toEqual([1, 5]);
  const [, visits] = body.data;
  const at = (path: string) => visits?.fields.find((field) => field.path === path);
  expect(at("$.kind_of_message")).toMatchObject({ value: "dropped", others: ["made", "shifted"] });
  expect(at("$.visit.ref")).toMatchObject({ value: "o-4", others: ["o-3", "o-2", "o-1", "o-0"] });
  expect(at("$.visit")).toMatchObject({ value: null, others: [] });
});

test("trying says what would happen, field by field, and writes nothing", async () => {
  const connection = await connect();
  await post(connection, made("t-1"));
  const mapping = await suggested(connection.id);
  await call("PUT", `/${connection.id}/mapping`, { mapping });
  await work();
  clock.advance(1000);
  await post(connection, moved("t-1"));
  clock.advance(1000);
  await post(connection, made("t-2", "event.paused"));
  const before = await rows();

  const words = { ...mapping, events: { ...mapping.events, "event.rescheduled": "rescheduled" } };
  const { status, body } = await call<TriedMapping>("POST", `/${connection.id}/mapping/try`, {
    mapping: words,
  });
  expect(status, JSON.stringify(body)).toBe(200);
  expect(await rows()).toEqual(before);
  expect(body.waiting).toBe(2);
  const [paused, rescheduled, created] = body.messages;
  expect(paused).toMatchObject({ outcome: "waiting", trigger: "event.paused", changes: [] });
  const number = (await bookingOf("t-1"))?.booking_number;
  expect(rescheduled).toMatchObject({ outcome: "rescheduled", booking_number: number });
  expect(rescheduled?.description).toBe(`reschedule of #${number} to Wed, 6 Jan 2027, 14:30`);
  expect(rescheduled?.changes).toContainEqual({
    field: "starts_at",
    old: "2027-01-05T09:00:00.000Z",
    new: "2027-01-06T13:30:00.000Z",
  });
  expect(created).toMatchObject({ outcome: "unchanged" });
  expect(created?.readings).toContainEqual({
    field: "start",
    value: "2027-01-05T09:00:00Z",
    meaning: "Tue, 5 Jan 2027, 10:00 Stockholm",
    problem: null,
  });

  const broken = { ...words, fields: { ...words.fields, start: { path: "$..x" } } };
  const tried = await call<TriedMapping>("POST", `/${connection.id}/mapping/try`, {
    mapping: broken,
    limit: 1,
  });
  expect(tried.body.messages[0]?.readings.find(({ field }) => field === "start")).toMatchObject({
    problem: expect.stringContaining("cannot be used") as string,
  });
  const refused = await call<{ errors: { path: string }[] }>("PUT", `/${connection.id}/mapping`, {
    mapping: broken,
  });
  expect(refused.status).toBe(422);
  expect(refused.body.errors[0]?.path).toBe("settings.mapping.fields.start");
});

test("what waited ends as if it had been understood in its order, whatever the source tells of time", async () => {
  const connection = await connect();
  const { created_at: _made, ...first } = made("o-1") as Record<string, unknown>;
  const { created_at: _moved, ...second } = moved("o-1") as Record<string, unknown>;
  for (const body of [first, second, { ...second, type: "event.canceled" }, second]) {
    await post(connection, body);
    clock.advance(1000);
  }
  const mapping = await suggested(connection.id);
  expect(mapping.fields.occurred_at).toBeUndefined();
  await call("PUT", `/${connection.id}/mapping`, { mapping });
  while ((await work()) > 0);
  expect(await bookingOf("o-1")).toMatchObject({
    status: "cancelled",
    starts_at: "2027-01-06T13:30:00.000Z",
  });
  const messages = await hub.messages(`&connection_id=${connection.id}`);
  expect(messages.map(({ status }) => status)).toEqual(["processed", "processed", "processed"]);
});

test("every version is kept with its maker, and comes back when it is put again", async () => {
  const connection = await connect();
  const one: MappingInput = { fields: { uid: { path: "$.a" } } };
  const two: MappingInput = { fields: { uid: { path: "$.b" } } };
  await call("PUT", `/${connection.id}/mapping`, { mapping: one }, { "if-match": '"0"' });
  await call("PUT", `/${connection.id}/mapping`, { mapping: two }, { "if-match": '"1"' });
  const late = await call(
    "PUT",
    `/${connection.id}/mapping`,
    { mapping: one },
    { "if-match": '"1"' },
  );
  expect(late.status).toBe(412);
  const same = await call<ConnectionMapping>("PUT", `/${connection.id}/mapping`, { mapping: two });
  expect(same.body.version).toBe(2);

  const { body } = await call<ConnectionMapping>("GET", `/${connection.id}/mapping`);
  expect(body.history.map(({ version }) => version)).toEqual([2, 1]);
  const [, before] = body.history;
  const reverted = await call<ConnectionMapping>("PUT", `/${connection.id}/mapping`, {
    mapping: before?.mapping,
  });
  expect(reverted.body).toMatchObject({
    version: 3,
    mapping: { fields: { uid: { path: "$.a" } } },
  });
  expect(reverted.body.history[0]?.made_by).not.toBe("");

  const audit = await hub.get<List<AuditEntry>>("/api/v1/audit?entity=connection&limit=5");
  expect(audit.body.data[0]).toMatchObject({ action: "connection.mapping_changed" });
});

test("a mapping that is set with the other settings is a version, too", async () => {
  const connection = await connect();
  const answer = await hub.app.inject({
    method: "PATCH",
    url: `/api/v1/connections/${connection.id}`,
    headers: withKey,
    payload: { settings: { mapping: { fields: { uid: { path: "$.id" } } } } },
  });
  expect(answer.statusCode, answer.body).toBe(200);
  const { body } = await call<ConnectionMapping>("GET", `/${connection.id}/mapping`);
  expect(body).toMatchObject({ version: 1, history: [{ version: 1 }] });
});

test("a message that is kept while its mapping goes live elsewhere is not left behind", async () => {
  const connection = await connect();
  await post(connection, made("r-1"));
  const mapping = await suggested(connection.id);
  // As another process would: this one's memory of the connection is not told.
  await hub.hub.db.transaction(tenant(hub.hub.defaultOrgId), (tx) =>
    tx.query("UPDATE connection SET settings = settings || $2::jsonb WHERE id = $1", [
      connection.id,
      JSON.stringify({ mapping }),
    ]),
  );
  expect(await post(connection, made("r-2"))).toMatchObject({ status: 202 });
  await work();
  expect(await bookingOf("r-2")).toBeDefined();
});

test("sources that are understood without a mapping have none", async () => {
  const { body } = await hub.get<List<{ id: string; kind: string }>>("/api/v1/connections");
  const calcom = body.data.find(({ kind }) => kind === "calcom");
  const answer = await call("GET", `/${calcom?.id}/mapping`);
  expect(answer).toMatchObject({ status: 409, body: { code: "E_CONFLICT" } });
});

test("whoever may not see contact data is shown the shape of samples, and not what is in them", async () => {
  const connection = await connect();
  await post(connection, made("p-1"));
  const developer = openBrowser(hub.app, hub.hub);
  await developer.signIn(await createTestPerson(hub.hub, { role: "developer" }));
  const path = `/api/v1/connections/${connection.id}`;
  const samples = await developer.request("GET", `${path}/samples`);
  expect(samples.statusCode, samples.body).toBe(200);
  expect(samples.body).toContain("$.event.invitee.email");
  const mapping = await suggested(connection.id);
  const tried = await developer.request("POST", `${path}/mapping/try`, { mapping });
  expect(tried.statusCode, tried.body).toBe(200);
  expect(samples.body + tried.body).not.toMatch(/jan@mail|Kowalski/);
});
