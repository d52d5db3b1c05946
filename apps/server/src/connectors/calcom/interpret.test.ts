import { describe, expect, test } from "vitest";
import type { Interpretation } from "../connector.ts";
import { calcomFixture, type CalcomFixtureName } from "./fixtures.ts";
import { interpret } from "./interpret.ts";

const receivedAt = new Date("2026-01-10T12:00:00.000Z");
const read = (body: unknown): Interpretation =>
  interpret(body, { receivedAt, timeZone: "Europe/Stockholm", settings: {}, headers: {} });

function changeOf(name: CalcomFixtureName, payload: Record<string, unknown> = {}) {
  const result = read(calcomFixture(name, payload));
  if (result.outcome !== "change") throw new Error(JSON.stringify(result));
  return result.change;
}

describe("what the triggers mean", () => {
  test("BOOKING_CREATED is read field by field", () => {
    expect(changeOf("booking_created")).toEqual({
      kind: "created",
      refs: { uid: "kR3xVq9pN2", previousUid: null, icalUid: "kR3xVq9pN2@Cal.com" },
      occurredAt: "2026-01-02T08:15:00.120Z",
      sourceSequence: 0,
      status: "confirmed",
      sourceStatus: "ACCEPTED",
      statusReason: null,
      cancelledBy: null,
      fields: {
        startsAt: "2026-01-05T09:00:00.000Z",
        endsAt: "2026-01-05T10:00:00.000Z",
        timeZone: "Europe/Warsaw",
        title: "Grooming between Ewa Nowak and Jan Kowalski",
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
        metadata: {
          answers: { coat: { label: "How long is the coat?", value: "Long" } },
          barkbookPetId: "pet-12",
          barkbookClientId: "client-7",
        },
      },
    });
  });

  test.each([
    ["booking_created", "created", "confirmed"],
    ["booking_requested", "requested", "pending"],
    ["booking_rejected", "rejected", "rejected"],
    ["booking_rescheduled", "rescheduled", "confirmed"],
    ["booking_cancelled", "cancelled", "cancelled"],
    ["meeting_started", "started", "in_progress"],
    ["meeting_ended", "completed", "completed"],
    ["booking_no_show_updated", "no_show", "no_show"],
  ] as const)("%s is %s and leads to %s", (name, kind, status) => {
    expect(changeOf(name)).toMatchObject({ kind, status });
  });

  test.each([
    ["PENDING", "pending"],
    ["AWAITING_HOST", "pending"],
    ["ACCEPTED", "confirmed"],
    ["CANCELLED", "cancelled"],
    ["SOMETHING_NEW", "confirmed"],
    [null, "confirmed"],
  ])("BOOKING_CREATED with the status %s leads to %s", (status, expected) => {
    expect(changeOf("booking_created", { status })).toMatchObject({
      status: expected,
      sourceStatus: status,
    });
  });

  test("PING and triggers that it does not act upon are ignored by name", () => {
    expect(read(calcomFixture("ping"))).toMatchObject({ outcome: "ignored", trigger: "PING" });
    for (const trigger of ["BOOKING_TELEPORTED", "OOO_CREATED", "constructor", "__proto__"]) {
      const result = read({ triggerEvent: trigger, payload: "whatever" });
      expect(result).toMatchObject({
        outcome: "ignored",
        trigger,
        reason: expect.stringContaining(trigger),
      });
    }
  });

  test("a reschedule names the id that it had, and asking for one does too", () => {
    expect(changeOf("booking_rescheduled").refs).toMatchObject({
      uid: "t8WmZc4LdA",
      previousUid: "kR3xVq9pN2",
    });
    const asked = changeOf("booking_requested", { uid: "new", rescheduleUid: "old" });
    expect(asked).toMatchObject({ kind: "requested", status: "pending" });
    expect(asked.refs).toMatchObject({ uid: "new", previousUid: "old" });
  });

  test("a booking is not its own predecessor", () => {
    expect(
      changeOf("booking_rescheduled", { rescheduleUid: "t8WmZc4LdA" }).refs?.previousUid,
    ).toBeNull();
  });

  test("a cancellation keeps its reason and who did it", () => {
    expect(changeOf("booking_cancelled")).toMatchObject({
      statusReason: "Burek is ill.",
      cancelledBy: "jan.kowalski@mail.example",
      fields: { startsAt: "2026-01-05T09:00:00.000Z" },
    });
  });

  test("a host who asks for another time cancels for that reason", () => {
    const because = { requestReschedule: true, cancellationReason: "Please reschedule. I am ill." };
    expect(changeOf("booking_cancelled", because).statusReason).toBe(
      "reschedule_requested: Please reschedule. I am ill.",
    );
    expect(
      changeOf("booking_cancelled", { ...because, cancellationReason: null }).statusReason,
    ).toBe("reschedule_requested");
  });

  test("a rejection keeps its reason", () => {
    expect(changeOf("booking_rejected").statusReason).toBe("Closed for the holidays.");
  });

  test("a cancellation without usable times still cancels", () => {
    for (const times of [
      { startTime: null },
      { startTime: "x" },
      { endTime: "2020-01-01T00:00:00Z" },
    ]) {
      const change = changeOf("booking_cancelled", times);
      expect(change).toMatchObject({ kind: "cancelled", status: "cancelled" });
      expect(change.fields).not.toHaveProperty("startsAt");
      expect(change.fields).not.toHaveProperty("endsAt");
    }
  });
});

