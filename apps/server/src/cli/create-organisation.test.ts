import type { SessionResource } from "@slotwire/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { system } from "../db/database.ts";
import { createHubHome, type HubHome, startHubAt } from "../../test/running-hub.ts";
import { testPasswordCost } from "../../test/test-hub.ts";
import { loadConfig } from "../config.ts";
import { openDatabase } from "../db/open-database.ts";
import { createOrganisationByCommand } from "./create-organisation.ts";
import type { OrganisationOptions } from "./parse-command.ts";
import type { RunningHub } from "./start-hub.ts";

let home: HubHome;
beforeAll(async () => {
  home = await createHubHome();
});
afterAll(() => home.remove());

async function run(options: Partial<OrganisationOptions> = {}) {
  let [out, said] = ["", ""];
  const output = {
    print: (text: string) => void (out += text),
    printError: (text: string) => void (said += text),
  };
  const request = { slug: "north", name: "North", ownerEmail: "Ada@Example.com", ...options };
  await createOrganisationByCommand(loadConfig(home.env), request, output);
  return { out, said };
}

async function open(running: RunningHub, link: string): Promise<SessionResource> {
  const token = /#token=(\S+)/.exec(link)?.[1];
  const answer = await fetch(`${running.address}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ token }),
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as SessionResource;
}

test("organisations are opened for somebody new and somebody known, each slug once", async () => {
  const north = await run();
  expect(north.out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/sign-in#token=\S+\n$/);
  expect(north.said).toContain("ada@example.com, a new account, owns it");
  const south = await run({ slug: "south", name: "South" });
  expect(south.said).toContain("an account that was there");
  await expect(run({ name: "Another" })).rejects.toMatchObject({
    code: "E_CONFIG",
    message: "There is an organisation north already.",
  });
  const running = await startHubAt(home, {}, { passwordCost: testPasswordCost });
  try {
    const session = await open(running, south.out);
    expect(session).toMatchObject({
      user: { name: "ada", email: "ada@example.com" },
      role: "owner",
      organisation: { slug: "south", name: "South", time_zone: "Europe/Stockholm" },
    });
    expect(session.organisations.map(({ slug }) => slug)).toEqual(["north", "south"]);
    expect((await open(running, north.out)).organisation.slug).toBe("north");
    const audited = await running.hub.db.transaction(system, (tx) =>
      tx.query<{ action: string }>(
        `SELECT action FROM audit_log
          WHERE org_id = $1 AND actor_name = 'Command line' ORDER BY at, id`,
        [session.organisation.id],
      ),
    );
    expect(audited.map(({ action }) => action)).toEqual([
      "organisation.created",
      "member.admitted",
    ]);
  } finally {
    await running.stop();
  }
});

test("no organisation takes the place of the demo's", async () => {
  await expect(run({ slug: "demo", name: "Demo" })).rejects.toMatchObject({
    code: "E_CONFIG",
    message: "The slug demo is kept for the demo, which makes an organisation of its own.",
  });
});

test("an organisation that was left without an owner is finished", async () => {
  const db = await openDatabase(loadConfig(home.env));
  await db.transaction(system, (tx) =>
    tx.query(
      `INSERT INTO organisation (id, slug, name, time_zone)
       VALUES (gen_random_uuid(), 'west', 'West', 'UTC')`,
    ),
  );
  await db.close();
  expect((await run({ slug: "west", name: "West" })).said).toContain("West is open");
  await expect(run({ slug: "west", name: "West" })).rejects.toThrow("already");
});

test.each([
  [{ slug: "North!" }, /^--slug: /],
  [{ slug: "" }, /^--slug: /],
  [{ name: " " }, /^--name: /],
  [{ ownerEmail: "ada" }, /^--owner-email: /],
])("%j is refused", async (options, message) => {
  await expect(run(options)).rejects.toMatchObject({
    code: "E_CONFIG",
    message: expect.stringMatching(message) as string,
  });
});
