import type {
  InboundMessageResource,
  ReprocessJobResource,
  ReprocessPlan,
  ReprocessResultResource,
} from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Answer, inboxFixture, type InboxFixture } from "../../../test/inbox-fixture.ts";
import { withKey } from "../../../test/test-hub.ts";
import { calcomConnector } from "../../connectors/calcom/connector.ts";
import { calcomFixture } from "../../connectors/calcom/fixtures.ts";
import { ManualClock } from "../../clock.ts";
import type { Connector } from "../../connectors/connector.ts";
import { system } from "../../db/database.ts";
import { workOnReprocess } from "./work-on-reprocess.ts";

const clock = new ManualClock("2026-01-02T08:15:00Z");
let hub: InboxFixture;
/** What the connector does not understand yet. */
let unknownTrigger = "";
/** It reads a title wrongly. */
let misreads = false;
const learning: Connector = {
  ...calcomConnector,
  interpret: (body, context) => {
    const read = calcomConnector.interpret(body, context);
    if (misreads && read.outcome === "change") {
      const fields = { ...read.change.fields, title: "misread" };
      return { ...read, change: { ...read.change, fields } };
    }
    if (read.trigger !== unknownTrigger) return read;
    return { outcome: "failed", trigger: read.trigger, code: "E_VALIDATION", reason: "unknown" };
  },
};
beforeAll(async () => {
  hub = await inboxFixture({ clock, connectors: new Map([["calcom", learning]]) });
});
afterAll(() => hub.close());

const post = async <Body>(url: string, payload: object): Promise<Answer<Body>> => {
  const answer = await hub.app.inject({ method: "POST", url, headers: withKey, payload });
  return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
};
const path = "/api/v1/inbound-messages";
const plan = async (filter: object) =>
  (await post<ReprocessPlan>(`${path}/reprocess`, { filter, dry_run: true })).body;
const begin = (filter: object) =>
  post<ReprocessJobResource>(`${path}/reprocess`, { filter, dry_run: false });
const workOn = () => workOnReprocess(hub.hub, hub.hub.connections);
const job = async (id: string) =>
  (await hub.get<ReprocessJobResource>(`/api/v1/reprocess-jobs/${id}`)).body;
const results = async (id: string) =>
  (await hub.get<{ data: ReprocessResultResource[] }>(`/api/v1/reprocess-jobs/${id}/results`)).body
    .data;
async function run(filter: object): Promise<string> {
  const { status, body } = await begin(filter);
  expect(status).toBe(202);
  while ((await workOn()) > 0);
  expect(await job(body.id)).toMatchObject({ status: "done", done: body.total });
  return body.id;
}
async function messageOf(uid: string): Promise<InboundMessageResource> {
  const [message] = await hub.messages(`&q=${uid}`);
  if (message === undefined) throw new Error(`there is no message of ${uid}`);
  return message;
}

/** Every row of every table, as text. */
async function everything(): Promise<Map<string, string>> {
  return hub.hub.db.transaction(system, async (tx) => {
    const tables = await tx.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
          AND relname <> 'schema_migration' ORDER BY 1`,
    );
    const rows = new Map<string, string>();
    for (const { name } of tables) {
      const [row] = await tx.query<{ text: string }>(
        `SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') AS text FROM ${name} t`,
      );
      rows.set(name, row?.text ?? "");
    }
    return rows;
  });
}

/** A message that was not understood, and can be by now. */
async function failThenLearn(uid: string): Promise<InboundMessageResource> {
  unknownTrigger = "BOOKING_CREATED";
  await hub.send(calcomFixture("booking_created", { uid }));
  unknownTrigger = "";
  const [message] = await hub.messages("&status=failed");
  if (message === undefined) throw new Error("nothing failed");
  return message;
}

