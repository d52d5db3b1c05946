import { randomUUID } from "node:crypto";
import type { BookingEvent, BookingResource, StreamPage } from "@slotwire/contract";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { sourceChange } from "../../../test/booking-change.ts";
import {
  bearer,
  createTestKey,
  createTestMember,
  type TestMember,
} from "../../../test/key-fixture.ts";
import {
  book,
  createStreamTestHub,
  lengthenLog,
  startStreamNode,
  type StreamNode,
} from "../../../test/stream-hub.ts";
import { readStream, type StreamReader } from "../../../test/stream-reader.ts";
import { createTestConnection, createTestOrganisation } from "../../../test/test-database.ts";
import type { TestHub } from "../../../test/test-hub.ts";
import { until } from "../../../test/until.ts";
import { system, tenant } from "../../db/database.ts";
import { record } from "../../ledger/record.ts";

type Headers = Readonly<Record<string, string>>;

let test: TestHub;
let node: StreamNode;
let readers: StreamReader[] = [];

beforeAll(async () => {
  test = await createStreamTestHub();
  node = await startStreamNode(test.hub, { timing: { heartbeat: 20, drain: 1000 } });
});
afterEach(() => {
  for (const reader of readers) reader.close();
  readers = [];
});
afterAll(async () => {
  await node.close();
  await test.close();
});

/** An organisation, and both ways in which its bookings are written. */
async function openOrg() {
  const { hub, app } = test;
  const { orgId } = await createTestOrganisation(hub.db);
  const { connectionId } = await createTestConnection(hub.db, orgId);
  const { headers } = await createTestKey(hub, orgId);
  const bySql = async (sql: string, values: unknown[]): Promise<string> => {
    const [row] = await hub.db.transaction(tenant(orgId), (tx) =>
      tx.query<{ id: string }>(sql, [orgId, ...values]),
    );
    hub.wake.signal("events");
    return row?.id ?? "";
  };
  return {
    orgId,
    headers,
    /** Inserts a booking of a provider by plain SQL. */
    insert: (providerEmail: string, location = "Salon") =>
      bySql(
        `INSERT INTO booking (org_id, starts_at, ends_at, title, provider_email, location)
           VALUES ($1, now(), now(), '', $2, $3) RETURNING id`,
        [providerEmail, location],
      ),
    update: (id: string, column: string, value: string | null) =>
      bySql(`UPDATE booking SET ${column} = $3 WHERE org_id = $1 AND id = $2`, [id, value]),
    /** Tells of a booking as its source does. @returns its id */
    async tell(uid: string, fields: Partial<ReturnType<typeof sourceChange>["fields"]> = {}) {
      const change = sourceChange(connectionId, uid);
      const result = await record(hub, {
        orgId,
        change: { ...change, fields: { ...change.fields, ...fields } },
        sourceKind: "calcom",
        message: null,
      });
      return result.bookingId ?? "";
    },
    async call<Body>(path: string, payload: object, as: Headers = headers): Promise<Body> {
      const request = {
        method: "POST",
        url: `/api/v1${path}`,
        headers: { ...as },
        payload,
      } as const;
      const answer = await app.inject(request);
      expect(answer.statusCode, answer.body).toBeLessThan(300);
      return answer.json<Body>();
    },
  };
}

const urlOf = (query: Readonly<Record<string, string>>): string =>
  `/api/v1/stream?${new URLSearchParams({ after: "0", ...query }).toString()}`;

async function page(
  headers: Headers,
  query: Readonly<Record<string, string>>,
): Promise<StreamPage> {
  const accept = "application/json";
  const answer = await node.app.inject({ url: urlOf(query), headers: { ...headers, accept } });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json<StreamPage>();
}
const seqsOf = ({ data }: { readonly data: readonly BookingEvent[] }): number[] =>
  data.map(({ seq }) => seq);

