import { describe, expect, test } from "vitest";
import fc from "fast-check";
import type { Interpretation } from "../connector.ts";
import { interpret } from "./interpret.ts";
import { suggestMapping } from "./suggest.ts";

const receivedAt = new Date("2026-01-10T12:00:00.000Z");

/** What the suggestion from one message makes of another of the same shape. */
function read(sample: unknown, message: unknown = sample): Interpretation {
  const settings = { mapping: suggestMapping([sample]) };
  return interpret(message, { receivedAt, timeZone: "Europe/Stockholm", settings, headers: {} });
}

/** What all shapes below tell, whatever they call it. */
interface Visit {
  readonly id: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly name: string;
  readonly email: string;
}

const visit: fc.Arbitrary<Visit> = fc
  .record({
    id: fc.stringMatching(/^[A-Za-z0-9]{6,20}$/),
    start: fc.integer({ min: 1_780_000_000, max: 1_900_000_000 }),
    minutes: fc.integer({ min: 5, max: 600 }),
    name: fc.constantFrom("Jan Kowalski", "Zoë Ångström", "李 雷", "O'Brien-Smith"),
    email: fc.stringMatching(/^[a-z]{2,10}@mail\.example$/),
  })
  .map(({ id, start, minutes, name, email }) => ({
    id,
    name,
    email,
    startsAt: new Date(start * 1000).toISOString(),
    endsAt: new Date((start + minutes * 60) * 1000).toISOString(),
  }));

const seconds = (at: string): number => Date.parse(at) / 1000;
const minutes = ({ startsAt, endsAt }: Visit): number => (seconds(endsAt) - seconds(startsAt)) / 60;

/** Messages as several sources write them. */
const shapes: Readonly<Record<string, (visit: Visit) => object>> = {
  // help.koalendar.com/article/30-webhooks
  "event.created with an invitee": ({ id, startsAt, endsAt, name, email }) => ({
    type: "event.created",
    created_at: "2026-01-09T08:00:00Z",
    event: {
      id,
      name: "Consultation",
      start_at: startsAt,
      end_at: endsAt,
      location: "https://meet.example/room",
      invitee: { name, email, time_zone: "Europe/Warsaw", fields: { q1: "none" } },
    },
  }),
  "a flat one with a sid": ({ id, startsAt, endsAt, name, email }) => ({
    webhook_event: "booking_created",
    sid: id,
    meeting_name: "Consultation",
    starts_at: startsAt,
    ends_at: endsAt,
    name,
    email,
    time_zone: "Europe/Warsaw",
    status: "confirmed",
    host: { name: "Anna Nowak", email: "anna@clinic.example" },
  }),
  "camel case with hosts and attendees": ({ id, name, email, ...times }) => ({
    type: "event.created",
    created_at: "2026-01-09T08:00:00Z",
    data: {
      id,
      eventName: "Consultation",
      startDate: times.startsAt,
      duration: (seconds(times.endsAt) - seconds(times.startsAt)) / 60,
      hosts: [{ name: "Anna Nowak", email: "anna@clinic.example" }],
      attendees: [{ name, email, timezone: "Europe/Warsaw" }],
    },
  }),
  "seconds since 1970": ({ id, startsAt, endsAt, name, email }) => ({
    event: "booking_created",
    id,
    name,
    email,
    start: seconds(startsAt),
    end: seconds(endsAt),
    operator: { id: 51_215, name: "Anna Nowak", mail: "anna@clinic.example" },
  }),
  // developer.jicoo.com
  "what began and ended, with a contact": ({ id, startsAt, endsAt, name, email }) => ({
    createdAt: "2026-01-09T08:00:00Z",
    event: "guest_booked",
    object: {
      status: "open",
      timeZone: "Europe/Warsaw",
      startedAt: startsAt,
      endedAt: endsAt,
      uid: id,
      eventTypeUid: "type-1",
      contact: { email, name },
      answers: [{ question: "How did you find us?", content: ["friends"] }],
    },
  }),
  "an operation, with an owner and a guest": ({ id, name, email, ...times }) => ({
    bookingId: id,
    eventKey: "type-1",
    operation: "booking",
    date: times.startsAt,
    owner: { username: "anna", fullName: "Anna Nowak", email: "anna@clinic.example" },
    guest: { username: "guest", fullName: name, email, timezone: "Europe/Warsaw" },
    etype: {
      name: "Consultation",
      duration: (seconds(times.endsAt) - seconds(times.startsAt)) / 60,
      reminders: [{ minutes: "30" }],
    },
  }),
  // developer.meetergo.com
  "lists of attendees and hosts with ids": ({ id, startsAt, endsAt, name, email }) => ({
    event: "booking_created",
    data: {
      id,
      start: startsAt,
      end: endsAt,
      location: null,
      meetingInfo: { channel: "zoom", meetingLink: "https://meet.example/room" },
      attendees: [{ id: "att-1", email, fullname: name, timezone: "Europe/Warsaw" }],
      hosts: [{ id: "host-1", email: "anna@clinic.example", fullName: "Anna Nowak" }],
      meetingType: { id: "mt-1", slug: "call", meetingInfo: { name: "Call", duration: 30 } },
      updatedAt: "2026-01-09T08:00:00Z",
    },
  }),
  "names in two parts and an envelope": ({ id, startsAt, endsAt, name, email }) => ({
    id: "evt_abc123",
    type: "booking.created",
    createdAt: "2026-01-09T08:00:00Z",
    data: {
      booking: {
        bookingId: id,
        status: "confirmed",
        startsAt,
        endsAt,
        attendee: { email, firstName: name.split(" ")[0], lastName: name.split(" ").at(-1) },
        host: { id: "usr_1", email: "anna@clinic.example" },
      },
    },
  }),
};

