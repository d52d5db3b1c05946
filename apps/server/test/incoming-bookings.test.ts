import type { InboundMessageResource } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureEnvironmentConnections } from "../src/inbox/connections/ensure-environment-connections.ts";
import { type BookmeFixture, bookmeFixture, siteSecret } from "./bookme-fixture.ts";
import { createTestConnection, createTestOrganisation } from "./test-database.ts";
import { createTestHub, withKey } from "./test-hub.ts";

let site: BookmeFixture;
beforeAll(async () => {
  site = await bookmeFixture();
});
afterAll(() => site.close());

let no = 0;
function booking(change: object = {}): Record<string, unknown> {
  no += 1;
  return {
    bookingId: `b-${no}`,
    eventType: "workshop",
    name: `Person Number ${"x".repeat(no)}`,
    email: `person${no}@example.com`,
    scheduledDate: "2199-03-15T10:00:00Z",
    duration: 120,
    source: "bookme",
    createdAt: "2026-01-02T08:00:00Z",
    ...change,
  };
}

async function messages(): Promise<InboundMessageResource[]> {
  const answer = await site.app.inject({ url: "/api/v1/inbound-messages", headers: withKey });
  return answer.json<{ data: InboundMessageResource[] }>().data;
}

describe("a booking site's first try", () => {
  // As the site's manual has it: no createdAt, and a day that is long past.
  const curl = `{
    "bookingId": "test-123",
    "eventType": "workshop",
    "name": "Test Person",
    "email": "test@example.com",
    "scheduledDate": "2026-02-15T10:00:00Z",
    "duration": 120,
    "source": "bookme"
  }`;
  const id = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;

  test("is answered with lead, contact, activity and tasks", async () => {
    const answer = await site.post(curl);
    expect(answer).toEqual({
      status: 200,
      body: {
        success: true,
        lead: { id, title: "workshop - Test Person" },
        contact: { id, email: "test@example.com" },
        activity: { id },
        tasks: [
          { id, title: "Send workshop prep info" },
          { id, title: "Workshop follow-up" },
        ],
      },
    });
    const again = await site.post(curl);
    expect(again).toEqual({ status: 200, body: { ...answer.body, deduplicated: true } });
    const spaced = await site.post(JSON.stringify(JSON.parse(curl)));
    expect(spaced.body).toMatchObject({ deduplicated: true, lead: answer.body["lead"] });
  });

  test.each([["another secret"], [null], [""], [`${siteSecret} `.repeat(50)]])(
    "with the secret %j is not let in",
    async (secret) => {
      const before = await messages();
      const answer = await site.post(booking(), { secret });
      expect(answer).toEqual({ status: 401, body: { error: "Unauthorized" } });
      expect(await messages()).toHaveLength(before.length);
    },
  );

  test("is not let in where no secret is set", async () => {
    const bare = await createTestHub({ connectors: site.hub.connectors });
    const url = "/api/bookings/incoming";
    for (const headers of [{}, { "x-webhook-secret": "" }, { "x-webhook-secret": "undefined" }]) {
      const answer = await bare.app.inject({ method: "POST", url, headers, payload: booking() });
      expect([answer.statusCode, answer.json()]).toEqual([401, { error: "Unauthorized" }]);
    }
    await bare.close();
  });
});

test("a secret that is taken out of the environment counts no more; its site keeps its bookings", async () => {
  const { hub } = site;
  const set = async (secret: string | null): Promise<void> => {
    await ensureEnvironmentConnections(hub, hub.defaultOrgId, [
      { kind: "bookme", secret, needsSecret: true },
    ]);
    hub.connections.forget();
  };
  const body = booking();
  const answer = await site.post(body);
  await set(null);
  expect((await site.post(body)).status).toBe(401);
  await set(null);
  await set(siteSecret);
  expect(await site.post(body)).toEqual({
    status: 200,
    body: { ...answer.body, deduplicated: true },
  });
});

