import type { TimelineResource } from "@slotwire/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inboxFixture, type InboxFixture } from "../../test/inbox-fixture.ts";
import { calcomFixture } from "../connectors/calcom/fixtures.ts";

let hub: InboxFixture;
beforeAll(async () => {
  hub = await inboxFixture();
});
afterAll(() => hub.close());

const at = (day: number): { startTime: string; endTime: string } => ({
  startTime: `2026-12-0${day}T10:00:00Z`,
  endTime: `2026-12-0${day}T11:00:00Z`,
});

type Name = Parameters<typeof calcomFixture>[0];

/** A message of a story of its own, said at a minute of the same hour. */
function told(name: Name, minute: number, payload: Record<string, unknown>) {
  return { ...calcomFixture(name, payload), createdAt: `2026-11-20T09:${minute}:00.000Z` };
}

async function historyOf(uid: string): Promise<{ number: number; lines: string[] }> {
  const booking = (await hub.bookings()).find((one) =>
    one.external_refs.some((ref) => ref.external_id === uid),
  );
  const path = `/api/v1/bookings/${booking?.id}/timeline`;
  const { body } = await hub.get<TimelineResource>(path);
  const lines = body.data.map(({ description }) => description);
  return { number: booking?.booking_number ?? 0, lines };
}

const guest = [{ name: "Guest", email: "guest@mail.example", timeZone: "Europe/Stockholm" }];

const describing = async (): Promise<readonly string[]> =>
  (await hub.messages()).map(({ description }) => description).toReversed();
const person = (uid: string, more: object): Record<string, unknown> => ({
  uid,
  iCalUID: null,
  attendees: guest,
  ...more,
});

test("a cancellation is the first that is heard of a booking, and the booking is told after it", async () => {
  const uid = "never heard of";
  const payload = { ...person(uid, at(1)), cancellationReason: "Burek is ill" };
  await hub.send(told("booking_cancelled", 20, payload));
  await hub.send(told("booking_created", 10, person(uid, at(1))));
  const { number, lines } = await historyOf(uid);
  const when = "Tue, 1 Dec 2026, 11:00";
  expect(lines).toEqual([
    expect.stringMatching(/ was updated \(.*\)\. Told late: booking of Tue, 1 Dec 2026, 11:00 for/),
    `Booking #${number} for ${when}, cancelled already when it was first heard of: Burek is ill`,
  ]);
  expect((await describing()).slice(-2)).toEqual([
    `cancellation of a booking not heard of before: #${number} on ${when} for Guest`,
    `booking of 2026-12-01 10:00 UTC for Guest (#${number})`,
  ]);
});

test("a chain that arrives backwards says of each message what it told", async () => {
  const moved = (minute: number, day: number, uid: string, rescheduleUid: string) =>
    told("booking_rescheduled", minute, person(uid, { rescheduleUid, ...at(day) }));
  await hub.send(told("booking_cancelled", 50, person("rv4", at(4))));
  await hub.send(moved(40, 4, "rv4", "rv3"));
  await hub.send(moved(30, 3, "rv3", "rv2"));
  await hub.send(moved(20, 2, "rv2", "rv1"));
  const { number, lines } = await historyOf("rv1");
  const known = `Another id of booking #${number} became known`;
  const updated = `Booking #${number} was updated (further data), and another id of it became known`;
  expect(lines.join()).not.toContain("external");
  expect(lines.slice(0, -1).toReversed()).toEqual([
    `${updated}. Told late: reschedule to Fri, 4 Dec 2026, 11:00 for Guest`,
    `${known}. Told late: reschedule to Thu, 3 Dec 2026, 11:00 for Guest`,
    `${known}. Told late: reschedule to Wed, 2 Dec 2026, 11:00 for Guest`,
  ]);
  expect((await describing()).slice(-3)).toEqual(
    [4, 3, 2].map((day) => `reschedule to 2026-12-0${day} 10:00 UTC for Guest (#${number})`),
  );
});

test("a booking that is told after its move says where it was before", async () => {
  const move = person("moved 2", { rescheduleUid: "moved 1", ...at(4) });
  expect((await hub.send(told("booking_rescheduled", 40, move))).body.action).toBe("created");
  await hub.send(told("booking_created", 30, person("moved 1", at(3))));
  const { number, lines } = await historyOf("moved 1");
  expect(lines).toEqual([
    `Booking #${number} for Fri, 4 Dec 2026, 11:00. Told late: booking of Thu, 3 Dec 2026, 11:00 for Guest`,
  ]);
});

test("two bookings that turn out to be one visit name each other", async () => {
  await hub.send(told("booking_created", 10, person("chain 1", at(1))));
  const last = person("chain 3", { rescheduleUid: "chain 2", ...at(4) });
  const second = await hub.send(told("booking_rescheduled", 40, last));
  expect(second.body.action).toBe("created");
  const first = await historyOf("chain 1");
  const { number } = await historyOf("chain 3");
  const middle = person("chain 2", { rescheduleUid: "chain 1", ...at(3) });
  await hub.send(told("booking_rescheduled", 30, middle));
  const path = `/api/v1/bookings/${second.body.booking_id}/timeline`;
  const gone = (await hub.get<TimelineResource>(path)).body.data[0];
  expect(gone?.description).toBe(
    `Booking #${number} was joined with #${first.number}: both were one visit`,
  );
});
