import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestHub, type TestHub, withKey } from "../../test/test-hub.ts";
import { connectors } from "../cli/connectors.ts";
import { createLocalWake } from "../db/local-wake.ts";
import { ensureEnvironmentConnections } from "../inbox/connections/ensure-environment-connections.ts";

const secret = "your-supabase-secret";
let hub: TestHub;
beforeAll(async () => {
  hub = await createTestHub({
    connectors,
    wake: createLocalWake(),
    config: { allowPrivateDestinations: true },
  });
});
afterAll(() => hub.close());

async function post(url: string, body: object | string, token: string | null = secret) {
  const answer = await hub.app.inject({
    method: "POST",
    url,
    headers: {
      "content-type": "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    payload: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.statusCode, body: answer.json<Record<string, unknown>>() };
}

async function api<Body>(method: "GET" | "POST", url: string, body?: object): Promise<Body> {
  const answer = await hub.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: withKey,
    ...(body && { payload: body }),
  });
  if (answer.statusCode >= 400) throw new Error(answer.body);
  return answer.json<Body>();
}

const event = (bookingId: string, type: string, at: string, details: object = {}) => ({
  event_type: type,
  booking_event: {
    id: `${bookingId} ${type} ${at}`,
    booking_id: bookingId,
    event_type: type,
    description: "",
    created_at: at,
  },
  booking_details: {
    id: bookingId,
    booking_number: "B-7",
    status: "confirmed",
    start_time: "2027-01-05T09:00:00+00:00",
    end_time: "2027-01-05T10:00:00+00:00",
    ...details,
  },
  client_info: { id: "c-1", name: "Jan Kowalski", email: "jan@mail.example" },
});

interface Booking {
  readonly id: string;
  readonly status: string;
}

describe("before a secret is set", () => {
  test("nothing is taken, and the health says what is missing", async () => {
    const path = "/api/webhooks/booking-events";
    expect(await post(path, event("b-0", "created", "2026-12-01T08:00:00Z"))).toMatchObject({
      status: 401,
      body: { success: false },
    });
    const health = await hub.app.inject({ url: path });
    expect(health.json()).toEqual({
      status: "ok",
      configured: { make_webhook: false, supabase_webhook_secret: false },
      last_message_age_seconds: null,
    });
  });
});

describe("with SUPABASE_WEBHOOK_SECRET", () => {
  beforeAll(async () => {
    await ensureEnvironmentConnections(hub.hub, hub.hub.defaultOrgId, [
      { kind: "supabase", secret, needsSecret: true },
    ]);
    hub.hub.connections.forget();
    for (const profile of ["make", "external_calendar"]) {
      await api("POST", "/destinations", {
        name: profile,
        url: "http://127.0.0.1:9/hook",
        profile,
      });
    }
  });

  test.each([
    ["NUL", "a\0b"],
    ["half a character", "a\uD800"],
  ])("an event whose booking's id has %s in it is kept, and is no booking's", async (_name, id) => {
    const sent = event(id, "created", "2026-12-01T08:00:00Z");
    expect(await post("/api/webhooks/booking-events", sent)).toMatchObject({
      status: 202,
      body: { action: "stored", booking_id: null },
    });
  });

  test.each(["/api/webhooks/booking-events", "/functions/v1/booking-event-webhook"])(
    "%s keeps an app's booking once, and says who hears of it",
    async (path) => {
      const id = `of ${path}`;
      const created = await post(path, event(id, "created", "2026-12-01T08:00:00Z"));
      expect(created).toMatchObject({
        status: 200,
        body: {
          success: true,
          action: "created",
          deliveries: [{ destination: "external_calendar" }, { destination: "make" }],
        },
      });
      const again = await post(path, event(id, "created", "2026-12-01T08:00:00Z"));
      expect(again.body).toMatchObject({
        action: "duplicate",
        booking_id: created.body["booking_id"],
      });
      const off = event(id, "cancelled", "2026-12-02T08:00:00Z", { status: "cancelled" });
      expect((await post(path, off)).body).toMatchObject({ action: "cancelled" });
      const { data } = await api<{ data: Booking[] }>(
        "GET",
        `/bookings?external_id=${encodeURIComponent(id)}`,
      );
      expect(data).toMatchObject([{ id: created.body["booking_id"], status: "cancelled" }]);
    },
  );

  test("an event of the hub's own booking is told apart, and changes nothing", async () => {
    const own = await api<Booking>("POST", "/bookings", {
      starts_at: "2027-02-01T09:00:00Z",
      ends_at: "2027-02-01T10:00:00Z",
    });
    const path = "/functions/v1/booking-event-webhook";
    const row = { id: "e-1", booking_id: own.id, event_type: "cancelled", created_at: null };
    const { status, body } = await post(path, {
      type: "INSERT",
      table: "booking_events",
      record: row,
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      success: true,
      action: "unchanged",
      booking_id: own.id,
      message_id: null,
      deliveries: [{ status: "pending" }, { status: "pending" }],
    });
    expect(await api<Booking>("GET", `/bookings/${own.id}`)).toMatchObject({ status: "confirmed" });
  });

  test("a wrong secret and a missing one are refused in the functions' own form", async () => {
    const path = "/api/webhooks/booking-events";
    const body = event("b-1", "created", "2026-12-01T08:00:00Z");
    expect(await post(path, body, "another-secret")).toMatchObject({
      status: 401,
      body: { success: false, code: "E_SIGNATURE" },
    });
    expect(await post(path, body, null)).toMatchObject({
      status: 401,
      body: { success: false, code: "E_SIGNATURE_MISSING" },
    });
  });

  test("broken JSON is kept, with the reason", async () => {
    const { status, body } = await post("/api/webhooks/booking-events", "{");
    expect({ status, action: body["action"] }).toEqual({ status: 202, action: "stored" });
  });

  test("the health says what is set and how old the last message is, and nothing else", async () => {
    const health = await hub.app.inject({ url: "/api/webhooks/booking-events" });
    expect(health.json()).toEqual({
      status: "ok",
      configured: { make_webhook: true, supabase_webhook_secret: true },
      last_message_age_seconds: expect.any(Number) as number,
    });
  });
});

describe("notify-booking-status", () => {
  const path = "/functions/v1/notify-booking-status";
  let booking: Booking;
  beforeAll(async () => {
    booking = await api<Booking>("POST", "/bookings", {
      starts_at: "2027-03-01T09:00:00Z",
      ends_at: "2027-03-01T10:00:00Z",
    });
    await api("POST", `/bookings/${booking.id}/cancel`, { reason: "ill" });
  });
  const step = (changes: object = {}) => ({
    booking_id: booking.id,
    old_status: "CONFIRMED",
    new_status: "CANCELLED",
    ...changes,
  });

  test.each([
    ["the secret of the app's connection", secret],
    ["an API key", withKey.authorization.slice("Bearer ".length)],
  ])("answers with the delivery that the change itself made, by %s", async (_by, token) => {
    const { status, body } = await post(path, step(), token);
    expect(status).toBe(200);
    expect(body).toMatchObject({ success: true, delivery_status: "pending" });
    const { data } = await api<{ data: { id: string }[] }>(
      "GET",
      `/deliveries?booking_id=${booking.id}`,
    );
    expect(data.map(({ id }) => id)).toContain(body["delivery_id"]);
    // Nothing more was sent: two destinations, two events.
    expect(data).toHaveLength(4);
  });

  test("a step that the booking never took is a conflict that names its state", async () => {
    expect(await post(path, step({ new_status: "completed" }))).toMatchObject({
      status: 409,
      body: { success: false, code: "E_CONFLICT", current_status: "cancelled" },
    });
  });

  test.each([
    ["an unknown booking", { booking_id: "nothing" }, 404],
    ["an id with NUL in it", { booking_id: "a\0b" }, 404],
    ["an id that is no text", { booking_id: "a\uD800" }, 404],
    ["a status that is none", { new_status: "vanished" }, 422],
  ])("%s is refused", async (_name, changes, status) => {
    expect(await post(path, step(changes))).toMatchObject({ status, body: { success: false } });
  });

  test("nobody is refused as such", async () => {
    expect(await post(path, step(), null)).toMatchObject({
      status: 401,
      body: { success: false, code: "E_UNAUTHENTICATED" },
    });
  });
});

test("a move that does not say to when is answered so, and warned of in the inbox", async () => {
  const told = event("unclear move", "booking_created", "2026-01-02T08:00:00Z");
  await post("/api/webhooks/booking-events", told);
  const record = {
    id: "e-9",
    booking_id: "unclear move",
    event_type: "booking.rescheduled",
    new_start_time: "next Tuesday",
    created_at: "2026-01-02T09:00:00Z",
  };
  const { status, body } = await post("/functions/v1/booking-event-webhook", {
    type: "INSERT",
    table: "booking_events",
    record,
    old_record: null,
  });
  expect([status, body["action"]]).toEqual([200, "unchanged"]);
  expect(body["reason"]).toContain("It tells of a move, but not to when");
  const { data } = await api<{ data: { summary: string; warning: string | null }[] }>(
    "GET",
    "/inbound-messages?limit=1",
  );
  expect(data[0]?.warning).toContain("not to when");
  expect(data[0]?.summary).toContain("not to when");
});