describe("seats", () => {
  const seated = { seatsPerTimeSlot: 8 };

  test("a taken seat is an attendee with the seat's id", () => {
    const { fields } = changeOf("booking_created", { ...seated, attendeeSeatId: "seat-3" });
    expect(fields.attendees).toMatchObject([
      { email: "jan.kowalski@mail.example", seatRef: "seat-3" },
    ]);
  });

  test("cancelling one seat cancels that attendee, never the class", () => {
    const change = changeOf("booking_cancelled", seated);
    expect(change).toMatchObject({
      kind: "seat_cancelled",
      status: null,
      sourceStatus: null,
      statusReason: "Burek is ill.",
    });
    expect(change.fields).toEqual({
      seats: 8,
      attendees: [
        expect.objectContaining({ email: "jan.kowalski@mail.example", status: "cancelled" }),
      ],
    });
  });

  test("cancelling a class with everybody in it cancels the class", () => {
    const attendees = [{ email: "a@mail.example" }, { email: "b@mail.example" }];
    expect(changeOf("booking_cancelled", { ...seated, attendees })).toMatchObject({
      status: "cancelled",
    });
  });
});

describe("no-shows", () => {
  const marks = (...attendees: unknown[]) => changeOf("booking_no_show_updated", { attendees });

  test("one who did not come makes it a no-show", () => {
    const change = marks(
      { email: "a@mail.example", noShow: false },
      { email: "b@mail.example", noShow: true },
    );
    expect(change).toMatchObject({
      kind: "no_show",
      status: "no_show",
      refs: { uid: "kR3xVq9pN2" },
    });
    expect(change.fields).toEqual({
      attendees: [
        { name: null, email: "a@mail.example", phone: null, status: "accepted", seatRef: null },
        { name: null, email: "b@mail.example", phone: null, status: "no_show", seatRef: null },
      ],
    });
  });

  test("taking it back leaves the state to the ledger", () => {
    expect(marks({ email: "a@mail.example", noShow: false })).toMatchObject({
      kind: "no_show_cleared",
      status: null,
      fields: { attendees: [{ status: "accepted" }] },
    });
  });

  test("without an attendee it says nothing", () => {
    for (const attendees of [[], null, [{ noShow: true }], [{ email: "a@mail.example" }]]) {
      expect(read(calcomFixture("booking_no_show_updated", { attendees }))).toMatchObject({
        outcome: "ignored",
      });
    }
  });
});

