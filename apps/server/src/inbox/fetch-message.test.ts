import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type {
  AlertResource,
  BookingResource,
  CreatedConnection,
  WebhookReceipt,
} from "@slotwire/contract";
import { type FakeSourceApi, startFakeSourceApi } from "../../test/fake-source-api.ts";
import { type InboxFixture, inboxFixture } from "../../test/inbox-fixture.ts";
import { withKey } from "../../test/test-hub.ts";
import { ManualClock } from "../clock.ts";
import { acuityConnector } from "../connectors/acuity/connector.ts";
import { acuityAppointment, acuityBody } from "../connectors/acuity/fixtures.ts";
import { signedHeaders as acuityHeaders } from "../connectors/acuity/signature.ts";
import { squareConnector } from "../connectors/square/connector.ts";
import { type SquareBody, squareFixture } from "../connectors/square/fixtures.ts";
import { signedHeaders as squareHeaders } from "../connectors/square/signature.ts";
import { ConnectionDirectory } from "./connections/connection-directory.ts";
import { processMessages } from "./process-messages.ts";
import { workOnReprocess } from "./reprocess/work-on-reprocess.ts";

const secret = "the-key-of-the-tests";
const clock = new ManualClock("2026-01-10T12:00:00.000Z");
let hub: InboxFixture;
let fake: FakeSourceApi;
let acuity: CreatedConnection;
let square: CreatedConnection;

beforeAll(async () => {
  fake = await startFakeSourceApi(() => ({ status: 404 }));
  hub = await inboxFixture({
    clock,
    connectors: new Map([
      ["acuity", acuityConnector],
      ["square", squareConnector],
    ]),
  });
  const settings = { user_id: "11145481", currency: "PLN" };
  const api = { api_url: fake.url, api_key: secret };
  acuity = await connect({ kind: "acuity", name: "Acuity", secret, settings, ...api });
  square = await connect({
    kind: "square",
    name: "Square",
    secret,
    api_key: "EAAA-key",
    api_url: fake.url,
  });
});
beforeEach(() => {
  fake.requests.length = 0;
  fake.reply = () => ({ status: 404 });
  clock.advance(60_000);
});
afterAll(async () => {
  await hub.close();
  await fake.close();
});

async function connect(payload: Record<string, unknown>): Promise<CreatedConnection> {
  const url = "/api/v1/connections";
  const answer = await hub.app.inject({ method: "POST", url, headers: withKey, payload });
  expect(answer.statusCode, answer.body).toBe(201);
  return answer.json();
}

let count = 0;
const newId = (): string => String((count += 1) + 1000);

async function sendAcuity(action: string, id: string, to = acuity): Promise<WebhookReceipt> {
  const body = acuityBody(action, id);
  const path = `/api/webhooks/acuity/${to.id}`;
  const answer = await hub.sendRaw(body, { path, headers: acuityHeaders(body, secret) });
  expect(answer.status).toBe(202);
  return answer.body as unknown as WebhookReceipt;
}

async function sendSquare(message: SquareBody, to = square): Promise<WebhookReceipt> {
  const body = Buffer.from(JSON.stringify(message));
  const headers = squareHeaders(body, secret, to.webhook_url);
  const answer = await hub.sendRaw(body, { path: new URL(to.webhook_url).pathname, headers });
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(203);
  return answer.body as unknown as WebhookReceipt;
}

/** Lets the API know appointments; whatever else is asked for is unknown. */
function know(appointments: Readonly<Record<string, Record<string, unknown>>>): void {
  fake.reply = ({ path }) => {
    const id = path.split("/").at(-1) ?? "";
    const known = appointments[id];
    return known === undefined
      ? { status: 404 }
      : { body: acuityAppointment({ id: Number(id), ...known }) };
  };
}

const work = async (): Promise<void> => {
  const directory = new ConnectionDirectory(hub.hub);
  while ((await processMessages(hub.hub, directory)) > 0);
};
const messageOf = async (id: string) => (await hub.messages()).find((message) => message.id === id);
const bookingOf = async (uid: string): Promise<BookingResource | undefined> =>
  (await hub.bookings()).find((one) => one.external_refs.some((ref) => ref.external_id === uid));
const openAlerts = async (): Promise<readonly AlertResource[]> =>
  (await hub.get<{ data: AlertResource[] }>("/api/v1/alerts?open=true")).body.data;

