import type { BookingResource } from "@slotwire/contract";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type InboxFixture, inboxFixture } from "../../test/inbox-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { calendlyConnector } from "../connectors/calendly/connector.ts";
import { calendlyFixture } from "../connectors/calendly/fixtures.ts";
import { signedHeaders as calendlyHeaders } from "../connectors/calendly/signature.ts";
import { squareConnector } from "../connectors/square/connector.ts";
import { squareFixture } from "../connectors/square/fixtures.ts";
import { signedHeaders as squareHeaders } from "../connectors/square/signature.ts";
import { tenant } from "../db/database.ts";
import { ConnectionDirectory } from "./connections/connection-directory.ts";
import { ensureEnvironmentConnections } from "./connections/ensure-environment-connections.ts";
import { listConnections } from "./connections/list-connections.ts";
import { processMessages } from "./process-messages.ts";

const secret = "secret of the sources";
let hub: InboxFixture;
beforeAll(async () => {
  const kinds = [calendlyConnector, squareConnector];
  hub = await inboxFixture({ connectors: new Map(kinds.map((one) => [one.kind, one])) });
});
afterAll(() => hub.close());

/** A booking as it truly is at its source. */
interface Truth {
  readonly uids: readonly string[];
  readonly status: string;
  readonly startsAt: string;
}

interface Told {
  readonly truths: readonly Truth[];
  readonly bodies: readonly object[];
}

const endings = ["none", "cancel", "no_show", "came_after_all"] as const;
const histories = fc.array(fc.record({ moves: fc.nat(3), ending: fc.constantFrom(...endings) }), {
  minLength: 1,
  maxLength: 3,
});
type Histories = readonly { readonly moves: number; readonly ending: (typeof endings)[number] }[];
/** Sorts the messages, and says which of them come twice. */
const order = fc.array(fc.tuple(fc.nat(1000), fc.boolean()), { minLength: 20, maxLength: 20 });

const MINUTE = 60_000;
const instant = (minutes: number): string =>
  new Date(Date.parse("2026-01-02T08:00:00.000Z") + minutes * MINUTE).toISOString();
const startOf = (move: number): string => instant((move + 1) * 24 * 60);
const uriOf = (person: number, move: number): string =>
  `https://api.calendly.com/scheduled_events/E${person}x${move}/invitees/I${person}x${move}`;

const statuses = {
  none: "confirmed",
  cancel: "cancelled",
  no_show: "no_show",
  came_after_all: "confirmed",
};

function calendlyTells(wanted: Histories): Told {
  const bodies: object[] = [];
  const truths = wanted.map(({ moves, ending }, person): Truth => {
    const place = (move: number) => ({
      uri: uriOf(person, move),
      old_invitee: move === 0 ? null : uriOf(person, move - 1),
      email: `person-${person}@mail.example`,
      created_at: instant(move),
      updated_at: instant(move),
    });
    const times = (move: number) => ({
      start_time: startOf(move),
      end_time: instant((move + 1) * 24 * 60 + 60),
    });
    for (let move = 0; move <= moves; move += 1) {
      bodies.push(calendlyFixture("invitee_created", place(move), times(move)));
      if (move === moves) continue;
      const given = { new_invitee: uriOf(person, move + 1), updated_at: instant(move + 1) };
      const cancellation = { created_at: instant(move + 1) };
      const moved = { ...place(move), ...given, cancellation };
      bodies.push(calendlyFixture("invitee_canceled_moved", moved, times(move)));
    }
    const late = (
      name: Parameters<typeof calendlyFixture>[0],
      minutes: number,
      more = {},
    ): void => {
      const at = instant((moves + 2) * 24 * 60 + minutes);
      const body = calendlyFixture(name, { ...place(moves), ...more }, times(moves));
      bodies.push({ ...body, created_at: at });
    };
    const at = instant((moves + 2) * 24 * 60);
    if (ending === "cancel") late("invitee_canceled", 0, { cancellation: { created_at: at } });
    if (ending === "no_show" || ending === "came_after_all") {
      late("invitee_no_show_created", 0, { no_show: { created_at: at } });
    }
    if (ending === "came_after_all") late("invitee_no_show_deleted", 5);
    const uids = Array.from({ length: moves + 1 }, (_, move) => uriOf(person, move));
    // Whoever came after all, when it was over, was there until the end.
    const status = ending === "came_after_all" ? "completed" : statuses[ending];
    return { uids, status, startsAt: startOf(moves) };
  });
  return { truths, bodies };
}

