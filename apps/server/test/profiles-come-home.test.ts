import type { BookingEvent } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import { interpret as readBookme } from "../src/connectors/bookme/interpret.ts";
import { interpret as readSupabase } from "../src/connectors/supabase/interpret.ts";
import { profiles } from "../src/destinations/profiles/profiles.ts";
import { bodyOf, compat, full } from "./encode-target.ts";
import { exampleEvent } from "./example-event.ts";

const context = { receivedAt: new Date("2026-03-01T09:00:00Z"), timeZone: "Europe/Warsaw" };
const cancelled: BookingEvent = {
  ...exampleEvent,
  type: "booking.cancelled",
  old_status: "confirmed",
  new_status: "cancelled",
};

describe("another hub behind a destination", () => {
  it.each([
    ["created", "confirmed", { ...exampleEvent, type: "booking.created", old_status: null }],
    ["rescheduled", "confirmed", exampleEvent],
    ["cancelled", "cancelled", cancelled],
  ] satisfies [string, string, BookingEvent][])(
    "understands what the crm profile says: %s",
    (kind, status, event) => {
      const body = bodyOf(profiles.crm.encode(event, compat));
      expect(readBookme(body, context as never)).toMatchObject({
        outcome: "change",
        trigger: `booking.${kind}`,
        change: {
          kind,
          status,
          refs: { uid: event.booking_id },
          occurredAt: event.occurred_at,
          fields: { startsAt: "2026-03-10T10:00:00.000Z", endsAt: "2026-03-10T11:00:00.000Z" },
        },
      });
    },
  );

  it.each([
    ["created", "confirmed", { ...exampleEvent, old_status: null }],
    ["rescheduled", "confirmed", exampleEvent],
  ] satisfies [string, string, BookingEvent][])(
    "understands what the supabase profile says: %s",
    (kind, status, event) => {
      const body = bodyOf(profiles.supabase.encode(event, full));
      expect(readSupabase(body, context as never)).toMatchObject({
        outcome: "change",
        change: {
          kind,
          status,
          refs: { uid: event.booking_id },
          fields: { startsAt: "2026-03-10T10:00:00.000Z" },
        },
      });
    },
  );
});
