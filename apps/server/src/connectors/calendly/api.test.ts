import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { type FakeSourceApi, startFakeSourceApi } from "../../../test/fake-source-api.ts";
import type { SourceApi } from "../connector.ts";
import { calendlyApi } from "./api.ts";
import { type CalendlyFixtureName, calendlyFixture } from "./fixtures.ts";

let fake: FakeSourceApi;
let api: SourceApi;
beforeAll(async () => {
  fake = await startFakeSourceApi(() => ({}));
  const access = {
    baseUrl: fake.url,
    key: "a-token",
    fetch,
    timeZone: "Europe/Warsaw",
    settings: {},
  };
  api = calendlyApi.open(access);
});
beforeEach(() => {
  fake.requests.length = 0;
});
afterAll(() => fake.close());

/** Lets the API know the invitee and the event of a message. */
function know(name: CalendlyFixtureName, invitee: Record<string, unknown> = {}): string {
  const { scheduled_event: event, ...place } = calendlyFixture(name, invitee).payload;
  const uri = String(place["uri"]);
  const path = new URL(uri).pathname;
  fake.reply = (request) => {
    if (request.path === path) return { body: { resource: place } };
    const isEvent = request.path === path.replace(/\/invitees\/.*$/, "");
    return isEvent ? { body: { resource: event } } : { status: 404, body: {} };
  };
  return uri;
}

test("an invitee is read with the event that it is of", async () => {
  const uri = know("invitee_created_moved");
  expect(await api.getBooking(uri)).toMatchObject({
    nextUid: null,
    label: "Grooming",
    change: {
      kind: "rescheduled",
      status: "confirmed",
      refs: { uid: uri },
      fields: { startsAt: "2026-01-06T13:30:00.000Z", title: "Grooming" },
    },
  });
  expect(fake.requests.map(({ headers }) => headers["authorization"])).toEqual([
    "Bearer a-token",
    "Bearer a-token",
  ]);
});

test("a place that was given up for another one names that", async () => {
  const uri = know("invitee_canceled_moved");
  const reported = await api.getBooking(uri);
  expect(reported?.nextUid).toBe("https://api.calendly.com/scheduled_events/EV2/invitees/INV2");
  expect(reported?.change.status).toBe("confirmed");
});

test("a cancelled place is cancelled, and a missed one missed", async () => {
  const cancelled = await api.getBooking(know("invitee_canceled"));
  expect(cancelled?.change).toMatchObject({
    status: "cancelled",
    occurredAt: "2026-01-04T18:30:00.350Z",
    fields: { startsAt: "2026-01-06T13:30:00.000Z" },
  });
  const missed = await api.getBooking(know("invitee_no_show_created"));
  expect(missed?.change).toMatchObject({
    kind: "no_show",
    status: "no_show",
    occurredAt: "2026-01-06T15:00:00.100Z",
    fields: { startsAt: "2026-01-06T13:30:00.000Z" },
  });
});

test("what is no invitee's uri is no booking, and is not asked for", async () => {
  for (const id of ["x", "https://api.calendly.com/users/ME", "../../users/me", ""]) {
    expect(await api.getBooking(id)).toBeNull();
  }
  expect(fake.requests).toEqual([]);
});

test("an unknown invitee is none, and a wrong token says why", async () => {
  const uri = know("invitee_created").replace("INV1", "INV9");
  expect(await api.getBooking(uri)).toBeNull();
  fake.reply = () => ({ status: 403, body: { title: "Permission Denied" } });
  await expect(api.getBooking(uri)).rejects.toMatchObject({
    problem: "unauthorised",
    message: "Permission Denied",
  });
});
