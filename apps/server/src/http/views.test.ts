import { randomUUID } from "node:crypto";
import type {
  BookingEvent,
  BookingResource,
  CustomerResource,
  DeliveryResource,
  InboundMessageResource,
  List,
  Role,
} from "@slotwire/contract";
import { bookingSchema, createApiKeySchema } from "@slotwire/contract";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApiKey } from "../access/create-api-key.ts";
import { operator } from "../access/key-maker.ts";
import { hubAuthor } from "../access/record-audit.ts";
import { calcomFixture } from "../connectors/calcom/fixtures.ts";
import { tenant } from "../db/database.ts";
import { inboxFixture, type InboxFixture } from "../../test/inbox-fixture.ts";
import { bearer, createTestMember, type TestMember } from "../../test/key-fixture.ts";
import {
  type Contact,
  contactArbitrary,
  findContacts,
  tellingArbitrary,
} from "../../test/personal-data.ts";
import { startStreamNode, type StreamNode } from "../../test/stream-hub.ts";
import { readStream, type StreamReader } from "../../test/stream-reader.ts";
import { withKey } from "../../test/test-hub.ts";
import { until } from "../../test/until.ts";

type Headers = Record<string, string>;
interface Asker {
  readonly name: string;
  readonly headers: Headers;
}

let fixture: InboxFixture;
let node: StreamNode;
let anna: TestMember;
let bo: TestMember;
/** Like Anna, and not shown contact data: the same provider. */
let hidden: TestMember;
let nobody: TestMember;
/** Who may see bookings, and nobody's contact data. */
let masked: Asker[];

beforeAll(async () => {
  fixture = await inboxFixture();
  const { hub } = fixture;
  node = await startStreamNode(hub, { timing: { heartbeat: 20, drain: 5000 } });
  anna = await member("staff");
  bo = await member("staff");
  hidden = await member("staff", { provider_email: anna.email, hide_contacts: true });
  nobody = await member("staff");
  await inOrg("UPDATE app_user SET email = NULL WHERE id = $1", [nobody.userId], "system");
  const viewer = await member("viewer");
  const accountant = await member("accountant");
  const developer = await member("developer");
  const draft = createApiKeySchema.parse({ name: "A developer's", scopes: ["admin"] });
  const maker = { ...operator, role: "developer", userId: developer.userId } as const;
  const { key } = await createApiKey(hub, hubAuthor(hub.defaultOrgId), maker, draft);
  masked = [
    { name: "viewer", headers: viewer.headers },
    { name: "accountant", headers: accountant.headers },
    { name: "hidden staff", headers: hidden.headers },
    { name: "developer", headers: developer.headers },
    { name: "developer's key", headers: bearer(key) },
  ];
  await post("/destinations", withKey, { name: "Receiver", url: "https://receiver.example/" });
});
afterAll(async () => {
  await node.close();
  await fixture.close();
});

async function member(
  role: Role,
  rights: { provider_email?: string; hide_contacts?: boolean } = {},
): Promise<TestMember> {
  const made = await createTestMember(fixture.hub, fixture.hub.defaultOrgId, role);
  await inOrg("UPDATE membership SET provider_email = $2, hide_contacts = $3 WHERE user_id = $1", [
    made.userId,
    rights.provider_email ?? null,
    rights.hide_contacts ?? false,
  ]);
  return made;
}

const inOrg = (sql: string, values: readonly unknown[], kind: "tenant" | "system" = "tenant") =>
  fixture.hub.db.transaction(
    kind === "system" ? { kind } : tenant(fixture.hub.defaultOrgId),
    (tx) => tx.query(sql, values),
  );

const get = (url: string, headers: Headers) =>
  fixture.app.inject({ url: `/api/v1${url}`, headers });
const post = (url: string, headers: Headers, payload: object = {}) =>
  fixture.app.inject({ method: "POST", url: `/api/v1${url}`, headers, payload });

/** All pages of a list. */
async function all<Row>(url: string, headers: Headers, cursor = "cursor"): Promise<Row[]> {
  const rows: Row[] = [];
  let next: string | null = "";
  while (next !== null) {
    const join = url.includes("?") ? "&" : "?";
    const page = next === "" ? "" : `${join}${cursor}=${next}`;
    const answer = await get(`${url}${page}`, headers);
    expect(answer.statusCode, `${url}: ${answer.body}`).toBe(200);
    const list = answer.json<List<Row>>();
    rows.push(...list.data);
    next = list.next_cursor;
  }
  return rows;
}

