import type { BookingResource, ImportedBooking, List, TaskResource } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BookmeFixture, bookmeFixture, siteSecret } from "../../test/bookme-fixture.ts";
import {
  type FakeSourceApi,
  type SourceReply,
  startFakeSourceApi,
} from "../../test/fake-source-api.ts";
import { createTestKey, createTestMember } from "../../test/key-fixture.ts";
import { type ReconcileFixture, reconcileFixture } from "../../test/reconcile-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { withKey } from "../../test/test-hub.ts";
import { ManualClock } from "../clock.ts";
import { system } from "../db/database.ts";
import type { App } from "../http/app.types.ts";
import { ensureEnvironmentConnections } from "../inbox/connections/ensure-environment-connections.ts";

interface Refused {
  readonly code: string;
  readonly detail: string;
  readonly remedy: string;
  readonly connections?: readonly { id: string; name: string; kind: string }[];
}

async function importBooking<Body = ImportedBooking>(
  app: App,
  body: object,
  headers: Readonly<Record<string, string>> = withKey,
): Promise<{ status: number; body: Body; headers: Readonly<Record<string, unknown>> }> {
  const url = "/api/v1/bookings/import";
  const answer = await app.inject({ method: "POST", url, headers: { ...headers }, payload: body });
  return { status: answer.statusCode, body: answer.json<Body>(), headers: answer.headers };
}

