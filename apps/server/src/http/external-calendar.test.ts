import type {
  AlertResource,
  BookingResource,
  InboundMessageResource,
  List,
} from "@slotwire/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createTestHub, type TestHub, withKey } from "../../test/test-hub.ts";
import { takeAlertAsks } from "../alerts/take-alert-asks.ts";
import { connectors } from "../cli/connectors.ts";
import { system } from "../db/database.ts";
import { createLocalWake } from "../db/local-wake.ts";
import { ensureEnvironmentConnections } from "../inbox/connections/ensure-environment-connections.ts";

const secret = "the-key-of-the-calendar";
const path = "/api/external-calendar/callback";

let hub: TestHub;
beforeAll(async () => {
  hub = await createTestHub({ connectors, wake: createLocalWake() });
});
afterAll(() => hub.close());

async function post(body: object | string, token: string | null = secret, url = path) {
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

const times = { starts_at: "2099-03-12T08:00:00Z", ends_at: "2099-03-12T09:00:00Z" };
const book = () => api<BookingResource>("POST", "/bookings", times);
const read = (id: string) => api<BookingResource>("GET", `/bookings/${id}`);
const message = (id: unknown) =>
  api<InboundMessageResource>("GET", `/inbound-messages/${String(id)}`);

test("before a key is set, nothing is taken", async () => {
  expect(await post({ booking_id: "x", status: "CANCELLED" })).toMatchObject({
    status: 404,
    body: { code: "E_CONNECTION_UNKNOWN" },
  });
});

describe("with IMPORT_API_KEY", () => {
  beforeAll(async () => {
    await ensureEnvironmentConnections(hub.hub, hub.hub.defaultOrgId, [
      { kind: "external_calendar", secret, needsSecret: true },
      { kind: "memory", secret: "another" },
    ]);
    hub.hub.connections.forget();
  });
  let booking: BookingResource;
  beforeEach(async () => {
    booking = await book();
  });

  test("what its planners change of the hub's own booking is done, and is in its history", async () => {
    const told = { action: "status_changed", booking_id: booking.id, new_status: "CANCELLED" };
    const answer = await post({ ...told, reason: "Closed that day" });
    expect(answer).toMatchObject({
      status: 200,
      body: { success: true, action: "cancelled", booking_id: booking.id },
    });
    expect(await read(booking.id)).toMatchObject({
      status: "cancelled",
      source_status: "CANCELLED",
      version: 2,
    });
    const events = await api<{ data: { booking_id: string; actor: object }[] }>(
      "GET",
      "/booking-events?limit=1000",
    );
    expect(events.data.filter(({ booking_id: id }) => id === booking.id).at(-1)).toMatchObject({
      type: "booking.cancelled",
      actor: { kind: "connection", name: "External calendar" },
    });
    expect(await message(answer.body["message_id"])).toMatchObject({
      status: "processed",
      trigger: "status_changed",
      booking_id: booking.id,
    });
  });

  test("the same again is one change", async () => {
    const body = { booking_id: booking.id, status: "CANCELLED", timestamp: "2026-01-01T08:00:00Z" };
    await post(body);
    expect(await post(body)).toMatchObject({ status: 200, body: { action: "duplicate" } });
    expect(await post({ ...body, timestamp: "2026-01-01T08:00:05Z" })).toMatchObject({
      body: { action: "unchanged" },
    });
    expect((await read(booking.id)).version).toBe(2);
  });

  test("what it said before its last answer is out of date, whenever it comes", async () => {
    const said = (status: string, time: string) =>
      post({ booking_id: booking.id, status, timestamp: `2026-01-01T${time}Z` });
    // It changes nothing, and is its last word all the same.
    expect((await said("CONFIRMED", "18:03:47")).body).toMatchObject({ action: "unchanged" });
    const late = await said("CANCELLED", "17:30:00");
    expect(late).toMatchObject({
      status: 200,
      body: {
        success: true,
        action: "unchanged",
        reason:
          "out of date: External calendar has said something of this booking as of 2026-01-01T18:03:47.000Z",
      },
    });
    expect(await message(late.body["message_id"])).toMatchObject({
      status: "unchanged",
      booking_id: booking.id,
    });
    expect(await read(booking.id)).toMatchObject({ status: "confirmed", version: 1 });
    expect((await said("CANCELLED", "18:03:48")).body).toMatchObject({ action: "cancelled" });
  });

  test("what people of the hub did meanwhile does not make its answer late", async () => {
    const timestamp = "2026-01-01T08:00:00Z";
    await post({ booking_id: booking.id, status: "CONFIRMED", timestamp });
    await api("POST", `/bookings/${booking.id}/status`, { status: "checked_in" });
    await api("POST", `/bookings/${booking.id}/status`, { status: "confirmed" });
    const earlier = { booking_id: booking.id, status: "CANCELLED" };
    expect((await post({ ...earlier, timestamp: "2026-01-01T07:00:00Z" })).body).toMatchObject({
      action: "unchanged",
    });
    expect((await post({ ...earlier, timestamp: "2026-01-01T08:00:01Z" })).body).toMatchObject({
      action: "cancelled",
    });
  });

  test("a step that the state table does not lead to is refused in words", async () => {
    await post({ booking_id: booking.id, status: "CANCELLED" });
    const answer = await post({ booking_id: booking.id, status: "CONFIRMED" });
    expect(answer).toMatchObject({
      status: 200,
      body: { success: false, action: "refused" },
    });
    expect(answer.body["reason"]).toContain("cancelled cannot become confirmed");
    expect((await read(booking.id)).status).toBe("cancelled");
  });

  test("a booking that another system owns stays as it is, and the answer says why", async () => {
    const owned = await book();
    await hub.hub.db.transaction(system, (tx) =>
      tx.query(
        `UPDATE booking SET owner_connection_id = (SELECT id FROM connection WHERE kind = 'memory')
          WHERE id = $1`,
        [owned.id],
      ),
    );
    const before = await read(owned.id);
    const answer = await post({ booking_id: owned.id, status: "CANCELLED" });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        success: false,
        action: "refused",
        reason: "another system owns this booking",
      },
    });
    expect(await read(owned.id)).toEqual(before);
    expect(await message(answer.body["message_id"])).toMatchObject({ booking_id: owned.id });
  });

  test("that it took a change over needs nothing; that it could not, a person", async () => {
    expect(await post({ booking_id: booking.id, action: "applied" })).toMatchObject({
      status: 200,
      body: { action: "ignored" },
    });
    expect(
      await post({ booking_id: booking.id, action: "failed", reason: "No room" }),
    ).toMatchObject({ status: 200, body: { action: "ignored" } });
    await takeAlertAsks(hub.hub);
    const { data } = await api<List<AlertResource>>("GET", "/alerts");
    expect(JSON.stringify(data)).toContain("No room");
  });

  test("what is not understood is kept, and nothing is changed", async () => {
    const unknown = "0199b5a0-0000-7000-8000-000000000000";
    for (const body of [
      { booking_id: unknown, status: "CANCELLED" },
      { booking_id: "1043", status: "CANCELLED" },
      { what: "is this" },
      "no JSON",
    ]) {
      const answer = await post(body);
      expect(answer).toMatchObject({ status: 202, body: { action: "stored" } });
      expect((await message(answer.body["message_id"])).status).toBe("failed");
    }
  });

  test("whoever has another key is refused, and each connection has an address of its own", async () => {
    const body = { booking_id: booking.id, status: "CANCELLED" };
    expect((await post(body, "another-key")).body["code"]).toBe("E_SIGNATURE");
    expect((await post(body, null)).body["code"]).toBe("E_SIGNATURE_MISSING");
    const { data } = await api<List<{ id: string; kind: string }>>("GET", "/connections");
    const { id } = data.find(({ kind }) => kind === "external_calendar") ?? { id: "" };
    expect((await post(body, secret, `${path}/${id}`)).body["action"]).toBe("cancelled");
    expect((await post(body, secret, `${path}/${booking.id}`)).status).toBe(404);
    expect((await post(body, secret, `${path}/nonsense`)).status).toBe(404);
  });
});
