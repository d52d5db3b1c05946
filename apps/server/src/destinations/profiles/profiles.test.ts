import { type BookingEvent, destinationProfiles, standardWebhookSchema } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import { exampleEvent } from "../../../test/example-event.ts";
import { bodyOf, compat, full, thin } from "../../../test/encode-target.ts";
import { profiles } from "./profiles.ts";

const all = Object.values(profiles);
const cancelled: BookingEvent = {
  ...exampleEvent,
  type: "booking.cancelled",
  old_status: "confirmed",
  new_status: "cancelled",
  changed_fields: ["status", "status_reason"],
  description: "Booking #1001 was cancelled: Jan Kowalski is ill",
  actor: { kind: "user", id: null, name: "Maja Groomer" },
};

describe("every profile", () => {
  it("stands in the contract under its own name", () => {
    expect(Object.keys(profiles).toSorted()).toEqual([...destinationProfiles].toSorted());
    for (const [name, profile] of Object.entries(profiles)) expect(profile.name).toBe(name);
  });

  it.each(all.flatMap((profile) => profile.modes.map((mode) => [profile.name, mode] as const)))(
    "%s says truly whether %s bodies carry personal data",
    (name, payloadMode) => {
      const profile = profiles[name];
      for (const event of [exampleEvent, cancelled, { ...exampleEvent, old_status: null }]) {
        const text = JSON.stringify(profile.encode(event, { ...full, payloadMode }));
        const isPersonal = /Jan Kowalski|jan@example\.com|Maja Groomer|maja@|\+48/.test(text);
        if (!text.includes('"skip"')) {
          expect(isPersonal).toBe(profile.personalModes.includes(payloadMode));
        }
      }
    },
  );

  it.each(all)("$name writes the same body at every attempt", (profile) => {
    const target = { ...full, payloadMode: profile.modes[0] };
    expect(profile.encode(cancelled, target)).toEqual(profile.encode(cancelled, target));
    expect("skip" in profile.encode(cancelled, target)).toBe(false);
  });

  it.each(all)(
    "$name calls a 2xx delivered, a 410 the end, and tries again after a 5xx",
    (profile) => {
      const judged = [200, 204, 410, 429, 500, 503].map((statusCode) =>
        profile.judge({ statusCode, responseBody: null }),
      );
      expect(judged).toEqual(["delivered", "delivered", "disable", "retry", "retry", "retry"]);
    },
  );

  it.each(all.filter((profile) => profile.encodeBatch !== undefined))(
    "$name writes several events as one list, in their order",
    (profile) => {
      const bodies = [cancelled, exampleEvent].map((event) => bodyOf(profile.encode(event, full)));
      const joined = profile.encodeBatch?.(bodies.map((body) => JSON.stringify(body)));
      expect(JSON.parse(joined ?? "")).toEqual(bodies);
    },
  );

  it.each(all)("$name says in a trial that it is one", (profile) => {
    const body = profile.encodeTest(full, new Date("2026-03-01T08:00:00.000Z")).body;
    expect(body).toMatch(/test/);
    expect(body).not.toMatch(/booking\.created|status_changed/);
  });
});

describe("the standard profile", () => {
  it("wraps the event as Standard Webhooks asks for", () => {
    const body = bodyOf(profiles.standard.encode(exampleEvent, full));
    expect(standardWebhookSchema.parse(body)).toEqual({
      type: "booking.rescheduled",
      timestamp: exampleEvent.occurred_at,
      data: exampleEvent,
    });
  });

  it("leaves the booking and the old values out of a thin body", () => {
    const body = bodyOf(profiles.standard.encode(exampleEvent, thin));
    expect(standardWebhookSchema.parse(body).data).toEqual({
      ...exampleEvent,
      description: expect.stringContaining("was moved to"),
      actor: { ...exampleEvent.actor, name: null },
      data: {},
    });
  });

  it("tries again whatever a receiver refuses", () => {
    for (const statusCode of [302, 400, 401, 404, 422]) {
      expect(profiles.standard.judge({ statusCode, responseBody: null })).toBe("retry");
    }
  });
});

