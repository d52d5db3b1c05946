import { type BookingEvent, destinationProfiles, standardWebhookSchema } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import { exampleEvent } from "../../../test/example-event.ts";
import type { Encoded } from "./profile.ts";
import { profiles } from "./profiles.ts";

const full = { id: "d", name: "Receiver", payloadMode: "full" } as const;
const thin = { ...full, payloadMode: "thin" } as const;

function bodyOf(encoded: Encoded): Record<string, unknown> {
  if ("skip" in encoded) throw new Error(`skipped: ${encoded.skip}`);
  return JSON.parse(encoded.body) as Record<string, unknown>;
}

describe("every profile", () => {
  it("stands in the contract under its own name", () => {
    expect(Object.keys(profiles).toSorted()).toEqual([...destinationProfiles].toSorted());
    for (const [name, profile] of Object.entries(profiles)) expect(profile.name).toBe(name);
  });

  it.each(Object.values(profiles))("$name sends no personal data in a thin body", (profile) => {
    const encoded = profile.encode({ ...exampleEvent, old_status: "pending" }, thin);
    expect(JSON.stringify(encoded)).not.toMatch(/Jan Kowalski|jan@example\.com|Maja Groomer|\+48/);
  });

  it.each(Object.values(profiles))("$name says in a trial that it is one", (profile) => {
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
    expect(standardWebhookSchema.parse(body).data).toEqual({ ...exampleEvent, data: {} });
  });
});

describe("the external calendar's profile", () => {
  const changed: BookingEvent = {
    ...exampleEvent,
    old_status: "confirmed",
    new_status: "cancelled",
  };

  it("says which status became which, and when", () => {
    const encoded = profiles.external_calendar.encode(changed, thin);
    expect(bodyOf(encoded)).toEqual({
      action: "status_changed",
      booking_id: changed.booking_id,
      old_status: "CONFIRMED",
      new_status: "CANCELLED",
      timestamp: changed.occurred_at,
    });
  });

  it("skips what changes no status, with a reason", () => {
    for (const old_status of [null, exampleEvent.new_status]) {
      const encoded = profiles.external_calendar.encode({ ...exampleEvent, old_status }, thin);
      expect(encoded).toEqual({ skip: expect.stringContaining("status") });
    }
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
      source: "contract-management-system",
      booking_event: { seq: 7, booking_id: exampleEvent.booking_id, new_status: "confirmed" },
      booking_details: { booking_number: "1001", status: "confirmed", duration_minutes: 60 },
      client_info: { name: "Jan Kowalski", email: "jan@example.com" },
      provider_info: { name: "Maja Groomer" },
      system: { timestamp: exampleEvent.recorded_at },
    });
  });

  it("is the same body at every attempt", () => {
    expect(profiles.make.encode(exampleEvent, full)).toEqual(
      profiles.make.encode(exampleEvent, full),
    );
  });

  it("carries its key where Make looks for it", () => {
    expect(profiles.make.keyHeader("k")).toEqual({ name: "x-make-apikey", value: "k" });
  });
});
