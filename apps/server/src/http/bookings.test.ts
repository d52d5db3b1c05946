import { randomUUID } from "node:crypto";
import type { BookingResource, List, Problem, TimelineEntry } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ManualClock } from "../clock.ts";
import { system } from "../db/database.ts";
import { record } from "../ledger/record.ts";
import { sourceChange } from "../../test/booking-change.ts";
import { createTestMember } from "../../test/key-fixture.ts";
import { createTestConnection } from "../../test/test-database.ts";
import { createTestHub, type TestHub, withKey } from "../../test/test-hub.ts";

const clock = new ManualClock("2026-03-10T09:00:00Z");
let testHub: TestHub;
beforeAll(async () => {
  testHub = await createTestHub({ clock });
});
afterAll(() => testHub.close());

const get = (url: string) => testHub.app.inject({ url: `/api/v1${url}`, headers: withKey });
const post = (url: string, payload?: object, headers: Record<string, string> = {}) =>
  testHub.app.inject({
    method: "POST",
    url: `/api/v1${url}`,
    headers: { ...withKey, ...headers },
    ...(payload === undefined ? {} : { payload }),
  });

/** Creates a booking of one hour. */
async function create(starts_at: string, more: object = {}): Promise<BookingResource> {
  const ends_at = new Date(Date.parse(starts_at) + 3_600_000).toISOString();
  const answer = await post("/bookings", { starts_at, ends_at, ...more });
  expect(answer.statusCode).toBe(201);
  return answer.json<BookingResource>();
}

async function list(query: string): Promise<List<BookingResource>> {
  const answer = await get(`/bookings?${query}`);
  expect(answer.statusCode).toBe(200);
  return answer.json<List<BookingResource>>();
}

const titles = ({ data }: List<BookingResource>): string[] => data.map(({ title }) => title);

describe("a booking made in the hub", () => {
  test("is answered as it is stored, with its address and version", async () => {
    const answer = await post("/bookings", {
      starts_at: "2026-04-01T10:00:00+02:00",
      ends_at: "2026-04-01T11:30:00+02:00",
      title: "Wash and cut",
      attendees: [{ name: "Jan", email: "jan@example.com" }],
      service: { key: "wash" },
      metadata: { dogs: 2 },
    });
    const booking = answer.json<BookingResource>();
    expect(answer.statusCode).toBe(201);
    expect(answer.headers.location).toBe(`/api/v1/bookings/${booking.id}`);
    expect(answer.headers.etag).toBe('"1"');
    expect(booking).toMatchObject({
      version: 1,
      status: "confirmed",
      starts_at: "2026-04-01T08:00:00.000Z",
      ends_at: "2026-04-01T09:30:00.000Z",
      duration_minutes: 90,
      time_zone: "Europe/Stockholm",
      attendees: [{ name: "Jan", email: "jan@example.com", phone: null, status: "accepted" }],
      service: { key: "wash", name: null },
      metadata: { dogs: 2 },
      owner_connection_id: null,
    });
    const read = await get(`/bookings/${booking.id}`);
    expect(read.json()).toEqual(booking);
    expect(read.headers.etag).toBe('"1"');
  });

  test("does not end before it starts", async () => {
    const answer = await post("/bookings", {
      starts_at: "2026-04-01T10:00:00Z",
      ends_at: "2026-04-01T09:59:59Z",
    });
    expect(answer.json()).toMatchObject({ status: 422, code: "E_TIME_ORDER" });
  });

  test("is in a zone that exists", async () => {
    for (const time_zone of ["Mars/Base", "+02:00", ""]) {
      const answer = await post("/bookings", {
        starts_at: "2026-04-01T10:00:00Z",
        ends_at: "2026-04-01T11:00:00Z",
        time_zone,
      });
      expect(answer.json<Problem>().errors?.[0]?.path).toBe("body.time_zone");
    }
  });

  test("is created once under one Idempotency-Key, also when it has changed since", async () => {
    const body = { starts_at: "2026-04-02T10:00:00Z", ends_at: "2026-04-02T11:00:00Z" };
    const key = { "idempotency-key": randomUUID() };
    const answers = await Promise.all([1, 2, 3].map(() => post("/bookings", body, key)));
    const ids = answers.map((answer) => answer.json<BookingResource>().id);
    expect(new Set(ids).size).toBe(1);
    expect((await get(`/bookings/${ids[0]}`)).json()).toMatchObject({ version: 1 });

    await post(`/bookings/${ids[0]}/reschedule`, {
      starts_at: "2026-04-03T10:00:00Z",
      ends_at: "2026-04-03T11:00:00Z",
    });
    const repeated = await post("/bookings", body, key);
    expect(repeated.headers["idempotent-replayed"]).toBe("true");
    expect(repeated.json()).toMatchObject({
      id: ids[0],
      version: 2,
      starts_at: "2026-04-03T10:00:00.000Z",
    });
  });

  test("is not confused with another request under the same Idempotency-Key", async () => {
    const key = { "idempotency-key": randomUUID() };
    const body = { starts_at: "2026-04-02T10:00:00Z", ends_at: "2026-04-02T11:00:00Z" };
    await post("/bookings", body, key);
    const other = await post("/bookings", { ...body, title: "Another" }, key);
    expect(other.json()).toMatchObject({ status: 422, code: "E_IDEMPOTENCY_KEY" });
  });
});

