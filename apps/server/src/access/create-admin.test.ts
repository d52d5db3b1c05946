import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestMember } from "../../test/key-fixture.ts";
import { createTestPerson, openBrowser } from "../../test/person-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";
import { system } from "../db/database.ts";
import { type AdminRequest, createAdmin } from "./create-admin.ts";
import { signIn } from "./sign-in.ts";

let testHub: TestHub;
beforeAll(async () => {
  testHub = await createTestHub();
});
afterAll(() => testHub.close());

const admit = (request: Partial<AdminRequest> = {}) =>
  createAdmin(testHub.hub, {
    orgId: testHub.hub.defaultOrgId,
    email: "ada@example.com",
    name: null,
    role: "owner",
    ...request,
  });

const members = () =>
  testHub.hub.db.transaction(system, (tx) =>
    tx.query(
      `SELECT u.name, u.email, m.role FROM membership m JOIN app_user u ON u.id = m.user_id
        ORDER BY u.email`,
    ),
  );

test("the nameless owner of a new hub becomes the first who is admitted, once, and is signed out", async () => {
  const page = openBrowser(testHub.app, testHub.hub);
  await page.openLink({ userId: testHub.ownerId, orgId: testHub.hub.defaultOrgId });
  const [ada, bea] = await Promise.all([
    admit({ name: "Ada Lindqvist" }),
    admit({ email: "bea@example.com" }),
  ]);
  expect([ada.isNew, bea.isNew]).toEqual([true, true]);
  expect([ada.userId, bea.userId]).toContain(testHub.ownerId);
  expect(await members()).toEqual([
    { name: "Ada Lindqvist", email: "ada@example.com", role: "owner" },
    { name: "bea", email: "bea@example.com", role: "owner" },
  ]);
  expect((await page.request("GET", "/api/v1/session")).statusCode).toBe(401);
});

test("somebody known keeps the account, and gets a link that works once", async () => {
  const again = await admit({ name: "Ada L." });
  expect(again.isNew).toBe(false);
  expect(await members()).toContainEqual({
    name: "Ada L.",
    email: "ada@example.com",
    role: "owner",
  });
  await signIn(testHub.hub, again.token);
  await expect(signIn(testHub.hub, again.token)).rejects.toMatchObject({ code: "E_LINK_INVALID" });
});

test("another role is given and taken, but not the last owner's", async () => {
  await admit({ email: "cy@example.com", role: "accountant" });
  await admit({ email: "bea@example.com", role: "viewer" });
  expect(await members()).toMatchObject([
    { role: "owner" },
    { role: "viewer" },
    { role: "accountant" },
  ]);
  await expect(admit({ role: "viewer" })).rejects.toMatchObject({ code: "E_LAST_OWNER" });
  const audited = await testHub.hub.db.transaction(system, (tx) =>
    tx.query(
      "SELECT actor_name, old, new FROM audit_log WHERE action = 'member.admitted' ORDER BY id DESC LIMIT 1",
    ),
  );
  expect(audited).toEqual([
    {
      actor_name: "Command line",
      old: { role: "owner" },
      new: { role: "viewer", email: "bea@example.com" },
    },
  ]);
});

test("a disabled account is not opened by the back door", async () => {
  await admit({ email: "dot@example.com" });
  await testHub.hub.db.transaction(system, (tx) =>
    tx.query("UPDATE app_user SET disabled_at = now() WHERE email = 'dot@example.com'"),
  );
  await expect(admit({ email: "dot@example.com" })).rejects.toMatchObject({ code: "E_CONFIG" });
});

test("a disabled owner is none, and a demotion ends the invitations beyond the new role", async () => {
  // The only other owner is the disabled one of the test before.
  await expect(admit({ role: "viewer" })).rejects.toMatchObject({ code: "E_LAST_OWNER" });
  const { userId } = await admit({ email: "eve@example.com" });
  const { db, defaultOrgId } = testHub.hub;
  await db.transaction(system, (tx) =>
    tx.query(
      `INSERT INTO invitation (org_id, id, email, role, token_hash, invited_by, created_at, expires_at)
       VALUES ($1, gen_random_uuid(), 'friend@example.com', 'admin', '\\x00', $2, now(),
               now() + interval '7 days')`,
      [defaultOrgId, userId],
    ),
  );
  await admit({ email: "eve@example.com", role: "viewer" });
  const open = await db.transaction(system, (tx) =>
    tx.query("SELECT email FROM invitation WHERE revoked_at IS NULL"),
  );
  expect(open).toEqual([]);
});