describe("where things stand in the body", () => {
  test("the uid is found in its four places", () => {
    const { uid: _, ...rest } = calcomFixture("booking_created").payload;
    const places = [
      { payload: { ...rest, uid: "u" } },
      { payload: { ...rest, bookingUid: "u" } },
      { payload: rest, uid: "u" },
      { payload: { ...rest, booking: { uid: "u" } } },
    ];
    for (const place of places) {
      const result = read({ triggerEvent: "BOOKING_CREATED", ...place });
      expect(result).toMatchObject({ outcome: "change", change: { refs: { uid: "u" } } });
    }
  });

  test("a booking may stand flat in the body", () => {
    const { payload } = calcomFixture("booking_created");
    const flat = read({
      triggerEvent: "BOOKING_CREATED",
      createdAt: "2026-01-02T08:15:00Z",
      ...payload,
    });
    expect(flat).toMatchObject({
      outcome: "change",
      change: { kind: "created", occurredAt: "2026-01-02T08:15:00.000Z" },
    });
  });

  test("a missing uid is ignored with a reason", () => {
    for (const uid of [undefined, null, "", "  "]) {
      expect(read(calcomFixture("booking_created", { uid }))).toMatchObject({
        outcome: "ignored",
        reason: "missing uid",
      });
    }
  });

  test("the seed's troubleshooting message is ignored for want of a start", () => {
    expect(read({ triggerEvent: "BOOKING_CREATED", payload: { uid: "test" } })).toEqual({
      outcome: "ignored",
      trigger: "BOOKING_CREATED",
      reason: "missing startTime",
      code: "E_MESSAGE_SHAPE",
    });
  });

  test.each([
    ["a payload that is no object", { triggerEvent: "BOOKING_CREATED", payload: "text" }],
    ["an id that is no text", calcomFixture("booking_created", { uid: 7 })],
    ["an id with U+0000", calcomFixture("booking_created", { uid: "a\u0000b" })],
    ["an id with half a character", calcomFixture("booking_created", { uid: "a\uD800" })],
    ["an id without end", calcomFixture("booking_created", { uid: "x".repeat(501) })],
    [
      "a predecessor without end",
      calcomFixture("booking_rescheduled", { rescheduleUid: "x".repeat(501) }),
    ],
    ["attendees that are no list", calcomFixture("booking_created", { attendees: "Jan" })],
    ["attendees that are no people", calcomFixture("booking_created", { attendees: [7] })],
    [
      "a no-show that is neither yes nor no",
      calcomFixture("booking_no_show_updated", {
        attendees: [{ email: "a@b.example", noShow: "yes" }],
      }),
    ],
  ])("%s is failed with E_MESSAGE_SHAPE", (_name, body) => {
    expect(read(body)).toMatchObject({ outcome: "failed", code: "E_MESSAGE_SHAPE" });
  });

  test("an odd decoration never costs a booking", () => {
    const odd = {
      title: 7,
      metadata: "x",
      responses: [1],
      location: {},
      userFieldsResponses: null,
      iCalUID: 3,
      iCalSequence: "1",
      videoCallData: "x",
      smsReminderNumber: {},
      description: [],
    };
    const change = changeOf("booking_created", odd);
    expect(change).toMatchObject({
      status: "confirmed",
      sourceSequence: null,
      refs: { icalUid: null },
    });
    expect(change.fields.title).toBe("Grooming");
  });
});

describe("times", () => {
  test("an end that is missing follows from the length", () => {
    expect(changeOf("booking_created", { endTime: null, length: 45 }).fields.endsAt).toBe(
      "2026-01-05T09:45:00.000Z",
    );
    expect(read(calcomFixture("booking_created", { endTime: null, length: null }))).toMatchObject({
      outcome: "ignored",
      reason: "missing endTime",
    });
  });

  test("a flat MEETING_* happened at the meeting, not when the booking was made", () => {
    expect(changeOf("meeting_started").occurredAt).toBe("2026-01-05T09:00:00.000Z");
    expect(changeOf("meeting_ended").occurredAt).toBe("2026-01-05T10:00:00.000Z");
  });

  test("in an envelope the envelope's time counts for MEETING_* too", () => {
    const { triggerEvent, ...payload } = calcomFixture("meeting_ended");
    const result = read({ triggerEvent, createdAt: "2026-01-05T10:00:31.000Z", payload });
    expect(result).toMatchObject({
      outcome: "change",
      change: { occurredAt: "2026-01-05T10:00:31.000Z" },
    });
  });

  test("without a usable time of its own it happened when it was received", () => {
    for (const createdAt of [undefined, null, "soon", 7]) {
      const result = read({ ...calcomFixture("booking_created"), createdAt });
      expect(result).toMatchObject({ change: { occurredAt: receivedAt.toISOString() } });
    }
    expect(changeOf("meeting_ended", { endTime: null }).occurredAt).toBe(receivedAt.toISOString());
  });

  test("a zone that does not exist gives way to the organisation's", () => {
    for (const timeZone of ["Mars/Olympus", "+02:00", "", 7, null]) {
      const { fields } = changeOf("booking_created", { organizer: { name: "Ewa", timeZone } });
      expect(fields.timeZone).toBe("Europe/Stockholm");
    }
    expect(changeOf("booking_cancelled", { organizer: null }).fields).not.toHaveProperty(
      "timeZone",
    );
  });

  test("a summary says what, when and for whom", () => {
    const summaryOf = (name: CalcomFixtureName): unknown => {
      const result = read(calcomFixture(name));
      return result.outcome === "change" ? result.summary : result;
    };
    expect(summaryOf("booking_created")).toBe("booking of 2026-01-05 09:00 UTC for Jan Kowalski");
    expect(summaryOf("booking_rescheduled")).toBe(
      "reschedule to 2026-01-06 13:30 UTC for Jan Kowalski",
    );
    expect(summaryOf("booking_no_show_updated")).toBe("no-show for jan.kowalski@mail.example");
  });
});