describe("a suggested mapping", () => {
  test.each(Object.entries(shapes))("reads %s", (_name, write) => {
    fc.assert(
      fc.property(visit, visit, (first, second) => {
        const result = read(write(first), write(second));
        if (result.outcome !== "change") throw new Error(JSON.stringify(result));
        const { change } = result;
        expect(change.kind).toBe("created");
        expect(change.refs?.uid).toBe(second.id);
        expect(change.fields.startsAt).toBe(second.startsAt);
        expect(change.fields.endsAt).toBe(second.endsAt);
        expect(change.fields.attendees?.[0]).toMatchObject({ email: second.email });
        expect(change.fields.attendees?.[0]?.name).toContain(second.name.split(" ")[0]);
        expect(minutes(second)).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });

  test("tells the customer from the host, and the link from the place", () => {
    const write = shapes["event.created with an invitee"];
    const [one] = fc.sample(visit, 1);
    if (write === undefined || one === undefined) throw new Error("no sample");
    const { fields } = suggestMapping([write(one)]);
    expect(fields).toMatchObject({
      event: { path: "$.type" },
      uid: { path: "$.event.id" },
      meeting_url: { path: "$.event.location" },
      attendee_email: { path: "$.event.invitee.email" },
      time_zone: { path: "$.event.invitee.time_zone" },
    });
    expect(fields.location).toBeUndefined();
    expect(fields.provider_email).toBeUndefined();
  });

  test("gives words their meaning", () => {
    const words = ["event.created", "event.rescheduled", "event.canceled", "event.paused"];
    const { events } = suggestMapping(words.map((type) => ({ type })));
    expect(events).toEqual({
      "event.created": "created",
      "event.rescheduled": "rescheduled",
      "event.canceled": "cancelled",
    });
  });

  test("puts a day and a time of day together", () => {
    const sample = { id: "b-1", date: "05/01/2027", start_time: "10:00", end_time: "10:45" };
    const american = { ...sample, date: "01/31/2027", start_time: "2:30 PM", end_time: "3:00 PM" };
    expect(read(sample)).toMatchObject({
      change: {
        fields: { startsAt: "2027-01-05T09:00:00.000Z", endsAt: "2027-01-05T09:45:00.000Z" },
      },
    });
    expect(read(american)).toMatchObject({
      change: {
        fields: { startsAt: "2027-01-31T13:30:00.000Z", endsAt: "2027-01-31T14:00:00.000Z" },
      },
    });
  });

  test("is made of any JSON, within bounds, and the same every time", () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 5, stringUnit: "binary" }), { maxLength: 4 }),
        (bodies) => {
          const mapping = suggestMapping(bodies);
          expect(suggestMapping(structuredClone(bodies))).toEqual(mapping);
          expect(JSON.stringify(mapping).length).toBeLessThan(200_000);
          for (const body of bodies) expect(() => read(body)).not.toThrow();
        },
      ),
      { numRuns: 300 },
    );
  }, 60_000);
});