describe("of a booking site", () => {
  const clock = new ManualClock("2031-05-01T08:00:00.000Z");
  let site: BookmeFixture;
  let api: FakeSourceApi;
  /** What the site has, by its ids. */
  const bookings = new Map<string, object>();
  const answerAll = ({ path }: { readonly path: string }): SourceReply => {
    const booking = bookings.get(decodeURIComponent(path.replace("/api/bookings/", "")));
    return booking === undefined ? { status: 404, body: { error: "No such" } } : { body: booking };
  };
  beforeAll(async () => {
    api = await startFakeSourceApi(answerAll, () => clock.now());
    site = await bookmeFixture({ clock });
    const { hub } = site;
    await ensureEnvironmentConnections(hub, hub.defaultOrgId, [
      {
        kind: "bookme",
        secret: siteSecret,
        needsSecret: true,
        api: { key: "the site's key", url: api.url },
      },
    ]);
    hub.connections.forget();
  });
  afterAll(async () => {
    await site.close();
    await api.close();
  });

  const has = (id: string, change: object = {}): void => {
    bookings.set(id, {
      bookingId: id,
      eventType: "workshop",
      name: "Maria Test",
      email: `${id}@example.com`,
      scheduledDate: "2031-05-15T10:00:00Z",
      duration: 120,
      source: "bookme",
      createdAt: "2031-04-30T08:00:00Z",
      ...change,
    });
  };
  const found = async (id: string): Promise<BookingResource[]> => {
    const url = `/api/v1/bookings?external_id=${id}`;
    const answer = await site.app.inject({ url, headers: withKey });
    return answer.json<List<BookingResource>>().data;
  };
  const linesOf = (id: string | undefined) =>
    site.hub.db.transaction(system, (tx) =>
      tx.query("SELECT actor_id, new FROM audit_log WHERE entity_id = $1 AND action = $2", [
        id,
        "booking.imported",
      ]),
    );

  test("a preview tells what would be imported, and nothing more", async () => {
    has("b-preview");
    const { status, body } = await importBooking(site.app, {
      external_id: " b-preview ",
      preview: true,
    });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        details: {
          title: "workshop - Maria Test",
          status: "confirmed",
          starts_at: "2031-05-15T10:00:00.000Z",
          ends_at: "2031-05-15T12:00:00.000Z",
          time_zone: "Europe/Stockholm",
          location: null,
          customer: { name: "Maria Test", email: "b-preview@example.com" },
        },
        booking: null,
        already_known: false,
        lead: null,
      },
    });
    expect(api.requests.at(-1)?.headers["authorization"]).toBe("Bearer the site's key");
    expect(await found("b-preview")).toEqual([]);
  });

  test("an import makes one booking with all that the CRM makes of one, however often", async () => {
    const member = await createTestMember(site.hub, site.hub.defaultOrgId, "manager");
    has("b-import");
    const input = { external_id: "b-import" };
    const first = await importBooking(site.app, input, member.headers);
    expect(first).toMatchObject({
      status: 200,
      body: { already_known: false, lead: { title: "workshop - Maria Test" } },
    });
    const [booking] = await found("b-import");
    expect(first.body.booking).toEqual({
      id: booking?.id,
      booking_number: booking?.booking_number,
    });
    const url = `/api/v1/tasks?booking_id=${booking?.id}`;
    const tasks = await site.app.inject({ url, headers: withKey });
    expect(tasks.json<List<TaskResource>>().data).toHaveLength(2);
    expect(await linesOf(booking?.id)).toMatchObject([{ actor_id: member.userId }]);

    const again = await importBooking(site.app, input, member.headers);
    expect(again).toMatchObject({
      status: 200,
      body: { already_known: true, booking: first.body.booking, lead: first.body.lead },
    });
    const preview = await importBooking(site.app, { ...input, preview: true });
    expect(preview.body).toEqual(again.body);
    expect(await found("b-import")).toMatchObject([{ id: booking?.id, version: 1 }]);
    expect(await linesOf(booking?.id)).toHaveLength(1);
  });

  test("two imports at once make one booking", async () => {
    has("b-twice");
    const input = { external_id: "b-twice" };
    const answers = await Promise.all([1, 2, 3].map(() => importBooking(site.app, input)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.booking?.id)).size).toBe(1);
    expect(await found("b-twice")).toMatchObject([{ version: 1 }]);
  });

  test("what the site's own message told is the same booking, and is brought up to date", async () => {
    has("b-told");
    const told = await site.book(bookings.get("b-told") ?? {});
    clock.advance(10 * 60_000);
    has("b-told", { scheduledDate: "2031-05-20T10:00:00Z" });
    const { body } = await importBooking(site.app, { external_id: "b-told" });
    expect(body).toMatchObject({ already_known: true, lead: { id: told.lead?.id } });
    expect(await found("b-told")).toMatchObject([{ starts_at: "2031-05-20T10:00:00.000Z" }]);
  });

  test("what the site's message tells later changes nothing", async () => {
    has("b-later");
    await importBooking(site.app, { external_id: "b-later" });
    await site.book(bookings.get("b-later") ?? {});
    expect(await found("b-later")).toMatchObject([{ version: 1 }]);
  });

  test.each(["b-nothing", "..", "."])(
    "an id that the site does not know is told: %s",
    async (id) => {
      const { status, body } = await importBooking<Refused>(site.app, { external_id: id });
      expect({ status, body }).toMatchObject({
        status: 404,
        body: { code: "E_SOURCE_UNKNOWN", detail: `BookMe knows no booking ${id}.` },
      });
    },
  );

  test("a booking that was deleted here is not made anew", async () => {
    has("b-deleted");
    const { body } = await importBooking(site.app, { external_id: "b-deleted" });
    await site.query("DELETE FROM booking WHERE id = $1", [body.booking?.id]);
    clock.advance(10 * 60_000);
    const again = await importBooking<Refused>(site.app, { external_id: "b-deleted" });
    expect(again).toMatchObject({
      status: 409,
      body: { code: "E_IMPORT", detail: "It was deleted here." },
    });
  });

  test("a booking that is cancelled is imported as such, without tasks", async () => {
    has("b-cancelled", { status: "cancelled" });
    const { status, body } = await importBooking(site.app, { external_id: "b-cancelled" });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { details: { status: "cancelled" }, already_known: false },
    });
    expect(await found("b-cancelled")).toMatchObject([{ status: "cancelled" }]);
  });

  test.each([
    ["refuses the key", { status: 401, body: { error: "Who?" } }, 502, "E_SOURCE_KEY"],
    ["says no", { status: 400, body: { error: "Not that" } }, 502, "E_SOURCE_REFUSED"],
    [
      "is asked too often",
      { status: 429, headers: { "retry-after": "7" }, body: {} },
      502,
      "E_SOURCE_LIMIT",
    ],
    ["is broken", { status: 500, body: {} }, 502, "E_SOURCE_UNAVAILABLE"],
    ["answers nonsense", { body: { hello: "world" } }, 502, "E_SOURCE_UNAVAILABLE"],
  ] as const)("a site that %s is told of", async (_name, reply, status, code) => {
    api.reply = () => reply;
    const answer = await importBooking<Refused>(site.app, { external_id: "b-1" });
    api.reply = answerAll;
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.body.detail).not.toContain("the site's key");
    expect(answer.headers["retry-after"]).toBe(code === "E_SOURCE_LIMIT" ? "7" : undefined);
  });

  test("with several connections that can be asked, one has to be named", async () => {
    const { hub } = site;
    await ensureEnvironmentConnections(hub, hub.defaultOrgId, [
      { kind: "calcom", secret: "a secret", api: { key: "a key", url: api.url } },
    ]);
    hub.connections.forget();
    has("b-named");
    const { status, body } = await importBooking<Refused>(site.app, { external_id: "b-named" });
    expect({ status, body }).toMatchObject({ status: 409, body: { code: "E_CONNECTION_CHOICE" } });
    expect(body.detail).toBe("It may be a booking of BookMe or Cal.com.");
    expect(body.connections?.map(({ kind }) => kind)).toEqual(["bookme", "calcom"]);
    const [bookme, calcom] = body.connections ?? [];
    const named = { external_id: "b-named", connection_id: bookme?.id };
    expect(await importBooking(site.app, named)).toMatchObject({
      status: 200,
      body: { lead: { title: "workshop - Maria Test" } },
    });
    await site.query("UPDATE connection SET status = 'paused' WHERE id = $1", [calcom?.id]);
    const paused = { external_id: "x", connection_id: calcom?.id };
    expect(await importBooking<Refused>(site.app, paused)).toMatchObject({
      status: 409,
      body: { code: "E_CONNECTION_PAUSED" },
    });
    // What is paused is none of several.
    expect(await importBooking(site.app, { external_id: "b-named" })).toMatchObject({
      status: 200,
      body: { already_known: true },
    });
  });

  test("another organisation asks nobody by this one's connection", async () => {
    const { orgId } = await createTestOrganisation(site.hub.db);
    const { headers } = await createTestKey(site.hub, orgId);
    const [connection] = await site.query<{ id: string }>(
      "SELECT id FROM connection WHERE kind = 'bookme'",
    );
    const asked = api.requests.length;
    const input = { external_id: "b-import", connection_id: connection?.id };
    expect(await importBooking<Refused>(site.app, input, headers)).toMatchObject({
      status: 404,
      body: { code: "E_CONNECTION_UNKNOWN" },
    });
    const alone = await importBooking<Refused>(site.app, { external_id: "b-import" }, headers);
    expect(alone).toMatchObject({ status: 409, body: { code: "E_API_KEY_MISSING" } });
    expect(api.requests).toHaveLength(asked);
  });

  test("staff and keys for reading may not", async () => {
    const { hub } = site;
    const staff = await createTestMember(hub, hub.defaultOrgId, "staff");
    const key = await createTestKey(hub, hub.defaultOrgId, { scopes: ["bookings:read"] });
    for (const { headers } of [staff, key]) {
      const answer = await importBooking<Refused>(site.app, { external_id: "b-1" }, headers);
      expect(answer).toMatchObject({ status: 403, body: { code: "E_FORBIDDEN" } });
    }
  });
});

