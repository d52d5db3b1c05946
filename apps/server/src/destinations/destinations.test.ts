import { createDestinationSchema } from "@slotwire/contract";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hubAuthor } from "../access/record-audit.ts";
import { destinationFixture, type DestinationFixture } from "../../test/destination-fixture.ts";
import {
  createTestConnection,
  openTestDatabase,
  type TestDatabase,
} from "../../test/test-database.ts";
import { until } from "../../test/until.ts";
import { tenant } from "../db/database.ts";
import { createAddressPolicy } from "../network/address-policy.ts";
import { createDestination } from "./create-destination.ts";
import { deleteDestination } from "./delete-destination.ts";
import { getDelivery } from "./get-delivery.ts";
import { getDestination } from "./get-destination.ts";
import { listDeliveries } from "./list-deliveries.ts";
import { listDestinations } from "./list-destinations.ts";
import { pauseDestination } from "./pause-destination.ts";
import { resumeDestination } from "./resume-destination.ts";
import { retryDelivery } from "./retry-delivery.ts";
import { rotateSecret } from "./rotate-secret.ts";
import { sendTest } from "./send-test.ts";
import { updateDestination } from "./update-destination.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

const fixtures: DestinationFixture[] = [];
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.close();
});

async function begin(): Promise<DestinationFixture> {
  const fixture = await destinationFixture(test.db);
  fixtures.push(fixture);
  return fixture;
}

const input = createDestinationSchema.parse({
  name: "Warehouse",
  url: "http://127.0.0.1:9/hook",
  profile: "standard",
  event_types: ["booking.created"],
  payload_mode: "full",
  ordering: "none",
});
/** A receiver's key is never shown again. */
const { key: _, ...visible } = input;

const nobody = "00000000-0000-7000-8000-000000000000";

describe("creating a destination", () => {
  it("shows its secret once, and never again", async () => {
    const { deps, orgId } = await begin();
    const created = await createDestination(deps, hubAuthor(orgId), input);
    expect(created.secret).toMatch(/^whsec_/);
    const bytes = Buffer.from(created.secret.slice("whsec_".length), "base64").length;
    expect(bytes).toBeGreaterThanOrEqual(24);
    expect(bytes).toBeLessThanOrEqual(64);
    const { secret, ...rest } = created;
    expect(await getDestination(deps, orgId, created.id)).toEqual(rest);
    expect(rest).toMatchObject({ ...visible, status: "active", origin: "user" });
    expect(
      JSON.stringify(await listDestinations(deps, orgId, { limit: 10, before: null })),
    ).not.toContain(secret);
  });

  it("keeps the secret encrypted", async () => {
    const { deps, orgId } = await begin();
    const { secret } = await createDestination(deps, hubAuthor(orgId), input);
    const [row] = await test.db.transaction(tenant(orgId), (tx) =>
      tx.kysely.selectFrom("destination").select("secret_sealed").execute(),
    );
    expect(Buffer.from(row?.secret_sealed ?? []).includes(secret)).toBe(false);
  });

  it("refuses private addresses, here and when the URL is changed", async () => {
    const { deps, orgId } = await begin();
    const strict = { ...deps, policy: createAddressPolicy([]) };
    await expect(createDestination(strict, hubAuthor(orgId), input)).rejects.toMatchObject({
      code: "E_DESTINATION_ADDRESS",
    });
    const { id } = await createDestination(deps, hubAuthor(orgId), input);
    await expect(
      updateDestination(strict, hubAuthor(orgId), id, { url: "http://169.254.169.254/" }),
    ).rejects.toMatchObject({ code: "E_DESTINATION_ADDRESS" });
  });

  it("takes each name once, whatever its case, until it is deleted", async () => {
    const { deps, orgId } = await begin();
    const { id } = await createDestination(deps, hubAuthor(orgId), input);
    const again = { ...input, name: "WAREHOUSE" };
    await expect(createDestination(deps, hubAuthor(orgId), again)).rejects.toMatchObject({
      code: "E_DESTINATION_NAME",
    });
    await deleteDestination(deps, hubAuthor(orgId), id);
    await expect(createDestination(deps, hubAuthor(orgId), again)).resolves.toMatchObject({
      name: "WAREHOUSE",
    });
  });
});

