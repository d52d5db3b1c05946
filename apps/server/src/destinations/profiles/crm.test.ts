import type { BookingEvent, BookingResource } from "@slotwire/contract";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { bodyOf, compat } from "../../../test/encode-target.ts";
import { exampleEvent } from "../../../test/example-event.ts";
import { crmProfile } from "./crm.ts";

/** As a CRM checks it that was written for the booking site's own messages. */
const receiverSchema = z.object({
  bookingId: z.string(),
  eventType: z.enum(["workshop", "30min-consultation"]),
  name: z.string(),
  email: z.email(),
  phone: z.string().optional(),
  company: z.string().optional(),
  scheduledDate: z.string(),
  duration: z.number(),
  meetingUrl: z.string().optional(),
  notes: z.string().optional(),
  source: z.literal("bookme"),
});

const example = exampleEvent.data.booking as BookingResource;

function eventOf(change: Partial<BookingEvent>, booking: Partial<BookingResource> = {}) {
  const service = { id: null, key: "workshop", name: "Workshop" };
  return { ...exampleEvent, ...change, data: { booking: { ...example, service, ...booking } } };
}

const created = { type: "booking.created", old_status: null } as const;

describe("the CRM's profile", () => {
  it("writes what a CRM takes for a new booking", () => {
    const body = bodyOf(
      crmProfile.encode(
        eventOf(created, {
          metadata: { company: "Acme AB" },
          meeting_url: "https://meet.example/1",
        }),
        compat,
      ),
    );
    expect(receiverSchema.parse(body)).toEqual({
      bookingId: example.id,
      eventType: "workshop",
      name: "Jan Kowalski",
      email: "jan@example.com",
      phone: "+48600000000",
      company: "Acme AB",
      scheduledDate: "2026-03-10T10:00:00.000Z",
      duration: 60,
      meetingUrl: "https://meet.example/1",
      notes: "Call +48 600 000 000 first",
      source: "bookme",
    });
    expect(body).toMatchObject({
      event: "booking.created",
      createdAt: example.created_at,
      occurredAt: exampleEvent.occurred_at,
    });
  });

  it.each([
    ["booking.created", created],
    ["booking.created", { type: "booking.confirmed", old_status: "pending" }],
    ["booking.created", { type: "booking.rescheduled", old_status: "pending" }],
    ["booking.rescheduled", { type: "booking.rescheduled" }],
    ["booking.rescheduled", { type: "booking.reinstated", old_status: "cancelled" }],
    ["booking.updated", { type: "booking.updated" }],
    ["booking.cancelled", { type: "booking.cancelled", new_status: "cancelled" }],
    ["booking.cancelled", { type: "booking.deleted" }],
    ["booking.no_show", { type: "booking.no_show", new_status: "no_show" }],
    ["booking.completed", { type: "booking.completed", new_status: "completed" }],
    [
      "booking.completed",
      { type: "booking.no_show_cleared", old_status: "no_show", new_status: "completed" },
    ],
  ] satisfies [string, Partial<BookingEvent>][])("tells %s", (told, change) => {
    expect(bodyOf(crmProfile.encode(eventOf(change), compat))["event"]).toBe(told);
  });

  it.each([
    ["a request", { type: "booking.created", old_status: null, new_status: "pending" }],
    ["a refusal", { type: "booking.rejected", old_status: "pending", new_status: "rejected" }],
    ["somebody at the door", { type: "booking.checked_in", new_status: "checked_in" }],
    ["a payment", { type: "booking.payment_updated" }],
  ] satisfies [string, Partial<BookingEvent>][])("leaves out %s", (_words, change) => {
    expect(crmProfile.encode(eventOf(change), compat)).toEqual({ skip: expect.any(String) });
  });

  it("leaves out whoever has no e-mail address, and says so", () => {
    const nobody = eventOf(created, { attendees: [] });
    expect(crmProfile.encode(nobody, compat)).toEqual({
      skip: expect.stringContaining("e-mail address"),
    });
  });

  it("gives up on a body that is refused, not on a wrong secret", () => {
    const judged = [400, 401, 404, 422].map((statusCode) =>
      crmProfile.judge({ statusCode, responseBody: null }),
    );
    expect(judged).toEqual(["reject", "retry", "retry", "reject"]);
  });

  it("carries the secret where a CRM looks for it", () => {
    expect(crmProfile.keyHeader("s")).toEqual({ name: "x-webhook-secret", value: "s" });
  });
});
