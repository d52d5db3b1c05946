import { describe, expect, test } from "vitest";
import type { Interpretation } from "../connector.ts";
import { eventIdentity } from "./event-identity.ts";
import { calcomFixture, calcomFixtureNames, type CalcomFixtureName } from "./fixtures.ts";
import { interpret } from "./interpret.ts";

const receivedAt = new Date("2026-01-10T12:00:00.000Z");

function read(body: unknown, settings: Record<string, unknown> = {}): Interpretation {
  return interpret(body, { receivedAt, timeZone: "Europe/Stockholm", settings, headers: {} });
}

function told(name: CalcomFixtureName, payload: Record<string, unknown> = {}) {
  const result = read(calcomFixture(name, payload));
  if (result.outcome !== "change") throw new Error(JSON.stringify(result));
  return result;
}

/** The list of Cal.com's API description (`CreateWebhookInputDto`). */
const documented = [
  "BOOKING_CREATED",
  "BOOKING_PAYMENT_INITIATED",
  "BOOKING_PAID",
  "BOOKING_RESCHEDULED",
  "BOOKING_REQUESTED",
  "BOOKING_CANCELLED",
  "BOOKING_REJECTED",
  "BOOKING_NO_SHOW_UPDATED",
  "BOOKING_LOCATION_UPDATED",
  "BOOKING_REASSIGNED",
  "FORM_SUBMITTED",
  "MEETING_ENDED",
  "MEETING_STARTED",
  "RECORDING_READY",
  "INSTANT_MEETING",
  "INSTANT_MEETING_ACCEPTED",
  "RECORDING_TRANSCRIPTION_GENERATED",
  "OOO_CREATED",
  "AFTER_HOSTS_CAL_VIDEO_NO_SHOW",
  "AFTER_GUESTS_CAL_VIDEO_NO_SHOW",
  "FORM_SUBMITTED_NO_EVENT",
  "ROUTING_FORM_FALLBACK_HIT",
  "DELEGATION_CREDENTIAL_ERROR",
  "WRONG_ASSIGNMENT_REPORT",
  "DELEGATION_CREDENTIAL_SECRET_ROTATION_FAILED",
  "DELEGATION_CREDENTIAL_ROTATION_REQUIRED",
  "DELEGATION_CREDENTIAL_SECRET_ROTATED",
  "CALENDAR_ENTRY_REJECTED",
];

const uid = "kR3xVq9pN2";

/** What each trigger is understood as. */
const changes: readonly (readonly [CalcomFixtureName, Record<string, unknown>])[] = [
  ["booking_created", { kind: "created", status: "confirmed", refs: { uid } }],
  [
    "booking_payment_initiated",
    {
      kind: "created",
      status: "pending",
      sourceStatus: "ACCEPTED",
      fields: { paymentStatus: "initiated", priceMinor: 12_000, currency: "PLN" },
    },
  ],
  [
    "booking_paid",
    {
      kind: "payment_updated",
      status: "confirmed",
      fields: { paymentStatus: "paid", priceMinor: 12_000, currency: "PLN" },
    },
  ],
  ["booking_requested", { kind: "requested", status: "pending" }],
  [
    "booking_rescheduled",
    {
      kind: "rescheduled",
      status: "confirmed",
      refs: { uid: "t8WmZc4LdA", previousUid: uid, previousStartsAt: "2026-01-05T09:00:00.000Z" },
    },
  ],
  ["booking_cancelled", { kind: "cancelled", status: "cancelled" }],
  ["booking_rejected", { kind: "rejected", status: "rejected" }],
  ["booking_no_show_updated", { kind: "no_show", status: "no_show", refs: { uid } }],
  [
    "booking_location_updated",
    {
      kind: "updated",
      status: "confirmed",
      clears: ["meetingUrl"],
      fields: { location: "ul. Kocia 9, Kraków" },
    },
  ],
  [
    "booking_reassigned",
    {
      kind: "reassigned",
      fields: { provider: { name: "Piotr Zając", email: "piotr@barkbook.example" } },
    },
  ],
  ["meeting_started", { kind: "started", status: "in_progress", sourceStatus: null }],
  ["meeting_ended", { kind: "completed", status: "completed", sourceStatus: null }],
  [
    "recording_ready",
    {
      kind: "updated",
      status: null,
      fields: { metadata: { recordingUrl: "https://recordings.cal.example/r/1.mp4?token=short" } },
    },
  ],
  [
    "recording_transcription_generated",
    {
      kind: "updated",
      status: null,
      fields: { metadata: { transcriptUrl: "https://recordings.cal.example/t/1.txt?token=short" } },
    },
  ],
  ["instant_meeting", { kind: "requested", status: "pending", refs: { uid: "instant-1" } }],
  [
    "instant_meeting_accepted",
    { kind: "updated", status: "confirmed", refs: { uid: "instant-1" } },
  ],
  [
    "after_hosts_cal_video_no_show",
    { kind: "updated", status: null, refs: { uid }, fields: { metadata: { hostNoShow: true } } },
  ],
  [
    "after_guests_cal_video_no_show",
    {
      kind: "no_show",
      refs: { uid },
      fields: { attendees: [{ email: "jan.kowalski@mail.example", status: "no_show" }] },
    },
  ],
];

