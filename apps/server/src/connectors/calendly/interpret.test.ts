import { describe, expect, test } from "vitest";
import type { Interpretation } from "../connector.ts";
import { eventIdentity } from "./event-identity.ts";
import { calendlyFixture, type CalendlyFixtureName } from "./fixtures.ts";
import { interpret } from "./interpret.ts";

const receivedAt = new Date("2026-01-10T12:00:00.000Z");
const read = (body: unknown): Interpretation =>
  interpret(body, { receivedAt, timeZone: "Europe/Warsaw", settings: {}, headers: {} });

function resultOf(name: CalendlyFixtureName, invitee = {}, event = {}) {
  const result = read(calendlyFixture(name, invitee, event));
  if (result.outcome !== "change") throw new Error(JSON.stringify(result));
  return result;
}
const changeOf = (...given: Parameters<typeof resultOf>) => resultOf(...given).change;

const uri = (place: string): string => `https://api.calendly.com/scheduled_events/${place}`;
const first = uri("EV1/invitees/INV1");
const second = uri("EV2/invitees/INV2");

describe("what the events mean", () => {
  test("invitee.created is read field by field", () => {
    expect(changeOf("invitee_created")).toEqual({
      kind: "created",
      refs: { uid: first, previousUid: null, icalUid: null },
      occurredAt: "2026-01-02T08:15:00.120Z",
      sourceSequence: null,
      status: "confirmed",
      sourceStatus: "active",
      statusReason: null,
      cancelledBy: null,
      fields: {
        startsAt: "2026-01-05T09:00:00.000Z",
        endsAt: "2026-01-05T10:00:00.000Z",
        timeZone: "Europe/Warsaw",
        title: "Grooming",
        location: "ul. Psia 7, Kraków (ring twice)",
        provider: { name: "Ewa Nowak", email: "ewa@barkbook.example" },
        serviceKey: "GROOM60",
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
        metadata: {
          answers: { "0": { label: "How long is the coat?", value: "Long" } },
          event: uri("EV1"),
          invitee_time_zone: "Europe/London",
          cancel_url: "https://calendly.com/cancellations/INV1",
          reschedule_url: "https://calendly.com/reschedulings/INV1",
          tracking: { utm_campaign: "spring" },
        },
      },
    });
  });

  test("a cancellation keeps its reason, who did it, and the chain to the place before", () => {
    expect(changeOf("invitee_canceled")).toMatchObject({
      kind: "cancelled",
      status: "cancelled",
      statusReason: "Burek is ill.",
      cancelledBy: "Jan Kowalski",
      refs: { uid: second, previousUid: first },
    });
  });

  test("the new half of a reschedule names the place before", () => {
    expect(changeOf("invitee_created_moved")).toMatchObject({
      kind: "rescheduled",
      status: "confirmed",
      refs: { uid: second, previousUid: first },
      fields: { startsAt: "2026-01-06T13:30:00.000Z" },
    });
  });

  test("the old half cancels nothing: it links the next place, and has the source asked", () => {
    const { change, asks, summary } = resultOf("invitee_canceled_moved");
    expect(change).toMatchObject({
      kind: "updated",
      status: null,
      refs: { uid: second, previousUid: first },
      fields: {},
    });
    expect(asks).toMatchObject([{ kind: "reconcile", scope: { uid: second }, unlessTold: true }]);
    expect(summary).toContain("reschedule");
  });

  test("an old half that does not name the next place has the source asked about this one", () => {
    const { change, asks } = resultOf("invitee_canceled_moved", { new_invitee: null });
    expect(change).toMatchObject({ status: null, refs: { uid: first, previousUid: null } });
    expect(asks).toMatchObject([{ scope: { uid: first } }]);
    expect(asks?.[0]).not.toHaveProperty("unlessTold");
  });

  test("a creation that is told after the cancellation is cancelled", () => {
    expect(changeOf("invitee_created", { status: "canceled" }).status).toBe("cancelled");
    const moved = { status: "canceled", rescheduled: true };
    expect(changeOf("invitee_created", moved).status).toBe("confirmed");
  });

  test("a no-show's own resource names its invitee, too", () => {
    const own = { uri: "https://api.calendly.com/invitee_no_shows/NS1", invitee: second };
    expect(changeOf("invitee_no_show_created", own).refs?.uid).toBe(second);
  });

  test.each(["routing_form_submission.created", "event_type.updated", "constructor"])(
    "%s is ignored by name",
    (event) => {
      expect(read({ event, payload: "whatever" })).toMatchObject({
        outcome: "ignored",
        trigger: event,
        reason: expect.stringContaining(event) as string,
      });
    },
  );
});

describe("where it is", () => {
  test.each([
    [{ type: "zoom", join_url: "https://zoom.us/j/1" }, null, "https://zoom.us/j/1"],
    [
      { type: "google_conference", join_url: "https://meet.google.com/x" },
      null,
      "https://meet.google.com/x",
    ],
    [{ type: "custom", location: "https://meet.example/x" }, null, "https://meet.example/x"],
    [{ type: "ask_invitee", location: "My place" }, "My place", null],
    [{ type: "custom", location: "javascript:alert(1)" }, "javascript:alert(1)", null],
    [{ type: "inbound_call", location: "+48 12 345" }, "+48 12 345", null],
    [null, null, null],
  ])("%j", (location, place, url) => {
    const { fields } = changeOf("invitee_created", {}, { location });
    expect([fields.location ?? null, fields.meetingUrl ?? null]).toEqual([place, url]);
  });

  test("who is called leaves the number as the place", () => {
    const location = { type: "outbound_call", location: "+46 70 123 45 67" };
    const { fields } = changeOf("invitee_created", { text_reminder_number: null }, { location });
    expect(fields.attendees).toMatchObject([{ phone: "+46 70 123 45 67" }]);
  });
});

test("guests come along, but not to a class, whose places are bookings of their own", () => {
  const guests = { event_guests: [{ email: "anna@mail.example" }] };
  expect(changeOf("invitee_created", {}, guests).fields.attendees).toMatchObject([
    { name: "Jan Kowalski" },
    { email: "anna@mail.example" },
  ]);
  const group = { ...guests, invitees_counter: { total: 3, active: 2, limit: 8 } };
  const { fields } = changeOf("invitee_created", {}, group);
  expect(fields.attendees).toHaveLength(1);
  expect(fields.seriesRef).toBe(uri("EV1"));
});

test("a payment is read in the smallest unit of its currency", () => {
  const payment = { amount: 50.5, currency: "usd", successful: true };
  expect(changeOf("invitee_created", { payment }).fields).toMatchObject({
    paymentStatus: "paid",
    priceMinor: 5050,
    currency: "USD",
  });
  const yen = { amount: 5000, currency: "JPY", successful: false };
  expect(changeOf("invitee_created", { payment: yen }).fields).toMatchObject({
    paymentStatus: "initiated",
    priceMinor: 5000,
  });
});

test("two subscriptions tell one event; another event is another", () => {
  const body = calendlyFixture("invitee_created");
  const other = { ...body, created_by: "https://api.calendly.com/users/OTHER" };
  expect(eventIdentity(other)).toBe(eventIdentity(body));
  const identities = ["invitee_created", "invitee_canceled", "invitee_created_moved"] as const;
  expect(new Set(identities.map((name) => eventIdentity(calendlyFixture(name)))).size).toBe(3);
  expect(eventIdentity("text")).toBeNull();
});
