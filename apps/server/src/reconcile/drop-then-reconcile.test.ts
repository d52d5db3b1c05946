import type { BookingResource } from "@slotwire/contract";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type CalcomRow,
  grooming,
  onRequest,
  puppyClass,
} from "../../test/fake-calcom-api/calcom-booking.ts";
import type { FakeCalcom } from "../../test/fake-calcom-api/fake-calcom.ts";
import type { WebhookBody } from "../../test/fake-calcom-api/webhook-bodies.ts";
import { type ReconcileFixture, reconcileFixture } from "../../test/reconcile-fixture.ts";

let fixture: ReconcileFixture;
beforeAll(async () => {
  fixture = await reconcileFixture();
});
afterAll(() => fixture.close());

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What may happen before a visit; what makes no sense at its turn is left out. */
const before = ["reschedule", "cancel", "confirm", "decline", "addSeat", "cancelSeat"] as const;
/** What may happen behind it. */
const behind = ["absent", "present", "ended"] as const;

const historyOf = fc.record({
  begins: fc.constantFrom("book", "request", "class", "series"),
  before: fc.array(fc.constantFrom(...before), { maxLength: 5 }),
  behind: fc.array(fc.constantFrom(...behind), { maxLength: 3 }),
});

const runs = fc.record({
  histories: fc.array(historyOf, { minLength: 1, maxLength: 4 }),
  /** For each message: its place, whether it is lost at first, and whether it comes twice. */
  fates: fc.array(fc.tuple(fc.nat(1000), fc.boolean(), fc.boolean()), {
    minLength: 40,
    maxLength: 40,
  }),
});

type History = typeof historyOf extends fc.Arbitrary<infer Value> ? Value : never;

test("whatever messages are lost, a comparison leads the ledger to the truth, and those that come late do not lead it away", async () => {
  await fc.assert(
    fc.asyncProperty(runs, async ({ histories, fates }) => {
      const { calcom, clock } = fixture;
      // The window of the next comparison is to hold this run's bookings and no others.
      clock.advance(120 * 24 * HOUR);
      const [rowsBefore, messagesBefore] = [calcom.rows.length, calcom.messages.length];
      live(calcom, histories);
      const messages = calcom.messages.slice(messagesBefore);
      const { arrive, lost } = disturbed(messages, fates);
      await fixture.deliver(arrive);
      fixture.settle();
      const run = await fixture.run();
      const open = (await fixture.findings(run.id)).filter(({ outcome }) => outcome === "open");
      expect({ status: run.status, open }).toEqual({ status: "done", open: [] });
      const rows = calcom.rows.slice(rowsBefore);
      await expectTruth(rows);
      await fixture.deliver(lost);
      await expectTruth(rows);
      fixture.settle();
      const again = { missing: 0, different: 0, phantoms: 0, gone: 0 };
      expect(await fixture.run()).toMatchObject(again);
    }),
    { numRuns: 25, endOnFailure: true },
  );
}, 240_000);

function live(calcom: FakeCalcom, histories: readonly History[]): void {
  const { clock } = fixture;
  const from = clock.now().getTime();
  const visits = histories.map((history, at) => ({
    history,
    uid: begin(calcom, history, new Date(from + (at + 2) * HOUR).toISOString(), at),
  }));
  for (const visit of visits) {
    for (const step of visit.history.before) {
      clock.advance(MINUTE);
      visit.uid = takeStep(calcom, visit.uid, step);
    }
  }
  clock.advance(12 * HOUR);
  for (const { history, uid } of visits) {
    for (const step of history.behind) {
      clock.advance(MINUTE);
      follow(calcom, uid, step);
    }
  }
}

function begin(calcom: FakeCalcom, { begins }: History, start: string, at: number): string {
  const attendee = { name: `Guest ${at}`, email: `guest-${at}@mail.example` };
  switch (begins) {
    case "book":
      return calcom.book({ start, attendee, eventType: grooming }).uid;
    case "request":
      return calcom.book({ start, attendee, eventType: onRequest }).uid;
    case "class":
      return calcom.book({ start, attendee, eventType: puppyClass }).uid;
    case "series":
      return calcom.bookSeries({ start, attendee }, 3)[0]?.uid ?? "";
  }
}