test("a developer who is given a role without keys loses their own", async () => {
  const { hub } = testHub;
  const orgId = hub.defaultOrgId;
  const developer = await createTestMember(hub, orgId, "developer");
  const made = await testHub.app.inject({
    method: "POST",
    url: "/api/v1/api-keys",
    headers: developer.headers,
    payload: { name: "Trying out", scopes: ["bookings:read"] },
  });
  const { id } = made.json<{ id: string }>();
  await admit({ email: developer.email, role: "viewer" });
  const keys = await hub.db.transaction(system, (tx) =>
    tx.query("SELECT revoked_at IS NOT NULL AS is_revoked FROM api_key WHERE id = $1", [id]),
  );
  expect(keys).toEqual([{ is_revoked: true }]);
});

describe("an account that whoever invited made, without its mailbox", () => {
  const password = "a saddle for seven geese";

  test("loses every old way in before it is given rights, and its memberships stay", async () => {
    const { app, hub } = testHub;
    const { orgId: ownOrg } = await createTestOrganisation(hub.db);
    const mallory = await createTestMember(hub, ownOrg, "owner");
    const email = "boss@example.com";
    const invited = await app.inject({
      method: "POST",
      url: "/api/v1/invitations",
      headers: mallory.headers,
      payload: { email, role: "viewer" },
    });
    const [, shown] = invited.json<{ link: string }>().link.split("#token=");
    const page = openBrowser(app, hub);
    const accepted = await page.request("POST", "/api/v1/invitations/accept", {
      token: shown,
      new_account: true,
      password,
    });
    expect(accepted.statusCode).toBe(201);
    const taken = await admit({ email });
    expect(taken).toMatchObject({ isNew: false, isTakenOver: true });
    expect(taken.elsewhere).toHaveLength(1);
    expect((await page.request("GET", "/api/v1/session")).statusCode).toBe(401);
    const late = await page.request("POST", "/api/v1/session", { email, password });
    expect(late.json()).toMatchObject({ code: "E_CREDENTIALS" });
    await signIn(hub, taken.token);
    const { organisations } = (await describePerson(taken.userId))[0] ?? {};
    expect(organisations).toBe(2);
    // The operator has said whose it is: nothing is taken a second time.
    const again = await admit({ email });
    expect(again).toMatchObject({ isNew: false, isTakenOver: false });
  });

  test("keeps them all when the address is proven", async () => {
    const { app, hub } = testHub;
    const kim = await createTestPerson(hub, { role: "viewer" });
    const page = openBrowser(app, hub);
    await page.signIn(kim);
    expect(await admit({ email: kim.email })).toMatchObject({ isTakenOver: false });
    expect((await page.request("GET", "/api/v1/session")).statusCode).toBe(200);
    expect((await openBrowser(app, hub).signIn(kim)).statusCode).toBe(201);
  });

  test("whose holder took another address loses them, too", async () => {
    const { app, hub } = testHub;
    const mallory = await createTestPerson(hub);
    const page = openBrowser(app, hub);
    await page.signIn(mallory);
    const email = "chief@example.com";
    expect((await page.request("PATCH", "/api/v1/account", { email })).statusCode).toBe(200);
    expect(await admit({ email })).toMatchObject({ isTakenOver: true });
    expect((await page.request("GET", "/api/v1/session")).statusCode).toBe(401);
  });

  const describePerson = (userId: string) =>
    testHub.hub.db.transaction(system, (tx) =>
      tx.query<{ organisations: number }>(
        "SELECT count(*)::int AS organisations FROM membership WHERE user_id = $1",
        [userId],
      ),
    );
});