describe("the external calendar's profile", () => {
  const profile = profiles.external_calendar;
  const seed = {
    action: "status_changed",
    booking_id: cancelled.booking_id,
    old_status: "CONFIRMED",
    new_status: "CANCELLED",
    timestamp: cancelled.occurred_at,
  };

  it("says in a compat body which status became which, and when, and nothing else", () => {
    const timestamp = cancelled.recorded_at;
    expect(bodyOf(profile.encode(cancelled, compat))).toStrictEqual({ ...seed, timestamp });
  });

  it("adds to a thin body what tells versions apart, and a link", () => {
    const more = {
      id: cancelled.id,
      type: "booking.cancelled",
      booking_version: 2,
      sequence: 7,
      changed_fields: ["status", "status_reason"],
      url: `http://hub.example/api/v1/bookings/${cancelled.booking_id}`,
    };
    expect(bodyOf(profile.encode(cancelled, thin))).toStrictEqual({ ...seed, ...more });
    expect(bodyOf(profile.encode(cancelled, full))).toStrictEqual({
      ...seed,
      ...more,
      booking: cancelled.data.booking,
    });
  });

  it.each([
    ["created", { old_status: null, type: "booking.created" }],
    ["status_changed", { old_status: "pending", type: "booking.rescheduled" }],
    ["rescheduled", {}],
    ["updated", { type: "booking.updated", changed_fields: ["title"] }],
    ["deleted", { type: "booking.deleted", changed_fields: ["deleted_at"] }],
    ["restored", { type: "booking.updated", changed_fields: ["deleted_at"] }],
  ] satisfies [string, Partial<BookingEvent>][])("calls it %s", (action, change) => {
    const event = { ...exampleEvent, ...change };
    expect(bodyOf(profile.encode(event, thin))["action"]).toBe(action);
    const plain = profile.encode(event, compat);
    if (action === "status_changed") expect(bodyOf(plain)["action"]).toBe(action);
    else expect(plain).toEqual({ skip: expect.stringContaining(action) });
    const named = profile.encode(event, { ...compat, eventTypes: [event.type] });
    expect(bodyOf(named)["action"]).toBe(action);
  });

  it("authorises with a bearer token", () => {
    expect(profiles.external_calendar.keyHeader("k")).toEqual({
      name: "authorization",
      value: "Bearer k",
    });
  });
});

describe("Make.com's profile", () => {
  it("has the fields that scenarios are built on", () => {
    expect(bodyOf(profiles.make.encode(exampleEvent, full))).toMatchObject({
      event_id: exampleEvent.id,
      event_type: "rescheduled",
      event_time: exampleEvent.occurred_at,
      sequence: 7,
      occurred_at: exampleEvent.occurred_at,
      source: "contract-management-system",
      booking_event: { seq: 7, booking_id: exampleEvent.booking_id, new_status: "confirmed" },
      booking_details: { booking_number: "1001", status: "confirmed", duration_minutes: 60 },
      client_info: { name: "Jan Kowalski", email: "jan@example.com" },
      provider_info: { name: "Maja Groomer" },
      system: { timestamp: exampleEvent.recorded_at },
    });
  });

  it("says the price in the currency's own unit", () => {
    const { booking } = exampleEvent.data;
    if (booking === undefined) throw new Error("the example has a booking");
    const priced = (price_minor: number, currency: string): BookingEvent => ({
      ...exampleEvent,
      data: { booking: { ...booking, price_minor, currency } },
    });
    for (const [event, total_price] of [
      [priced(1250, "EUR"), 12.5],
      [priced(1250, "JPY"), 1250],
      [exampleEvent, null],
    ] as const) {
      expect(bodyOf(profiles.make.encode(event, full))["booking_details"]).toMatchObject({
        total_price,
      });
    }
  });

  it.each([
    [400, "Queue is full", "retry"],
    [400, "Data structure validation failed", "reject"],
    [401, "", "reject"],
    [404, null, "reject"],
    [408, null, "retry"],
    [410, "Webhook not found.", "disable"],
    [200, "Accepted", "delivered"],
  ])("makes of %s %s: %s", (statusCode, responseBody, verdict) => {
    expect(profiles.make.judge({ statusCode, responseBody })).toBe(verdict);
  });

  it("carries its key where Make looks for it", () => {
    expect(profiles.make.keyHeader("k")).toEqual({ name: "x-make-apikey", value: "k" });
  });
});