describe("a message that only names a booking", () => {
  test("is kept at once, and becomes what its source tells", async () => {
    const id = newId();
    know({ [id]: {} });
    const receipt = await sendAcuity("scheduled", id);
    expect(receipt).toMatchObject({ success: true, action: "stored", booking_id: null });
    expect(await messageOf(receipt.message_id)).toMatchObject({ status: "received" });
    expect(fake.requests).toEqual([]);
    await work();
    expect(await bookingOf(id)).toMatchObject({
      status: "confirmed",
      title: "Grooming",
      starts_at: "2026-01-05T09:00:00.000Z",
      price_minor: 12_000,
      currency: "PLN",
      attendees: [{ name: "Jan Kowalski" }],
    });
    const basic = Buffer.from(`11145481:${secret}`).toString("base64");
    expect(fake.requests[0]?.headers["authorization"]).toBe(`Basic ${basic}`);
    expect(await messageOf(receipt.message_id)).toMatchObject({
      status: "processed",
      action: "created",
      trigger: "scheduled",
      error_code: null,
    });
  });

  test("told twice, once as a change, is one effect", async () => {
    const id = newId();
    know({ [id]: {} });
    const first = await sendAcuity("scheduled", id);
    const second = await sendAcuity("changed", id);
    await work();
    const statuses = [await messageOf(first.message_id), await messageOf(second.message_id)];
    expect(statuses.map((message) => message?.status).toSorted()).toEqual([
      "processed",
      "unchanged",
    ]);
    expect((await bookingOf(id))?.version).toBe(1);
  });

  test("is not taken for the repetition of one that reads the same", async () => {
    const id = newId();
    know({ [id]: {} });
    await sendAcuity("changed", id);
    await work();
    const later = { datetime: "2026-01-07T10:00:00+0100" };
    know({ [id]: later });
    const second = await sendAcuity("changed", id);
    await work();
    expect(await messageOf(second.message_id)).toMatchObject({ action: "rescheduled" });
    know({ [id]: { ...later, canceled: true } });
    await sendAcuity("changed", id);
    await work();
    expect(await bookingOf(id)).toMatchObject({
      status: "cancelled",
      starts_at: "2026-01-07T09:00:00.000Z",
      version: 3,
    });
  });

  test("about a booking that its source does not know is ignored in words", async () => {
    const id = newId();
    const { message_id } = await sendAcuity("changed", id);
    await work();
    expect(await messageOf(message_id)).toMatchObject({
      status: "ignored",
      summary: `appointment ${id} was changed: its source knows no booking ${id}`,
    });
  });

  test("is tried again when its source does not answer, and as late as that wants", async () => {
    const id = newId();
    fake.reply = () => ({ status: 429, headers: { "retry-after": "600" } });
    const { message_id } = await sendAcuity("scheduled", id);
    await work();
    expect(fake.requests).toHaveLength(1);
    expect(await messageOf(message_id)).toMatchObject({
      status: "received",
      error_code: "E_SOURCE_LIMIT",
    });
    know({ [id]: {} });
    clock.advance(599_000);
    await work();
    expect(await bookingOf(id)).toBeUndefined();
    clock.advance(1_000);
    await work();
    expect(await bookingOf(id)).toMatchObject({ status: "confirmed" });
    expect(await messageOf(message_id)).toMatchObject({ status: "processed", error_code: null });
  });

  test("one silent source is asked once a round, whatever the number of messages", async () => {
    const ids = Array.from({ length: 5 }, newId);
    fake.reply = () => ({ status: 503 });
    for (const id of ids) await sendAcuity("scheduled", id);
    await work();
    expect(fake.requests).toHaveLength(1);
    know(Object.fromEntries(ids.map((id) => [id, {}])));
    clock.advance(60_000);
    await work();
    for (const id of ids) expect(await bookingOf(id)).toMatchObject({ status: "confirmed" });
  });

  test("is failed when its source has not answered for a day", async () => {
    const id = newId();
    fake.reply = () => ({ status: 503 });
    const { message_id } = await sendAcuity("scheduled", id);
    for (let hours = 0; hours <= 25; hours += 1) {
      await work();
      clock.advance(60 * 60_000);
    }
    expect(await messageOf(message_id)).toMatchObject({
      status: "failed",
      error_code: "E_SOURCE_UNAVAILABLE",
      error: expect.stringContaining("in vain") as string,
    });
  });

  test("is failed when the key is refused, and people are told", async () => {
    const id = newId();
    fake.reply = () => ({ status: 401, body: { message: "Unauthorized" } });
    const { message_id } = await sendAcuity("scheduled", id);
    await work();
    expect(await messageOf(message_id)).toMatchObject({
      status: "failed",
      error_code: "E_SOURCE_KEY",
      error: "Acuity was asked about it in vain: Unauthorized",
    });
    const alert = { kind: "credential_failing", connection_id: acuity.id };
    expect(await openAlerts()).toMatchObject([{ ...alert, details: ["Unauthorized"] }]);
    know({ [id]: {} });
    await sendAcuity("scheduled", id);
    await work();
    expect(await openAlerts()).toEqual([]);
  });

  test("has no source asked at another address with the secret that messages are signed with", async () => {
    const settings = { user_id: "11145481" };
    const moved = { kind: "acuity", name: "Moved", secret, settings, api_url: fake.url };
    const { message_id } = await sendAcuity("scheduled", newId(), await connect(moved));
    await work();
    expect(fake.requests).toEqual([]);
    expect(await messageOf(message_id)).toMatchObject({
      status: "failed",
      error_code: "E_API_KEY_MISSING",
    });
  });

  test("can be processed again, and then its source is asked again", async () => {
    const id = newId();
    fake.reply = () => ({ status: 401 });
    const { message_id } = await sendAcuity("scheduled", id);
    await work();
    know({ [id]: {} });
    const url = `/api/v1/inbound-messages/${message_id}/reprocess`;
    const payload = { dry_run: false };
    const answer = await hub.app.inject({ method: "POST", url, headers: withKey, payload });
    expect(answer.statusCode, answer.body).toBeLessThan(300);
    while (await workOnReprocess(hub.hub, new ConnectionDirectory(hub.hub)));
    await work();
    expect(await bookingOf(id)).toMatchObject({ status: "confirmed" });
    expect(await messageOf(message_id)).toMatchObject({ status: "processed", error_code: null });
  });
});

