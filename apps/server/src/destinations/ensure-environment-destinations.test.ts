import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { hubAuthor } from "../access/record-audit.ts";
import { tenant } from "../db/database.ts";
import { destinationFixture, type DestinationFixture } from "../../test/destination-fixture.ts";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { until } from "../../test/until.ts";
import { createAddressPolicy } from "../network/address-policy.ts";
import {
  ensureEnvironmentDestinations,
  type EnvironmentDestinations,
} from "./ensure-environment-destinations.ts";
import { listDestinations } from "./list-destinations.ts";
import { pauseDestination } from "./pause-destination.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(() => test.close());

const fixtures: DestinationFixture[] = [];
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.close();
});

async function begin() {
  const fixture = await destinationFixture(test.db);
  fixtures.push(fixture);
  const { deps, orgId } = fixture;
  return {
    fixture,
    ensure: (settings: Partial<EnvironmentDestinations>) =>
      ensureEnvironmentDestinations(deps, orgId, {
        makeWebhook: null,
        externalCalendar: null,
        ...settings,
      }),
    list: async () => (await listDestinations(deps, orgId, { limit: 50, before: null })).rows,
  };
}

const url = "http://127.0.0.1:9/make";

describe("destinations of the environment", () => {
  it("are made once, and send with the key that the receiver asks for", async () => {
    const { fixture, ensure, list } = await begin();
    const make = await fixture.receiver();
    const calendar = await fixture.receiver();
    const settings = {
      makeWebhook: { url: make.url, secret: "make key" },
      externalCalendar: { url: calendar.url, key: "calendar key" },
    };
    expect(await ensure(settings)).toEqual([]);
    const before = await list();
    await ensure(settings);
    expect(await list()).toEqual(before);
    expect(before.map(({ name, profile, origin }) => [name, profile, origin])).toEqual([
      ["External calendar", "external_calendar", "environment"],
      ["Make.com", "make", "environment"],
    ]);

    fixture.worker();
    const bookingId = await fixture.book();
    await test.db.transaction(tenant(fixture.orgId), (tx) =>
      tx.query("UPDATE booking SET status = 'cancelled'"),
    );
    fixture.wake.signal("deliveries");
    await until(() => make.requests.length === 2 && calendar.requests.length === 1);
    expect(make.requests[0]?.headers["x-make-apikey"]).toBe("make key");
    expect(calendar.requests[0]?.headers["authorization"]).toBe("Bearer calendar key");
    expect(JSON.parse(calendar.requests[0]?.body ?? "")).toStrictEqual({
      action: "status_changed",
      booking_id: bookingId,
      old_status: "CONFIRMED",
      new_status: "CANCELLED",
      timestamp: expect.stringMatching(/Z$/),
    });
  });

  it("follow the settings: changed, paused by a person, removed, back again", async () => {
    const { fixture, ensure, list } = await begin();
    await ensure({ makeWebhook: { url, secret: "old" } });
    const [first] = await list();
    await pauseDestination(fixture.deps, hubAuthor(fixture.orgId), first?.id ?? "");
    await ensure({ makeWebhook: { url: `${url}2`, secret: "new" } });
    expect(await list()).toMatchObject([{ id: first?.id, url: `${url}2`, status: "paused" }]);
    await ensure({});
    expect(await list()).toEqual([]);
    await ensure({ makeWebhook: { url, secret: null } });
    const [second] = await list();
    expect(second).toMatchObject({ name: "Make.com", status: "active" });
    expect(second?.id).not.toBe(first?.id);
  });

  it("leave a person's destinations alone, and take another name when theirs is taken", async () => {
    const { fixture, ensure, list } = await begin();
    await fixture.destination(url, { name: "make.com", profile: "make" });
    await ensure({ makeWebhook: { url, secret: null } });
    expect((await list()).map(({ name }) => name)).toEqual(["Make.com 2", "make.com"]);
    await ensure({});
    expect((await list()).map(({ name }) => name)).toEqual(["make.com"]);
  });

  it("warn about an address that may not be sent to", async () => {
    const { fixture } = await begin();
    const strict = { ...fixture.deps, policy: createAddressPolicy([]) };
    const settings = { makeWebhook: { url, secret: null }, externalCalendar: null };
    expect(await ensureEnvironmentDestinations(strict, fixture.orgId, settings)).toEqual([
      expect.stringMatching(/^Make\.com: .*127\.0\.0\.1/),
    ]);
  });
});
