import type {
  BookingResource,
  CustomerDetail,
  CustomerResource,
  List,
  SubjectResource,
  TimelineEntry,
  UnlinkedBooking,
  UnlinkedCount,
} from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { calcomFixture } from "../connectors/calcom/fixtures.ts";
import { tenant } from "../db/database.ts";
import { inboxFixture, type InboxFixture } from "../../test/inbox-fixture.ts";
import { createTestMember, type TestMember } from "../../test/key-fixture.ts";
import { withKey } from "../../test/test-hub.ts";

let fixture: InboxFixture;
let anna: TestMember;
let viewer: TestMember;
let developer: TestMember;
beforeAll(async () => {
  fixture = await inboxFixture();
  const { hub } = fixture;
  [anna, viewer, developer] = await Promise.all([
    createTestMember(hub, hub.defaultOrgId, "staff"),
    createTestMember(hub, hub.defaultOrgId, "viewer"),
    createTestMember(hub, hub.defaultOrgId, "developer"),
  ]);
});
afterAll(() => fixture.close());

type Headers = Record<string, string>;
type Method = "GET" | "POST" | "PATCH" | "DELETE";
async function ask<Body = { code: string; errors?: { path: string }[] }>(
  method: Method,
  url: string,
  { headers = withKey, body }: { headers?: Headers; body?: object } = {},
) {
  const answer = await fixture.app.inject({
    method,
    url: `/api/v1${url}`,
    headers,
    ...(body && { payload: body }),
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Body>() };
}

const create = async (body: object): Promise<CustomerDetail> => {
  const answer = await ask<CustomerDetail>("POST", "/customers", { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
};
const addPet = async (customerId: string, body: object): Promise<SubjectResource> => {
  const answer = await ask<SubjectResource>("POST", "/subjects", {
    body: { customer_id: customerId, ...body },
  });
  expect(answer.status).toBe(201);
  return answer.body;
};
const soon = (hours = 24): { starts_at: string; ends_at: string } => ({
  starts_at: new Date(Date.now() + hours * 3_600_000).toISOString(),
  ends_at: new Date(Date.now() + (hours + 1) * 3_600_000).toISOString(),
});
const book = async (body: object = {}): Promise<BookingResource> =>
  (await ask<BookingResource>("POST", "/bookings", { body: { ...soon(), ...body } })).body;
const search = async (q: string, headers?: Headers): Promise<string[]> => {
  const url = `/customers?q=${encodeURIComponent(q)}`;
  const { body } = await ask<List<CustomerResource>>("GET", url, headers ? { headers } : {});
  return body.data.map(({ id }) => id);
};
const unlinked = async (headers?: Headers): Promise<UnlinkedBooking[]> =>
  (
    await ask<List<UnlinkedBooking>>(
      "GET",
      "/bookings/unlinked?limit=200",
      headers ? { headers } : {},
    )
  ).body.data;
const entryOf = async (id: string, headers?: Headers) =>
  (await unlinked(headers)).find(({ booking }) => booking.id === id);

describe("customers", () => {
  test("are created, read, changed and found, with what is theirs", async () => {
    const made = await create({
      name: "Åsa Lind",
      email: "Asa.Lind@Example.com",
      phone: "070-111 22 33",
      external_id: "client-1",
      tags: ["vip"],
    });
    expect(made).toMatchObject({
      first_name: "Åsa",
      last_name: "Lind",
      source: "user",
      version: 1,
    });
    const pet = await addPet(made.id, { name: "Bella", breed: "Labrador", allergies: ["Chicken"] });
    expect(pet).toMatchObject({ kind: "pet", version: 1, inactive_at: null });
    const { body, headers } = await ask<CustomerDetail>("GET", `/customers/${made.id}`);
    expect(headers["etag"]).toBe('"1"');
    expect(body).toMatchObject({
      subjects: [{ name: "Bella", breed: "Labrador", allergies: ["Chicken"] }],
      identities: [
        { kind: "email", value: "Asa.Lind@Example.com", is_primary: true },
        { kind: "external", value: "client-1" },
        { kind: "phone", value: "070-111 22 33" },
      ],
    });
    for (const q of [
      "lind",
      "ÅSA",
      "bella",
      "asa.lind@EXAMPLE",
      "0701112",
      "+46 70 111",
      "client-1",
    ]) {
      expect(await search(q), q).toEqual([made.id]);
    }
    for (const q of ["%", "_sa", "nobody"]) expect(await search(q), q).toEqual([]);

    const changed = await ask<CustomerDetail>("PATCH", `/customers/${made.id}`, {
      headers: { ...withKey, "if-match": '"1"' },
      body: { name: "Åsa Berg", email: "asa@example.com", phone: null },
    });
    expect(changed.body).toMatchObject({
      version: 2,
      name: "Åsa Berg",
      last_name: "Berg",
      email: "asa@example.com",
      phone: null,
      external_id: "client-1",
    });
    const late = await ask("PATCH", `/customers/${made.id}`, {
      headers: { ...withKey, "if-match": '"1"' },
      body: { name: "Late" },
    });
    expect(late).toMatchObject({ status: 412, body: { code: "E_PRECONDITION" } });
    // A message does not bring back what a person took away.
    await book({ attendees: [{ name: "X", email: "asa@example.com", phone: "070-111 22 33" }] });
    const after = await ask<CustomerDetail>("GET", `/customers/${made.id}`);
    expect(after.body).toMatchObject({ name: "Åsa Berg", phone: null });
  });

  test("keep addresses and ids to themselves", async () => {
    const one = await create({ name: "One", email: "taken@example.com", external_id: "taken" });
    const other = await create({ name: "Other" });
    for (const body of [{ email: "TAKEN@example.com" }, { external_id: "taken" }]) {
      const exists = { status: 409, body: { code: "E_CUSTOMER_EXISTS" } };
      expect(await ask("PATCH", `/customers/${other.id}`, { body })).toMatchObject(exists);
      expect(await ask("POST", "/customers", { body: { name: "New", ...body } })).toMatchObject(
        exists,
      );
    }
    const bad = await ask("POST", "/customers", { body: { name: "New", phone: "soon" } });
    expect(bad).toMatchObject({ status: 422, body: { errors: [{ path: "body.phone" }] } });
    expect(await ask("PATCH", `/customers/${one.id}`, { body: {} })).toMatchObject({ status: 422 });
    const pet = await addPet(one.id, { name: "Rex", external_id: "pet-1" });
    const elsewhere = { customer_id: other.id, name: "Max", external_id: "pet-1" };
    expect((await ask("POST", "/subjects", { body: elsewhere })).status).toBe(409);
    const renamed = await ask<SubjectResource>("PATCH", `/subjects/${pet.id}`, {
      body: { breed: "Boxer", inactive: true },
    });
    expect(renamed.body).toMatchObject({
      breed: "Boxer",
      version: 2,
      inactive_at: expect.any(String),
    });
  });

  test("are created once, however often the request comes", async () => {
    const headers = { ...withKey, "idempotency-key": "once" };
    const body = { name: "Repeated", email: "repeated@example.com" };
    const first = await ask<CustomerDetail>("POST", "/customers", { headers, body });
    const again = await ask<CustomerDetail>("POST", "/customers", { headers, body });
    expect(again.headers["idempotent-replayed"]).toBe("true");
    expect(again.body).toEqual(first.body);
    const other = await ask("POST", "/customers", { headers, body: { name: "Another" } });
    expect(other).toMatchObject({ status: 422, body: { code: "E_IDEMPOTENCY_KEY" } });
  });

  test("come page by page, by name", async () => {
    const all: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: List<CustomerResource> = (
        await ask<List<CustomerResource>>(
          "GET",
          `/customers?limit=2${cursor && `&cursor=${cursor}`}`,
        )
      ).body;
      all.push(...page.data.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    const whole = await ask<List<CustomerResource>>("GET", "/customers?limit=200");
    expect(all).toEqual(whole.body.data.map(({ id }) => id));
    expect(new Set(all).size).toBe(all.length);
  });

  test("leave a line in the audit log that says nothing personal", async () => {
    const made = await create({ name: "Secret Name", email: "secret@example.com" });
    const rows = await fixture.hub.db.transaction(tenant(fixture.hub.defaultOrgId), (tx) =>
      tx.query<{ row: string }>("SELECT a::text AS row FROM audit_log a WHERE entity_id = $1", [
        made.id,
      ]),
    );
    expect(rows).toHaveLength(1);
    expect(rows[0]?.row).toContain("customer.created");
    expect(rows[0]?.row).not.toMatch(/secret/i);
  });
});

describe("an unlinked booking", () => {
  test("is listed with whom it may be of, linked by one request, and gone", async () => {
    const tove = await create({ name: "Tove Ek", phone: "+46 70 999 88 77" });
    const pet = await addPet(tove.id, { name: "Rex", breed: "Collie", allergies: ["Fish"] });
    // A number without a name could be anybody's in the family.
    const booking = await book({ attendees: [{ phone: "0709998877" }] });
    expect(booking.customer).toBeNull();
    expect(await entryOf(booking.id)).toMatchObject({
      missing: "customer",
      suggestions: [{ because: "phone", customer: { id: tove.id, subjects: [{ id: pet.id }] } }],
    });
    const linked = await ask<BookingResource>("POST", `/bookings/${booking.id}/link`, {
      headers: { ...withKey, "if-match": '"1"' },
      body: { customer_id: tove.id },
    });
    expect(linked.body).toMatchObject({ version: 2, customer: { name: "Tove Ek" }, subjects: [] });
    // Now it is known whose it is, and not for which pet.
    expect(await entryOf(booking.id)).toMatchObject({
      missing: "subject",
      suggestions: [{ because: "linked", customer: { id: tove.id } }],
    });
    const stale = await ask("POST", `/bookings/${booking.id}/link`, {
      headers: { ...withKey, "if-match": '"1"' },
      body: { customer_id: tove.id, subject_ids: [pet.id] },
    });
    expect(stale.status).toBe(412);
    const whole = await ask<BookingResource>("POST", `/bookings/${booking.id}/link`, {
      body: { customer_id: tove.id, subject_ids: [pet.id] },
    });
    expect(whole.body.subjects).toEqual([
      { id: pet.id, kind: "pet", name: "Rex", breed: "Collie", allergies: ["Fish"] },
    ]);
    expect(await entryOf(booking.id)).toBeUndefined();
    const timeline = await ask<List<TimelineEntry>>("GET", `/bookings/${booking.id}/timeline`);
    expect(timeline.body.data.map(({ type }) => type)).toEqual([
      "booking.subject_linked",
      "booking.customer_linked",
      "booking.created",
    ]);
    const theirs = await ask<List<BookingResource>>("GET", `/bookings?customer_id=${tove.id}`);
    expect(theirs.body.data.map(({ id }) => id)).toEqual([booking.id]);

    const back = await ask<BookingResource>("DELETE", `/bookings/${booking.id}/link`);
    expect(back.body).toMatchObject({ customer: null, subjects: [] });
    expect(await entryOf(booking.id)).toMatchObject({ missing: "customer" });
  });

  test("is linked to a customer that is made with it, unless there is one", async () => {
    const booking = await book();
    const body = {
      customer: { name: "Made With It", email: "with-it@example.com", phone: "0701234599" },
    };
    const linked = await ask<BookingResource>("POST", `/bookings/${booking.id}/link`, { body });
    expect(linked.body.customer).toMatchObject({
      name: "Made With It",
      email: "with-it@example.com",
    });
    const other = await book();
    expect(await ask("POST", `/bookings/${other.id}/link`, { body })).toMatchObject({
      status: 409,
      body: { code: "E_CUSTOMER_EXISTS" },
    });
    const bad = { customer: { name: "X", phone: "soon" } };
    expect(await ask("POST", `/bookings/${other.id}/link`, { body: bad })).toMatchObject({
      status: 422,
      body: { errors: [{ path: "body.customer.phone" }] },
    });
  });

  test("is linked to nobody's pet, and to no customer that there is not", async () => {
    const [one, two] = [await create({ name: "One" }), await create({ name: "Two" })];
    const pet = await addPet(two.id, { name: "Max" });
    const { id } = await book();
    for (const [body, path] of [
      [{ customer_id: one.id, subject_ids: [pet.id] }, "body.subject_ids"],
      [{ customer_id: "00000000-0000-4000-8000-000000000000" }, "body.customer_id"],
    ] as const) {
      expect(await ask("POST", `/bookings/${id}/link`, { body })).toMatchObject({
        status: 422,
        body: { errors: [{ path }] },
      });
    }
  });

  test("is left alone when somebody says so, and listed again when they change their mind", async () => {
    const { id, version } = await book();
    const countOf = async () =>
      (await ask<UnlinkedCount>("GET", "/bookings/unlinked/count")).body.count;
    const before = await countOf();
    await ask("POST", `/bookings/${id}/dismiss-link`);
    expect(await entryOf(id)).toBeUndefined();
    expect(await countOf()).toBe(before - 1);
    await ask("DELETE", `/bookings/${id}/dismiss-link`);
    expect(await entryOf(id)).toBeDefined();
    expect((await ask<BookingResource>("GET", `/bookings/${id}`)).body.version).toBe(version);
    await ask("POST", `/bookings/${id}/cancel`, { body: {} });
    expect(await entryOf(id)).toBeUndefined();
  });
});

describe("who sees what", () => {
  const provider = () => ({ provider: { email: anna.email } });

  test("staff see the customers of their own bookings, and change and link those alone", async () => {
    const mine = await book({
      ...provider(),
      attendees: [{ name: "Mine", email: "mine@example.com" }],
    });
    const theirs = await create({ name: "Theirs", email: "theirs@example.com" });
    const pet = await addPet(theirs.id, { name: "Theirs too" });
    const { headers } = anna;
    const listed = await ask<List<CustomerResource>>("GET", "/customers?limit=200", { headers });
    expect(listed.body.data.map(({ name }) => name)).toEqual(["Mine"]);
    expect(await search("theirs", headers)).toEqual([]);
    for (const url of [`/customers/${theirs.id}`, `/subjects/${pet.id}`]) {
      expect((await ask("GET", url, { headers })).status, url).toBe(404);
      expect((await ask("PATCH", url, { headers, body: { name: "X" } })).status, url).toBe(404);
    }
    expect((await ask("POST", "/customers", { headers, body: { name: "X" } })).status).toBe(403);
    const open = await book(provider());
    const link = (body: object) => ask("POST", `/bookings/${open.id}/link`, { headers, body });
    expect((await link({ customer_id: theirs.id })).status).toBe(422);
    const customerId = mine.customer?.id ?? "";
    const own = { customer_id: customerId, name: "Own", breed: "Pug" };
    expect((await ask("POST", "/subjects", { headers, body: own })).status).toBe(201);
    expect((await link({ customer_id: customerId })).status).toBe(200);
    const foreign = await book();
    expect(await entryOf(foreign.id, headers)).toBeUndefined();
    expect((await ask("POST", `/bookings/${foreign.id}/dismiss-link`, { headers })).status).toBe(
      404,
    );
  });

  test("who is not shown contact data finds nobody by it, and developers see ids", async () => {
    const email = "hidden.person@example.com";
    const booking = await book({ attendees: [{ email, phone: "+46 70 555 44 33" }] });
    const id = booking.customer?.id ?? "";
    expect(await search("hidden.person")).toEqual([id]);
    for (const { headers } of [viewer, developer]) {
      const seen = JSON.stringify([
        (await ask("GET", "/customers?limit=200", { headers })).body,
        (await ask("GET", `/customers/${id}`, { headers })).body,
        (await ask("GET", "/subjects", { headers })).body,
        await unlinked(headers),
      ]);
      expect(seen).toContain(id);
      expect(seen).not.toMatch(/hidden\.person|555 ?44|5554433/);
      for (const q of ["hidden", email, "555", "example.com", "4433"]) {
        expect(await search(q, headers), q).toEqual([]);
      }
    }
    expect(await search("tove", viewer.headers)).toHaveLength(1);
    const bare = await ask<CustomerDetail>("GET", `/customers/${id}`, developer);
    expect(bare.body).toMatchObject({ name: "", email: null, tags: [], identities: [] });
  });
});

describe("staff who are not shown contact data", () => {
  let hidden: TestMember;
  beforeAll(async () => {
    const { hub } = fixture;
    hidden = await createTestMember(hub, hub.defaultOrgId, "staff");
    await hub.db.transaction(tenant(hub.defaultOrgId), (tx) =>
      tx.query("UPDATE membership SET hide_contacts = true WHERE user_id = $1", [hidden.userId]),
    );
  });
  const forbidden = { status: 403, body: { code: "E_FORBIDDEN" } };
  const bookAs = (attendee: object) =>
    ask<BookingResource>("POST", "/bookings", {
      headers: hidden.headers,
      body: { ...soon(), attendees: [attendee] },
    });
  const ownCustomer = async (contact: object): Promise<string> => {
    const attendees = [{ name: "Own Customer", ...contact }];
    const { customer } = await book({ provider: { email: hidden.email }, attendees });
    return customer?.id ?? "";
  };

  test("learn by a booking neither who has an address or a number, nor whether anybody has", async () => {
    const known = { email: "oracle.known@example.com", phone: "+46 70 222 33 01" };
    const { id } = await create({ name: "Oracle Known", ...known });
    await ownCustomer({ email: "oracle.own@example.com", phone: "+46 70 222 33 02" });
    await book({ provider: { email: hidden.email }, attendees: [{ email: "bare@example.com" }] });
    const { headers } = hidden;
    for (const attendee of [
      { name: "Oracle", email: known.email },
      { name: "Oracle Known", phone: known.phone },
      { name: "Oracle", email: "oracle.own@example.com" },
      { name: "Own Customer X", phone: "+46 70 222 33 02" },
      { name: "Nobody", email: "oracle.nobody@example.com" },
      { name: "bare@example.com" },
    ]) {
      const made = await bookAs(attendee);
      expect(made, JSON.stringify(attendee)).toMatchObject({
        status: 201,
        body: { customer: null },
      });
      expect(await entryOf(made.body.id, headers)).toMatchObject({ suggestions: [] });
      const url = `/bookings/${made.body.id}`;
      const timeline = await ask<List<TimelineEntry>>("GET", `${url}/timeline`, { headers });
      expect(timeline.body.data.map(({ type }) => type)).toEqual(["booking.created"]);
      expect((await ask("POST", `${url}/reschedule`, { headers, body: soon(48) })).status).toBe(
        200,
      );
      expect((await ask<BookingResource>("GET", url, { headers })).body.customer).toBeNull();
    }
    expect((await ask("GET", `/customers/${id}`, { headers })).status).toBe(404);
    expect(await search("oracle", headers)).toEqual([]);
    expect(await search("oracle.nobody@example.com")).toEqual([]);
  });

  test("leave such bookings for whoever is shown it to link", async () => {
    const { id } = await create({ name: "To Be Linked", email: "link.me@example.com" });
    const made = await bookAs({ name: "Somebody", email: "link.me@example.com" });
    expect(await entryOf(made.body.id)).toMatchObject({
      missing: "customer",
      suggestions: [{ because: "email", customer: { id } }],
    });
  });

  test("write no address, number or id of a customer, whether somebody has it or not", async () => {
    await create({ name: "Has It", email: "taken.by@example.com", external_id: "taken-by" });
    const id = await ownCustomer({ email: "mine.hidden@example.com" });
    const { headers } = hidden;
    for (const body of [
      { email: "taken.by@example.com" },
      { email: "free@example.com" },
      { email: null },
      { phone: "+46 70 222 33 04" },
      { phone: "no number" },
      { external_id: "taken-by" },
      { external_id: "free" },
    ]) {
      const answer = await ask("PATCH", `/customers/${id}`, { headers, body });
      expect(answer, JSON.stringify(body)).toMatchObject(forbidden);
    }
    const made = await bookAs({ name: "Linked" });
    for (const contact of [{ email: "taken.by@example.com" }, { phone: "no number" }]) {
      const body = { customer: { name: "Linked", ...contact } };
      const url = `/bookings/${made.body.id}/link`;
      expect(await ask("POST", url, { headers, body })).toMatchObject(forbidden);
    }
    const pet = { customer_id: id, name: "Rex" };
    for (const external_id of ["taken-pet", "free-pet"]) {
      const body = { ...pet, external_id };
      expect(await ask("POST", "/subjects", { headers, body })).toMatchObject(forbidden);
    }
    const kept = await ask<SubjectResource>("POST", "/subjects", { headers, body: pet });
    const url = `/subjects/${kept.body.id}`;
    const withId = { external_id: "free-pet" };
    expect(await ask("PATCH", url, { headers, body: withId })).toMatchObject(forbidden);

    const renamed = { name: "Renamed", tags: ["vip"] };
    expect((await ask("PATCH", `/customers/${id}`, { headers, body: renamed })).status).toBe(200);
    expect((await ask("PATCH", url, { headers, body: { name: "Max" } })).status).toBe(200);
    const linked = await ask<BookingResource>("POST", `/bookings/${made.body.id}/link`, {
      headers,
      body: { customer: { name: "By Name Alone" } },
    });
    expect(linked.body.customer).toMatchObject({ name: "By Name Alone" });
  });
});

test("a customer does not stay a staff member's by a booking that they made and cancelled", async () => {
  const cara = await createTestMember(fixture.hub, fixture.hub.defaultOrgId, "staff");
  const { headers } = cara;
  const attendees = [{ name: "Passing", email: "passing@example.com" }];
  const { id } = await create({ name: "Passing By", email: "passing@example.com" });
  const pet = await addPet(id, { name: "Rex" });
  const made = await ask<BookingResource>("POST", "/bookings", {
    headers,
    body: { ...soon(), attendees },
  });
  expect(made.body.customer).toMatchObject({ id });
  const statuses = async () =>
    Promise.all(
      [`/customers/${id}`, `/subjects/${pet.id}`].map(
        async (url) => (await ask("GET", url, { headers })).status,
      ),
    );
  expect(await statuses()).toEqual([200, 200]);
  const cancelled = await ask<BookingResource>("POST", `/bookings/${made.body.id}/cancel`, {
    headers,
    body: {},
  });
  expect(cancelled).toMatchObject({ status: 200, body: { customer: null } });
  expect(await statuses()).toEqual([404, 404]);
  expect(await search("passing", headers)).toEqual([]);
  const whole = await ask<BookingResource>("GET", `/bookings/${made.body.id}`);
  expect(whole.body.customer).toMatchObject({ id });

  // One that somebody else gave them counts, also when it is called off.
  const given = await book({ attendees, provider: { email: cara.email } });
  await ask("POST", `/bookings/${given.id}/cancel`, { headers, body: {} });
  expect(await statuses()).toEqual([200, 200]);
});

test("a message of a source links by what the booking page was given", async () => {
  const owner = await create({ name: "Page Owner", external_id: "barkbook-9" });
  const pet = await addPet(owner.id, { name: "Fido", external_id: "barkbook-pet-9" });
  const { body } = await fixture.send(
    calcomFixture("booking_created", {
      uid: "from-page",
      iCalUID: "from-page@example",
      metadata: { barkbookClientId: "barkbook-9", barkbookPetId: "barkbook-pet-9" },
    }),
  );
  const booking = await ask<BookingResource>("GET", `/bookings/${body.booking_id}`);
  expect(booking.body).toMatchObject({ customer: { id: owner.id }, subjects: [{ id: pet.id }] });
  expect((await fixture.messages())[0]?.warning).toBeNull();
});
