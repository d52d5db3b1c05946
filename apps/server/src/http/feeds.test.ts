import type {
  AuditEntry,
  BookingResource,
  CreatedFeed,
  CreateFeed,
  FeedResource,
  List,
  Problem,
  Role,
} from "@slotwire/contract";
import ICAL from "ical.js";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestKey, createTestMember } from "../../test/key-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";
import { ManualClock } from "../clock.ts";
import { system, tenant } from "../db/database.ts";

const clock = new ManualClock("2026-03-10T09:00:00Z");
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let testHub: TestHub;
beforeAll(async () => {
  testHub = await createTestHub({ clock });
});
afterAll(() => testHub.close());

/** A fresh organisation for each test, and a program that may do everything in it. */
let orgId: string;
let headers: Record<string, string>;
beforeEach(async () => {
  clock.advance(61 * MINUTE);
  ({ orgId } = await createTestOrganisation(testHub.hub.db));
  ({ headers } = await createTestKey(testHub.hub, orgId));
});

type Headers = Readonly<Record<string, string>>;
const call = (method: "GET" | "POST" | "DELETE", url: string, payload?: object, by?: Headers) =>
  testHub.app.inject({
    method,
    url,
    headers: by ?? headers,
    ...(payload === undefined ? {} : { payload }),
  });

async function makeFeed(draft: Partial<CreateFeed> = {}, by?: Headers): Promise<CreatedFeed> {
  const answer = await call("POST", "/api/v1/feeds", { name: "Our week", ...draft }, by);
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<CreatedFeed>();
}

const pathOf = ({ url }: CreatedFeed): string => new URL(url).pathname;
/** Reads as calendar programs do: without signing in. */
const read = (feed: CreatedFeed, more: Headers = {}) =>
  testHub.app.inject({ url: pathOf(feed), headers: more, remoteAddress: newAddress() });
let addresses = 0;
const newAddress = (): string => `10.1.${Math.floor((addresses += 1) / 250)}.${addresses % 250}`;

async function entries(feed: CreatedFeed): Promise<Record<string, unknown>[]> {
  const answer = await read(feed);
  expect(answer.statusCode, answer.body).toBe(200);
  const calendar = new ICAL.Component(ICAL.parse(answer.body) as unknown[]);
  return calendar
    .getAllSubcomponents("vevent")
    .map((event) =>
      Object.fromEntries(
        event.getAllProperties().map((property) => [property.name, property.getFirstValue()]),
      ),
    );
}
const titles = async (feed: CreatedFeed): Promise<unknown[]> =>
  (await entries(feed)).map(({ summary }) => summary);

async function book(booking: object = {}): Promise<BookingResource> {
  const tomorrow = at(new Date(clock.now().getTime() + DAY).toISOString());
  const answer = await call("POST", "/api/v1/bookings", {
    ...tomorrow,
    title: "A visit",
    ...booking,
  });
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json<BookingResource>();
}
const at = (startsAt: string): object => ({
  starts_at: startsAt,
  ends_at: new Date(Date.parse(startsAt) + 30 * MINUTE).toISOString(),
});
const cancel = (id: string) => call("POST", `/api/v1/bookings/${id}/cancel`, {});