const events = (headers: Headers) =>
  all<BookingEvent>("/booking-events?limit=15", headers, "after");

/** A body of Cal.com that tells how to reach people, wherever it can. */
function telling(people: readonly Contact[], uid: string, provider: string, text: string): object {
  const [one, two] = people as [Contact, Contact];
  return calcomFixture("booking_created", {
    uid,
    iCalUID: `${uid}@cal.example`,
    title: text,
    eventTitle: text,
    description: text,
    additionalNotes: text,
    location: text,
    organizer: { name: "Provider", email: provider, timeZone: "Europe/Stockholm" },
    attendees: [
      { name: one.email, email: one.email, timeZone: "Europe/Stockholm", phoneNumber: one.phone },
      { name: "Two", email: two.email, timeZone: "Europe/Stockholm" },
    ],
    smsReminderNumber: one.phone,
    metadata: { note: text, videoCallUrl: `https://meet.example/?who=${two.email}`, [text]: text },
    responses: { phone: { label: "Phone", value: one.phone } },
    userFieldsResponses: { ask: { label: "Mobile?", value: two.phone }, more: { value: text } },
  });
}

const later = (body: object, trigger: string, payload: object): object => ({
  ...body,
  triggerEvent: trigger,
  createdAt: new Date().toISOString(),
  payload: { ...(body as { payload: object }).payload, ...payload },
});

/** Anna's booking, Bo's, and one that goes from Anna to Bo; by messages, by people and by SQL. */
async function book(people: readonly Contact[], text: string): Promise<Record<string, string>> {
  const id = async (body: object): Promise<string> => {
    const answer = await fixture.send(body as Record<string, unknown>);
    return answer.body.booking_id ?? `none: ${JSON.stringify(answer.body)}`;
  };
  const annas = telling(people, randomUUID(), anna.email.toUpperCase(), text);
  const bos = telling(people, randomUUID(), bo.email, text);
  const moves = telling(people, randomUUID(), anna.email, text);
  const ids = { annas: await id(annas), bos: await id(bos), moved: await id(moves) };
  await id(later(annas, "BOOKING_CANCELLED", { cancellationReason: text, cancelledBy: text }));
  const organizer = { name: "Bo", email: bo.email };
  await id(later(moves, "BOOKING_RESCHEDULED", { organizer, title: "Changed" }));
  await id(later(moves, "BOOKING_CANCELLED", { cancellationReason: text }));
  await inOrg("UPDATE booking SET title = $2, description = $2 WHERE id = $1", [
    ids.bos,
    `By hand: ${text}`,
  ]);
  const made = await post("/bookings", withKey, {
    starts_at: "2026-06-01T08:00:00Z",
    ends_at: "2026-06-01T09:00:00Z",
    title: text,
    provider: { email: bo.email },
    attendees: people,
    metadata: { text },
  });
  const link = await post(`/bookings/${ids.bos}/link`, withKey, {
    customer: { name: `${people[0]?.email} ${randomUUID()}`, phone: "+46 70 123 45 67" },
  });
  await post("/subjects", withKey, {
    customer_id: link.json<BookingResource>().customer?.id ?? "",
    name: text.slice(0, 400) || "Rex",
    allergies: [text.slice(0, 400) || "Fish"],
  });
  return { ...ids, bosToo: made.json<BookingResource>().id };
}

/** Receivers that answer with what they were sent. */
async function answerAll(text: string): Promise<void> {
  await inOrg(
    `INSERT INTO delivery_attempt (org_id, delivery_id, no, at, status_code, response_body, total_ms)
       SELECT org_id, id, 1, now(), 500, $1, 1 FROM delivery ON CONFLICT DO NOTHING`,
    [JSON.stringify({ received: { title: text, note: [text] } })],
  );
}

const openReaders: StreamReader[] = [];
const stream = async (headers: Headers, query: string): Promise<StreamReader> => {
  const reader = await readStream(node.url, { query, headers });
  openReaders.push(reader);
  return reader;
};

