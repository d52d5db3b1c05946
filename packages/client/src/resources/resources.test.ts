import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type FlakyHub, openFlakyHub } from "../../test/flaky-hub.ts";
import { createClient, type SlotwireClient } from "../create-client.ts";

let hub: FlakyHub;
let client: SlotwireClient;
beforeEach(async () => {
  hub = await openFlakyHub();
  client = createClient({ baseUrl: hub.baseUrl, reconnectDelays: [1] });
});
afterEach(async () => {
  client.live.close();
  await hub.close();
});

const acceptance = { token: "t", name: "Anna", password: "long enough for anybody" };

test.each<[string, () => Promise<unknown>]>([
  ["signing in", () => client.session.signIn("token")],
  ["signing out in another browser", () => client.session.endOthers()],
  ["accepting an invitation", () => client.invitations.accept(acceptance)],
])("the stream is opened anew after %s: it was the former reader's", async (_what, call) => {
  client.live.subscribe({});
  await vi.waitFor(() => expect(client.live.state.status).toBe("live"));
  await call();
  await vi.waitFor(() => expect(hub.positions).toHaveLength(2));
});

test.each<[string, () => Promise<unknown>]>([
  ["asking who is signed in", () => client.session.list()],
  ["inviting somebody", () => client.invitations.resend("accept")],
])("the stream goes on after %s", async (_what, call) => {
  client.live.subscribe({});
  await vi.waitFor(() => expect(client.live.state.status).toBe("live"));
  await call();
  hub.append(1);
  await vi.waitFor(() => expect(client.live.state.lastSeq).toBe(1));
  expect(hub.positions).toHaveLength(1);
});
