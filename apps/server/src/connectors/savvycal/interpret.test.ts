import { expect, test } from "vitest";
import type { Interpretation } from "../connector.ts";
import { eventIdentity } from "./event-identity.ts";
import { savvycalFixture, type SavvycalFixtureName } from "./fixtures.ts";
import { interpret } from "./interpret.ts";

const receivedAt = new Date("2026-01-10T12:00:00.000Z");
const read = (body: unknown): Interpretation =>
  interpret(body, { receivedAt, timeZone: "Europe/Stockholm", settings: {}, headers: {} });

function changeOf(name: SavvycalFixtureName, event: Record<string, unknown> = {}, type?: string) {
  const body = savvycalFixture(name, event);
  const result = read(type === undefined ? body : { ...body, type });
  if (result.outcome !== "change") throw new Error(JSON.stringify(result));
  return result.change;
}

test("event.created is read field by field", () => {
  expect(changeOf("event_created")).toEqual({
    kind: "created",
    refs: { uid: "event_7RDQF0G5VT8PAV4ERN90B5Q27Y", previousUid: null, icalUid: null },
    occurredAt: "2026-01-02T08:15:00.000Z",
    sourceSequence: null,
    status: "confirmed",
    sourceStatus: "confirmed",
    statusReason: null,
    cancelledBy: null,
    fields: {
      startsAt: "2026-01-05T09:00:00.000Z",
      endsAt: "2026-01-05T10:00:00.000Z",
      timeZone: "Europe/Warsaw",
      title: "Grooming",
      description: "Burek is shy.",
      location: "ul. Psia 7, Kraków",
      provider: { name: "Ewa Nowak", email: "ewa@barkbook.example" },
      serviceKey: "grooming-60",
      serviceName: "Grooming",
      attendees: [
        {
          name: "Jan Kowalski",
          email: "jan.kowalski@mail.example",
          phone: "+48601234567",
          status: "accepted",
          seatRef: null,
        },
      ],
      metadata: { answers: { field_COAT: { label: "How long is the coat?", value: "Long" } } },
    },
  });
});

test.each([
  ["event.created", "created", "confirmed"],
  ["event.requested", "requested", "pending"],
  ["event.approved", "created", "confirmed"],
  ["event.declined", "rejected", "rejected"],
  ["event.rescheduled", "rescheduled", "confirmed"],
  ["event.changed", "updated", "confirmed"],
  ["event.canceled", "cancelled", "cancelled"],
  ["event.attendee.added", "updated", "confirmed"],
  ["event.attendee.canceled", "updated", "confirmed"],
  ["event.checkout.pending", "requested", "pending"],
  ["event.checkout.completed", "payment_updated", "confirmed"],
  ["event.checkout.expired", "cancelled", "cancelled"],
])("%s is %s and leads to %s", (type, kind, status) => {
  expect(changeOf("event_created", {}, type)).toMatchObject({ kind, status });
});

test.each([
  ["awaiting_checkout", "pending"],
  ["awaiting_reschedule", "cancelled"],
  ["canceled", "cancelled"],
  ["something_new", "confirmed"],
  [null, "confirmed"],
])("a change of an event that is %s leads to %s", (state, status) => {
  expect(changeOf("event_created", { state }, "event.changed").status).toBe(status);
});

test.each(["poll.response.created", "workflow.action.triggered", "event.attendee.rescheduled"])(
  "%s is ignored by name",
  (type) => {
    expect(read({ ...savvycalFixture("event_created"), type })).toMatchObject({
      outcome: "ignored",
      reason: expect.stringContaining(type) as string,
    });
  },
);

test("a cancellation keeps its reason, and an unpaid one says so", () => {
  expect(changeOf("event_canceled").statusReason).toBe("Burek is ill.");
  const expired = changeOf("event_created", {}, "event.checkout.expired");
  expect(expired.statusReason).toBe("it was not paid for in time");
});

test("whoever booked comes first, and whoever declined does not come", () => {
  const attendees = [
    { id: "host", display_name: "Ewa", is_organizer: true },
    { id: "a", display_name: "Anna", email: "anna@mail.example", response_status: "declined" },
    { id: "b", display_name: "Jan", email: "jan@mail.example", response_status: "accepted" },
  ];
  const { fields } = changeOf("event_created", {
    attendees,
    organizer: null,
    scheduler: attendees[2],
  });
  expect(fields.attendees).toMatchObject([
    { name: "Jan", status: "accepted" },
    { name: "Anna", status: "cancelled" },
  ]);
  expect(fields.provider).toMatchObject({ name: "Ewa" });
});

test("a group session is one booking with seats", () => {
  const { fields } = changeOf("event_created", { is_group_session: true, max_attendees: 8 });
  expect(fields).toMatchObject({ seats: 8, attendees: [{ seatRef: "attendee_JAN" }] });
});

test("a call is a link, and a payment is known", () => {
  const conferencing = { type: "zoom", join_url: "https://zoom.us/j/1" };
  const { fields } = changeOf("event_created", { conferencing, payment: { state: "paid" } });
  expect(fields).toMatchObject({ meetingUrl: "https://zoom.us/j/1", paymentStatus: "paid" });
});

test("two webhooks tell one event under ids of their own", () => {
  const body = savvycalFixture("event_created");
  expect(eventIdentity({ ...body, id: "payload_2" })).toBe(eventIdentity(body));
  expect(eventIdentity({ ...body, type: "event.changed" })).not.toBe(eventIdentity(body));
  expect(eventIdentity([])).toBeNull();
});