describe("a dry run", () => {
  test("says what would change, and writes nothing", async () => {
    const failed = await failThenLearn("planned");
    const before = await everything();
    const made = await plan({ status: "failed" });
    expect(made).toMatchObject({ total: 1, changing: 1, is_partial: false });
    const [first] = made.messages;
    expect(first).toMatchObject({
      message_id: failed.id,
      status: "failed",
      outcome: "created",
      description: "new booking on Mon, 5 Jan 2026, 10:00",
      booking_number: null,
    });
    expect(first?.changes).toContainEqual({
      field: "starts_at",
      old: null,
      new: "2026-01-05T09:00:00.000Z",
    });
    const one = await post<ReprocessPlan>(`${path}/${failed.id}/reprocess`, { dry_run: true });
    expect(one).toMatchObject({ status: 200, body: { total: 1, changing: 1 } });
    expect(await everything()).toEqual(before);
    await run({ status: "failed" });
  });

  test("shows the differences to a booking there is", async () => {
    await hub.send(calcomFixture("booking_created", { uid: "differs" }));
    unknownTrigger = "BOOKING_RESCHEDULED";
    const moved = calcomFixture("booking_rescheduled", {
      uid: "differs 2",
      rescheduleUid: "differs",
    });
    await hub.send({ ...moved, createdAt: "2026-01-03T09:00:00.000Z" });
    unknownTrigger = "";
    const { booking_number: number } = await messageOf("differs");
    const [first] = (await plan({ status: "failed" })).messages;
    expect(first).toMatchObject({ outcome: "rescheduled", booking_number: number });
    expect(first?.description).toContain(`reschedule of #${number} to `);
    expect(first?.changes).toContainEqual({
      field: "starts_at",
      old: "2026-01-05T09:00:00.000Z",
      new: expect.any(String) as string,
    });
    await run({ status: "failed" });
    expect(await messageOf("differs 2")).toMatchObject({ action: "rescheduled" });
  });

  test("shows no differences where messages of one instant were decided as they came", async () => {
    const uid = "ties";
    const at = (name: Parameters<typeof calcomFixture>[0], payload: object): object => ({
      ...calcomFixture(name, { uid, iCalUID: `${uid}@Cal.com`, ...payload }),
      createdAt: "2026-01-02T08:10:00.000Z",
    });
    const told = [
      at("booking_created", { title: "First", location: "ul. Psia 7", metadata: { dog: "a" } }),
      at("booking_created", { title: "Second", location: "ul. Kocia 9", metadata: { dog: "b" } }),
      at("booking_cancelled", { title: "Third", cancellationReason: "Ill." }),
      at("booking_rescheduled", { title: "Fourth", rescheduleUid: uid }),
      at("booking_rejected", { title: "Fifth", rejectionReason: "Closed." }),
    ];
    for (const body of told) await hub.send(body as Record<string, unknown>);
    const before = await everything();
    const made = await plan({ q: uid });
    expect(made).toMatchObject({ total: told.length, changing: 0 });
    expect(made.messages.flatMap(({ changes }) => changes)).toEqual([]);
    const [booking] = (await hub.bookings()).filter((one) =>
      one.external_refs.some((ref) => ref.external_id === uid),
    );
    expect(booking).toMatchObject({ title: "Fifth", status: "rejected", version: told.length });
    await run({ q: uid });
    const after = await everything();
    for (const table of ["booking", "booking_event", "booking_attendee"]) {
      expect(after.get(table)).toBe(before.get(table));
    }
  });

  test("finds no message where there is none", async () => {
    const id = "00000000-0000-7000-8000-000000000000";
    expect((await post(`${path}/${id}/reprocess`, { dry_run: true })).status).toBe(404);
    expect((await post(`${path}/${id}/reprocess`, { dry_run: false })).status).toBe(404);
    expect(await plan({ q: "nothing has this" })).toMatchObject({ total: 0, messages: [] });
  });
});