describe("a destination", () => {
  it("changes in what is named and in nothing else", async () => {
    const { deps, orgId } = await begin();
    const { secret: _secret, ...before } = await createDestination(deps, hubAuthor(orgId), input);
    const after = await updateDestination(deps, hubAuthor(orgId), before.id, {
      event_types: ["*"],
    });
    expect(after).toEqual({ ...before, event_types: ["*"] });
    await expect(updateDestination(deps, hubAuthor(orgId), before.id, {})).rejects.toMatchObject({
      code: "E_VALIDATION",
    });
  });

  it("is narrowed by connections of its own organisation alone", async () => {
    const { deps, orgId } = await begin();
    const other = await begin();
    const { connectionId } = await createTestConnection(test.db, orgId);
    const foreign = await createTestConnection(test.db, other.orgId);
    const by = hubAuthor(orgId);
    const filter = (id: string) => ({ connection_ids: [id] });
    const made = await createDestination(deps, by, { ...input, filter: filter(connectionId) });
    expect(made.filter).toEqual(filter(connectionId));
    const narrowed = { ...input, name: "Other", filter: filter(foreign.connectionId) };
    await expect(createDestination(deps, by, narrowed)).rejects.toMatchObject({
      code: "E_VALIDATION",
    });
    await expect(
      updateDestination(deps, by, made.id, { filter: filter(foreign.connectionId) }),
    ).rejects.toMatchObject({ code: "E_VALIDATION" });
  });

  it("is paused and resumed, and stays disabled when it is paused", async () => {
    const { deps, orgId } = await begin();
    const { id } = await createDestination(deps, hubAuthor(orgId), input);
    expect(await pauseDestination(deps, hubAuthor(orgId), id)).toMatchObject({ status: "paused" });
    expect(await resumeDestination(deps, hubAuthor(orgId), id)).toMatchObject({ status: "active" });
    await test.db.transaction(tenant(orgId), (tx) =>
      tx.query("UPDATE destination SET status = 'disabled', disabled_reason = 'gone'"),
    );
    expect(await pauseDestination(deps, hubAuthor(orgId), id)).toMatchObject({
      status: "disabled",
    });
    expect(await resumeDestination(deps, hubAuthor(orgId), id)).toMatchObject({
      status: "active",
      disabled_reason: null,
    });
  });

  it("is nobody else's", async () => {
    const mine = await begin();
    const theirs = await begin();
    const { id } = await createDestination(mine.deps, hubAuthor(mine.orgId), input);
    for (const verb of [
      () => getDestination(mine.deps, theirs.orgId, id),
      () => updateDestination(mine.deps, hubAuthor(theirs.orgId), id, { name: "Mine now" }),
      () => pauseDestination(mine.deps, hubAuthor(theirs.orgId), id),
      () => resumeDestination(mine.deps, hubAuthor(theirs.orgId), id),
      () => rotateSecret(mine.deps, hubAuthor(theirs.orgId), id),
      () => sendTest(mine.deps, hubAuthor(theirs.orgId), id),
      () => deleteDestination(mine.deps, hubAuthor(theirs.orgId), id),
      () => getDelivery(mine.deps, theirs.orgId, nobody),
      () => retryDelivery(mine.deps, hubAuthor(theirs.orgId), nobody),
    ]) {
      await expect(verb()).rejects.toMatchObject({ code: "E_NOT_FOUND" });
    }
    const page = { limit: 10, before: null };
    expect((await listDestinations(mine.deps, theirs.orgId, page)).rows).toEqual([]);
  });

  it("hears of nothing from before it was created or after it was deleted", async () => {
    const fixture = await begin();
    await fixture.book();
    const { id } = await createDestination(fixture.deps, hubAuthor(fixture.orgId), input);
    await fixture.book();
    await deleteDestination(fixture.deps, hubAuthor(fixture.orgId), id);
    await fixture.book();
    expect(await fixture.deliveries()).toHaveLength(1);
  });
});