describe("a payload that is not understood", () => {
  test.each([
    ["no JSON", "{", [[]]],
    ["no object", "[]", [[]]],
    ["no e-mail", booking({ email: "nobody" }), [["email"]]],
    ["no time", booking({ scheduledDate: "tomorrow" }), [["scheduledDate"]]],
    ["no duration", booking({ duration: 100_000 }), [["duration"]]],
    ["another source", booking({ source: "somebody" }), [["source"]]],
    ["an id that cannot be stored", booking({ bookingId: "a\u0000b" }), [["bookingId"]]],
  ])("for it has %s is answered with what is wrong, and kept", async (_what, body, paths) => {
    const answer = await site.post(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: "Invalid payload" });
    const { issues } = answer.body["details"] as { issues: { path: unknown[] }[] };
    expect(issues.map(({ path }) => path)).toEqual(paths);
    expect((await messages())[0]).toMatchObject({ status: "failed" });
  });

  test("for its event is misspelt is answered with the words that are known, and kept", async () => {
    const made = booking();
    await site.book(made);
    const answer = await site.post({ ...made, event: "booking.canceld" });
    expect(answer).toEqual({
      status: 400,
      body: {
        error: "Invalid payload",
        details: {
          issues: [
            {
              code: "E_EVENT_UNKNOWN",
              path: ["event"],
              message: "Is no event that is known. Did you mean booking.cancelled?",
              values: [
                "booking.created",
                "booking.updated",
                "booking.rescheduled",
                "booking.cancelled",
                "booking.no_show",
                "booking.completed",
              ],
            },
          ],
        },
      },
    });
    const [message] = await messages();
    expect(message).toMatchObject({
      trigger: "booking.canceld",
      status: "failed",
      error_code: "E_EVENT_UNKNOWN",
      error: expect.stringContaining("booking.cancelled") as string,
      remedy: expect.stringContaining("event") as string,
    });
    const corrected = await site.post({ ...made, event: "booking.cancelled" });
    expect(corrected).toMatchObject({ status: 200 });
  });

  test("does not get in the way of the same booking afterwards", async () => {
    const wrong = booking({ duration: 0 });
    expect((await site.post(wrong)).status).toBe(400);
    expect((await site.post({ ...wrong, duration: 60 })).status).toBe(200);
  });
});

describe("what comes before its booking", () => {
  test("is kept, and the booking is cancelled as soon as it arrives", async () => {
    const body = booking();
    const cancelled = { bookingId: body["bookingId"], event: "booking.cancelled" };
    const answer = await site.post({ ...cancelled, createdAt: "2026-01-03T08:00:00Z" });
    const reason = "the booking that it speaks of has not arrived yet";
    expect(answer).toEqual({ status: 202, body: { success: true, stored: true, reason } });
  });
});

describe("an error inside the hub", () => {
  test("is told by its id alone", async () => {
    await site.query("SELECT 1");
    const find = site.hub.connections.find.bind(site.hub.connections);
    Object.assign(site.hub.connections, {
      find: () => Promise.reject(new Error("password of the database: hunter2")),
    });
    const answer = await site.post(booking());
    Object.assign(site.hub.connections, { find });
    expect(answer).toEqual({
      status: 500,
      body: {
        error: "Internal server error",
        message: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      },
    });
    expect(site.logged()).toContain(answer.body["message"]);
  });
});

