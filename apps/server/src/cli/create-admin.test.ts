import type { SessionResource } from "@slotwire/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHubHome, type HubHome, startHubAt } from "../../test/running-hub.ts";
import { testPasswordCost } from "../../test/test-hub.ts";
import { loadConfig } from "../config.ts";
import { createAdminByCommand } from "./create-admin.ts";
import type { AdminOptions } from "./parse-command.ts";
import type { RunningHub } from "./start-hub.ts";

let home: HubHome;
beforeAll(async () => {
  home = await createHubHome();
});
afterAll(() => home.remove());

async function run(options: Partial<AdminOptions> = {}): Promise<{ out: string; said: string }> {
  let [out, said] = ["", ""];
  const output = {
    print: (text: string) => void (out += text),
    printError: (text: string) => void (said += text),
  };
  const request = { email: "Ada@Example.com", name: null, role: "owner", ...options };
  await createAdminByCommand(loadConfig(home.env), request, output);
  return { out, said };
}

async function open(running: RunningHub, link: string): Promise<Response> {
  const token = /#token=(\S+)/.exec(link)?.[1];
  return fetch(`${running.address}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
}

test("the first owner is made before the hub has ever run, and is the one it knows", async () => {
  const { out, said } = await run({ name: "Ada Lindqvist" });
  expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sign-in#token=\S+\n$/);
  expect(said).toMatch(/^ada@example\.com is now owner\./);
  const running = await startHubAt(home, {}, { passwordCost: testPasswordCost });
  try {
    const answer = await open(running, out);
    expect(answer.status).toBe(201);
    expect((await answer.json()) as SessionResource).toMatchObject({
      user: { id: running.ownerId, name: "Ada Lindqvist", email: "ada@example.com" },
      role: "owner",
      has_password: false,
    });
    // Beside a running hub: PostgreSQL does not mind, the embedded database has one process only.
    if (running.hub.db.engine === "postgres") {
      const again = await run();
      expect(again.said).toMatch(/^ada@example\.com is known, and now owner/);
      expect((await open(running, again.out)).status).toBe(201);
    } else {
      await expect(run()).rejects.toMatchObject({
        code: "E_DATA_LOCKED",
        message: expect.stringContaining("The hub is running on the data folder") as string,
        remedy: expect.stringContaining("stop the hub, run this again") as string,
      });
    }
  } finally {
    await running.stop();
  }
});

test.each([
  [{ email: "ada" }, /^--email: /],
  [{ name: " " }, /^--name: /],
  [{ role: "king" }, /^--role: one of owner, admin/],
])("%j is refused", async (options, message) => {
  await expect(run(options)).rejects.toMatchObject({
    code: "E_CONFIG",
    message: expect.stringMatching(message) as string,
  });
});