describe("a calendar program", () => {
  test("reads the organisation's bookings, and follows each through its life", async () => {
    const feed = await makeFeed({ shows_names: true });
    const booking = await book({ title: "Klippning ✂️; färg, fön\r\nBEGIN:VEVENT" });
    const [entry, ...others] = await entries(feed);
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      uid: `${booking.id}@slotwire`,
      sequence: 1,
      status: "CONFIRMED",
      summary: "Klippning ✂️; färg, fön\nBEGIN:VEVENT",
    });
    await call("POST", `/api/v1/bookings/${booking.id}/reschedule`, at("2026-03-13T08:00:00Z"));
    const [moved] = await entries(feed);
    expect(moved).toMatchObject({ uid: `${booking.id}@slotwire`, sequence: 2 });
    expect(String(moved?.["dtstart"])).toBe("2026-03-13T08:00:00Z");
    await cancel(booking.id);
    const [off] = await entries(feed);
    expect(off).toMatchObject({ uid: `${booking.id}@slotwire`, sequence: 3, status: "CANCELLED" });
  });

  test("is told what it is given, and for how long that holds", async () => {
    const feed = await makeFeed({ name: "Salon Åsa" });
    const answer = await read(feed);
    expect(answer.headers).toMatchObject({
      "content-type": "text/calendar; charset=utf-8",
      "cache-control": "private, max-age=300",
      "x-robots-tag": "noindex, nofollow",
    });
    const calendar = new ICAL.Component(ICAL.parse(answer.body) as unknown[]);
    expect(calendar.getFirstPropertyValue("x-wr-calname")).toBe("Salon Åsa");
    expect(calendar.getFirstPropertyValue("x-wr-timezone")).toBe("Europe/Stockholm");
  });

  test("is answered 304 until something has changed", async () => {
    const feed = await makeFeed();
    const booking = await book();
    const tag = String((await read(feed)).headers["etag"]);
    expect(tag).toMatch(/^W\/"/);
    const again = await read(feed, { "if-none-match": `"other", ${tag}` });
    expect([again.statusCode, again.body]).toEqual([304, ""]);
    expect((await read(feed, { "if-none-match": tag.slice(2) })).statusCode).toBe(304);
    await cancel(booking.id);
    const changed = await read(feed, { "if-none-match": tag });
    expect(changed.statusCode).toBe(200);
    clock.advance(DAY);
    const nextDay = { "if-none-match": String(changed.headers["etag"]) };
    expect((await read(feed, nextDay)).statusCode).toBe(200);
  });

  test("may ask for the headers alone", async () => {
    const feed = await makeFeed();
    const answer = await testHub.app.inject({ method: "HEAD", url: pathOf(feed) });
    expect([answer.statusCode, answer.body]).toEqual([200, ""]);
  });

  test("sees the days that the feed is for, and what was cancelled for thirty days", async () => {
    clock.advance(Date.parse("2026-05-10T09:00:00Z") - clock.now().getTime());
    const feed = await makeFeed({ days_back: 1, days_ahead: 2, shows_names: true });
    await book({ title: "too early", ...at("2026-05-08T23:00:00Z") });
    await book({ title: "yesterday", ...at("2026-05-09T00:00:00Z") });
    await book({ title: "last", ...at("2026-05-12T23:00:00Z") });
    await book({ title: "too late", ...at("2026-05-13T00:00:00Z") });
    expect(await titles(feed)).toEqual(["yesterday", "last"]);

    const far = await makeFeed({ days_ahead: 200, shows_names: true });
    const { id } = await book({ title: "off", ...at("2026-09-01T10:00:00Z") });
    await cancel(id);
    expect(await titles(far)).toContain("off");
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE booking SET updated_at = '2026-04-01' WHERE id = $1", [id]),
    );
    clock.advance(DAY);
    expect(await titles(far)).not.toContain("off");
  });

  test("is turned away when it asks too often", async () => {
    const feed = await makeFeed();
    const ask = () => testHub.app.inject({ url: pathOf(feed), remoteAddress: "10.9.9.9" });
    const statuses: number[] = [];
    for (let asked = 0; asked < 61; asked += 1) statuses.push((await ask()).statusCode);
    expect(statuses.filter((status) => status === 200)).toHaveLength(60);
    expect((await ask()).statusCode).toBe(429);
  });
});