function squareTells(wanted: Histories): Told {
  const bodies: object[] = [];
  const truths = wanted.map(({ moves, ending }, number): Truth => {
    const id = `booking-${number}`;
    const ends = {
      none: [],
      cancel: ["CANCELLED_BY_SELLER"],
      no_show: ["NO_SHOW"],
      came_after_all: ["NO_SHOW", "ACCEPTED"],
    }[ending];
    const states = [...Array.from({ length: moves + 1 }, () => "ACCEPTED"), ...ends];
    states.forEach((status, version) => {
      const start_at = startOf(Math.min(version, moves));
      // All of it within one second: the versions alone tell the order.
      const booking = { id, status, version, start_at, updated_at: "2026-01-02T08:15:00Z" };
      const body = squareFixture("booking_moved", booking);
      const type = version === 0 ? "booking.created" : "booking.updated";
      bodies.push({ ...body, type, event_id: `${id}-${version}` });
    });
    return { uids: [id], status: statuses[ending], startsAt: startOf(moves) };
  });
  return { truths, bodies };
}

const sources = [
  {
    kind: "calendly",
    tells: calendlyTells,
    sign: (body: Buffer) => calendlyHeaders(body, secret, new Date()),
  },
  {
    kind: "square",
    tells: squareTells,
    sign: (body: Buffer, url: string) => squareHeaders(body, secret, url),
  },
] as const;

test.each(sources)(
  "whatever the order, and however often they come, $kind's messages end in its truth",
  async ({ kind, tells, sign }) => {
    await fc.assert(
      fc.asyncProperty(histories, order, async (wanted, how) => {
        const { truths, bodies } = tells(wanted);
        const { orgId } = await createTestOrganisation(hub.hub.db);
        await ensureEnvironmentConnections(hub.hub, orgId, [{ kind, secret }]);
        const [connection] = await listConnections(hub.hub, orgId);
        const url = connection?.webhook_url ?? "";
        for (const group of inGroups(disturbed(bodies, how))) {
          await Promise.all(group.map((body) => deliver(body, url, sign)));
        }
        while ((await processMessages(hub.hub, new ConnectionDirectory(hub.hub))) > 0);
        expect((await bookingsOf(orgId)).map(truthOfHub).toSorted(byUid)).toEqual(
          truths.map((truth) => ({ ...truth, uids: truth.uids.toSorted() })).toSorted(byUid),
        );
        await expectNoFalseAlarm(orgId, truths);
      }),
      { numRuns: 25, endOnFailure: true },
    );
  },
  120_000,
);

function disturbed(
  bodies: readonly object[],
  how: readonly (readonly [number, boolean])[],
): object[] {
  return bodies
    .flatMap((body, at) => {
      const [weight, isTwice] = how[at % how.length] ?? [0, false];
      const [again] = how[(at + 7) % how.length] ?? [0];
      return [{ body, weight }, ...(isTwice ? [{ body, weight: again }] : [])];
    })
    .toSorted((a, b) => a.weight - b.weight)
    .map(({ body }) => body);
}

/** Messages that arrive at the same moment. */
function inGroups<Item>(items: readonly Item[]): Item[][] {
  const size = 4;
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}

type Sign = (body: Buffer, url: string) => Record<string, string>;

async function deliver(message: object, url: string, sign: Sign): Promise<void> {
  const body = Buffer.from(JSON.stringify(message));
  const { status } = await hub.sendRaw(body, {
    headers: sign(body, url),
    path: new URL(url).pathname,
  });
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

/** A booking that only moved was never told to be cancelled, in no order of arrival. */
async function expectNoFalseAlarm(orgId: string, truths: readonly Truth[]): Promise<void> {
  const events = await hub.hub.db.transaction(tenant(orgId), (tx) =>
    tx.query("SELECT 1 FROM booking_event WHERE org_id = $1 AND new_status = 'cancelled'", [orgId]),
  );
  if (!truths.some(({ status }) => status === "cancelled")) expect(events).toEqual([]);
}

const byUid = (a: Truth, b: Truth): number => ((a.uids[0] ?? "") < (b.uids[0] ?? "") ? -1 : 1);

function truthOfHub({ external_refs, status, starts_at }: BookingResource): Truth {
  const uids = external_refs.filter(({ kind }) => kind === "uid");
  return { uids: uids.map((ref) => ref.external_id).toSorted(), status, startsAt: starts_at };
}
