import { afterAll, beforeAll, expect, test } from "vitest";
import { createHubHome, type HubHome, startHubAt } from "../../test/running-hub.ts";
import { loadConfig } from "../config.ts";
import type { KeyRequest } from "./parse-command.ts";
import { createKey } from "./create-key.ts";

let home: HubHome;
beforeAll(async () => {
  home = await createHubHome();
});
afterAll(() => home.remove());

const request: KeyRequest = {
  keyName: "Shop",
  scopes: "bookings:read, events:read",
  expires: "90d",
  organisation: null,
};

async function run(asked: Partial<KeyRequest> = {}): Promise<{ out: string; said: string }> {
  let [out, said] = ["", ""];
  const output = {
    print: (text: string) => void (out += text),
    printError: (text: string) => void (said += text),
  };
  await createKey(loadConfig(home.env), { ...request, ...asked }, output);
  return { out, said };
}

test("prints a key that works, alone, before the hub has ever run", async () => {
  const { out, said } = await run();
  expect(out).toMatch(/^sw_sk_live_[0-9A-Za-z]{22}_[0-9A-Za-z]{6}\n$/);
  expect(said).toContain('"Shop" of My business');
  const running = await startHubAt(home);
  try {
    const headers = { authorization: `Bearer ${out.trim()}` };
    const read = (path: string) => fetch(`${running.address}${path}`, { headers });
    expect((await read("/api/v1/bookings")).status).toBe(200);
    expect((await read("/api/v1/api-keys")).status).toBe(403);
    // Beside a running hub: PostgreSQL does not mind, the embedded database has one process only.
    if (running.hub.db.engine === "postgres") expect((await run()).out).toMatch(/^sw_sk_/);
    else {
      await expect(run()).rejects.toMatchObject({
        message: expect.stringContaining("The hub is running on the data folder") as string,
        remedy: expect.stringContaining("POST /api/v1/api-keys") as string,
      });
    }
  } finally {
    await running.stop();
  }
});

test.each([
  [
    { scopes: "bookings:read,bookings:eat" },
    /^--scopes: There is no scope `bookings:eat`\. There are:\n  bookings:read\n(  [\w:]+\n)+  admin$/,
  ],
  [{ scopes: "" }, /^--scopes: There is no scope an empty name\. There are:\n/],
  [{ keyName: " " }, /^--name: /],
  [{ expires: "soon" }, /^--expires: /],
  [{ expires: "0d" }, /^--expires: /],
  [{ organisation: "nowhere" }, /no organisation nowhere/],
])("%j is refused", async (asked, message) => {
  await expect(run(asked)).rejects.toMatchObject({
    code: "E_CONFIG",
    message: expect.stringMatching(message),
  });
});