describe("other addresses", () => {
  test("of the same site take the same messages", async () => {
    const [row] = await site.query<{ id: string }>("SELECT id FROM connection");
    const body = booking();
    const path = `/api/bookings/incoming/${row?.id}`;
    expect((await site.post(body, { path })).status).toBe(200);
    const receipt = await site.post(body, { path: `/api/webhooks/bookme/${row?.id}` });
    expect(receipt).toMatchObject({ status: 200, body: { action: "duplicate" } });
    const other = await site.post(booking(), { path: "/api/webhooks/bookme" });
    expect(other).toMatchObject({ status: 200, body: { action: "created" } });
  });

  test("of another organisation's site make nothing here", async () => {
    const { db } = site.hub;
    const { orgId } = await createTestOrganisation(db);
    const theirs = await createTestConnection(db, orgId, {
      kind: "bookme",
      secret: "their secret",
    });
    const path = `/api/bookings/incoming/${theirs.connectionId}`;
    const [before] = await site.query<{ count: number }>("SELECT count(*)::int FROM lead");
    expect((await site.post(booking(), { path })).status).toBe(401);
    const [after] = await site.query<{ count: number }>("SELECT count(*)::int FROM lead");
    expect(after).toEqual(before);
  });

  test.each(["no-id", "00000000-0000-4000-8000-000000000000"])(
    "that lead nowhere are answered as a wrong secret is: %s",
    async (id) => {
      const answer = await site.post(booking(), { path: `/api/bookings/incoming/${id}` });
      expect(answer).toEqual({ status: 401, body: { error: "Unauthorized" } });
    },
  );
});

test("a time without an offset is the organisation's, and the inbox says so", async () => {
  await site.book(booking({ scheduledDate: "2199-07-01T10:00:00", meetingUrl: "javascript:1" }));
  const [message] = await messages();
  expect(message?.warning).toContain("Europe/Stockholm");
  expect(message?.warning).toContain("meetingUrl");
});

