import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../../src/clock.ts";
import { onRequest, puppyClass } from "./calcom-booking.ts";
import { FakeCalcom } from "./fake-calcom.ts";
import { fakeApiKey, type FakeCalcomApi, startFakeCalcomApi } from "./server.ts";

/*
 * What is expected here stands in cal.com/docs/api-reference/v2: "Introduction" (key and version),
 * "Get all bookings" (filters, `take`, `skip`, `pagination`), "Get a booking", "Cancel a booking",
 * "Reschedule a booking", "Confirm a booking", "Decline a booking", "Mark a booking absence",
 * "Rate limits"; and in the schemas that its OpenAPI description gives to the answers.
 */

let clock: ManualClock;
let calcom: FakeCalcom;
let api: FakeCalcomApi;
beforeAll(() => {
  clock = new ManualClock("2027-01-04T08:00:00.000Z");
});
beforeEach(async () => {
  calcom = new FakeCalcom(clock);
  await api?.close();
  api = await startFakeCalcomApi(calcom);
});
afterAll(() => api.close());

const headers = { authorization: `Bearer ${fakeApiKey}`, "cal-api-version": "2024-08-13" };

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly status: string;
    readonly data: Record<string, unknown>;
    readonly pagination?: unknown;
    readonly error?: { readonly code: string; readonly message: string };
  };
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${api.url}/v2${path}`, { headers, ...init });
  const text = await answer.text();
  const body = (text === "" ? null : JSON.parse(text)) as Answer["body"];
  return { status: answer.status, headers: answer.headers, body };
}

const post = (path: string, body: object): Promise<Answer> =>
  ask(path, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify(body),
  });

const start = "2027-01-05T09:00:00.000Z";

describe("the form of a booking", () => {
  const common = {
    id: expect.any(Number),
    uid: expect.any(String),
    title: expect.any(String),
    description: expect.any(String),
    hosts: [
      {
        id: expect.any(Number),
        name: expect.any(String),
        email: expect.any(String),
        displayEmail: expect.any(String),
        username: expect.any(String),
        timeZone: "Europe/Stockholm",
      },
    ],
    status: "accepted",
    start,
    end: "2027-01-05T10:00:00.000Z",
    duration: 60,
    eventTypeId: expect.any(Number),
    eventType: { id: expect.any(Number), slug: expect.any(String) },
    meetingUrl: expect.any(String),
    location: expect.any(String),
    absentHost: false,
    createdAt: expect.stringMatching(/Z$/),
    updatedAt: null,
    metadata: { petName: "Burek" },
    icsUid: expect.any(String),
  };
  const attendee = {
    name: "Jan Kowalski",
    email: "jan@mail.example",
    displayEmail: "jan@mail.example",
    timeZone: "Europe/Stockholm",
    language: "sv",
    absent: false,
  };
  const draft = { start, metadata: { petName: "Burek" }, answers: { coat: "long" } };

  test("of one person", async () => {
    const { uid } = calcom.book(draft);
    expect((await ask(`/bookings/${uid}`)).body).toEqual({
      status: "success",
      data: {
        ...common,
        attendees: [attendee],
        guests: [],
        bookingFieldsResponses: { name: "Jan Kowalski", email: "jan@mail.example", coat: "long" },
      },
    });
  });

  test("of a shared one: its seats, and no answers of its own", async () => {
    const { uid } = calcom.book({ ...draft, eventType: puppyClass });
    const seat = { seatUid: expect.any(String), bookingFieldsResponses: { name: "Jan Kowalski" } };
    expect((await ask(`/bookings/${uid}`)).body.data).toEqual({
      ...common,
      attendees: [{ ...attendee, ...seat, metadata: {} }],
    });
  });

  test("of a series, under its own uid: all occurrences, the first one first", async () => {
    const [first] = calcom.bookSeries(draft, 3);
    const { data } = (await ask(`/bookings/${first?.seriesUid}`)).body;
    expect(data).toMatchObject([
      { uid: first?.uid, recurringBookingUid: first?.seriesUid, start },
      { start: "2027-01-12T09:00:00.000Z" },
      { start: "2027-01-19T09:00:00.000Z" },
    ]);
  });
});

describe("what a call needs", () => {
  test("a key", async () => {
    const answer = await ask("/bookings", { headers: { "cal-api-version": "2024-08-13" } });
    expect(answer).toMatchObject({
      status: 401,
      body: { status: "error", error: { code: "UnauthorizedException" } },
    });
  });

  test("the version: without it an older one answers in another form", async () => {
    const answer = await ask("/bookings", { headers: { authorization: headers.authorization } });
    expect(answer.body.data).toEqual({ bookings: [] });
  });
});

describe("lists", () => {
  test("page by `take` and `skip`, and say where they are", async () => {
    const rows = [1, 2, 3, 4, 5].map((day) =>
      calcom.book({ start: `2027-01-1${day}T09:00:00.000Z` }),
    );
    const page = await ask("/bookings?sortCreated=asc&take=2&skip=2");
    expect((page.body.data as unknown as { uid: string }[]).map(({ uid }) => uid)).toEqual(
      rows.slice(2, 4).map(({ uid }) => uid),
    );
    expect(page.body.pagination).toEqual({
      totalItems: 5,
      remainingItems: 1,
      returnedItems: 2,
      itemsPerPage: 2,
      currentPage: 2,
      totalPages: 3,
      hasNextPage: true,
      hasPreviousPage: true,
    });
    expect((await ask("/bookings?take=251")).status).toBe(400);
  });

  test("filter by start and end, and hold the cancelled ones too", async () => {
    calcom.book({ start: "2027-01-05T08:59:00.000Z" });
    const { uid } = calcom.book({ start });
    calcom.cancel(uid, { reason: "ill" });
    calcom.book({ start: "2027-01-05T09:30:00.000Z" });
    const { body } = await ask(
      "/bookings?afterStart=2027-01-05T09:00:00Z&beforeEnd=2027-01-05T10:00:00Z",
    );
    expect(body.data).toMatchObject([{ uid, status: "cancelled", cancellationReason: "ill" }]);
  });
});

describe("commands", () => {
  test("cancel, once and with a reason", async () => {
    const { uid } = calcom.book({ start });
    expect((await post(`/bookings/${uid}/cancel`, {})).status).toBe(400);
    const answer = await post(`/bookings/${uid}/cancel`, { cancellationReason: "closed" });
    expect(answer).toMatchObject({
      status: 200,
      body: { data: { uid, status: "cancelled", cancelledByEmail: "ewa@barkbook.example" } },
    });
    expect(calcom.messages.at(-1)).toMatchObject({ triggerEvent: "BOOKING_CANCELLED" });
    const again = await post(`/bookings/${uid}/cancel`, { cancellationReason: "closed" });
    expect(again).toMatchObject({
      status: 400,
      body: { error: { code: "BadRequestException", message: expect.stringContaining("already") } },
    });
  });

  test("reschedule under a new uid; the old one says where to", async () => {
    const { uid } = calcom.book({ start });
    const answer = await post(`/bookings/${uid}/reschedule`, { start: "2027-01-06T09:00:00.000Z" });
    const { data } = answer.body;
    expect(data).toMatchObject({ status: "accepted", rescheduledFromUid: uid });
    expect(data["uid"]).not.toBe(uid);
    expect((await ask(`/bookings/${uid}`)).body.data).toMatchObject({
      status: "cancelled",
      rescheduledToUid: data["uid"],
    });
    expect(calcom.messages.map(({ triggerEvent }) => triggerEvent)).toEqual([
      "BOOKING_CREATED",
      "BOOKING_RESCHEDULED",
    ]);
  });

  test("reschedule what needs approval: the host's own is approved at once", async () => {
    const [asked, own] = [2, 3].map((day) =>
      calcom.book({ start: `2027-02-0${day}T09:00:00.000Z`, eventType: onRequest }),
    );
    const at = { start: "2027-02-08T09:00:00.000Z" };
    const pending = await post(`/bookings/${asked?.uid}/reschedule`, at);
    expect(pending.body.data).toMatchObject({ status: "pending" });
    expect(calcom.messages.at(-1)).toMatchObject({ triggerEvent: "BOOKING_REQUESTED" });
    const rescheduledBy = "ewa@barkbook.example";
    const accepted = await post(`/bookings/${own?.uid}/reschedule`, { ...at, rescheduledBy });
    expect(accepted.body.data).toMatchObject({ status: "accepted" });
  });

  test("confirm and decline what is pending, and nothing else", async () => {
    const [one, other] = [2, 3].map((day) =>
      calcom.book({ start: `2027-03-0${day}T09:00:00.000Z`, eventType: onRequest }),
    );
    expect((await post(`/bookings/${one?.uid}/confirm`, {})).body.data).toMatchObject({
      status: "accepted",
    });
    expect((await post(`/bookings/${one?.uid}/confirm`, {})).status).toBe(400);
    const declined = await post(`/bookings/${other?.uid}/decline`, { reason: "closed" });
    expect(declined.body.data).toMatchObject({ status: "rejected" });
    expect(calcom.messages.at(-1)).toMatchObject({
      triggerEvent: "BOOKING_REJECTED",
      payload: { rejectionReason: "closed" },
    });
  });

  test("mark people as absent, once it has begun", async () => {
    const { uid } = calcom.book({ start: "2027-01-04T07:30:00.000Z" });
    const later = calcom.book({ start });
    const body = { attendees: [{ email: "jan@mail.example", absent: true }] };
    expect((await post(`/bookings/${later.uid}/mark-absent`, body)).status).toBe(400);
    expect((await post(`/bookings/${uid}/mark-absent`, body)).body.data).toMatchObject({
      status: "accepted",
      attendees: [{ email: "jan@mail.example", absent: true }],
    });
  });

  test("cancel a seat, and with the last one the booking", async () => {
    const row = calcom.book({ start, eventType: puppyClass });
    calcom.addSeat(row.uid, { name: "Ola", email: "ola@mail.example" });
    const [first, second] = row.attendees.map(({ seatUid }) => seatUid ?? "");
    const one = await post(`/bookings/${row.uid}/cancel`, { seatUid: first });
    expect(one.body.data).toMatchObject({ status: "accepted", attendees: [{ seatUid: second }] });
    const last = await post(`/bookings/${row.uid}/cancel`, { seatUid: second });
    expect(last.body.data).toMatchObject({ status: "cancelled" });
  });

  test("cancel the rest of a series with one message", async () => {
    const [, second] = calcom.bookSeries({ start }, 3);
    const before = calcom.messages.length;
    const body = { cancellationReason: "moved away", cancelSubsequentBookings: true };
    const answer = await post(`/bookings/${second?.uid}/cancel`, body);
    expect(answer.body.data).toHaveLength(2);
    expect(calcom.messages).toHaveLength(before + 1);
    expect(calcom.rows.map(({ status }) => status)).toEqual(["ACCEPTED", "CANCELLED", "CANCELLED"]);
  });

  test("an unknown uid is 404, an unknown member and a taken time are 400", async () => {
    expect(await post("/bookings/nothing/cancel", {})).toMatchObject({
      status: 404,
      body: { error: { code: "NotFoundException" } },
    });
    const { uid } = calcom.book({ start });
    calcom.book({ start: "2027-01-06T09:00:00.000Z" });
    expect((await post(`/bookings/${uid}/cancel`, { reason: "ill" })).status).toBe(400);
    const taken = await post(`/bookings/${uid}/reschedule`, { start: "2027-01-06T09:00:00.000Z" });
    expect(taken.body.error?.message).toContain("already has booking at this time");
  });
});

test("trouble comes as it is asked for: 429 with Retry-After, 5xx, silence", async () => {
  api.trouble = () => ({ status: 429, headers: { "retry-after": "7" } });
  const limited = await ask("/bookings");
  expect([limited.status, limited.headers.get("retry-after")]).toEqual([429, "7"]);
  api.trouble = () => ({ status: 502, body: "<html>" });
  expect((await fetch(`${api.url}/v2/bookings`, { headers })).status).toBe(502);
  api.trouble = () => "silence";
  await expect(ask("/bookings", { signal: AbortSignal.timeout(200), headers })).rejects.toThrow();
});