describe("changing a booking", () => {
  test("moves it and keeps its id", async () => {
    const { id } = await create("2026-04-05T10:00:00Z");
    const answer = await post(`/bookings/${id}/reschedule`, {
      starts_at: "2026-04-06T10:00:00+02:00",
      ends_at: "2026-04-06T11:00:00+02:00",
      time_zone: "Europe/Copenhagen",
    });
    expect(answer.json()).toMatchObject({
      id,
      version: 2,
      starts_at: "2026-04-06T08:00:00.000Z",
      time_zone: "Europe/Copenhagen",
    });
    expect(answer.headers.etag).toBe('"2"');
  });

  test("cancels it, with or without a reason", async () => {
    const first = await create("2026-04-05T10:00:00Z");
    const silent = await post(`/bookings/${first.id}/cancel`);
    expect(silent.json()).toMatchObject({ status: "cancelled", status_reason: null });
    const second = await create("2026-04-05T10:00:00Z");
    const reasoned = await post(`/bookings/${second.id}/cancel`, { reason: "Ill" });
    expect(reasoned.json()).toMatchObject({
      status: "cancelled",
      status_reason: "Ill",
      cancelled_by: "API key of the environment",
    });
  });

  test("to the state that it is in changes nothing", async () => {
    const { id } = await create("2026-04-05T10:00:00Z");
    const answer = await post(`/bookings/${id}/status`, { status: "confirmed" });
    expect(answer.json()).toMatchObject({ status: "confirmed", version: 1 });
  });

  test("to a state that it cannot reach names those that it can", async () => {
    const { id } = await create("2026-04-05T10:00:00Z");
    await post(`/bookings/${id}/cancel`);
    const answer = await post(`/bookings/${id}/status`, { status: "completed" });
    expect(answer.json()).toMatchObject({
      status: 409,
      code: "E_TRANSITION",
      allowed: ["confirmed"],
    });
  });

  test("is only made to the version that If-Match names", async () => {
    const { id } = await create("2026-04-05T10:00:00Z");
    for (const tag of ['"2"', '"x"', "1"]) {
      const stale = await post(`/bookings/${id}/cancel`, {}, { "if-match": tag });
      expect(stale.json()).toMatchObject({ status: 412, code: "E_PRECONDITION" });
    }
    const answer = await post(`/bookings/${id}/cancel`, {}, { "if-match": '"1"' });
    expect(answer.json()).toMatchObject({ status: "cancelled", version: 2 });
    const any = await post(`/bookings/${id}/status`, { status: "confirmed" }, { "if-match": "*" });
    expect(any.json()).toMatchObject({ status: "confirmed", version: 3 });
  });

  test("of which only one may win lets one of two with the same version win", async () => {
    const { id } = await create("2026-04-05T10:00:00Z");
    const move = (day: number) =>
      post(
        `/bookings/${id}/reschedule`,
        { starts_at: `2026-05-0${day}T10:00:00Z`, ends_at: `2026-05-0${day}T11:00:00Z` },
        { "if-match": '"1"' },
      );
    const answers = await Promise.all([move(1), move(2)]);
    expect(answers.map((answer) => answer.statusCode).toSorted()).toEqual([200, 412]);
  });

  test("that another system owns is refused, but the day's work can be noted", async () => {
    const { hub } = testHub;
    const { connectionId } = await createTestConnection(hub.db, hub.defaultOrgId);
    const { bookingId } = await record(hub, {
      orgId: hub.defaultOrgId,
      change: sourceChange(connectionId, `owned-${connectionId}`),
      sourceKind: "calcom",
      message: null,
    });
    const refused = await post(`/bookings/${bookingId}/cancel`);
    expect(refused.json()).toMatchObject({ status: 409, code: "E_NOT_OWNER" });
    const noted = await post(`/bookings/${bookingId}/status`, { status: "checked_in" });
    expect(noted.json()).toMatchObject({ status: "checked_in" });
  });

  test("that does not exist is E_NOT_FOUND", async () => {
    const id = randomUUID();
    for (const answer of [
      await get(`/bookings/${id}`),
      await get(`/bookings/${id}/timeline`),
      await post(`/bookings/${id}/cancel`),
      await post(`/bookings/${id}/status`, { status: "completed" }),
    ]) {
      expect(answer.json()).toMatchObject({ status: 404, code: "E_NOT_FOUND" });
    }
  });
});