describe("fields", () => {
  const fieldsOf = (payload: Record<string, unknown>) =>
    changeOf("booking_created", payload).fields;

  test("the booker's number is taken from the first place that has one", () => {
    const guest = { email: "a@mail.example", phoneNumber: "4" };
    const phoneOf = (payload: Record<string, unknown>): unknown =>
      fieldsOf({ responses: {}, attendees: [guest], ...payload }).attendees?.[0]?.phone;
    const responses = { attendeePhoneNumber: { label: "x", value: "2" }, phone: { value: "3" } };
    expect(phoneOf({ smsReminderNumber: "1", responses })).toBe("1");
    expect(phoneOf({ smsReminderNumber: null, responses })).toBe("2");
    expect(phoneOf({ responses: { phone: { value: "3" } } })).toBe("3");
    expect(phoneOf({ responses: { phone: "bare" } })).toBe("bare");
    expect(phoneOf({})).toBe("4");
  });

  test("a guest does not get the booker's number", () => {
    const attendees = [{ email: "a@mail.example" }, { email: "b@mail.example", phoneNumber: "9" }];
    expect(fieldsOf({ attendees }).attendees?.map(({ phone }) => phone)).toEqual([
      "+48601234567",
      "9",
    ]);
  });

  test("a video service is no place, and its link is where people meet", () => {
    const fields = fieldsOf({
      location: "integrations:daily",
      metadata: { videoCallUrl: "https://cal.example/video/u" },
    });
    expect(fields.location).toBeUndefined();
    expect(fields.meetingUrl).toBe("https://cal.example/video/u");
    expect(
      fieldsOf({ metadata: {}, videoCallData: { url: "https://v.example/1" } }).meetingUrl,
    ).toBe("https://v.example/1");
  });

  test("a link in place of a location is where people meet", () => {
    const fields = fieldsOf({ location: "https://meet.example/abc", metadata: {} });
    expect(fields).toMatchObject({ meetingUrl: "https://meet.example/abc" });
    expect(fields.location).toBeUndefined();
  });

  test("only http and https links are links", () => {
    for (const url of ["javascript:alert(1)", "ftp://x.example", "https://", "//x.example", 7]) {
      expect(fieldsOf({ metadata: { videoCallUrl: url } }).meetingUrl).toBeUndefined();
    }
  });

  test("the service goes by its slug, else by its number", () => {
    expect(fieldsOf({ type: null })).toMatchObject({ serviceKey: "41", serviceName: "Grooming" });
    expect(fieldsOf({ type: null, eventTypeId: null })).not.toHaveProperty("serviceKey");
  });

  test("what cannot be stored is taken out of texts", () => {
    const title = ` a\u0000b\uD800c\u{1F436} ${"x".repeat(600)}`;
    expect(fieldsOf({ title }).title).toHaveLength(500);
    expect(fieldsOf({ title }).title?.startsWith("ab\uFFFDc\u{1F436} xxx")).toBe(true);
  });

  test("a cut never leaves half a character", () => {
    const title = `${"x".repeat(499)}\u{1F436}`;
    expect(fieldsOf({ title }).title).toBe("x".repeat(499));
  });

  test("metadata keeps its first 50 keys and 16 KB", () => {
    const many = Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`k${at}`, at]));
    expect(
      Object.keys(fieldsOf({ metadata: many, userFieldsResponses: {} }).metadata ?? {}),
    ).toHaveLength(50);
    const long = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [`k${at}`, "ö".repeat(5000)]),
    );
    const kept = fieldsOf({ metadata: long }).metadata ?? {};
    expect(kept["k0"]).toHaveLength(2000);
    expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(16_384);
    expect(kept["answers"]).toBeDefined();
  });

  test("a key of metadata cannot reach the prototype", () => {
    const metadata: unknown = JSON.parse('{"__proto__":{"polluted":true},"a":1}');
    const fields = fieldsOf({ metadata, userFieldsResponses: {} });
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(Object.getPrototypeOf(fields.metadata)).toBe(Object.prototype);
  });
});
