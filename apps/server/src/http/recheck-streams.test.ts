import { afterAll, beforeAll, expect, test } from "vitest";
import { nobodyListens } from "../../test/ledger-fixture.ts";
import { createTestPerson, openBrowser } from "../../test/person-fixture.ts";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";
import { until } from "../../test/until.ts";

let hub: TestHub;
/** How often all open streams were made to ask. */
let rechecks = 0;
beforeAll(async () => {
  const signal = (topic: string): void => void (rechecks += Number(topic === "keys"));
  hub = await createTestHub({ wake: { ...nobodyListens, signal } });
});
afterAll(() => hub.close());

/** Answers are followed up in their order: once this one is, so are those before. */
async function signInAndOut(): Promise<void> {
  const browser = openBrowser(hub.app, hub.hub);
  await browser.signIn(await createTestPerson(hub.hub));
  await browser.request("DELETE", "/api/v1/session");
}

test("streams are not asked because of a cookie that is nobody's session", async () => {
  const stranger = openBrowser(hub.app, hub.hub);
  for (let times = 0; times < 3; times += 1) {
    stranger.cookie = "slotwire_session=made-up";
    expect((await stranger.request("DELETE", "/api/v1/session")).statusCode).toBe(204);
  }
  await signInAndOut();
  await until(() => rechecks > 0);
  expect(rechecks).toBe(1);
});
