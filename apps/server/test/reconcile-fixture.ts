import type {
  BookingResource,
  ReconcileFindingResource,
  ReconcileRunResource,
  StartReconcile,
} from "@slotwire/contract";
import { ManualClock } from "../src/clock.ts";
import { ensureEnvironmentConnections } from "../src/inbox/connections/ensure-environment-connections.ts";
import { ConnectionDirectory } from "../src/inbox/connections/connection-directory.ts";
import { processMessages } from "../src/inbox/process-messages.ts";
import { reconcileDue } from "../src/reconcile/reconcile-worker.ts";
import { FakeCalcom } from "./fake-calcom-api/fake-calcom.ts";
import { fakeApiKey, type FakeCalcomApi, startFakeCalcomApi } from "./fake-calcom-api/server.ts";
import type { WebhookBody } from "./fake-calcom-api/webhook-bodies.ts";
import { calcomSecret, type InboxFixture, inboxFixture } from "./inbox-fixture.ts";
import { type TestHubOptions, withKey } from "./test-hub.ts";

const MINUTE = 60_000;

/** A hub, a Cal.com, and the API between them; both go by one clock. */
export interface ReconcileFixture {
  readonly inbox: InboxFixture;
  readonly clock: ManualClock;
  readonly calcom: FakeCalcom;
  readonly api: FakeCalcomApi;
  readonly connectionId: string;
  /** Lets some messages arrive, as they are signed by Cal.com. */
  deliver(messages: readonly WebhookBody[]): Promise<void>;
  /** Begins a run by the API, works on it until nothing is due. @returns it as it ended */
  run(input?: StartReconcile): Promise<ReconcileRunResource>;
  findings(runId: string): Promise<ReconcileFindingResource[]>;
  /** Works on whatever is due now. */
  work(): Promise<void>;
  booking(uid: string): Promise<BookingResource | undefined>;
  /** Lets what messages said grow older than what a comparison leaves alone. */
  settle(): void;
  close(): Promise<void>;
}

/** Makes them, on a database of their own, at 2027-01-04 08:00 UTC. */
export async function reconcileFixture(
  options: Pick<TestHubOptions, "config" | "privateSources"> = {},
): Promise<ReconcileFixture> {
  const clock = new ManualClock("2027-01-04T08:00:00.000Z");
  const calcom = new FakeCalcom(clock);
  const api = await startFakeCalcomApi(calcom);
  const inbox = await inboxFixture({ ...options, clock });
  await ensureEnvironmentConnections(inbox.hub, inbox.hub.defaultOrgId, [
    { kind: "calcom", secret: calcomSecret, api: { key: fakeApiKey, url: api.url } },
  ]);
  inbox.hub.connections.forget();
  const { body } = await inbox.get<{ data: { id: string }[] }>("/api/v1/connections");
  const connectionId = body.data[0]?.id ?? "";
  const work = async (): Promise<void> => {
    while ((await reconcileDue(inbox.hub)) > 0);
  };
  return {
    inbox,
    clock,
    calcom,
    api,
    connectionId,
    work,
    async deliver(messages) {
      for (const message of messages) {
        const { status } = await inbox.send(message);
        if (status >= 300) throw new Error(`a message was answered with ${status}`);
      }
      while ((await processMessages(inbox.hub, new ConnectionDirectory(inbox.hub))) > 0);
    },
    async run(input = {}) {
      const started = await inbox.app.inject({
        method: "POST",
        url: `/api/v1/connections/${connectionId}/reconcile`,
        headers: withKey,
        payload: input,
      });
      if (started.statusCode !== 202) throw new Error(started.body);
      await work();
      const { id } = started.json<ReconcileRunResource>();
      return (await inbox.get<ReconcileRunResource>(`/api/v1/reconcile-runs/${id}`)).body;
    },
    async findings(runId) {
      const path = `/api/v1/reconcile-runs/${runId}/findings?limit=200`;
      return (await inbox.get<{ data: ReconcileFindingResource[] }>(path)).body.data;
    },
    async booking(uid) {
      const path = `/api/v1/bookings?external_id=${encodeURIComponent(uid)}`;
      return (await inbox.get<{ data: BookingResource[] }>(path)).body.data[0];
    },
    settle: () => clock.advance(10 * MINUTE),
    async close() {
      await inbox.close();
      await api.close();
    },
  };
}
