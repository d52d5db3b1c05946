import type {
  BookingResource,
  CommandResource,
  List,
  RequestedCommand,
  TimelineResource,
} from "@slotwire/contract";
import { ManualClock } from "../src/clock.ts";
import { type ClaimedCommand, commandQueue } from "../src/commands/command-queue.ts";
import { workCommand } from "../src/commands/work-command.ts";
import { system } from "../src/db/database.ts";
import { type FakeDraft, FakeCalcom } from "./fake-calcom-api/fake-calcom.ts";
import { fakeApiKey, type FakeCalcomApi, startFakeCalcomApi } from "./fake-calcom-api/server.ts";
import { type Answer, inboxFixture, type InboxFixture } from "./inbox-fixture.ts";
import { withKey } from "./test-hub.ts";

/** Days before anything that is booked: what is at 10:00 of the 20th is still to come. */
export const startOfTests = "2026-03-16T08:00:00.000Z";

/** A hub whose Cal.com is a fake that can be called, and ways to command it. */
export interface CommandFixture extends InboxFixture {
  readonly clock: ManualClock;
  readonly calcom: FakeCalcom;
  readonly api: FakeCalcomApi;
  /** Somebody books at Cal.com, and its message arrives. @returns the hub's booking */
  book(draft?: Partial<FakeDraft>): Promise<BookingResource>;
  /** Delivers the messages that Cal.com has not delivered yet. */
  deliver(): Promise<void>;
  booking(id: string): Promise<BookingResource>;
  timeline(id: string): Promise<TimelineResource>;
  commands(query?: string): Promise<CommandResource[]>;
  /** Posts to a booking, for example `cancel`. */
  ask(
    id: string,
    verb: "cancel" | "reschedule" | "status",
    body?: object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<RequestedCommand & Record<string, unknown>>>;
  /** Leases what is due. */
  claim(): Promise<ClaimedCommand[]>;
  /** Works on everything that is due, once. */
  work(): Promise<void>;
  /** Lets time pass and works, until every command is settled. */
  settleAll(): Promise<void>;
}

/** Makes the hub on a database of its own. Close it in `afterAll`. */
export async function commandFixture(): Promise<CommandFixture> {
  const clock = new ManualClock(startOfTests);
  const calcom = new FakeCalcom(clock);
  const api = await startFakeCalcomApi(calcom);
  const inbox = await inboxFixture({ clock });
  await giveApi(inbox, api.url);
  let delivered = 0;
  const booking: CommandFixture["booking"] = async (id) =>
    (await inbox.get<BookingResource>(`/api/v1/bookings/${id}`)).body;
  const deliver = async (): Promise<void> => {
    const news = calcom.messages.slice(delivered);
    delivered = calcom.messages.length;
    for (const message of news) await inbox.send(message);
  };
  const claim: CommandFixture["claim"] = () =>
    inbox.hub.db.transaction(system, (tx) =>
      commandQueue.claim(tx, { limit: 50, leaseSeconds: 180, now: clock.now() }),
    );
  const commands: CommandFixture["commands"] = async (query = "") =>
    (await inbox.get<List<CommandResource>>(`/api/v1/commands?limit=200${query}`)).body.data;
  const work = async (): Promise<void> => {
    await Promise.all((await claim()).map((command) => workCommand(inbox.hub, command)));
  };
  return {
    ...inbox,
    clock,
    calcom,
    api,
    deliver,
    booking,
    commands,
    claim,
    work,
    async book(draft = {}) {
      const row = calcom.book({ start: "2026-03-20T10:00:00Z", ...draft });
      await deliver();
      const url = `/api/v1/bookings?external_id=${encodeURIComponent(row.uid)}`;
      const found = (await inbox.get<List<BookingResource>>(url)).body.data[0];
      if (found === undefined) throw new Error("what was booked did not arrive");
      return found;
    },
    timeline: async (id) =>
      (await inbox.get<TimelineResource>(`/api/v1/bookings/${id}/timeline`)).body,
    async ask(id, verb, body = {}, headers = {}) {
      const answer = await inbox.app.inject({
        method: "POST",
        url: `/api/v1/bookings/${id}/${verb}`,
        headers: { ...withKey, ...headers },
        payload: body,
      });
      return { status: answer.statusCode, body: answer.json(), headers: answer.headers };
    },
    async settleAll() {
      for (let round = 0; (await commands("&status=open")).length > 0; round += 1) {
        if (round > 100) throw new Error("a command is never settled");
        clock.advance(30_000);
        await work();
      }
    },
    async close() {
      await inbox.close();
      await api.close();
    },
  };
}

/** Gives the fixture's Cal.com connection the fake's address and key. */
async function giveApi({ hub }: InboxFixture, url: string): Promise<void> {
  await hub.db.transaction(system, (tx) =>
    tx.query("UPDATE connection SET api_url = $1, api_key_sealed = $2 WHERE kind = 'calcom'", [
      url,
      hub.secretBox.seal(fakeApiKey),
    ]),
  );
  hub.connections.forget();
}
