import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BookingResource, DeliveryResource, List, SessionResource } from "@slotwire/contract";
import { afterEach, expect, test } from "vitest";
import { until } from "../apps/server/test/until.ts";
import { freePort, type HubProcess, startHubProcess } from "./hub-process.ts";

/** What `npm start` runs. */
const program = fileURLToPath(new URL("../scripts/start.mjs", import.meta.url));
/** A newcomer sees the main job within a minute; a busy machine that runs tests gets two. */
const MINUTE = 60_000;

let folder: string | null = null;
let hub: HubProcess | null = null;
afterEach(async () => {
  await hub?.stop();
  if (folder !== null) await rm(folder, { recursive: true });
});

test(
  "npm start -- --demo opens on a day full of bookings, which a receiver has heard of",
  { timeout: 4 * MINUTE },
  async () => {
    folder = await mkdtemp(join(tmpdir(), "slotwire-fresh-"));
    const port = await freePort();
    hub = startHubProcess(port, { SLOTWIRE_DATA_DIR: folder }, [program, "--demo"]);
    await hub.ready();
    const { output, address } = hub;
    await until(() => output().includes("/sign-in#token="));
    expect(output()).toContain("everything in it is simulated");
    const dashboard = await fetch(address);
    expect(dashboard.status).toBe(200);
    expect(await dashboard.text()).toContain('<div id="root">');

    const cookie = await signIn(address, /#token=(\S+)/.exec(output())?.[1] ?? "");
    const read = async <Body>(path: string): Promise<Body> => {
      const answer = await fetch(`${address}/api/v1${path}`, { headers: { cookie } });
      expect(answer.status).toBe(200);
      return (await answer.json()) as Body;
    };
    const session = await read<SessionResource>("/session");
    expect(session.organisation.slug).toBe("demo");
    expect(session.organisations.map(({ slug }) => slug).toSorted()).toEqual(["default", "demo"]);

    const today = () => read<List<BookingResource>>("/bookings?on=today");
    await until(async () => (await today()).data.length >= 10, MINUTE);
    const delivered = () => read<List<DeliveryResource>>("/deliveries?status=delivered");
    await until(async () => (await delivered()).data.length >= 10, MINUTE);

    expect(await hub.stop()).toBe(0);
  },
);

/** @returns the session's cookie */
async function signIn(address: string, token: string): Promise<string> {
  const answer = await fetch(`${address}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  expect(answer.ok).toBe(true);
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}
