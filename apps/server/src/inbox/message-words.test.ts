import type {
  BookingResource,
  CreatedConnection,
  InboundMessageDetail,
  InboundMessageResource,
  ReprocessPlan,
  TimelineResource,
} from "@slotwire/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inboxFixture, type InboxFixture } from "../../test/inbox-fixture.ts";
import { withKey } from "../../test/test-hub.ts";
import { calcomConnector } from "../connectors/calcom/connector.ts";
import { calcomFixture } from "../connectors/calcom/fixtures.ts";
import type { Connector } from "../connectors/connector.ts";

/** The organisation's days are Stockholm's; the visits are New York's. */
let hub: InboxFixture;
let understands = true;
const learning: Connector = {
  ...calcomConnector,
  interpret: (body, context) =>
    understands
      ? calcomConnector.interpret(body, context)
      : { outcome: "failed", trigger: null, code: "E_VALIDATION", reason: "not learnt yet" },
};
beforeAll(async () => {
  hub = await inboxFixture({ connectors: new Map([["calcom", learning]]) });
});
afterAll(() => hub.close());

const inNewYork = (more: object = {}) =>
  calcomFixture("booking_created", {
    uid: "far away",
    iCalUID: "far-away@cal.example",
    startTime: "2027-03-03T15:00:00Z",
    endTime: "2027-03-03T16:00:00Z",
    organizer: { name: "Kim", email: "kim@salon.example", timeZone: "America/New_York" },
    attendees: [{ name: "Ada Berg", email: "ada@mail.example", timeZone: "America/New_York" }],
    ...more,
  });

const inStockholm = "Wed, 3 Mar 2027, 16:00";

test("what a message did is told by the organisation's clock, whatever the booking's is", async () => {
  const { body } = await hub.send(inNewYork());
  const [message] = await hub.messages();
  const number = message?.booking_number;
  expect(message?.description).toBe(`new booking #${number} on ${inStockholm} for Ada Berg`);
  const { body: one } = await hub.get<InboundMessageDetail>(
    `/api/v1/inbound-messages/${body.message_id}`,
  );
  expect(one.description).toBe(message?.description);
});

test("so is what a booking's history says, and beside it the booking keeps its own zone", async () => {
  const [booking] = await hub.bookings();
  const path = `/api/v1/bookings/${booking?.id}`;
  const { body: timeline } = await hub.get<TimelineResource>(`${path}/timeline`);
  expect(timeline.data.map(({ description }) => description)).toEqual([
    `Booking #${booking?.booking_number} for ${inStockholm}`,
  ]);
  const { body } = await hub.get<BookingResource>(path);
  expect(body.time_zone).toBe("America/New_York");
});

test("so is what processing again would do", async () => {
  understands = false;
  const { body } = await hub.send(inNewYork({ uid: "later", iCalUID: "later@cal.example" }));
  understands = true;
  const answer = await hub.app.inject({
    method: "POST",
    url: `/api/v1/inbound-messages/${body.message_id}/reprocess`,
    headers: withKey,
    payload: { dry_run: true },
  });
  const [planned] = answer.json<ReprocessPlan>().messages;
  expect(planned).toMatchObject({
    outcome: "created",
    description: `new booking on ${inStockholm}`,
  });
});

test("each message says through which connection it came, also when that is removed", async () => {
  const made = await hub.app.inject({
    method: "POST",
    url: "/api/v1/connections",
    headers: withKey,
    payload: { kind: "calcom", name: "Cal.com Malmö", auth_modes: ["url_token"] },
  });
  const { id, token_url: url } = made.json<CreatedConnection>();
  await hub.sendRaw(JSON.stringify(calcomFixture("booking_created", { uid: "from Malmö" })), {
    path: new URL(url ?? "").pathname,
    headers: { "content-type": "application/json" },
  });
  await hub.app.inject({
    method: "DELETE",
    url: `/api/v1/connections/${id}`,
    headers: withKey,
  });
  const names = (messages: readonly InboundMessageResource[]) =>
    messages.map(({ connection_name: name }) => name);
  expect(names(await hub.messages())).toEqual(["Cal.com Malmö", "Cal.com", "Cal.com"]);
});