test("a timeline tells what happened, newest first, page by page", async () => {
  const { id } = await create("2026-04-05T10:00:00Z", { title: "Story" });
  await post(`/bookings/${id}/cancel`, { reason: "Ill" });
  await post(`/bookings/${id}/status`, { status: "confirmed" });
  const first = (await get(`/bookings/${id}/timeline?limit=2`)).json<List<TimelineEntry>>();
  const rest = (await get(`/bookings/${id}/timeline?limit=2&cursor=${first.next_cursor}`)).json<
    List<TimelineEntry>
  >();
  expect(rest.next_cursor).toBeNull();
  expect([...first.data, ...rest.data].map(({ type }) => type)).toEqual([
    "booking.reinstated",
    "booking.cancelled",
    "booking.created",
  ]);
  expect(first.data[0]).toMatchObject({
    booking_version: 3,
    old_status: "cancelled",
    new_status: "confirmed",
    actor: { kind: "api_key", id: "environment" },
    message: null,
  });
});

describe("the list of bookings", () => {
  test("pages through all of them once, by start and then id, also among equal starts", async () => {
    const starts = ["2027-01-01T10:00:00Z", "2027-01-01T09:00:00Z"];
    for (let index = 0; index < 9; index += 1) await create(starts[index % 2] ?? "");
    const range = "from=2027-01-01T00:00:00Z&to=2027-01-02T00:00:00Z";
    const seen: BookingResource[] = [];
    for (let cursor: string | null = "", page = 0; cursor !== null; page += 1) {
      const answer: List<BookingResource> = await list(
        `${range}&limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`,
      );
      seen.push(...answer.data);
      cursor = answer.next_cursor;
      expect(page).toBeLessThan(5);
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(9);
    const keys = seen.map(({ starts_at, id }) => `${starts_at} ${id}`);
    expect(keys).toEqual(keys.toSorted());
  });

  test("loses nothing between pages where SQL wrote microseconds", async () => {
    const { hub } = testHub;
    for (const micros of ["000100", "000200", "000300"]) {
      await hub.db.transaction(system, (tx) =>
        tx.query(
          `INSERT INTO booking (org_id, starts_at, ends_at, title)
           VALUES ($1, $2::text::timestamptz, $2::text::timestamptz, $2)`,
          [hub.defaultOrgId, `2027-02-01T10:00:00.${micros}Z`],
        ),
      );
    }
    const first = await list("from=2027-02-01T00:00:00Z&to=2027-02-02T00:00:00Z&limit=1");
    const rest = await list(`to=2027-02-02T00:00:00Z&limit=5&cursor=${first.next_cursor}`);
    expect(titles(rest)).toEqual(["2027-02-01T10:00:00.000200Z", "2027-02-01T10:00:00.000300Z"]);
  });

  test("narrows by state and by start, the end left out", async () => {
    const { id } = await create("2027-03-01T10:00:00Z", { title: "first" });
    await create("2027-03-01T11:00:00Z", { title: "second" });
    await create("2027-03-01T12:00:00Z", { title: "third", status: "pending" });
    await post(`/bookings/${id}/cancel`);
    const range = "from=2027-03-01T10:00:00Z&to=2027-03-01T12:00:00Z";
    expect(titles(await list(range))).toEqual(["first", "second"]);
    expect(titles(await list(`${range}&status=cancelled`))).toEqual(["first"]);
    expect(titles(await list(`from=2027-03-01T12:00:00%2B01:00&limit=1`))).toEqual(["second"]);
    expect(titles(await list(`${range}&status=pending`))).toEqual([]);
  });

  test("finds a booking by any id that it ever had, and a deleted one only so", async () => {
    const { hub } = testHub;
    const { connectionId } = await createTestConnection(hub.db, hub.defaultOrgId);
    const input = { orgId: hub.defaultOrgId, sourceKind: "calcom", message: null };
    const [before, after] = [`old-${connectionId}`, `new-${connectionId}`];
    const { bookingId } = await record(hub, {
      ...input,
      change: sourceChange(connectionId, before),
    });
    await record(hub, {
      ...input,
      change: sourceChange(connectionId, after, {
        kind: "rescheduled",
        refs: { uid: after, previousUid: before, icalUid: null },
        occurredAt: "2026-03-02T08:00:00.000Z",
      }),
    });
    for (const uid of [before, after]) {
      expect((await list(`external_id=${uid}`)).data.map(({ id }) => id)).toEqual([bookingId]);
    }
    expect((await list("external_id=nobody")).data).toEqual([]);

    await hub.db.transaction(system, (tx) =>
      tx.query("DELETE FROM booking WHERE id = $1", [bookingId]),
    );
    expect((await list(`external_id=${after}`)).data[0]?.deleted_at).not.toBeNull();
    const all = await list("from=2026-03-10T00:00:00Z&to=2026-03-11T00:00:00Z&limit=200");
    expect(all.data.map(({ id }) => id)).not.toContain(bookingId);
  });

  test("of a day holds those that start on it in the organisation's zone", async () => {
    // Stockholm: summer time begins on 28 March 2027 and ends on 31 October 2027.
    for (const starts_at of [
      "2027-03-27T22:59:59Z", // 27 March, 23:59:59
      "2027-03-27T23:00:00Z", // 28 March, 00:00
      "2027-03-28T21:59:59Z", // 28 March, 23:59:59 by summer time
      "2027-03-28T22:00:00Z", // 29 March, 00:00
      "2027-10-30T21:59:59Z", // 30 October, 23:59:59
      "2027-10-30T22:00:00Z", // 31 October, 00:00
      "2027-10-31T22:59:59Z", // 31 October, 23:59:59 by winter time
      "2027-10-31T23:00:00Z", // 1 November, 00:00
    ]) {
      await create(starts_at, { title: starts_at });
    }
    expect(titles(await list("on=2027-03-28"))).toEqual([
      "2027-03-27T23:00:00Z",
      "2027-03-28T21:59:59Z",
    ]);
    expect(titles(await list("on=2027-10-31"))).toEqual([
      "2027-10-30T22:00:00Z",
      "2027-10-31T22:59:59Z",
    ]);
  });

  test("of today follows the clock in the organisation's zone", async () => {
    const late = new ManualClock("2028-06-01T22:30:00Z"); // in Stockholm it is 2 June already
    const other = await createTestHub({ clock: late });
    try {
      for (const starts_at of ["2028-06-01T10:00:00Z", "2028-06-02T10:00:00Z"]) {
        const payload = { starts_at, ends_at: starts_at, title: starts_at };
        await other.app.inject({
          method: "POST",
          url: "/api/v1/bookings",
          headers: withKey,
          payload,
        });
      }
      const answer = await other.app.inject({ url: "/api/v1/bookings?on=today", headers: withKey });
      expect(titles(answer.json<List<BookingResource>>())).toEqual(["2028-06-02T10:00:00Z"]);
    } finally {
      await other.close();
    }
  });

  test("narrows by where the visit is, in any case of letters", async () => {
    const at = (location: string | undefined, title: string) =>
      create("2027-04-01T10:00:00Z", { title, location });
    await at("Åsgatan 4", "here");
    await at("ÅSGATAN 4", "here too");
    await at("Åsgatan 40", "there");
    await at(undefined, "nowhere");
    const day = "from=2027-04-01T00:00:00Z&to=2027-04-02T00:00:00Z";
    const found = await list(`${day}&location=${encodeURIComponent("åsgatan 4")}`);
    expect(titles(found).toSorted()).toEqual(["here", "here too"]);
  });

  test("narrows by the provider, by address or as a member", async () => {
    const { hub } = testHub;
    const { userId, email } = await createTestMember(hub, hub.defaultOrgId, "staff");
    await create("2027-04-02T10:00:00Z", { title: "theirs", provider: { email } });
    await create("2027-04-02T11:00:00Z", { title: "other", provider: { email: "x@example.com" } });
    const day = "from=2027-04-02T00:00:00Z&to=2027-04-03T00:00:00Z";
    for (const provider of [email, email.toUpperCase(), userId]) {
      expect(titles(await list(`${day}&provider=${provider}`)), provider).toEqual(["theirs"]);
    }
    expect(titles(await list(`${day}&provider=${randomUUID()}`))).toEqual([]);
  });

  test("is not narrowed by what somebody is not shown", async () => {
    const { hub, app } = testHub;
    const ask = async (role: "viewer" | "developer", query: string): Promise<number> => {
      const { headers } = await createTestMember(hub, hub.defaultOrgId, role);
      return (await app.inject({ url: `/api/v1/bookings?${query}`, headers })).statusCode;
    };
    expect(await ask("viewer", "provider=anna@example.com")).toBe(403);
    expect(await ask("viewer", "location=%2B46701234567")).toBe(403);
    expect(await ask("viewer", `provider=${randomUUID()}&location=Salon`)).toBe(200);
    expect(await ask("developer", `provider=${randomUUID()}`)).toBe(403);
    expect(await ask("developer", "location=Salon")).toBe(403);
  });

  test("takes a day or a range, not both", async () => {
    const answer = await get("/bookings?on=today&from=2027-01-01T00:00:00Z");
    expect(answer.json<Problem>()).toMatchObject({ code: "E_VALIDATION" });
  });
});