describe("whose bookings", () => {
  test("a provider's, by e-mail in whatever case", async () => {
    await book({ title: "Ewa's", provider: { name: "Ewa", email: "Ewa@Salon.example" } });
    await book({ title: "Ola's", provider: { name: "Ola", email: "ola@salon.example" } });
    const scope = { scope: "provider", provider_email: "EWA@salon.example" } as const;
    expect(await titles(await makeFeed({ ...scope, shows_names: true }))).toEqual(["Ewa's"]);
  });

  test("a customer's, also under the record that theirs was joined to", async () => {
    const customer = async (name: string): Promise<string> =>
      (await call("POST", "/api/v1/customers", { name })).json<{ id: string }>().id;
    const [jan, twin] = [await customer("Jan"), await customer("Jan K")];
    const [one, other] = [await book({ title: "one" }), await book({ title: "other" })];
    await book({ title: "somebody's" });
    await testHub.hub.db.transaction(system, async (tx) => {
      await tx.query("UPDATE booking SET customer_id = $2 WHERE id = $1", [one.id, jan]);
      await tx.query("UPDATE booking SET customer_id = $2 WHERE id = $1", [other.id, twin]);
      await tx.query("UPDATE customer SET merged_into = $2 WHERE id = $1", [twin, jan]);
    });
    const feed = await makeFeed({ scope: "customer", customer_id: jan, shows_names: true });
    expect(feed.customer).toEqual({ id: jan, name: "Jan" });
    expect(new Set(await titles(feed))).toEqual(new Set(["one", "other"]));
  });

  test("never another organisation's", async () => {
    const feed = await makeFeed();
    const { orgId: other } = await createTestOrganisation(testHub.hub.db);
    const key = await createTestKey(testHub.hub, other);
    const times = { starts_at: "2026-05-12T08:00:00Z", ends_at: "2026-05-12T09:00:00Z" };
    await call("POST", "/api/v1/bookings", times, key.headers);
    expect(await entries(feed)).toEqual([]);
    expect(
      (await call("DELETE", `/api/v1/feeds/${feed.id}`, undefined, key.headers)).statusCode,
    ).toBe(404);
    const listed = await call("GET", "/api/v1/feeds", undefined, key.headers);
    expect(listed.json<List<FeedResource>>().data).toEqual([]);
  });

  test.each([
    [{ scope: "provider" }, "body.provider_email"],
    [{ scope: "customer" }, "body.customer_id"],
    [{ provider_email: "a@example.com" }, "body.provider_email"],
    [
      { scope: "customer", customer_id: "00000000-0000-4000-8000-000000000000" },
      "body.customer_id",
    ],
  ])("has to be said: %j is refused", async (draft, path) => {
    const answer = await call("POST", "/api/v1/feeds", { name: "A feed", ...draft });
    expect(answer.statusCode).toBe(422);
    expect(answer.json<Problem>().errors?.map((error) => error.path)).toEqual([path]);
  });
});

describe("the address", () => {
  test("is shown once, kept as a hash, and never logged", async () => {
    const feed = await makeFeed();
    const token = /feeds\/(.+)\.ics$/.exec(feed.url)?.[1] ?? "";
    expect(token).toMatch(/^[\w-]{43}$/);
    await read(feed);
    const listed = (await call("GET", "/api/v1/feeds")).json<List<FeedResource>>();
    expect(listed.data).toMatchObject([
      { id: feed.id, name: "Our week", last_read_at: clock.now().toISOString() },
    ]);
    expect(JSON.stringify(listed)).not.toContain(token);
    const stored = await testHub.hub.db.transaction(tenant(orgId), (tx) =>
      tx.query<{ row: string }>("SELECT calendar_feed::text AS row FROM calendar_feed"),
    );
    expect(stored[0]?.row).not.toContain(token);
    expect(testHub.logged()).not.toContain(token);
  });

  test("shows nothing once the feed is over, and nothing that nobody made", async () => {
    const feed = await makeFeed();
    expect((await call("DELETE", `/api/v1/feeds/${feed.id}`)).statusCode).toBe(204);
    const gone = await read(feed);
    expect([gone.statusCode, gone.json<Problem>().code]).toEqual([404, "E_NOT_FOUND"]);
    for (const url of [
      "/feeds/x.ics",
      `/feeds/${"a".repeat(43)}.ics`,
      `/feeds/${"a".repeat(43)}`,
    ]) {
      expect((await testHub.app.inject({ url, remoteAddress: newAddress() })).statusCode).toBe(404);
    }
    expect((await call("DELETE", `/api/v1/feeds/${feed.id}`)).statusCode).toBe(404);
  });

  test("ends with the key that made it", async () => {
    const key = await createTestKey(testHub.hub, orgId, { scopes: ["calendar:sync"] });
    const feed = await makeFeed({}, key.headers);
    expect((await read(feed)).statusCode).toBe(200);
    expect((await call("DELETE", `/api/v1/api-keys/${key.id}`)).statusCode).toBe(200);
    expect((await read(feed)).statusCode).toBe(404);
  });

  test("is in the audit log, made and ended", async () => {
    const feed = await makeFeed();
    await call("DELETE", `/api/v1/feeds/${feed.id}`);
    const audit = await call("GET", `/api/v1/audit?entity_id=${feed.id}`);
    const lines = audit.json<List<AuditEntry>>().data;
    expect(lines.map(({ action }) => action)).toEqual([
      "calendar_feed.deleted",
      "calendar_feed.created",
    ]);
    expect(JSON.stringify(lines)).not.toContain(feed.url.slice(-20));
  });
});

