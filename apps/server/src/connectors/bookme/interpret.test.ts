import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Interpretation } from "../connector.ts";
import { eventIdentity } from "./event-identity.ts";
import { explainPayload } from "./explain-payload.ts";
import { interpret } from "./interpret.ts";

const now = new Date("2026-01-10T12:00:00.000Z");
const context = { receivedAt: now, timeZone: "Europe/Stockholm", settings: {}, headers: {} };
const booking = {
  bookingId: "b-1",
  eventType: "workshop",
  name: "Test Person",
  email: "test@example.com",
  scheduledDate: "2026-02-15T10:00:00Z",
  duration: 120,
  source: "bookme",
  createdAt: "2026-01-02T08:00:00Z",
};

type Changed = Extract<Interpretation, { outcome: "change" }>;

function read(body: object): Changed {
  const result = interpret(body, context);
  if (result.outcome !== "change") throw new Error(JSON.stringify(result));
  return result;
}

describe("a booking of the site", () => {
  test("is all that the seed's payload tells", () => {
    const { change, summary } = read({
      ...booking,
      phone: "070-123 45 67",
      company: "Acme AB",
      meetingUrl: "https://meet.example/abc",
      notes: "Projector, please",
    });
    expect(change).toMatchObject({
      kind: "created",
      status: "confirmed",
      occurredAt: "2026-01-02T08:00:00.000Z",
      refs: { uid: "b-1", previousUid: null },
      fields: {
        startsAt: "2026-02-15T10:00:00.000Z",
        endsAt: "2026-02-15T12:00:00.000Z",
        title: "workshop - Acme AB",
        description: "Projector, please",
        meetingUrl: "https://meet.example/abc",
        serviceKey: "workshop",
        metadata: { company: "Acme AB" },
        attendees: [{ name: "Test Person", email: "test@example.com", phone: "070-123 45 67" }],
      },
    });
    expect(summary).toBe("booking of 2026-02-15 10:00 UTC for Test Person");
  });

  test("may be of any type", () => {
    expect(read({ ...booking, eventType: "a third one" }).change.fields.serviceKey).toBe(
      "a third one",
    );
  });

  test.each([
    ["in winter", "2026-01-20T10:00", "2026-01-20T09:00:00.000Z"],
    ["in summer", "2026-07-20T10:00:00", "2026-07-20T08:00:00.000Z"],
    ["where the clocks are put forward", "2026-03-29T02:30:00", "2026-03-29T01:30:00.000Z"],
    ["where they are put back", "2026-10-25T02:30:00", "2026-10-25T00:30:00.000Z"],
  ])("without an offset is at the organisation's time %s", (_when, scheduledDate, startsAt) => {
    const { change, warning } = read({ ...booking, scheduledDate });
    expect(change.fields.startsAt).toBe(startsAt);
    expect(warning).toContain("Europe/Stockholm");
  });

  test("rounds a length to whole minutes, as the booking tells it", () => {
    const scheduledDate = "2026-01-05T10:00:00.000Z";
    const result = interpret({ ...booking, scheduledDate, duration: 12.5 }, context);
    expect(result).toMatchObject({
      change: { fields: { startsAt: scheduledDate, endsAt: "2026-01-05T10:13:00.000Z" } },
    });
  });

  test.each([0, -5, 0.5, 1441, Number.NaN, "120", null])("cannot take %s minutes", (duration) => {
    expect(interpret({ ...booking, duration }, context)).toMatchObject({
      outcome: "failed",
      reason: expect.stringContaining("duration") as string,
    });
  });

  test.each(["javascript:alert(1)", "ftp://example.com/", "meet.example", "data:text/html,x"])(
    "keeps no link like %s, and people are told",
    (meetingUrl) => {
      const { change, warning } = read({ ...booking, meetingUrl });
      expect(change.fields.meetingUrl).toBeUndefined();
      expect(warning).toContain("meetingUrl");
    },
  );

  test("happened when it arrived, when the site has no time for it", () => {
    expect(read({ ...booking, createdAt: undefined }).change.occurredAt).toBe(now.toISOString());
  });

  test("is cancelled by its id alone", () => {
    const { change } = read({ bookingId: "b-1", event: "booking.cancelled", reason: "ill" });
    expect(change).toMatchObject({ kind: "cancelled", status: "cancelled", statusReason: "ill" });
    expect(change.fields).toEqual({});
  });
});