describe("processing messages again", () => {
  test("understands what was not, once, and leaves the message as the event's origin", async () => {
    const failed = await failThenLearn("learnt");
    const id = await run({ status: "failed" });
    expect(await results(id)).toMatchObject([{ message_id: failed.id, action: "created" }]);
    expect(await job(id)).toMatchObject({ total: 1, changed: 1, failed: 0 });
    const message = await messageOf("learnt");
    expect(message).toMatchObject({ id: failed.id, status: "processed", duplicate_count: 0 });
    expect(message.description).toContain(`new booking #${message.booking_number}`);
  });

  test("puts right what was misread, also of messages of one instant", async () => {
    const uid = "misread";
    misreads = true;
    const createdAt = "2026-01-02T08:10:00.000Z";
    await hub.send({ ...calcomFixture("booking_created", { uid, title: "Wash" }), createdAt });
    const place = calcomFixture("booking_created", { uid, title: "Wash", location: "ul. Psia 7" });
    await hub.send({ ...place, createdAt });
    misreads = false;
    const titleOf = async (): Promise<string | undefined> =>
      (await hub.bookings()).find((one) => one.external_refs.some((ref) => ref.external_id === uid))
        ?.title;
    expect(await titleOf()).toBe("misread");
    await run({ q: uid });
    expect(await titleOf()).toBe("Wash");
    expect((await plan({ q: uid })).changing).toBe(0);
  });

  test("does nothing twice, and forgets nothing of what a message did", async () => {
    const uid = "once only";
    await hub.send(calcomFixture("booking_created", { uid }));
    await hub.send(calcomFixture("booking_created", { uid }));
    const before = await messageOf(uid);
    expect(before).toMatchObject({ status: "processed", deliveries: 2, effects: 1 });
    const id = await run({ q: uid });
    expect(await results(id)).toMatchObject([{ action: "unchanged" }]);
    expect(await messageOf(uid)).toEqual(before);
    expect(await run({ q: uid })).not.toBe(id);
    expect(await messageOf(uid)).toEqual(before);
  });

  test("leaves what was overtaken as it is", async () => {
    const uid = "overtaken";
    await hub.send(calcomFixture("booking_created", { uid }));
    const cancelled = calcomFixture("booking_cancelled", { uid });
    clock.advance(45 * 60_000);
    await hub.send({ ...cancelled, createdAt: "2026-01-02T09:00:00.000Z" });
    const id = await run({ q: uid });
    expect((await results(id)).map(({ action }) => action)).toEqual(["unchanged", "unchanged"]);
    const [booking] = (await hub.bookings()).filter((one) =>
      one.external_refs.some((ref) => ref.external_id === uid),
    );
    expect(booking).toMatchObject({ status: "cancelled", version: 2 });
  });

  test("stops before its next message when it is cancelled", async () => {
    for (let no = 1; no <= 25; no += 1) {
      await hub.send({ triggerEvent: "FORM_SUBMITTED", createdAt: "x", payload: { no } });
    }
    const { body } = await begin({ trigger: "FORM_SUBMITTED" });
    expect(body).toMatchObject({ status: "queued", total: 25, done: 0 });
    expect(await workOn()).toBe(20);
    expect(await job(body.id)).toMatchObject({ status: "running", done: 20 });
    const url = `/api/v1/reprocess-jobs/${body.id}`;
    const cancel = () => hub.app.inject({ method: "DELETE", url, headers: withKey });
    expect((await cancel()).json()).toMatchObject({ status: "cancelled", done: 20 });
    expect(await workOn()).toBe(0);
    expect(await job(body.id)).toMatchObject({ status: "cancelled", done: 20 });
    expect((await cancel()).json()).toMatchObject({ code: "E_REPROCESS_STATE" });
  });

  test("goes on where a worker died", async () => {
    const { body } = await begin({ trigger: "FORM_SUBMITTED" });
    expect(await workOn()).toBe(20);
    await hub.hub.db.transaction(system, (tx) =>
      tx.query(
        `UPDATE reprocess_job SET lease_token = gen_random_uuid(), lease_until = $2, attempts = 1
          WHERE id = $1`,
        [body.id, new Date(clock.now().getTime() + 60_000)],
      ),
    );
    expect(await workOn()).toBe(0);
    clock.advance(61_000);
    expect(await workOn()).toBe(5);
    expect(await job(body.id)).toMatchObject({ status: "done", done: 25 });
  });

  test("says so where the body is gone", async () => {
    const uid = "without a body";
    await hub.send(calcomFixture("booking_created", { uid }));
    const { id } = await messageOf(uid);
    await hub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE inbound_message SET body = '', body_removed_at = now() WHERE id = $1", [id]),
    );
    expect((await plan({ q: uid })).messages).toMatchObject([{ outcome: "unavailable" }]);
    expect((await post(`${path}/${id}/reprocess`, { dry_run: false })).body).toMatchObject({
      code: "E_BODY_REMOVED",
    });
    expect(await results(await run({ q: uid }))).toMatchObject([{ action: "unavailable" }]);
    expect(await messageOf(uid)).toMatchObject({ status: "processed" });
  });

  test("takes no filter that names what there is not", async () => {
    const nothing = "00000000-0000-7000-8000-000000000000";
    for (const filter of [{ connection_id: nothing }, { booking_id: nothing }]) {
      expect((await begin(filter)).body).toMatchObject({ code: "E_NOT_FOUND" });
    }
  });

  test("takes no more than ten thousand at once", async () => {
    await hub.hub.db.transaction(system, (tx) =>
      tx.query(
        `INSERT INTO inbound_message (org_id, id, connection_id, dedupe_key, trigger, status,
             signature_state, body, received_at)
           SELECT org_id, uuid7(), connection_id, sha256(n::text::bytea), 'MANY', 'ignored',
                  'valid', '', received_at
             FROM generate_series(1, 10001) n,
                  (SELECT * FROM inbound_message LIMIT 1) one`,
      ),
    );
    expect(await plan({ trigger: "MANY" })).toMatchObject({ total: 10_001, is_partial: true });
    expect((await begin({ trigger: "MANY" })).body).toMatchObject({ code: "E_TOO_MANY_MESSAGES" });
    expect(await workOn()).toBe(0);
  });
});
