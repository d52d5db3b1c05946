import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type BookmeFixture, bookmeFixture } from "../../test/bookme-fixture.ts";
import { ConnectionDirectory } from "../inbox/connections/connection-directory.ts";
import { processMessages } from "../inbox/process-messages.ts";

let site: BookmeFixture;
beforeAll(async () => {
  site = await bookmeFixture();
});
afterAll(() => site.close());

const people = [
  { name: "Anna Berg", email: "anna@example.com" },
  { name: "Bo Dahl", email: "bo@example.com" },
  { name: "Cecilia Ek", email: "Cecilia@Example.com" },
] as const;
const companies = [null, "Acme AB", "ACME ab.", "Acme", "Beta ApS"] as const;
const services = ["workshop", "30min-consultation", "team day"] as const;
const steps = ["rescheduled", "updated", "cancelled", "no_show", "completed"] as const;

const histories = fc.array(
  fc.record({
    person: fc.nat(people.length - 1),
    company: fc.constantFrom(...companies),
    service: fc.constantFrom(...services),
    /** The site gives each message a time, or all of them the booking's own. */
    isTimed: fc.boolean(),
    steps: fc.array(fc.constantFrom(...steps), { maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 6 },
);

const runs = fc.record({
  histories,
  /** Sorts the messages, and says which of them come twice. */
  order: fc.array(fc.tuple(fc.nat(1000), fc.boolean()), { minLength: 30, maxLength: 30 }),
  together: fc.integer({ min: 1, max: 5 }),
});

let run = 0;

test("whatever the order, and however often its messages come, a booking has one of everything", async () => {
  await fc.assert(
    fc.asyncProperty(runs, async ({ histories: lives, order, together }) => {
      run += 1;
      const { messages, ids } = messagesOf(lives, `run${run}`);
      const disturbed = messages
        .flatMap((message, at) => (order[at]?.[1] === true ? [message, message] : [message]))
        .map((message, at) => ({ message, place: order[at % order.length]?.[0] ?? 0 }))
        .toSorted((one, other) => one.place - other.place)
        .map(({ message }) => message);
      for (let at = 0; at < disturbed.length; at += together) {
        const group = disturbed.slice(at, at + together);
        const answers = await Promise.all(group.map((message) => site.post(message)));
        expect(answers.filter(({ status }) => status !== 200 && status !== 202)).toEqual([]);
      }
      while ((await processMessages(site.hub, new ConnectionDirectory(site.hub))) > 0);
      await expectOneOfEach(ids);
    }),
    { numRuns: 25, endOnFailure: true },
  );
}, 120_000);

type Lives = readonly {
  readonly person: number;
  readonly company: string | null;
  readonly service: string;
  readonly isTimed: boolean;
  readonly steps: readonly string[];
}[];

function messagesOf(lives: Lives, prefix: string): { messages: object[]; ids: string[] } {
  const ids = lives.map((_life, at) => `${prefix}-${at}`);
  const messages = lives.flatMap((life, at) => {
    const first = {
      bookingId: ids[at],
      eventType: life.service,
      ...people[life.person],
      ...(life.company === null ? {} : { company: life.company }),
      scheduledDate: "2031-05-15T10:00:00Z",
      duration: 60,
      source: "bookme",
      createdAt: "2026-01-02T08:00:00Z",
    };
    const others = life.steps.map((step, index) => ({
      ...first,
      event: `booking.${step}`,
      notes: `step ${index}`,
      ...(step === "rescheduled" ? { scheduledDate: `2031-05-${20 + index}T10:00:00Z` } : {}),
      ...(life.isTimed ? { occurredAt: `2026-01-02T09:0${index}:00Z` } : {}),
    }));
    return [first, ...others];
  });
  return { messages, ids };
}

async function expectOneOfEach(ids: readonly string[]): Promise<void> {
  const bookings = await site.query<{ id: string; status: string }>(
    `SELECT b.id, b.status FROM booking b JOIN booking_external_ref r ON r.booking_id = b.id
      WHERE r.external_id = ANY ($1)`,
    [ids],
  );
  expect(bookings).toHaveLength(ids.length);
  const activities = await site.query<{ count: number }>(
    "SELECT count(*)::int AS count FROM activity WHERE booking_id = ANY ($1) GROUP BY booking_id",
    [bookings.map(({ id }) => id)],
  );
  expect(activities).toEqual(bookings.map(() => ({ count: 1 })));
  expect(await site.query(doubles)).toEqual([]);
}

/** Whatever there is twice, or contradicts its booking. */
const doubles = `
  SELECT 'lead' AS what, dedupe_key AS which FROM lead WHERE stage NOT IN ('WON', 'LOST')
   GROUP BY dedupe_key HAVING count(*) > 1
  UNION ALL
  -- one of these people has one open lead per company or alone, and service
  SELECT 'lead of a company', c.name_key FROM lead l JOIN company c ON c.id = l.company_id
   WHERE l.stage NOT IN ('WON', 'LOST') GROUP BY c.name_key, l.service_key HAVING count(*) > 1
  UNION ALL
  SELECT 'lead of a person', l.customer_id::text FROM lead l WHERE l.company_id IS NULL
   GROUP BY l.customer_id, l.service_key HAVING count(*) > 1
  UNION ALL
  SELECT 'company', name_key FROM company GROUP BY name_key HAVING count(*) > 1
  UNION ALL
  SELECT 'contact', lower(value_norm) FROM customer_identity WHERE kind = 'email'
   GROUP BY lower(value_norm) HAVING count(*) > 1
  UNION ALL
  SELECT 'task', booking_id::text || template_key FROM task
   GROUP BY booking_id, template_key HAVING count(*) > 1
  UNION ALL
  SELECT 'meeting of a state of its own', a.id::text
    FROM activity a JOIN booking b ON b.id = a.booking_id
   WHERE a.activity_at <> b.starts_at OR a.status <> CASE b.status
     WHEN 'cancelled' THEN 'cancelled' WHEN 'rejected' THEN 'cancelled'
     WHEN 'completed' THEN 'held' WHEN 'no_show' THEN 'no_show' ELSE 'scheduled' END
  UNION ALL
  SELECT 'task of a cancelled booking', t.id::text
    FROM task t JOIN booking b ON b.id = t.booking_id
   WHERE b.status = 'cancelled' AND t.status <> 'cancelled'
  UNION ALL
  SELECT 'booking without a task', b.id::text FROM booking b
   WHERE b.status NOT IN ('cancelled', 'rejected') AND NOT EXISTS (
     SELECT FROM task t WHERE t.booking_id = b.id AND t.status = 'todo')
  UNION ALL
  SELECT 'lead of a wrong stage', l.id::text FROM lead l
   WHERE (l.stage = 'NEW') <> NOT EXISTS (
     SELECT FROM activity a WHERE a.lead_id = l.id AND a.status <> 'cancelled')`;

const booking = {
  eventType: "workshop",
  name: "Dag Fors",
  email: "dag@example.com",
  scheduledDate: "2031-05-15T10:00:00Z",
  duration: 60,
  source: "bookme",
  createdAt: "2026-01-02T08:00:00Z",
};

async function stateAfter(...messages: readonly object[]): Promise<object | undefined> {
  run += 1;
  const bookingId = `order-${run}`;
  for (const message of messages) await site.post({ ...booking, ...message, bookingId });
  const [row] = await site.query<{ status: string; starts_at: Date }>(
    `SELECT b.status, b.starts_at FROM booking b
       JOIN booking_external_ref r ON r.booking_id = b.id WHERE r.external_id = $1`,
    [bookingId],
  );
  return row;
}

const otherTime = "2031-05-20T10:00:00Z";
const created = { event: "booking.created" };
const moved = { event: "booking.rescheduled", scheduledDate: otherTime };
const cancelled = { event: "booking.cancelled" };
const confirmedAt = (time: string): object => ({ status: "confirmed", starts_at: new Date(time) });

test("another time under the same id, without an event, is a reschedule", async () => {
  const { scheduledDate } = booking;
  expect(await stateAfter({}, { scheduledDate: otherTime })).toEqual(confirmedAt(otherTime));
  const back = { scheduledDate, occurredAt: "2026-01-04T08:00:00Z" };
  expect(await stateAfter({}, { scheduledDate: otherTime }, back)).toEqual(
    confirmedAt(scheduledDate),
  );
});

test("what came before arrives late and changes nothing, when all messages have one time", async () => {
  expect(await stateAfter(moved, created)).toEqual(confirmedAt(otherTime));
  expect(await stateAfter(cancelled, created)).toMatchObject({ status: "cancelled" });
  expect(await stateAfter(cancelled, {})).toMatchObject({ status: "cancelled" });
  expect(await stateAfter(cancelled, moved, created)).toMatchObject({ status: "cancelled" });
});

test("a later reschedule brings a cancelled booking back", async () => {
  const back = { ...moved, occurredAt: "2026-01-04T08:00:00Z" };
  expect(await stateAfter(created, cancelled, back)).toEqual(confirmedAt(otherTime));
});