/** What a page and a stream with this filter give of all that there is: the same. */
async function found(headers: Headers, query: Readonly<Record<string, string>>): Promise<number[]> {
  const asPage = await page(headers, query);
  const reader = await readStream(node.url, { headers, query: urlOf(query).split("?")[1] ?? "" });
  readers.push(reader);
  await until(() => reader.ids.includes(String(asPage.position)));
  expect(seqsOf({ data: reader.events })).toEqual(seqsOf(asPage));
  return seqsOf(asPage);
}

const refused = async (headers: Headers, query: Readonly<Record<string, string>>) =>
  (await node.app.inject({ url: urlOf(query), headers })).json<Record<string, unknown>>();

describe("a stream's filters", () => {
  it("find a customer's bookings, also those that were theirs until now", async () => {
    const org = await openOrg();
    const jan = await org.call<{ id: string }>("/customers", { name: "Jan" });
    const eva = await org.call<{ id: string }>("/customers", { name: "Eva" });
    const first = await org.insert("maja@example.com");
    await org.insert("maja@example.com");
    await org.call(`/bookings/${first}/link`, { customer_id: jan.id });
    await org.call(`/bookings/${first}/link`, { customer_id: eva.id });
    await org.update(first, "customer_id", jan.id);
    await org.update(first, "customer_id", null);
    expect(await found(org.headers, { customer_id: jan.id })).toEqual([3, 4, 5, 6]);
    expect(await found(org.headers, { customer_id: eva.id.toUpperCase() })).toEqual([4, 5]);
    expect(await found(org.headers, { customer_id: randomUUID() })).toEqual([]);
  });

  it("find a provider's bookings and a location's, before and after, by either writer", async () => {
    const org = await openOrg();
    const anna = { name: "Anna", email: "Anna@Example.com" };
    const told = { provider: anna, location: "Östra salongen" };
    await org.tell("one", told);
    await org.tell("one", { ...told, provider: { name: "Bo", email: "bo@example.com" } });
    await org.tell("one", { location: "Västra salongen", provider: anna });
    const id = await org.insert("anna@example.com", "Villan");
    await org.update(id, "provider_email", "bo@example.com");
    await org.update(id, "location", "östra SALONGEN");
    expect(await found(org.headers, { provider: "ANNA@example.com" })).toEqual([1, 2, 3, 4, 5]);
    expect(await found(org.headers, { provider: "bo@example.com" })).toEqual([2, 3, 5, 6]);
    expect(await found(org.headers, { location: "östra salongen" })).toEqual([1, 2, 3, 6]);
    expect(await found(org.headers, { location: "villan" })).toEqual([4, 5, 6]);
    const both = { location: "villan", provider: "anna@example.com" };
    expect(await found(org.headers, both)).toEqual([4, 5]);
    const all = { ...both, booking_id: id, types: "booking.created" };
    expect(await found(org.headers, all)).toEqual([4]);
    expect(await found(org.headers, { ...all, booking_id: randomUUID() })).toEqual([]);
  });

  it("find what a member made, and what they provide", async () => {
    const org = await openOrg();
    const eva = await createTestMember(test.hub, org.orgId, "admin");
    await org.insert("maja@example.com");
    const times = { starts_at: "2030-04-01T10:00:00Z", ends_at: "2030-04-01T11:00:00Z" };
    await org.call<BookingResource>("/bookings", times, eva.headers);
    await org.insert(eva.email.toUpperCase());
    expect(await found(org.headers, { user_id: eva.userId })).toEqual([2, 3]);
    expect(await found(eva.headers, { user_id: "me" })).toEqual([2, 3]);
    expect(await found(org.headers, { provider: eva.userId })).toEqual([3]);
    const stranger = { user_id: randomUUID(), provider: randomUUID() };
    expect(await found(org.headers, { user_id: stranger.user_id })).toEqual([]);
    expect(await found(org.headers, { provider: stranger.provider })).toEqual([]);
    const elsewhere = await createTestMember(test.hub, (await openOrg()).orgId, "admin");
    expect(await found(org.headers, { provider: elsewhere.userId })).toEqual([]);
  });

  it("take a token's `me` for the person who made it, within the token's own limits", async () => {
    const org = await openOrg();
    const eva = await createTestMember(test.hub, org.orgId, "admin");
    const first = await org.insert(eva.email);
    await org.insert(eva.email);
    await org.insert("maja@example.com");
    const token = async (wanted: object, by: Headers = eva.headers) =>
      bearer((await org.call<{ token: string }>("/stream-tokens", wanted, by)).token);
    expect(await found(await token({}), { user_id: "me" })).toEqual([1, 2]);
    expect(await found(await token({ booking_ids: [first] }), { user_id: "me" })).toEqual([1]);
    for (const headers of [org.headers, await token({}, org.headers)]) {
      expect(await refused(headers, { user_id: "me" })).toMatchObject({
        status: 422,
        errors: [{ path: "query.user_id", message: expect.stringContaining("key") as string }],
      });
    }
  });

  it("end with `reauth` when the member whom they name becomes another provider", async () => {
    const org = await openOrg();
    const eva = await createTestMember(test.hub, org.orgId, "staff");
    const query = `after=0&provider=${eva.userId}`;
    const reader = await readStream(node.url, { headers: org.headers, query });
    readers.push(reader);
    await org.insert(eva.email);
    await until(() => reader.events.length === 1);
    await test.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE membership SET provider_email = 'eva@example.com' WHERE user_id = $1", [
        eva.userId,
      ]),
    );
    await reader.ended;
    expect(reader.text()).toContain("event: reauth");
  });

  it("are refused when they are misspelt or no such thing", async () => {
    const { headers } = await openOrg();
    for (const query of [
      { bookingid: randomUUID() },
      { booking_id: "1" },
      { customer_id: "me" },
      { user_id: "us" },
      { provider: "Anna" },
      { location: "" },
      { recent: "201" },
      { recent: "-1" },
      { wait: "26" },
    ]) {
      expect(await refused(headers, query), JSON.stringify(query)).toMatchObject({ status: 422 });
    }
  });
});