function takeStep(calcom: FakeCalcom, uid: string, step: (typeof before)[number]): string {
  const row = calcom.find(uid);
  const isClass = row.eventType.seats !== null;
  if (row.status === "CANCELLED" || row.status === "REJECTED") return uid;
  switch (step) {
    case "reschedule":
      return calcom.reschedule(uid, new Date(Date.parse(row.start) + HOUR).toISOString()).uid;
    case "cancel":
      if (row.seriesUid === null) calcom.cancel(uid, { reason: "ill" });
      else calcom.cancelSubsequent(uid, "ill");
      return uid;
    case "confirm":
      if (row.status === "PENDING") calcom.confirm(uid);
      return uid;
    case "decline":
      if (row.status === "PENDING") calcom.decline(uid, "closed");
      return uid;
    case "addSeat": {
      const no = calcom.messages.length;
      if (isClass) calcom.addSeat(uid, { name: `Seat ${no}`, email: `seat-${no}@mail.example` });
      return uid;
    }
    case "cancelSeat":
      if (isClass) calcom.cancelSeat(uid, row.attendees[0]?.seatUid ?? "");
      return uid;
  }
}

function follow(calcom: FakeCalcom, uid: string, step: (typeof behind)[number]): void {
  const row = calcom.find(uid);
  if (row.status !== "ACCEPTED") return;
  const marks = row.attendees.map(({ email }) => ({ email, absent: step === "absent" }));
  if (step === "ended") calcom.meetingEnded(uid);
  else calcom.markAbsent(uid, marks);
}

function disturbed(
  messages: readonly WebhookBody[],
  fates: readonly (readonly [number, boolean, boolean])[],
): { arrive: WebhookBody[]; lost: WebhookBody[] } {
  const fated = messages.map((message, at) => ({
    message,
    fate: fates[at % fates.length] ?? ([0, false, false] as const),
  }));
  const arrive = fated
    .filter(({ fate: [, isLost] }) => !isLost)
    .flatMap(({ message, fate: [weight, , isTwice] }) => [
      { message, weight },
      ...(isTwice ? [{ message, weight: (weight * 7) % 1000 }] : []),
    ])
    .toSorted((a, b) => a.weight - b.weight);
  return {
    arrive: arrive.map(({ message }) => message),
    lost: fated.filter(({ fate: [, isLost] }) => isLost).map(({ message }) => message),
  };
}

async function expectTruth(rows: readonly CalcomRow[]): Promise<void> {
  const latest = rows.filter(({ uid }) => fixture.calcom.successor(uid) === null);
  const known = await Promise.all(latest.map(({ uid }) => fixture.booking(uid)));
  expect(known.map((booking) => booking && truthOfHub(booking))).toEqual(latest.map(truthOfRow));
  expect(new Set(known.map((booking) => booking?.id)).size).toBe(latest.length);
}

interface Truth {
  readonly uids: readonly string[];
  readonly status: string;
  readonly times: readonly string[];
  readonly coming: readonly string[];
}

function truthOfRow(row: CalcomRow): Truth {
  const uids = [row.uid];
  for (let { from } = row; from !== null; { from } = fixture.calcom.find(from)) uids.push(from);
  return {
    uids: uids.toSorted(),
    status: statusOf(row),
    times: [row.start, row.end],
    coming: row.status === "CANCELLED" ? [] : row.attendees.map(({ email }) => email).toSorted(),
  };
}

function statusOf({ status, attendees, end }: CalcomRow): string {
  if (status !== "ACCEPTED") return status.toLowerCase();
  if (attendees.every(({ isAbsent }) => isAbsent)) return "no_show";
  return Date.parse(end) < fixture.clock.now().getTime() ? "completed" : "confirmed";
}

function truthOfHub(booking: BookingResource): Truth {
  const uids = booking.external_refs.filter(({ kind }) => kind === "uid");
  const coming = booking.attendees.filter(({ status }) => status !== "cancelled");
  return {
    uids: uids.map((ref) => ref.external_id).toSorted(),
    status: booking.status,
    times: [booking.starts_at, booking.ends_at],
    coming: booking.status === "cancelled" ? [] : coming.map(({ email }) => email ?? "").toSorted(),
  };
}
