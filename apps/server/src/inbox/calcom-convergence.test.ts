import type { BookingResource } from "@slotwire/contract";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { arrivals, arriving, histories, live } from "../../test/calcom-history.ts";
import type { SimulatedMessage } from "../../test/calcom-source.ts";
import { byUid, type Truth, truthOfHub, truthOfSource } from "../../test/calcom-truth.ts";
import { calcomSecret, type InboxFixture, inboxFixture, signed } from "../../test/inbox-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { tenant } from "../db/database.ts";
import { wholeView } from "../domain/views/view.ts";
import { ConnectionDirectory } from "./connections/connection-directory.ts";
import { ensureEnvironmentConnections } from "./connections/ensure-environment-connections.ts";
import { listConnections } from "./connections/list-connections.ts";
import { planReprocess } from "./reprocess/plan-reprocess.ts";
import { processMessages } from "./process-messages.ts";

let hub: InboxFixture;
beforeAll(async () => {
  hub = await inboxFixture();
});
afterAll(() => hub.close());

// The rules themselves are tried thousands of times in connectors/calcom/convergence.test.ts; here
// they go through HTTP, locks, races and the database. fast-check prints the seed of a failure.
test("Cal.com's messages end in its truth, several at a time, through HTTP and the database", async () => {
  await fc.assert(
    fc.asyncProperty(histories, arrivals, async (wanted, how) => {
      const source = live(wanted);
      const { orgId, path } = await connected();
      for (const group of inGroups(arriving(source, how))) {
        await Promise.all(group.map((message) => deliver(message, path)));
      }
      while ((await processMessages(hub.hub, new ConnectionDirectory(hub.hub))) > 0);
      const told = (await bookingsOf(orgId)).map(truthOfResource);
      expect(told.toSorted(byUid)).toEqual(source.bookings.map(truthOfSource).toSorted(byUid));
      await expectNothingToDo(orgId);
    }),
    { numRuns: 40, endOnFailure: true },
  );
}, 240_000);

/** Read once more, its messages would change nothing. */
async function expectNothingToDo(orgId: string): Promise<void> {
  const { messages } = await planReprocess(hub.hub, wholeView(orgId), { filter: {} });
  expect(messages.filter(({ changes }) => changes.length > 0)).toEqual([]);
}

/** An organisation of its own, connected to Cal.com. */
async function connected(): Promise<{ orgId: string; path: string }> {
  const { orgId } = await createTestOrganisation(hub.hub.db);
  await ensureEnvironmentConnections(hub.hub, orgId, [{ kind: "calcom", secret: calcomSecret }]);
  const [connection] = await listConnections(hub.hub, orgId);
  return { orgId, path: `/api/webhooks/calcom/${connection?.id}` };
}

/** Messages that arrive at the same moment. */
function inGroups<Item>(items: readonly Item[]): Item[][] {
  const size = 5;
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) =>
    items.slice(at * size, (at + 1) * size),
  );
}

async function deliver({ body }: SimulatedMessage, path: string): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(body));
  const { status } = await hub.sendRaw(bytes, { headers: signed(bytes), path });
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

function truthOfResource(booking: BookingResource): Truth {
  return truthOfHub({
    refs: booking.external_refs.map((ref) => ({
      kind: ref.kind,
      externalId: ref.external_id,
      supersededAt: ref.superseded_at,
    })),
    status: booking.status,
    startsAt: booking.starts_at,
    endsAt: booking.ends_at,
    title: booking.title,
    location: booking.location,
    meetingUrl: booking.meeting_url,
    provider: booking.provider,
    paymentStatus: booking.payment_status,
    attendees: booking.attendees,
    metadata: booking.metadata,
  });
}