const ignored: readonly (readonly [CalcomFixtureName, RegExp, string | null])[] = [
  ["form_submitted", /form/, null],
  ["form_submitted_no_event", /form/, null],
  ["routing_form_fallback_hit", /fallback/, null],
  ["ooo_created", /absence/, null],
  ["wrong_assignment_report", /report/, null],
  ["delegation_credential_error", /credentials/, "credential_failing"],
  ["delegation_credential_secret_rotation_failed", /credentials/, "credential_failing"],
  ["delegation_credential_rotation_required", /credentials/, "credential_failing"],
  ["delegation_credential_secret_rotated", /renewed/, null],
  ["calendar_entry_rejected", /calendar/, "calendar_entry_rejected"],
  ["ping", /works/, null],
];

describe("every documented trigger", () => {
  test("has an example, and a line in one of the two tables", () => {
    const examples = calcomFixtureNames.map((name) => calcomFixture(name).triggerEvent);
    expect(examples.toSorted()).toEqual([...documented, "PING"].toSorted());
    expect([...changes, ...ignored].map(([name]) => name).toSorted()).toEqual(
      calcomFixtureNames.toSorted(),
    );
  });

  test.each(changes)("%s changes a booking", (name, expected) => {
    expect(told(name).change).toMatchObject(expected);
  });

  test.each(ignored)("%s changes none, and says why", (name, reason, alert) => {
    const result = read(calcomFixture(name));
    expect(result).toMatchObject({ outcome: "ignored", reason: expect.stringMatching(reason) });
    const asks = result.outcome === "ignored" ? (result.asks ?? []) : [];
    expect(asks.map((ask) => ask.kind === "alert" && ask.code)).toEqual(
      alert === null ? [] : [alert],
    );
  });

  test("one that nobody knows is kept, with its name, whatever its body is", () => {
    for (const payload of [{ uid }, "text", null, undefined, []]) {
      expect(read({ triggerEvent: "BOOKING_TELEPORTED", payload })).toEqual({
        outcome: "ignored",
        trigger: "BOOKING_TELEPORTED",
        reason: "BOOKING_TELEPORTED is not known to the hub: it is kept, and changes nothing",
      });
    }
  });

  test("none that speaks of a booking makes one without times", () => {
    for (const name of ["recording_ready", "booking_no_show_updated"] as const) {
      expect(told(name).change.fields).not.toHaveProperty("startsAt");
    }
  });
});