describe("a site that sends only what changed", () => {
  const change = (bookingId: string, event: string, rest: object) => ({
    bookingId,
    event: `booking.${event}`,
    occurredAt: "2026-01-03T08:00:00Z",
    ...rest,
  });

  async function bookingOf(bookingId: string) {
    const [row] = await site.query<{
      status: string;
      starts_at: Date;
      ends_at: Date;
      people: unknown;
    }>(
      `SELECT b.status, b.starts_at, b.ends_at,
              (SELECT jsonb_agg(to_jsonb(a))
                 FROM booking_attendee a WHERE a.org_id = b.org_id AND a.booking_id = b.id) AS people
         FROM booking b JOIN booking_external_ref r ON r.org_id = b.org_id AND r.booking_id = b.id
        WHERE r.external_id = $1`,
      [bookingId],
    );
    return row;
  }

  test("moves a visit that takes as long as before", async () => {
    const made = booking();
    await site.book(made);
    const id = String(made["bookingId"]);
    await site.post(change(id, "rescheduled", { scheduledDate: "2026-02-20T12:00:00Z" }));
    expect(await bookingOf(id)).toMatchObject({
      starts_at: new Date("2026-02-20T12:00:00Z"),
      ends_at: new Date("2026-02-20T14:00:00Z"),
    });
  });

  test("moves a visit again without an event, also when all it tells has one time", async () => {
    const made = booking();
    const id = String(made["bookingId"]);
    await site.book(made);
    const days = [20, 21, 22].map((day) => `2026-02-${day}T12:00:00Z`);
    await site.book({ ...made, event: "booking.rescheduled", scheduledDate: days[0] });
    for (const scheduledDate of [days[1], days[2]]) {
      const answer = await site.book({ ...made, scheduledDate });
      expect(answer).not.toHaveProperty("deduplicated");
      expect((await bookingOf(id))?.starts_at.toISOString().slice(0, 19)).toBe(
        scheduledDate?.slice(0, 19),
      );
    }
    expect((await messages())[0]).toMatchObject({ action: "rescheduled" });
  });

  test("has nothing changed by processing its messages again, though all have one time", async () => {
    const made = booking();
    const id = String(made["bookingId"]);
    const moved = (day: number): string => `2026-02-${day}T12:00:00Z`;
    await site.book({ ...made, event: "booking.rescheduled", scheduledDate: moved(20) });
    await site.book({ ...made, notes: "Blank until now." });
    await site.book({ ...made, scheduledDate: moved(21), email: "new@example.com" });
    await site.book({ ...made, event: "booking.rescheduled", scheduledDate: moved(22) });
    await site.book({ ...made, scheduledDate: moved(23) });
    const before = await bookingOf(id);
    expect(before?.starts_at).toEqual(new Date(moved(23)));
    const answer = await site.app.inject({
      method: "POST",
      url: "/api/v1/inbound-messages/reprocess",
      headers: withKey,
      payload: { filter: { q: id }, dry_run: true },
    });
    expect(answer.json()).toMatchObject({ total: 5, changing: 0 });
  });

  test("has its creation come late, and the visit stays where it was moved to", async () => {
    const made = booking();
    const id = String(made["bookingId"]);
    const moved = { ...made, event: "booking.rescheduled", scheduledDate: "2026-02-20T12:00:00Z" };
    await site.book(moved);
    const answer = await site.book(made);
    expect(answer.reason).toContain("2026-01-02T08:00:00.000Z");
    expect(await bookingOf(id)).toMatchObject({ starts_at: new Date("2026-02-20T12:00:00Z") });
  });

  test("is told, and so is the inbox, when something later is known than what it says", async () => {
    const made = booking();
    const id = String(made["bookingId"]);
    await site.book(made);
    await site.post(change(id, "rescheduled", { scheduledDate: "2026-02-20T12:00:00Z" }));
    const answer = await site.book({ ...made, scheduledDate: "2026-02-21T12:00:00Z" });
    expect(answer).not.toHaveProperty("deduplicated");
    expect(answer.reason).toBe(
      "it counts as of 2026-01-02T08:00:00.001Z, and what was told as of 2026-01-03T08:00:00.000Z is known already",
    );
    const [message] = await messages();
    expect(message).toMatchObject({ action: "stale", error: answer.reason });
  });

  test("is told when it sends how long and not when", async () => {
    const made = booking();
    await site.book(made);
    const answer = await site.post(change(String(made["bookingId"]), "updated", { duration: 30 }));
    expect(answer).toMatchObject({ status: 400, body: { error: "Invalid payload" } });
  });

  test("keeps one person, whatever their address becomes", async () => {
    const made = booking();
    await site.book(made);
    const id = String(made["bookingId"]);
    await site.book(change(id, "no_show", { email: made["email"], name: "No Name" }));
    const later = { email: "new@example.com", occurredAt: "2026-01-03T09:00:00Z" };
    await site.post(change(id, "updated", later));
    expect(await bookingOf(id)).toMatchObject({
      status: "no_show",
      people: [{ name: made["name"], email: "new@example.com", status: "no_show" }],
    });
  });

  test("is told who is on a booking that somebody else is marked as absent from", async () => {
    const made = booking();
    await site.book(made);
    const mark = change(String(made["bookingId"]), "no_show", { email: "other@example.com" });
    for (let time = 1; time <= 2; time += 1) {
      expect(await site.post(mark)).toEqual({
        status: 422,
        body: {
          error: "Nobody on the booking has the address that the message names",
          details: {
            issues: [
              {
                code: "E_ATTENDEE_UNKNOWN",
                path: ["email"],
                message: `The booking is of ${String(made["email"])}.`,
                values: [made["email"]],
              },
            ],
          },
        },
      });
    }
    const receipt = await site.post(mark, { path: "/api/webhooks/bookme" });
    expect(receipt).toMatchObject({
      status: 422,
      body: { code: "E_ATTENDEE_UNKNOWN", attendees: [made["email"]] },
    });
    const [message] = await messages();
    expect(message).toMatchObject({ status: "failed", error_code: "E_ATTENDEE_UNKNOWN" });
    expect(message?.error).not.toContain("@");
    expect(await bookingOf(String(made["bookingId"]))).toMatchObject({ status: "confirmed" });
  });

  test("names the same person anew", async () => {
    const made = booking();
    await site.book(made);
    const id = String(made["bookingId"]);
    await site.post(change(id, "updated", { name: "New Name" }));
    await site.post(change(id, "updated", { phone: "+46701234567" }));
    expect(await bookingOf(id)).toMatchObject({
      people: [{ name: "New Name", email: made["email"], phone: "+46701234567" }],
    });
  });
});