describe("a trial", () => {
  it("is sent at once, signed, and answers how it ended", async () => {
    const fixture = await begin();
    const receiver = await fixture.receiver((_request, response) => {
      response.writeHead(418).end("a teapot");
    });
    const { id, secret } = await fixture.destination(receiver.url);
    expect(await sendTest(fixture.deps, hubAuthor(fixture.orgId), id)).toMatchObject({
      no: 1,
      status_code: 418,
      error_class: "http_4xx",
      response_body: "a teapot",
    });
    const [request] = receiver.requests;
    expect(new Webhook(secret).verify(request?.body ?? "", request?.headers ?? {})).toMatchObject({
      type: "destination.test",
    });
    expect(await fixture.deliveries()).toEqual([]);
  });
});

describe("looking at deliveries", () => {
  it("lists them page by page, by destination, booking and status", async () => {
    const fixture = await begin();
    const first = await fixture.destination("http://127.0.0.1:9/one");
    await fixture.destination("http://127.0.0.1:9/two");
    const bookings = [await fixture.book(), await fixture.book(), await fixture.book()];
    const { deps, orgId } = fixture;
    const ids: string[] = [];
    let before: string | null = null;
    do {
      const page = await listDeliveries(deps, orgId, {}, { limit: 4, before });
      ids.push(...page.rows.map(({ id }) => id));
      before = page.next;
    } while (before !== null);
    expect(ids).toEqual((await fixture.deliveries()).map(({ id }) => id).toReversed());
    expect(ids).toHaveLength(6);

    const all = { limit: 50, before: null };
    const one = await listDeliveries(deps, orgId, { destination_id: first.id }, all);
    expect(one.rows).toHaveLength(3);
    const of = await listDeliveries(deps, orgId, { booking_id: bookings[1] }, all);
    expect(of.rows.map((row) => row.booking_id)).toEqual([bookings[1], bookings[1]]);
    const number = of.rows[0]?.booking_number ?? 0;
    const numbered = await listDeliveries(deps, orgId, { booking_number: number }, all);
    expect(numbered.rows).toEqual(of.rows);
    expect((await listDeliveries(deps, orgId, { booking_number: 1 }, all)).rows).toEqual([]);
    const done = await listDeliveries(deps, orgId, { status: "delivered" }, all);
    expect(done.rows).toEqual([]);
  });
});

describe("sending a delivery again by hand", () => {
  it("gives an exhausted one another attempt under the same id", async () => {
    const fixture = await begin();
    const receiver = await fixture.receiver((_request, response) => response.writeHead(500).end());
    await fixture.destination(receiver.url);
    fixture.worker({ retrySchedule: [0] });
    await fixture.book();
    await until(async () => (await fixture.deliveries())[0]?.status === "exhausted");
    const id = (await fixture.deliveries())[0]?.id ?? "";

    receiver.answer((_request, response) => response.end());
    expect(await retryDelivery(fixture.deps, hubAuthor(fixture.orgId), id)).toMatchObject({
      status: "pending",
    });
    await until(async () => (await fixture.deliveries())[0]?.status === "delivered");
    expect((await fixture.attempts(id)).map((attempt) => attempt.status_code)).toEqual([500, 200]);
    expect(new Set(receiver.requests.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    await expect(retryDelivery(fixture.deps, hubAuthor(fixture.orgId), id)).rejects.toMatchObject({
      code: "E_DELIVERY_STATE",
    });
  });

  it("is refused while it could not be sent anyway", async () => {
    const fixture = await begin();
    const { id } = await fixture.destination("http://127.0.0.1:9/");
    await fixture.book();
    await deleteDestination(fixture.deps, hubAuthor(fixture.orgId), id);
    const [delivery] = await fixture.deliveries();
    expect(delivery).toMatchObject({ status: "cancelled" });
    await expect(
      retryDelivery(fixture.deps, hubAuthor(fixture.orgId), delivery?.id ?? ""),
    ).rejects.toMatchObject({ code: "E_DELIVERY_STATE", details: { detail: /deleted/ } });
  });
});