describe("who makes them", () => {
  const join = (role: Role) => createTestMember(testHub.hub, orgId, role);
  const setMember = (userId: string, sql: string): Promise<unknown> =>
    testHub.hub.db.transaction(system, (tx) =>
      tx.query(`UPDATE membership SET ${sql} WHERE user_id = $1`, [userId]),
    );

  test("staff, of their own bookings alone, for as long as they are there", async () => {
    const ewa = await join("staff");
    await book({ title: "Hers", provider: { name: "Ewa", email: ewa.email } });
    await book({ title: "Not hers", provider: { name: "Ola", email: "ola@salon.example" } });
    for (const scope of [
      { scope: "organisation" },
      { scope: "provider", provider_email: "ola@salon.example" },
    ]) {
      const refused = await call("POST", "/api/v1/feeds", { name: "x", ...scope }, ewa.headers);
      expect(refused.statusCode).toBe(403);
    }
    const feed = await makeFeed({ shows_names: true }, ewa.headers);
    expect(feed).toMatchObject({ provider_email: ewa.email, created_by: "The staff" });
    expect(await titles(feed)).toEqual(["Hers"]);

    await makeFeed({ name: "The whole salon" });
    const mine = await call("GET", "/api/v1/feeds", undefined, ewa.headers);
    expect(mine.json<List<FeedResource>>().data.map(({ id }) => id)).toEqual([feed.id]);

    await setMember(ewa.userId, "hide_contacts = true");
    expect(await titles(feed)).not.toContain("Hers");
    await setMember(ewa.userId, "hide_contacts = false, provider_email = 'ola@salon.example'");
    expect(await titles(feed)).toEqual(["Not hers"]);
    await setMember(ewa.userId, "role = 'viewer'");
    expect((await read(feed)).statusCode).toBe(404);
    await setMember(ewa.userId, "role = 'staff'");
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("DELETE FROM membership WHERE user_id = $1", [ewa.userId]),
    );
    expect((await read(feed)).statusCode).toBe(404);
  });

  test("a key, which is named as its maker", async () => {
    const key = await createTestKey(testHub.hub, orgId, { name: "Wall display" });
    const made = await makeFeed({ name: "By a key" }, key.headers);
    expect(made.created_by).toBe("Wall display");
    const { data } = (await call("GET", "/api/v1/feeds")).json<List<FeedResource>>();
    expect(data).toMatchObject([{ id: made.id, created_by: "Wall display" }]);
  });

  test("nobody with names who is not shown them", async () => {
    const ewa = await join("staff");
    await setMember(ewa.userId, "hide_contacts = true");
    const draft = { name: "x", scope: "provider", shows_names: true };
    const refused = await call("POST", "/api/v1/feeds", draft, ewa.headers);
    expect(refused.statusCode).toBe(403);
    expect(refused.json<Problem>().detail).toContain("without names");
    const key = await createTestKey(testHub.hub, orgId, { scopes: ["calendar:sync"] });
    expect(
      (await call("POST", "/api/v1/feeds", { name: "x", shows_names: true }, key.headers))
        .statusCode,
    ).toBe(403);
  });
});