describe("forms of the body", () => {
  test.each([
    ["nothing", null],
    ["an empty list", []],
    ["a list", [{ id: 1, integration: "google_calendar", externalId: "a@mail.example" }]],
    ["one object", { id: 1, integration: "google_calendar", externalId: "a@mail.example" }],
  ])("the destination calendar may be %s", (_name, destinationCalendar) => {
    expect(told("booking_created", { destinationCalendar }).change).toEqual(
      told("booking_created").change,
    );
  });

  test("payload version 2026-07-27 brings a calendar file, which names what the body leaves out", () => {
    const organizerIcsContent =
      "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:kR3xVq9p\r\n N2@Cal.com\r\nSEQUENCE:4\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    const bare = { iCalUID: null, iCalSequence: null, organizerIcsContent };
    const { refs, sourceSequence } = told("booking_created", bare).change;
    expect({ icalUid: refs?.icalUid, sourceSequence }).toEqual({
      icalUid: "kR3xVq9pN2@Cal.com",
      sourceSequence: 4,
    });
    expect(told("booking_created", { organizerIcsContent: 7 }).change).toEqual(
      told("booking_created").change,
    );
  });

  test.each([
    ["Z", "2026-01-05T09:00:00Z"],
    ["an offset", "2026-01-05T10:00:00+01:00"],
    ["milliseconds", "2026-01-05T09:00:00.000Z"],
    ["+00:00", "2026-01-05T09:00:00+00:00"],
  ])("a time with %s is the instant that it means", (_name, startTime) => {
    expect(told("booking_cancelled", { startTime }).change.fields.startsAt).toBe(
      "2026-01-05T09:00:00.000Z",
    );
  });
});

describe("payments", () => {
  test("who has yet to pay has not booked, and the summary says so", () => {
    expect(told("booking_payment_initiated").summary).toBe(
      "booking of 2026-01-05 09:00 UTC for Jan Kowalski, not paid yet",
    );
  });

  test("what was paid says nothing of metadata, answers or the customer", () => {
    const { change, named } = told("booking_paid");
    expect(change.fields.metadata).toEqual({});
    expect(named).toBeUndefined();
  });

  test("a price needs its currency, and 0 is none", () => {
    for (const payload of [{ price: 0 }, { price: 100, currency: "?" }, { price: 1.5 }]) {
      expect(told("booking_created", payload).change.fields).not.toHaveProperty("priceMinor");
    }
  });
});

describe("places", () => {
  test.each([
    ["a call takes the place of a room", "integrations:daily", ["location", "meetingUrl"]],
    ["a link takes the place of a room", "https://meet.example/a", ["location", "meetingUrl"]],
    ["a room takes the place of a call", "ul. Kocia 9", ["meetingUrl"]],
    ["no place says nothing", null, undefined],
  ])("%s", (_name, location, clears) => {
    expect(told("booking_location_updated", { location }).change.clears).toEqual(clears);
  });
});

describe("a series", () => {
  const recurringEvent = { freq: 2, count: 4, interval: 1 };

  test("gives its occurrences what they have in common", () => {
    const seriesOf = (payload: Record<string, unknown>): unknown =>
      told("booking_created", payload).change.fields.seriesRef;
    const first = { recurringEvent, iCalUID: "g7@google.com" };
    expect(seriesOf(first)).toBe("g7");
    const existing = { existingRecurringEvent: { recurringEventId: "g7" } };
    expect(seriesOf({ ...first, ...existing })).toBe("g7");
    expect(seriesOf({ recurringEventId: "cal-7" })).toBe("cal-7");
    expect(seriesOf({})).toBeUndefined();
  });

  test("is compared after one message that may end or confirm all of it", () => {
    const iCalUID = "g7@google.com";
    const cancelled = told("booking_cancelled", { recurringEvent, iCalUID });
    expect(cancelled.asks).toMatchObject([{ kind: "reconcile", scope: { seriesRef: "g7" } }]);
    const confirmed = { recurringEvent, iCalUID, requiresConfirmation: true };
    expect(told("booking_created", confirmed).asks).toMatchObject([
      { kind: "reconcile", scope: { seriesRef: "g7" } },
    ]);
    expect(told("booking_created", { recurringEvent }).asks).toBeUndefined();
    expect(told("booking_cancelled").asks).toBeUndefined();
  });
});