test.each([
  ["booking.created", "2026-01-02T08:00:00.000Z"],
  ["booking.rescheduled", "2026-01-02T08:00:00.001Z"],
  ["booking.cancelled", "2026-01-02T08:00:00.002Z"],
])("%s comes in its turn, when all of them have the booking's own time", (event, occurredAt) => {
  expect(read({ ...booking, event }).change.occurredAt).toBe(occurredAt);
  const at = "2026-01-03T08:00:00Z";
  const { change } = read({ ...booking, event, occurredAt: at });
  expect(change.occurredAt).toBe("2026-01-03T08:00:00.000Z");
});

describe("an event that is not known", () => {
  test.each([
    ["booking.reshceduled", "booking.rescheduled"],
    ["booking.canceled", "booking.cancelled"],
    ["cancelled", "booking.cancelled"],
    ["Booking.No-Show", "booking.no_show"],
    ["rescheduled", "booking.rescheduled"],
    ["BOOKING_CREATED", "booking.created"],
    [`booking.${"x".repeat(500)}`, "booking.created"],
  ])("like %s is failed, and the nearest one is named", (event, nearest) => {
    const body = { ...booking, event };
    expect(interpret(body, context)).toMatchObject({
      outcome: "failed",
      code: "E_EVENT_UNKNOWN",
      reason: expect.stringContaining(`the nearest that is known is ${nearest}`) as string,
    });
    const issues = explainPayload(body);
    expect(issues).toMatchObject([{ code: "E_EVENT_UNKNOWN", path: ["event"] }]);
    expect(issues[0]?.values).toContain("booking.rescheduled");
    expect(issues[0]?.message).toContain(`Did you mean ${nearest}?`);
  });
});

test("an event that is an address is not repeated in the reason", () => {
  const result = interpret({ ...booking, event: "jan@example.com" }, context);
  expect(result.outcome === "failed" && result.reason).not.toContain("jan");
});

describe("what keeps a body from being understood", () => {
  test("is told member by member, and quotes nothing", () => {
    const issues = explainPayload({ ...booking, email: "no address", duration: 0 });
    expect(issues.map(({ path }) => path)).toEqual([["email"], ["duration"]]);
    expect(JSON.stringify(issues)).not.toContain("no address");
  });

  test("is nothing for a body that is understood", () => {
    expect(explainPayload(booking)).toEqual([]);
    expect(explainPayload({ bookingId: "b-1", event: "booking.no_show" })).toEqual([]);
  });

  test.each([null, [], "text", {}, { ...booking, scheduledDate: "tomorrow" }])(
    "is something for %j",
    (body) => {
      expect(explainPayload(body)).not.toEqual([]);
      expect(interpret(body, context).outcome).toBe("failed");
    },
  );
});

test("a body is understood, or it is said what is wrong with it, and never both", () => {
  const odd = fc.oneof(
    fc.jsonValue({ maxDepth: 1, stringUnit: "binary" }),
    fc.constantFrom(undefined, "", "booking.created", "booking.cancelled", "2026-02-15T10:00:00Z"),
    fc.constantFrom("tomorrow", "a\u0000b", "x".repeat(600), 0, 120, "test@example.com"),
  );
  const members = fc.constantFrom(...Object.keys(booking), "event", "occurredAt");
  fc.assert(
    fc.property(fc.dictionary(members, odd, { maxKeys: 4 }), (change) => {
      const body = { ...booking, ...change };
      expect(interpret(body, context).outcome === "failed").toBe(explainPayload(body).length > 0);
    }),
    { numRuns: 2000 },
  );
});

test("two messages are one event, whatever the order of their members", () => {
  const turned = Object.fromEntries(Object.entries(booking).toReversed());
  expect(eventIdentity(turned)).toBe(eventIdentity(booking));
  expect(eventIdentity({ ...booking, notes: "new" })).not.toBe(eventIdentity(booking));
  expect(eventIdentity({})).toBeNull();
});
