import type { BookingEvent } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import { aBooking } from "../../../test/a-booking.ts";
import { fieldChanges } from "./field-changes.ts";

function anEvent(
  changedFields: string[],
  previous: Record<string, unknown>,
  booking = aBooking(),
): BookingEvent {
  return {
    id: "00000000-0000-4000-8000-000000000001",
    seq: 1,
    type: "booking.updated",
    event_type: "updated",
    occurred_at: booking.updated_at,
    recorded_at: booking.updated_at,
    booking_id: booking.id,
    booking_version: 2,
    booking_number: booking.booking_number,
    old_status: "confirmed",
    new_status: booking.status,
    changed_fields: changedFields,
    description: "",
    irregular: false,
    actor: { kind: "connection", id: null, name: null },
    source: { connection_id: null, kind: null },
    data: { booking, previous },
  };
}

const changes = (event: BookingEvent) =>
  fieldChanges(event, "Europe/Stockholm").map(({ name, before, after }) => [name, before, after]);

describe("what an event changed", () => {
  it("tells times in the organisation's zone", () => {
    const event = anEvent(["starts_at"], { starts_at: "2026-11-21T08:30:00.000Z" });
    expect(changes(event)).toEqual([
      ["Start", "Sat, 21 Nov 2026, 09:30", "Sat, 21 Nov 2026, 11:00"],
    ]);
  });

  it("tells people by name and states in words", () => {
    const booking = aBooking({
      status: "no_show",
      attendees: [
        { name: null, email: "a@example.com", phone: null, status: "no_show", seat_ref: null },
      ],
    });
    const event = anEvent(["attendees", "status"], { attendees: [], status: "confirmed" }, booking);
    expect(changes(event)).toEqual([
      ["Attendees", "–", "a@example.com"],
      ["Status", "Confirmed", "No-show"],
    ]);
  });

  it("shows a dash for what was empty", () => {
    const event = anEvent(["location"], { location: null }, aBooking({ location: "Room 2" }));
    expect(changes(event)).toEqual([["Place", "–", "Room 2"]]);
  });

  it("leaves out what looks the same before and after, and what it knows no value of", () => {
    const event = anEvent(["metadata", "title", "unknown_field"], {
      metadata: {},
      title: "Consultation",
    });
    expect(changes(event)).toEqual([]);
  });

  it("gives fields without a name of their own a readable one", () => {
    const event = anEvent(["seat_limit"], { seat_limit: 4 });
    expect(changes(event)).toEqual([["Seat limit", "4", "–"]]);
  });
});