describe("seats", () => {
  test("one that moves away leads to a look at the class that it left", () => {
    expect(told("booking_rescheduled", { seatsPerTimeSlot: 8 }).asks).toMatchObject([
      { kind: "reconcile", scope: { uid } },
    ]);
  });
});

describe("no-shows", () => {
  test("of a host raise an alert, and say nothing of the visit", () => {
    const { asks, change } = told("after_hosts_cal_video_no_show");
    expect(asks).toMatchObject([{ kind: "alert", code: "host_no_show" }]);
    expect(change.fields).not.toHaveProperty("attendees");
    expect(told("booking_no_show_updated", { noShowHost: true, attendees: [] })).toMatchObject({
      asks: [{ code: "host_no_show" }],
      change: { kind: "updated", fields: { metadata: { hostNoShow: true } } },
    });
  });

  test("of guests are those that are named, or the only one there is", () => {
    const absent = (payload: Record<string, unknown>): unknown =>
      told("after_guests_cal_video_no_show", payload).change.fields.attendees?.map(
        ({ email }) => email,
      );
    expect(absent({ guests: ["a@mail.example"] })).toEqual(["a@mail.example"]);
    expect(absent({ guests: null })).toEqual(["jan.kowalski@mail.example"]);
    const two = [{ email: "a@mail.example", noShow: true }, { email: "b@mail.example" }];
    expect(absent({ guests: [], attendees: two })).toEqual(["a@mail.example"]);
    const nobody = { guests: [], attendees: [{ email: "a@b.example" }, { email: "c@b.example" }] };
    expect(read(calcomFixture("after_guests_cal_video_no_show", nobody))).toMatchObject({
      outcome: "ignored",
    });
  });
});

describe("settings of a connection", () => {
  test("name the keys of the customer and the pet", () => {
    const metadata = { client: "c-1", dog: "d-1" };
    const result = read(calcomFixture("booking_created", { metadata }), {
      customerKey: "client",
      petKey: "dog",
    });
    expect(result).toMatchObject({ named: { customerId: "c-1", subjectId: "d-1" } });
    expect(read(calcomFixture("booking_created", { metadata }))).not.toHaveProperty("named");
  });

  test("say whether meetings count that begin and end by the clock", () => {
    const off = { meetingStarted: false, meetingEnded: false };
    for (const name of ["meeting_started", "meeting_ended"] as const) {
      expect(read(calcomFixture(name), off)).toMatchObject({ outcome: "ignored" });
    }
    expect(read(calcomFixture("meeting_ended"), { meetingStarted: false }).outcome).toBe("change");
  });

  test("that cannot be read take their defaults", () => {
    expect(read(calcomFixture("meeting_ended"), { customerKey: 7 }).outcome).toBe("change");
  });
});

describe("the identity of an event", () => {
  test("is the same from two webhooks of one URL, in whatever order the keys stand", () => {
    const body = calcomFixture("booking_created");
    const entries = Object.entries(body.payload).toReversed();
    const twin = { payload: Object.fromEntries(entries), triggerEvent: body.triggerEvent };
    expect(eventIdentity({ ...twin, createdAt: "2026-01-02T08:15:00.480Z" })).toBe(
      eventIdentity(body),
    );
  });

  test("differs where anything but the time of sending does", () => {
    const identities = calcomFixtureNames.map((name) => eventIdentity(calcomFixture(name)));
    expect(new Set(identities).size).toBe(calcomFixtureNames.length);
    expect(eventIdentity(calcomFixture("booking_created", { title: "Other" }))).not.toBe(
      identities[0],
    );
  });

  test("tells a second mark from the first, which reads the same", () => {
    const body = calcomFixture("booking_no_show_updated");
    const again = { ...body, createdAt: "2026-01-05T11:00:00.000Z" };
    expect(eventIdentity(again)).not.toBe(eventIdentity(body));
  });

  test("of something that is no message is none", () => {
    for (const body of [null, [], "x", {}, { triggerEvent: 7 }]) {
      expect(eventIdentity(body)).toBeNull();
    }
  });
});
