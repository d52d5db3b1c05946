import type { BookingResource } from "@slotwire/contract";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type InboxFixture, inboxFixture } from "../../test/inbox-fixture.ts";
import { ManualClock } from "../clock.ts";
import {
  MemorySource,
  type SourceBooking,
  type SourceMessage,
} from "../connectors/memory/source.ts";
import { tenant } from "../db/database.ts";
import { ConnectionDirectory } from "./connections/connection-directory.ts";
import { ensureEnvironmentConnections } from "./connections/ensure-environment-connections.ts";
import { listConnections } from "./connections/list-connections.ts";
import { processMessages } from "./process-messages.ts";
import { createTestOrganisation } from "../../test/test-database.ts";

let hub: InboxFixture;
beforeAll(async () => {
  hub = await inboxFixture();
});
afterAll(() => hub.close());

const secret = "secret of the simulated source";

/** What may happen to a booking after it was made; the source plays along or leaves it out. */
const steps = [
  "reschedule",
  "cancel",
  "confirm",
  "reject",
  "start",
  "complete",
  "no_show",
] as const;
type Step = (typeof steps)[number];

/** The steps that make sense in a state. */
const sensible: Record<string, readonly Step[]> = {
  pending: ["confirm", "reject", "reschedule", "cancel"],
  confirmed: ["reschedule", "cancel", "start", "no_show"],
  in_progress: ["complete"],
};

const historyOf = fc.record({
  begins: fc.constantFrom("book", "request"),
  steps: fc.array(fc.constantFrom(...steps), { maxLength: 6 }),
});

const runs = fc.record({
  histories: fc.array(historyOf, { minLength: 1, maxLength: 4 }),
  /** Sorts the messages, and says which of them come twice. */
  order: fc.array(fc.tuple(fc.nat(1000), fc.boolean()), { minLength: 40, maxLength: 40 }),
});

test("whatever the order, and however often its messages come, the hub ends with the source's truth", async () => {
  await fc.assert(
    fc.asyncProperty(runs, async ({ histories, order }) => {
      const source = live(histories);
      const { orgId } = await createTestOrganisation(hub.hub.db);
      await ensureEnvironmentConnections(hub.hub, orgId, [{ kind: "memory", secret }]);
      const [connection] = await listConnections(hub.hub, orgId);
      const path = `/api/webhooks/memory/${connection?.id}`;
      for (const group of inGroups(disturbed(source.messages, order))) {
        await Promise.all(group.map((message) => deliver(message, path)));
      }
      while ((await processMessages(hub.hub, new ConnectionDirectory(hub.hub))) > 0);
      const bookings = await bookingsOf(orgId);
      expect(bookings.map(truthOfHub).toSorted(byUid)).toEqual(
        source.bookings.map(truthOfSource).toSorted(byUid),
      );
    }),
    { numRuns: 30, endOnFailure: true },
  );
}, 120_000);

type Histories = readonly { readonly begins: string; readonly steps: readonly Step[] }[];

function live(histories: Histories): MemorySource {
  const clock = new ManualClock("2026-01-02T08:00:00.000Z");
  const source = new MemorySource({ secret, clock });
  histories.forEach(({ begins, steps: wanted }, number) => {
    const attendee = { name: "Jan", email: "jan@mail.example" };
    const draft = { ...timesAfter(clock), title: `Visit ${number}`, attendee };
    let { uid } = begins === "book" ? source.book(draft) : source.request(draft);
    for (const step of wanted) {
      clock.advance(MINUTE);
      const booking = source.bookings.find(({ uids }) => uids.includes(uid));
      if (booking === undefined || sensible[booking.status]?.includes(step) !== true) continue;
      ({ uid } = take(source, clock, booking, step));
    }
  });
  return source;
}

const MINUTE = 60_000;

/** An hour of the next day. */
function timesAfter(clock: ManualClock): { startsAt: string; endsAt: string } {
  const start = clock.now().getTime() + 24 * 60 * MINUTE;
  return {
    startsAt: new Date(start).toISOString(),
    endsAt: new Date(start + 60 * MINUTE).toISOString(),
  };
}

function take(
  source: MemorySource,
  clock: ManualClock,
  { uids, startsAt, endsAt }: SourceBooking,
  step: Step,
): SourceMessage {
  const uid = uids.at(-1) ?? "";
  const { startsAt: nextStart, endsAt: nextEnd } = timesAfter(clock);
  switch (step) {
    case "reschedule":
      return source.reschedule(uid, nextStart, nextEnd);
    case "cancel":
      return source.cancel(uid, "ill");
    case "confirm":
      return source.confirm(uid);
    case "reject":
      return source.reject(uid, "closed");
    case "start":
      moveTo(clock, startsAt);
      return source.start(uid);
    case "complete":
      moveTo(clock, endsAt);
      return source.complete(uid);
    case "no_show":
      moveTo(clock, endsAt);
      return source.markNoShow(uid);
  }
}

function moveTo(clock: ManualClock, instant: string): void {
  clock.advance(Math.max(0, Date.parse(instant) - clock.now().getTime()));
}

function disturbed(
  messages: readonly SourceMessage[],
  order: readonly (readonly [number, boolean])[],
): SourceMessage[] {
  return messages
    .flatMap((message, at) => {
      const [weight, isTwice] = order[at % order.length] ?? [0, false];
      const [again] = order[(at + 7) % order.length] ?? [0];
      return [{ message, weight }, ...(isTwice ? [{ message, weight: again }] : [])];
    })
    .toSorted((a, b) => a.weight - b.weight)
    .map(({ message }) => message);
}

/** Messages that arrive at the same moment. */
function inGroups<Item>(items: readonly Item[]): Item[][] {
  const size = 5;
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}

async function deliver(message: SourceMessage, path: string): Promise<void> {
  const { status } = await hub.sendRaw(message.body, { headers: { ...message.headers }, path });
  expect([200, 202]).toContain(status);
}

async function bookingsOf(orgId: string): Promise<BookingResource[]> {
  const rows = await hub.hub.db.transaction(tenant(orgId), (tx) =>
    tx.query<{ booking: BookingResource }>(
      "SELECT booking_resource(b) AS booking FROM booking b WHERE org_id = $1 AND deleted_at IS NULL",
      [orgId],
    ),
  );
  return rows.map(({ booking }) => booking);
}

interface Truth {
  readonly uid: string;
  readonly uids: readonly string[];
  readonly status: string;
  readonly times: readonly string[];
  readonly title: string;
}

const byUid = (a: Truth, b: Truth): number => (a.uid < b.uid ? -1 : 1);

function truthOfSource({ uids, status, startsAt, endsAt, title }: SourceBooking): Truth {
  return {
    uid: uids.at(-1) ?? "",
    uids: uids.toSorted(),
    status,
    times: [startsAt, endsAt],
    title,
  };
}

function truthOfHub(booking: BookingResource): Truth {
  const uids = booking.external_refs.filter(({ kind }) => kind === "uid");
  return {
    uid: uids
      .filter((ref) => ref.superseded_at === null)
      .map((ref) => ref.external_id)
      .join(),
    uids: uids.map((ref) => ref.external_id).toSorted(),
    status: booking.status,
    times: [booking.starts_at, booking.ends_at],
    title: booking.title,
  };
}