/** Everything that somebody is shown, on every route that shows bookings or tells of them. */
async function everythingFor({ headers }: Asker): Promise<unknown[]> {
  const shown: unknown[] = [];
  const bookings = await all<BookingResource>("/bookings?limit=5", headers);
  shown.push(bookings, await events(headers));
  for (const { id } of bookings) {
    shown.push((await get(`/bookings/${id}`, headers)).json());
    shown.push(await all(`/bookings/${id}/timeline`, headers));
  }
  for (const { id } of await all<CustomerResource>("/customers?limit=5", headers)) {
    shown.push((await get(`/customers/${id}`, headers)).json());
  }
  shown.push(await all("/customers?limit=5", headers), await all("/subjects", headers));
  shown.push(await all("/bookings/unlinked?limit=5", headers));
  const inbox = await get("/inbound-messages", headers);
  if (inbox.statusCode === 403) return shown;
  for (const message of await all<InboundMessageResource>("/inbound-messages", headers)) {
    const { body, ...rest } = (await get(`/inbound-messages/${message.id}`, headers)).json<{
      body: string;
    }>();
    shown.push(message, rest, JSON.parse(body));
  }
  for (const delivery of await all<DeliveryResource>("/deliveries", headers)) {
    const attempts = await all<{ response_body: string }>(
      `/deliveries/${delivery.id}/attempts`,
      headers,
    );
    shown.push(
      delivery,
      attempts.map((attempt): unknown => JSON.parse(attempt.response_body)),
    );
  }
  return shown;
}

const scenarioArbitrary = fc.tuple(contactArbitrary, contactArbitrary).chain((people) =>
  fc.record({
    people: fc.constant(people),
    text: fc.constantFrom(...people).chain(tellingArbitrary),
  }),
);

describe("whatever was put in", () => {
  test("who may not see contact data finds none, on any route or stream", async () => {
    const contacts: Contact[] = [];
    const texts: string[] = [];
    await fc.assert(
      fc.asyncProperty(scenarioArbitrary, async ({ people, text }) => {
        contacts.push(...people);
        const live = await Promise.all(masked.map(({ headers }) => stream(headers, "")));
        await book(people, text);
        texts.push(text);
        for (const [index, asker] of masked.entries()) {
          const log = await events(asker.headers);
          const replayed = await stream(asker.headers, "after=0");
          await until(() => replayed.events.length >= log.length);
          // The log, what is read behind it and what is sent at once are the same.
          expect(replayed.events, asker.name).toEqual(log);
          const reader = live[index];
          await until(() => reader?.events.at(-1)?.seq === log.at(-1)?.seq);
          const shown = [replayed.events, reader?.events];
          expect(findContacts(shown, contacts), asker.name).toEqual([]);
        }
        for (const reader of openReaders.splice(0)) reader.close();
      }),
      { numRuns: 3, endOnFailure: true },
    );
    await answerAll(texts.join("; "));
    for (const asker of masked) {
      expect(findContacts(await everythingFor(asker), contacts), asker.name).toEqual([]);
    }
    // It was all there: whoever may see it does.
    const manager = await member("manager");
    const seen = await all<BookingResource>("/bookings", manager.headers);
    expect(findContacts(seen, contacts.slice(0, 1))).not.toEqual([]);
  }, 120_000);

  test("staff see their own bookings, and of nobody else's so much as the id", async () => {
    const [people] = fc.sample(fc.tuple(contactArbitrary, contactArbitrary), 1);
    const ids = await book(people ?? [], "Wash");
    const mine = await all<BookingResource>("/bookings?limit=2", anna.headers);
    const whole = await all<BookingResource>("/bookings", withKey);
    const ofAnna = whole.filter((booking) => booking.provider?.email?.toLowerCase() === anna.email);
    expect(mine).toEqual(ofAnna);
    expect(mine.map(({ id }) => id)).toContain(ids["annas"]);

    const replayed = await stream(anna.headers, "after=0");
    const log = await events(anna.headers);
    await until(() => replayed.events.length >= log.length);
    expect(replayed.events).toEqual(log);
    for (const reader of openReaders.splice(0)) reader.close();
    const told = JSON.stringify([await everythingFor({ name: "anna", ...anna }), log]);
    for (const id of [ids["bos"], ids["bosToo"]]) expect(told).not.toContain(id);
    for (const booking of whole.filter(({ provider }) => provider?.email === bo.email)) {
      expect((await get(`/bookings/${booking.id}`, anna.headers)).statusCode).toBe(404);
      expect((await get(`/bookings/${booking.id}/timeline`, anna.headers)).statusCode).toBe(404);
      const [ref] = booking.external_refs;
      if (ref === undefined) continue;
      const url = `/bookings?external_id=${encodeURIComponent(ref.external_id)}`;
      expect(await all(url, anna.headers)).toEqual([]);
    }
  });

  test("whoever is no provider sees nothing", async () => {
    expect(await all("/bookings", nobody.headers)).toEqual([]);
    expect(await events(nobody.headers)).toEqual([]);
  });
});

