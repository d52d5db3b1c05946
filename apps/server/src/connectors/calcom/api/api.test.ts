import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { onRequest, puppyClass } from "../../../../test/fake-calcom-api/calcom-booking.ts";
import { FakeCalcom } from "../../../../test/fake-calcom-api/fake-calcom.ts";
import {
  fakeApiKey,
  type FakeCalcomApi,
  startFakeCalcomApi,
} from "../../../../test/fake-calcom-api/server.ts";
import { ManualClock } from "../../../clock.ts";
import type { CommandReceipt, ReportedBooking, SourceApi } from "../../connector.ts";
import { calcomApi } from "./api.ts";

let clock: ManualClock;
let calcom: FakeCalcom;
let fake: FakeCalcomApi;
let api: SourceApi;

beforeEach(async () => {
  clock = new ManualClock("2027-01-04T08:00:00.000Z");
  calcom = new FakeCalcom(clock);
  await fake?.close();
  fake = await startFakeCalcomApi(calcom);
  api = open(fake.url);
});
afterAll(() => fake.close());

function open(baseUrl: string, key = fakeApiKey): SourceApi {
  return calcomApi.open({ baseUrl, key, fetch, timeZone: "Europe/Warsaw", settings: {} });
}

const start = "2027-01-05T09:00:00.000Z";
const window = { from: new Date("2027-01-01T00:00:00Z"), to: new Date("2027-03-01T00:00:00Z") };

async function get(uid: string): Promise<ReportedBooking> {
  const booking = await api.getBooking(uid);
  if (booking === null) throw new Error(`${uid} is not there`);
  return booking;
}

async function listAll(cursor: string | null = null): Promise<ReportedBooking[]> {
  const page = await api.listBookings?.(window, cursor);
  const rest = page?.next == null ? [] : await listAll(page.next);
  return [...(page?.bookings ?? []), ...rest];
}

describe("reading", () => {
  test("a booking is the change that leads there, in the form of messages", async () => {
    const { uid, icsUid } = calcom.book({
      start,
      metadata: { barkbookClientId: "client-7" },
      answers: { coat: "long" },
      attendee: { name: "Jan", email: "jan@mail.example", phone: "+48601234567" },
    });
    expect(await get(uid)).toMatchObject({
      change: {
        kind: "created",
        status: "confirmed",
        sourceStatus: "ACCEPTED",
        refs: { uid, previousUid: null, icalUid: icsUid },
        occurredAt: "2027-01-04T08:00:00.000Z",
        fields: {
          startsAt: start,
          endsAt: "2027-01-05T10:00:00.000Z",
          timeZone: "Europe/Stockholm",
          provider: { name: "Ewa Nowak", email: "ewa@barkbook.example" },
          serviceKey: "grooming-60",
          location: "Tassgatan 4, Malmö",
          attendees: [
            { name: "Jan", email: "jan@mail.example", phone: "+48601234567", status: "accepted" },
          ],
          metadata: { barkbookClientId: "client-7", answers: { coat: { value: "long" } } },
        },
      },
      nextUid: null,
      named: { customerId: "client-7" },
      label: "Grooming between Ewa Nowak and Jan",
      allAttendees: true,
    });
  });

  test("each state has its word; the reason comes with the end", async () => {
    const [pending, declined] = [5, 6].map((day) =>
      calcom.book({ start: `2027-01-0${day}T09:00:00.000Z`, eventType: onRequest }),
    );
    calcom.decline(declined?.uid ?? "", "closed");
    const { uid } = calcom.book({ start });
    clock.advance(60_000);
    calcom.cancel(uid, { reason: "ill", by: "jan@mail.example" });
    expect((await get(pending?.uid ?? "")).change).toMatchObject({ status: "pending" });
    expect((await get(declined?.uid ?? "")).change).toMatchObject({ status: "rejected" });
    expect((await get(uid)).change).toMatchObject({
      kind: "cancelled",
      status: "cancelled",
      statusReason: "ill",
      cancelledBy: "jan@mail.example",
      occurredAt: "2027-01-04T08:01:00.000Z",
    });
  });

  test("a rescheduled booking knows both of its neighbours", async () => {
    const first = calcom.book({ start });
    const second = calcom.reschedule(first.uid, "2027-01-06T09:00:00.000Z");
    expect((await get(first.uid)).nextUid).toBe(second.uid);
    expect((await get(second.uid)).change.refs).toMatchObject({
      uid: second.uid,
      previousUid: first.uid,
    });
  });

  test("people who did not come are told as such", async () => {
    const { uid } = calcom.book({ start: "2027-01-04T07:00:00.000Z" });
    calcom.markAbsent(uid, [{ email: "jan@mail.example", absent: true }]);
    expect((await get(uid)).change).toMatchObject({
      status: "confirmed",
      fields: { attendees: [{ status: "no_show" }] },
    });
  });

  test("a shared booking has its seats", async () => {
    const row = calcom.book({ start, eventType: puppyClass });
    calcom.addSeat(row.uid, { name: "Ola", email: "ola@mail.example" });
    const { change } = await get(row.uid);
    expect(change.fields.attendees).toMatchObject([
      { email: "jan@mail.example", seatRef: row.attendees[0]?.seatUid },
      { email: "ola@mail.example", seatRef: row.attendees[1]?.seatUid },
    ]);
  });

  test("a series' uid is no booking, and all of its occurrences", async () => {
    const rows = calcom.bookSeries({ start }, 3);
    const seriesUid = rows[0]?.seriesUid ?? "";
    expect(await api.getBooking(seriesUid)).toBeNull();
    const found = await api.getSeries?.(seriesUid);
    expect(found?.map(({ change }) => change.refs?.uid)).toEqual(rows.map(({ uid }) => uid));
    expect(found?.[0]?.change.fields.seriesRef).toBe(seriesUid);
  });

  test("a connection that wants no meetings to end by the clock gets none", async () => {
    const { uid } = calcom.book({ start });
    expect((await get(uid)).endsByClock).toBe(true);
    const access = { baseUrl: fake.url, key: fakeApiKey, fetch, timeZone: "UTC" };
    const quiet = calcomApi.open({ ...access, settings: { meetingEnded: false } });
    expect((await quiet.getBooking(uid))?.endsByClock).toBe(false);
  });

  test("what nobody knows is null, or an empty series", async () => {
    expect(await api.getBooking("nothing")).toBeNull();
    expect(await api.getSeries?.("nothing")).toEqual([]);
  });

  test("it is not older than the source's clock says", async () => {
    const { uid } = calcom.book({ start });
    const { asOf } = await get(uid);
    const age = Date.parse("2027-01-04T08:00:00.000Z") - Date.parse(asOf ?? "");
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(5_000);
  });
});

