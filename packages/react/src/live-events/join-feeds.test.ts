import type { ServerResponse } from "node:http";
import { ApiError, createClient, type SlotwireClient } from "@slotwire/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type FlakyHub, openFlakyHub } from "../../../client/test/flaky-hub.ts";
import { createEventFeed } from "../event-feed.ts";
import { joinFeeds } from "./join-feeds.ts";

let hub: FlakyHub;
let client: SlotwireClient;
const booking = "5e9f1a3c-0000-4000-8000-00000000000b";
const anna = { id: "5e9f1a3c-0000-4000-8000-000000000001", email: "anna@salon.example" };
beforeEach(async () => {
  hub = await openFlakyHub();
  client = createClient({ baseUrl: hub.baseUrl, reconnectDelays: [10] });
});
afterEach(async () => {
  client.live.close();
  await hub.close();
});

const refuse = (code: string) => ({
  answer: (response: ServerResponse): unknown =>
    response
      .writeHead(422, { "content-type": "application/problem+json" })
      .end(JSON.stringify({ title: code, status: 422, code, remedy: "Correct it." })),
});

it("shows what the hub refuses of the second feed, and asks again for it", async () => {
  hub.members = [anna];
  hub.pageBehaviours = [{}, refuse("E_NOT_A_MEMBER"), {}];
  const first = createEventFeed(client, { bookingId: booking }, { recent: 5 });
  const second = createEventFeed(client, { userId: "me" }, { recent: 5 });
  const joined = () => joinFeeds([first.read(), second.read()], 50);
  first.watch(() => {});
  await expect.poll(() => first.read().status).toBe("live");
  await expect.poll(() => hub.pages.length).toBe(1);
  second.watch(() => {});
  await expect.poll(() => joined().refusal).toBeInstanceOf(ApiError);
  expect(joined()).toMatchObject({ status: "denied", isConnected: false });
  hub.add({ booking_id: booking });
  await expect.poll(() => joined().events.length).toBe(1);
  joined().retry();
  await expect.poll(() => joined()).toMatchObject({ status: "live", refusal: null });
});