describe("a booking that becomes somebody else's", () => {
  test("is told of by ids alone, before and after, and its history goes to its new provider", async () => {
    const uid = randomUUID();
    const [people] = fc.sample(fc.tuple(contactArbitrary, contactArbitrary), 1);
    const body = telling(people ?? [], uid, anna.email, "Wash");
    const live = await stream(anna.headers, "");
    const bosLive = await stream(bo.headers, "");
    const made = await fixture.send(body as Record<string, unknown>);
    const id = made.body.booking_id ?? "";
    await until(() => live.events.some((event) => event.booking_id === id));
    expect(live.events.at(-1)?.data.booking).toMatchObject({ title: "Wash", attendees: [{}, {}] });

    const organizer = { name: "Bo", email: bo.email };
    const move = later(body, "BOOKING_RESCHEDULED", { organizer });
    await fixture.send(move as Record<string, unknown>);
    await until(() => bosLive.events.some((event) => event.booking_id === id));
    await until(() => live.events.filter((event) => event.booking_id === id).length === 2);
    expect(live.events.at(-1)).toMatchObject({
      booking_id: id,
      booking_version: 2,
      actor: { name: null },
      data: {},
    });
    expect(live.events.at(-1)?.data).toEqual({});
    expect(bosLive.events.at(-1)?.data.booking?.attendees).toHaveLength(2);

    await fixture.send(
      later(move, "BOOKING_CANCELLED", { cancellationReason: "x" }) as Record<string, unknown>,
    );
    await until(() => bosLive.events.at(-1)?.event_type === "cancelled");
    expect(live.events.filter((event) => event.booking_id === id)).toHaveLength(2);
    for (const reader of openReaders.splice(0)) reader.close();

    // In the log, nothing is left of what she saw while it was hers.
    const told = (await events(anna.headers)).filter((event) => event.booking_id === id);
    expect(told.map((event) => event.data)).toEqual([{}, {}]);
    expect((await get(`/bookings/${id}`, anna.headers)).statusCode).toBe(404);
    const timeline = await all<BookingEvent>(`/bookings/${id}/timeline`, bo.headers);
    expect(timeline.map((event) => event.booking_version)).toEqual([3, 2, 1]);
    expect((await events(bo.headers)).filter((event) => event.booking_id === id)).toHaveLength(2);
  });

  test("ends the stream of whoever is shown more or less from now on", async () => {
    for (const [role, hide, provider] of [
      ["viewer", false, null],
      ["staff", true, null],
      ["staff", false, "somebody@else.example"],
      ["manager", false, null],
    ] as const) {
      const person = await member("staff");
      const reader = await stream(person.headers, "");
      await until(() => reader.text().includes(": heartbeat"));
      expect(reader.text()).not.toContain("event: reauth");
      await inOrg(
        "UPDATE membership SET role = $2, hide_contacts = $3, provider_email = $4 WHERE user_id = $1",
        [person.userId, role, hide, provider],
      );
      await reader.ended;
      expect(reader.text()).toContain("event: reauth");
    }
    openReaders.splice(0);
  });
});