describe("a message that says enough, of which its source knows more", () => {
  const details = ({ path }: { readonly path: string }) => {
    if (path.startsWith("/v2/bookings/")) {
      return {
        body: { booking: squareFixture("booking_created", { id: idIn(path) }).data.object.booking },
      };
    }
    const customer = {
      given_name: "Jan",
      family_name: "Kowalski",
      email_address: "jan@mail.example",
    };
    return path.startsWith("/v2/customers/") ? { body: { customer } } : { status: 403 };
  };
  const idIn = (path: string): string => path.split("/").at(-1) ?? "";

  function created(id: string): SquareBody {
    return { ...squareFixture("booking_created", { id }), event_id: `event-${id}` };
  }

  test("waits for the customer's name, so that receivers hear of it once", async () => {
    const id = newId();
    fake.reply = details;
    expect(await sendSquare(created(id))).toMatchObject({ action: "stored" });
    await work();
    expect(await bookingOf(id)).toMatchObject({
      version: 1,
      attendees: [{ name: "Jan Kowalski", email: "jan@mail.example" }],
    });
  });

  test("counts by itself when the key is refused, with a warning", async () => {
    const id = newId();
    fake.reply = () => ({ status: 401, body: { errors: [{ detail: "It has expired." }] } });
    const { message_id } = await sendSquare(created(id));
    await work();
    expect(await bookingOf(id)).toMatchObject({ status: "confirmed", attendees: [] });
    expect(await messageOf(message_id)).toMatchObject({
      status: "processed",
      warning: expect.stringContaining("It has expired.") as string,
    });
    expect(await openAlerts()).toMatchObject([{ connection_id: square.id }]);
  });

  test("counts by itself at once when the connection has no key", async () => {
    const id = newId();
    const keyless = await connect({ kind: "square", name: "Square without a key", secret });
    expect(await sendSquare(created(id), keyless)).toMatchObject({ action: "created" });
    expect(fake.requests).toEqual([]);
    expect(await bookingOf(id)).toMatchObject({ metadata: { booked_by: "FIRST_PARTY_BUYER" } });
  });

  test("is only taken under the address that it was signed for", async () => {
    const body = Buffer.from(JSON.stringify(created(newId())));
    const headers = squareHeaders(body, secret, "https://another.example/api/webhooks/square");
    const path = new URL(square.webhook_url).pathname;
    expect(await hub.sendRaw(body, { path, headers })).toMatchObject({ status: 401 });
  });
});