describe("listing a window", () => {
  test("reads every page once, whatever is booked meanwhile", async () => {
    const from = Date.parse("2027-01-05T00:00:00Z");
    const rows = Array.from({ length: 230 }, (_, at) =>
      calcom.book({ start: new Date(from + at * 3_600_000).toISOString() }),
    );
    let late: string | null = null;
    fake.before = () => {
      late ??= calcom.book({ start: "2027-01-05T00:30:00.000Z" }).uid;
    };
    const uids = (await listAll()).map(({ change }) => change.refs?.uid);
    expect(uids).toEqual([...rows.map(({ uid }) => uid), late]);
    expect(fake.requests).toHaveLength(3);
  });

  test("leaves out what begins outside, and not what ends outside", async () => {
    const times = [
      "2026-12-31T23:30:00.000Z",
      "2027-02-28T23:30:00.000Z",
      "2027-03-01T00:00:00.000Z",
    ];
    const [, within] = times.map((at) => calcom.book({ start: at }).uid);
    expect((await listAll()).map(({ change }) => change.refs?.uid)).toEqual([within]);
  });

  test("one booking that cannot be read does not cost the others", async () => {
    const { uid } = calcom.book({ start });
    const odd = calcom.book({ start: "2027-01-06T09:00:00.000Z" });
    Object.assign(odd, { status: "HELD_IN_LIMBO" });
    const page = await api.listBookings?.(window, null);
    expect(page?.bookings.map(({ change }) => change.refs?.uid)).toEqual([uid]);
    expect(page?.unreadable).toMatchObject([
      { uid: odd.uid, reason: expect.stringContaining("status") },
    ]);
  });

  test.each(["", "/v2"])("the address may end in the version or not: %j", async (end) => {
    calcom.book({ start });
    const { bookings } = (await open(`${fake.url}${end}`).listBookings?.(window, null)) ?? {};
    expect(bookings).toHaveLength(1);
  });

  test("a wrong key, an unknown form and an older version are told apart", async () => {
    await expect(open(fake.url, "cal_wrong").getBooking("x")).rejects.toMatchObject({
      problem: "unauthorised",
      message: "Invalid API Key",
    });
    fake.trouble = () => ({ status: 200, body: '{"data":{"bookings":[]}}' });
    await expect(listAll()).rejects.toMatchObject({ problem: "unavailable" });
  });
});