test("a booking site without an API is named as what cannot be asked", async () => {
  const site = await bookmeFixture();
  const { status, body } = await importBooking<Refused>(site.app, { external_id: "b-1" });
  expect({ status, body }).toMatchObject({
    status: 409,
    body: {
      code: "E_API_KEY_MISSING",
      detail: "The hub has no address or no key of the API of BookMe.",
    },
  });
  await site.close();
});

describe("of Cal.com", () => {
  let fixture: ReconcileFixture;
  beforeAll(async () => {
    fixture = await reconcileFixture();
  });
  afterAll(() => fixture.close());
  const start = "2027-01-05T09:00:00.000Z";
  const later = "2027-01-06T09:00:00.000Z";

  test("a booking that was moved is imported under all its ids, and is one", async () => {
    const { calcom, inbox } = fixture;
    const first = calcom.book({ start });
    const second = calcom.reschedule(first.uid, later);
    const preview = await importBooking(inbox.app, { external_id: first.uid, preview: true });
    expect(preview.body).toMatchObject({ details: { starts_at: later }, booking: null });
    const { status, body } = await importBooking(inbox.app, { external_id: first.uid });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { details: { starts_at: later, status: "confirmed" }, already_known: false },
    });
    for (const uid of [first.uid, second.uid]) {
      expect(await fixture.booking(uid)).toMatchObject({ id: body.booking?.id, starts_at: later });
    }
    const again = await importBooking(inbox.app, { external_id: second.uid });
    expect(again.body).toMatchObject({ already_known: true, booking: body.booking });
    expect(await inbox.bookings()).toHaveLength(1);
  });

  test("messages that come after it change nothing", async () => {
    const { calcom, inbox } = fixture;
    const { uid } = calcom.book({ start });
    const { body } = await importBooking(inbox.app, { external_id: uid });
    const before = await fixture.booking(uid);
    await fixture.deliver(calcom.messages);
    expect(await fixture.booking(uid)).toEqual(before);
    expect(before?.id).toBe(body.booking?.id);
    // A connection that keeps out of the CRM has no lead.
    expect(body.lead).toBeNull();
  });
});
