import type { BookingResource, CommandResource, List } from "@slotwire/contract";
import { expect, it } from "vitest";
import { startProgram } from "../../test/child-program.ts";
import { FakeCalcom } from "../../test/fake-calcom-api/fake-calcom.ts";
import { fakeApiKey, startFakeCalcomApi } from "../../test/fake-calcom-api/server.ts";
import { signed } from "../../test/inbox-fixture.ts";
import { createHubHome, startHubAt } from "../../test/running-hub.ts";
import { withKey } from "../../test/test-hub.ts";
import { until } from "../../test/until.ts";
import { systemClock } from "../clock.ts";

const secret = "a secret of the killed hub";
/** Longer than a worker's lease: what a killed one had under way is taken up by then. ms */
const LEASE_OVER = 200_000;
const DAY = 24 * 60 * 60 * 1000;
const start = new Date(Math.ceil(Date.now() / DAY) * DAY + 10 * DAY);
const moved = new Date(start.getTime() + 2 * 60 * 60 * 1000).toISOString();

async function ask<Body>(address: string, path: string, body?: object): Promise<Body> {
  const answer = await fetch(`${address}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { ...withKey, ...(body && { "content-type": "application/json" }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return (await answer.json()) as Body;
}

it("a hub that is killed between Cal.com's deed and its answer moves nothing twice", async () => {
  const calcom = new FakeCalcom(systemClock);
  const api = await startFakeCalcomApi(calcom);
  const home = await createHubHome();
  const settings = {
    CALCOM_WEBHOOK_SECRET: secret,
    CALCOM_API_KEY: fakeApiKey,
    CALCOM_API_URL: api.url,
  };
  const killed = startProgram("serve-hub.ts", [JSON.stringify({ ...home.env, ...settings })]);
  try {
    const { value } = await killed.lines.next();
    const address = String(value);
    const row = calcom.book({ start: start.toISOString() });
    const message = Buffer.from(JSON.stringify(calcom.messages[0]));
    const headers = { "content-type": "application/json", ...signed(message, secret) };
    await fetch(`${address}/api/webhooks/calcom`, { method: "POST", headers, body: message });
    const found = `/api/v1/bookings?external_id=${row.uid}`;
    const [booking] = (await ask<List<BookingResource>>(address, found)).data;

    let isDone = false;
    api.trouble = ({ method }) => {
      if (method !== "POST") return null;
      calcom.reschedule(row.uid, moved, calcom.host.email);
      isDone = true;
      return "silence";
    };
    await ask(address, `/api/v1/bookings/${booking?.id}/reschedule`, {
      starts_at: moved,
      ends_at: new Date(Date.parse(moved) + 60 * 60 * 1000).toISOString(),
    });
    await until(() => isDone, 30_000);
    await killed.kill();
    api.trouble = null;

    const clock = { now: () => new Date(Date.now() + LEASE_OVER) };
    const hub = await startHubAt(home, settings, { clock });
    try {
      const commands = `/api/v1/commands?booking_id=${booking?.id}`;
      const status = async (): Promise<string | undefined> =>
        (await ask<List<CommandResource>>(hub.address, commands)).data[0]?.status;
      await until(async () => (await status()) === "confirmed", 30_000);
      const after = await ask<BookingResource>(hub.address, `/api/v1/bookings/${booking?.id}`);
      expect(after.starts_at).toBe(moved);
    } finally {
      await hub.stop();
    }
    expect(api.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
    expect(calcom.rows).toHaveLength(2);
  } finally {
    await killed.kill();
    await api.close();
    await home.remove();
  }
}, 120_000);