describe("staff change their own bookings", () => {
  const times = { starts_at: "2026-07-01T08:00:00Z", ends_at: "2026-07-01T09:00:00Z" };
  const create = async (
    provider?: object,
    headers: Headers = withKey,
  ): Promise<BookingResource> => {
    const answer = await post("/bookings", headers, { ...times, ...(provider && { provider }) });
    expect(answer.statusCode, answer.body).toBe(201);
    return answer.json<BookingResource>();
  };

  test("and nobody else's, which are unknown to them", async () => {
    const own = await create({ email: anna.email });
    const foreign = await create({ email: bo.email });
    const nobodys = await create();
    const moves: [string, object][] = [
      ["status", { status: "checked_in" }],
      ["reschedule", { ...times, starts_at: "2026-07-01T08:30:00Z" }],
      ["cancel", { reason: "ill" }],
    ];
    for (const [verb, body] of moves) {
      for (const { id } of [foreign, nobodys]) {
        const answer = await post(`/bookings/${id}/${verb}`, anna.headers, body);
        expect(answer.json(), verb).toMatchObject({ status: 404, code: "E_NOT_FOUND" });
      }
    }
    const unchanged = await all<BookingResource>("/bookings?from=2026-07-01T00:00:00Z", withKey);
    expect(unchanged.filter(({ version }) => version > 1)).toEqual([]);
    for (const [index, [verb, body]] of moves.slice(1).entries()) {
      const answer = await post(`/bookings/${own.id}/${verb}`, anna.headers, body);
      expect(answer.statusCode, answer.body).toBe(200);
      expect(answer.headers.etag).toBe(`"${index + 2}"`);
    }
  });

  test("under If-Match, whatever they are shown of them", async () => {
    const { id } = await create({ email: anna.email });
    const read = await get(`/bookings/${id}`, hidden.headers);
    expect(read.headers.etag).toBe('"1"');
    const cancel = (etag: string) =>
      post(`/bookings/${id}/cancel`, { ...hidden.headers, "if-match": etag });
    expect((await cancel('"2"')).statusCode).toBe(412);
    expect((await cancel('"1"')).headers.etag).toBe('"2"');
  });

  test("and create them for themselves alone", async () => {
    const own = await create(undefined, anna.headers);
    expect(own.provider).toMatchObject({ email: anna.email, name: "The staff" });
    const named = await create({ name: "Anna", email: anna.email.toUpperCase() }, anna.headers);
    expect(named.provider).toMatchObject({ email: anna.email, name: "Anna" });
    for (const asker of [
      { headers: anna.headers, provider: { email: bo.email } },
      { headers: nobody.headers, provider: undefined },
    ]) {
      const answer = await post("/bookings", asker.headers, {
        ...times,
        ...(asker.provider && { provider: asker.provider }),
      });
      expect(answer.json()).toMatchObject({ status: 403, code: "E_FORBIDDEN" });
    }
  });

  test("and are not overtaken by a booking that was given away meanwhile", async () => {
    const { id } = await create({ email: anna.email });
    const [cancelled] = await Promise.all([
      post(`/bookings/${id}/cancel`, anna.headers),
      inOrg("UPDATE booking SET provider_email = $2 WHERE id = $1", [id, bo.email]),
    ]);
    const after = (await get(`/bookings/${id}`, withKey)).json<BookingResource>();
    // Either she was first, or it was no longer hers.
    if (after.status === "cancelled") {
      const log = await events(withKey);
      const mine = log.find((event) => event.booking_id === id && event.new_status === "cancelled");
      expect(mine?.data.booking?.provider?.email).toBe(anna.email);
    } else expect(cancelled.statusCode).toBe(404);
  });
});

describe("a search", () => {
  test("does not find by an address what does not show it", async () => {
    const email = `${randomUUID()}@customer.example`;
    const body = calcomFixture("booking_created", {
      uid: email,
      iCalUID: `${randomUUID()}@cal.example`,
      organizer: { name: "Anna", email: anna.email },
    });
    await fixture.send(body);
    const url = `/bookings?external_id=${encodeURIComponent(email)}`;
    expect(await all(url, withKey)).toHaveLength(1);
    expect(await all(url, anna.headers)).toHaveLength(1);
    for (const { name, headers } of masked) expect(await all(url, headers), name).toEqual([]);
    const [found] = await all<BookingResource>(url, withKey);
    const ical = found?.external_refs.find(({ kind }) => kind === "ical_uid")?.external_id ?? "";
    for (const { name, headers } of masked) {
      const byIcal = `/bookings?external_id=${encodeURIComponent(ical)}`;
      const [shown] = await all<BookingResource>(byIcal, headers);
      expect(shown?.id, name).toBe(found?.id);
      expect(bookingSchema.parse(shown)).toEqual(shown);
    }
  });
});