describe("nobody finds by a filter what is hidden from them", () => {
  async function people() {
    const org = await openOrg();
    const member = (role: Parameters<typeof createTestMember>[2]): Promise<TestMember> =>
      createTestMember(test.hub, org.orgId, role);
    return {
      org,
      developer: await member("developer"),
      viewer: await member("viewer"),
      staff: await member("staff"),
    };
  }

  it("of a view that shows ids alone, no person and no place", async () => {
    const { org, developer } = await people();
    const { headers, userId } = developer;
    const id = await org.insert("maja@example.com");
    for (const query of [
      { user_id: userId },
      { user_id: "me" },
      { provider: userId },
      { provider: "maja@example.com" },
      { location: "Salon" },
    ] as Record<string, string>[]) {
      expect(await refused(headers, query)).toMatchObject({ status: 403, code: "E_FORBIDDEN" });
    }
    expect(await found(headers, { booking_id: id, types: "booking.created" })).toEqual([1]);
  });

  it("of a view that masks contacts, no address", async () => {
    const { org, viewer, staff } = await people();
    await org.insert(staff.email, "Call 0701234567");
    const { headers } = viewer;
    for (const query of [{ provider: staff.email }, { location: "Call 0701234567" }]) {
      expect(await refused(headers, query)).toMatchObject({ status: 403, code: "E_FORBIDDEN" });
    }
    expect(await found(headers, { user_id: staff.userId })).toEqual([1]);
    expect(await found(headers, { provider: staff.userId })).toEqual([1]);
  });

  it("and of a booking that left somebody, not to whom", async () => {
    const { org, staff } = await people();
    const id = await org.insert(staff.email, "Anna's");
    await org.update(id, "provider_email", "bo@example.com");
    await org.update(id, "location", "Bo's");
    expect(await found(staff.headers, {})).toEqual([1, 2]);
    expect(await found(staff.headers, { provider: "bo@example.com" })).toEqual([]);
    expect(await found(staff.headers, { provider: staff.email })).toEqual([1, 2]);
    expect(await found(staff.headers, { location: "anna's" })).toEqual([1, 2]);
    expect(await found(staff.headers, { location: "bo's" })).toEqual([]);
  });

  it("and a page names only addresses that its reader is shown", async () => {
    const { org, viewer, staff } = await people();
    const colleague = await createTestMember(test.hub, org.orgId, "staff");
    const emails = async (headers: Headers, query: Readonly<Record<string, string>>) =>
      (await page(headers, query)).provider_emails;
    expect(await emails(org.headers, {})).toBeNull();
    expect(await emails(org.headers, { user_id: staff.userId })).toEqual([staff.email]);
    expect(await emails(org.headers, { provider: staff.userId })).toEqual([staff.email]);
    expect(await emails(org.headers, { provider: "Bo@example.com" })).toEqual(["bo@example.com"]);
    expect(await emails(org.headers, { user_id: randomUUID() })).toEqual([]);
    expect(await emails(viewer.headers, { user_id: staff.userId })).toBeNull();
    expect(await emails(staff.headers, { user_id: "me" })).toEqual([staff.email]);
    expect(await emails(staff.headers, { user_id: colleague.userId })).toEqual([]);
    const [booking_ids, by] = [[randomUUID()], org.headers];
    const { token } = await org.call<{ token: string }>("/stream-tokens", { booking_ids }, by);
    expect(await emails(bearer(token), { user_id: staff.userId })).toEqual([]);
  });

  it("and whom `me` means, where it names addresses", async () => {
    const { org, viewer, staff } = await people();
    const member = async (headers: Headers, query: Readonly<Record<string, string>>) =>
      (await page(headers, query)).user_id;
    expect(await member(staff.headers, { user_id: "me" })).toBe(staff.userId);
    expect(await member(org.headers, { user_id: staff.userId.toUpperCase() })).toBe(staff.userId);
    expect(await member(org.headers, { provider: staff.userId })).toBeNull();
    expect(await member(org.headers, {})).toBeNull();
    expect(await member(viewer.headers, { user_id: "me" })).toBeNull();
    const { token } = await org.call<{ token: string }>("/stream-tokens", {}, staff.headers);
    expect(await member(bearer(token), { user_id: "me" })).toBe(staff.userId);
  });
});