describe("commands", () => {
  const common = { idempotencyKey: "one", reason: "closed" };
  const execute = async (
    command: Parameters<NonNullable<SourceApi["execute"]>>[0],
  ): Promise<CommandReceipt> => {
    if (api.execute === undefined) throw new Error("it takes no commands");
    return api.execute(command);
  };

  test("cancel, and cancel again after the answer was lost", async () => {
    const { uid } = calcom.book({ start });
    const cancel = { ...common, uid, kind: "cancel" } as const;
    const receipt = await execute(cancel);
    expect(receipt).toMatchObject({ uid: null, booking: { change: { status: "cancelled" } } });
    expect(calcom.find(uid).cancellationReason).toBe("closed");
    expect(await execute(cancel)).toMatchObject({ booking: { change: { status: "cancelled" } } });
    expect(calcom.messages).toHaveLength(2);
  });

  test("reschedule as the host, under a new id, once", async () => {
    const { uid } = calcom.book({ start, eventType: onRequest });
    const times = { startsAt: "2027-01-06T09:00:00.000Z", endsAt: "2027-01-06T10:00:00.000Z" };
    const command = { ...common, ...times, uid, kind: "reschedule" } as const;
    const receipt = await execute(command);
    expect(receipt).toMatchObject({
      uid: calcom.successor(uid),
      booking: { change: { status: "confirmed", fields: times } },
    });
    expect(await execute(command)).toMatchObject({ uid: receipt.uid });
    expect(calcom.rows).toHaveLength(2);
  });

  test("another length, a taken time and the past are refused in words", async () => {
    const { uid } = calcom.book({ start });
    calcom.book({ start: "2027-01-06T09:00:00.000Z" });
    const to = (startsAt: string, endsAt: string) =>
      execute({ ...common, uid, kind: "reschedule", startsAt, endsAt });
    await expect(to("2027-01-07T09:00:00.000Z", "2027-01-07T09:30:00.000Z")).rejects.toMatchObject({
      problem: "refused",
      message: "Cal.com keeps its length of 60 minutes.",
    });
    await expect(to("2027-01-06T09:00:00.000Z", "2027-01-06T10:00:00.000Z")).rejects.toMatchObject({
      problem: "refused",
      message: expect.stringContaining("already has booking"),
    });
    await expect(to("2027-01-01T09:00:00.000Z", "2027-01-01T10:00:00.000Z")).rejects.toMatchObject({
      problem: "refused",
    });
    expect(calcom.rows).toHaveLength(2);
  });

  test("confirm and decline; repeated is the same, the contrary is refused", async () => {
    const { uid } = calcom.book({ start, eventType: onRequest });
    const confirm = { ...common, uid, kind: "confirm" } as const;
    expect(await execute(confirm)).toMatchObject({ booking: { change: { status: "confirmed" } } });
    expect(await execute(confirm)).toMatchObject({ booking: { change: { status: "confirmed" } } });
    await expect(execute({ ...confirm, kind: "reject" })).rejects.toMatchObject({
      problem: "refused",
    });
  });

  test("mark absent and take it back", async () => {
    const { uid } = calcom.book({ start: "2027-01-04T07:00:00.000Z" });
    const mark = (absent: boolean) =>
      execute({
        ...common,
        uid,
        kind: "no_show",
        attendees: [{ email: "jan@mail.example", absent }],
      });
    const marked = (status: string) => ({
      booking: { change: { fields: { attendees: [{ status }] } } },
    });
    expect(await mark(true)).toMatchObject(marked("no_show"));
    expect(await mark(false)).toMatchObject(marked("accepted"));
  });

  test("one seat of a shared booking", async () => {
    const row = calcom.book({ start, eventType: puppyClass });
    calcom.addSeat(row.uid, { name: "Ola", email: "ola@mail.example" });
    const seatRef = row.attendees[0]?.seatUid ?? "";
    const command = { ...common, uid: row.uid, kind: "cancel", seatRef } as const;
    const names = [{ name: "Ola" }];
    const there = { booking: { change: { status: "confirmed", fields: { attendees: names } } } };
    expect(await execute(command)).toMatchObject(there);
    expect(await execute(command)).toMatchObject(there);
  });

  test("a booking that is not there is not found", async () => {
    await expect(execute({ ...common, uid: "nothing", kind: "cancel" })).rejects.toMatchObject({
      problem: "not_found",
    });
  });

  test("what may pass is told as such", async () => {
    const { uid } = calcom.book({ start });
    fake.trouble = () => ({ status: 429, headers: { "retry-after": "12" } });
    await expect(execute({ ...common, uid, kind: "cancel" })).rejects.toMatchObject({
      problem: "rate_limited",
      retryAfterSeconds: 12,
      mayPass: true,
    });
  });
});