describe("a stream that begins with recent events", () => {
  /** Its events, once it has said where it goes on. */
  async function begin(headers: Headers, query: string): Promise<StreamReader> {
    const reader = await readStream(node.url, { headers, query });
    readers.push(reader);
    await until(() => reader.text().includes(": live\n"));
    return reader;
  }
  const seqs = ({ events }: StreamReader): number[] => events.map(({ seq }) => seq);

  it("sends the newest that pass, in order, says where it is, and goes on", async () => {
    const org = await openOrg();
    for (let count = 0; count < 6; count += 1) {
      await org.insert(count % 2 === 0 ? "anna@example.com" : "bo@example.com");
    }
    const all = await begin(org.headers, "recent=4");
    const annas = await begin(org.headers, "recent=2&provider=anna@example.com");
    const many = await begin(org.headers, "recent=200&provider=bo@example.com");
    expect(seqs(all)).toEqual([3, 4, 5, 6]);
    expect(seqs(annas)).toEqual([3, 5]);
    expect(seqs(many)).toEqual([2, 4, 6]);
    // Behind them a block without data, or the reader would walk over what its filter left out.
    expect(annas.ids.slice(0, 3)).toEqual(["3", "5", "6"]);
    await org.insert("anna@example.com");
    await until(() => annas.events.length === 3);
    expect(seqs(annas)).toEqual([3, 5, 7]);
  });

  it("goes on behind a position that it is given instead", async () => {
    const org = await openOrg();
    for (let count = 0; count < 4; count += 1) await org.insert("anna@example.com");
    const byQuery = await readStream(node.url, { headers: org.headers, query: "recent=4&after=3" });
    const byHeader = await readStream(node.url, {
      headers: { ...org.headers, "last-event-id": "2" },
      query: "recent=4",
    });
    readers.push(byQuery, byHeader);
    await until(() => byQuery.events.length === 1 && byHeader.events.length === 2);
    expect([seqs(byQuery), seqs(byHeader)]).toEqual([[4], [3, 4]]);
    expect(byQuery.text()).not.toContain(": live");
    const none = await readStream(node.url, { headers: org.headers, query: "recent=0" });
    readers.push(none);
    await until(() => none.ids.length > 0);
    expect([none.ids[0], none.events.length]).toEqual(["4", 0]);
  });

  it("loses and doubles nothing that is written while it opens", async () => {
    const org = await openOrg();
    const total = 150;
    const writing = (async () => {
      for (let count = 0; count < total; count += 1) await org.insert("anna@example.com");
    })();
    const opened: StreamReader[] = [];
    for (let count = 0; count < 12; count += 1) {
      opened.push(await begin(org.headers, `recent=${count * 3}`.replace("recent=0", "recent=1")));
    }
    await writing;
    for (const reader of opened) {
      await until(() => reader.events.at(-1)?.seq === total);
      const [first = 0] = seqs(reader);
      expect(seqs(reader)).toEqual(
        Array.from({ length: total - first + 1 }, (_, index) => first + index),
      );
    }
  });

  it("shows staff their own, and of what left them that it did", async () => {
    const org = await openOrg();
    const staff = await createTestMember(test.hub, org.orgId, "staff");
    const id = await org.insert(staff.email);
    await org.insert("bo@example.com");
    await org.insert(staff.email);
    await org.update(id, "provider_email", "bo@example.com");
    const reader = await begin(staff.headers, "recent=10");
    expect(seqs(reader)).toEqual([1, 3, 4]);
    expect(reader.events.map(({ data }) => data.booking !== undefined)).toEqual([
      false,
      true,
      false,
    ]);
  });

  it("tells each event of a booking once, however often the token names it", async () => {
    const org = await openOrg();
    const id = await org.insert("anna@example.com");
    for (let count = 0; count < 5; count += 1) await org.update(id, "title", `Title ${count}`);
    const booking_ids = [id, id.toUpperCase(), id];
    const { token } = await org.call<{ token: string }>("/stream-tokens", { booking_ids });
    expect(seqs(await begin(bearer(token), "recent=5"))).toEqual([2, 3, 4, 5, 6]);
  });

  it("finds a booking's at any distance, and others as far back as it looks", async () => {
    const org = await openOrg();
    const id = await org.insert("anna@example.com", "Villan");
    await org.update(id, "title", "Moved");
    await book(test.hub.db, org.orgId, 1);
    await lengthenLog(test.hub.db, org.orgId, 10_049);
    const { token } = await org.call<{ token: string }>("/stream-tokens", { booking_ids: [id] });
    expect(seqs(await begin(org.headers, `recent=5&booking_id=${id}`))).toEqual([1, 2]);
    expect(seqs(await begin(org.headers, `recent=1&booking_id=${id}`))).toEqual([2]);
    expect(seqs(await begin(bearer(token), "recent=5&types=booking.created"))).toEqual([1]);
    expect(seqs(await begin(org.headers, "recent=5&location=villan"))).toEqual([]);
    await org.update(id, "title", "Found");
    expect(seqs(await begin(org.headers, "recent=5&location=villan"))).toEqual([10_053]);
  });
});
