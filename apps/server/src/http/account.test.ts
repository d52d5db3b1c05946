import type { List, SessionResource, SignedIn } from "@slotwire/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSignInLink } from "../access/create-sign-in-link.ts";
import { expireSessions } from "../access/expire-sessions.ts";
import { ManualClock } from "../clock.ts";
import { system } from "../db/database.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { auditedActions, createTestPerson, openBrowser } from "../../test/person-fixture.ts";
import { createTestHub, type TestHub, withKey } from "../../test/test-hub.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const fresh = "wet pavement, seven lamps";

const clock = new ManualClock("2026-03-01T08:00:00Z");
let testHub: TestHub;
beforeAll(async () => {
  testHub = await createTestHub({ clock });
});
afterAll(() => testHub.close());

const browser = (address?: string) => openBrowser(testHub.app, testHub.hub, address);
const person = (options: Parameters<typeof createTestPerson>[1] = {}) =>
  createTestPerson(testHub.hub, options);
const isIn = async (page: ReturnType<typeof browser>): Promise<boolean> =>
  (await page.request("GET", "/api/v1/session")).statusCode === 200;

describe("the first owner", () => {
  test("opens the set-up link, gives name, e-mail and password, and signs in with them", async () => {
    const { hub, ownerId } = testHub;
    const page = browser();
    const owner = { userId: ownerId, orgId: hub.defaultOrgId };
    const unused = await createSignInLink(hub, owner, "setup");
    const { token } = await createSignInLink(hub, owner, "setup");
    const opened = await page.request("POST", "/api/v1/session", { token });
    expect(opened.json<SessionResource>()).toMatchObject({ has_password: false });
    const account = { name: "Kim Berg", email: "Kim@Example.com" };
    const named = await page.request("PATCH", "/api/v1/account", account);
    expect(named.json<SessionResource>().user).toMatchObject({
      name: "Kim Berg",
      email: "kim@example.com",
    });
    const secured = await page.request("PUT", "/api/v1/account/password", { password: fresh });
    expect(secured.json<SessionResource>().has_password).toBe(true);
    const options = await page.request("GET", "/api/v1/sign-in-options");
    expect(options.json()).toMatchObject({ setup: false });
    const late = await browser().request("POST", "/api/v1/session", { token: unused.token });
    expect(late.json()).toMatchObject({ code: "E_LINK_INVALID" });
    const who = { userId: ownerId, orgId: hub.defaultOrgId, email: account.email, password: fresh };
    expect((await browser().signIn(who)).statusCode).toBe(201);
    expect(await auditedActions(hub, ownerId)).toEqual([
      "session.signed_in",
      "account.updated",
      "account.password_set",
      "session.signed_in",
    ]);
  });
});

describe("changing the password", () => {
  const change = (page: ReturnType<typeof browser>, body: object) =>
    page.request("PUT", "/api/v1/account/password", body);

  test("ends all other sessions, and gives this one a new token", async () => {
    const kim = await person();
    const [page, phone] = [browser(), browser()];
    await page.signIn(kim);
    await phone.signIn(kim);
    const stolen = browser();
    stolen.cookie = page.cookie;
    clock.advance(10 * MINUTE);
    const body = { password: fresh, current_password: kim.password };
    expect((await change(page, body)).statusCode).toBe(200);
    expect(await isIn(page)).toBe(true);
    expect(await isIn(phone)).toBe(false);
    expect(await isIn(stolen)).toBe(false);
    expect((await browser().signIn({ ...kim, password: fresh })).statusCode).toBe(201);
  });

  test("asks for the present one when the last proof is old, and throttles guesses", async () => {
    const kim = await person();
    const page = browser();
    await page.signIn(kim);
    clock.advance(10 * MINUTE);
    expect((await change(page, { password: fresh })).json()).toMatchObject({ code: "E_CONFIRM" });
    const guess = { password: fresh, current_password: "a wrong one" };
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await change(page, guess)).json()).toMatchObject({ code: "E_CREDENTIALS" });
    }
    const right = { password: fresh, current_password: kim.password };
    expect((await change(page, right)).statusCode).toBe(429);
    clock.advance(MINUTE);
    expect((await change(page, right)).statusCode).toBe(200);
  });

  test("refuses what is guessed first", async () => {
    const kim = await person();
    const page = browser();
    await page.signIn(kim);
    for (const password of ["password123", kim.email, "kimberg2026", "My business 1", "short"]) {
      const answer = await change(page, { password });
      expect(answer.json()).toMatchObject({ status: 422, errors: [{ path: "body.password" }] });
    }
  });
});

describe("changing the e-mail", () => {
  const change = (page: ReturnType<typeof browser>, email: string) =>
    page.request("PATCH", "/api/v1/account", { email });

  test("is for owners and admins, soon after a proof", async () => {
    const kim = await person({ role: "admin" });
    const page = browser();
    await page.signIn(kim);
    expect((await change(page, "new-kim@example.com")).statusCode).toBe(200);
    clock.advance(10 * MINUTE);
    expect((await change(page, "newer@example.com")).json()).toMatchObject({ code: "E_CONFIRM" });
    await page.request("POST", "/api/v1/session/confirm", { password: kim.password });
    expect((await change(page, "newer@example.com")).statusCode).toBe(200);
  });

  test("is refused to staff, who would see another provider's bookings by it", async () => {
    const page = browser();
    await page.signIn(await person({ role: "staff" }));
    expect((await change(page, "boss@example.com")).json()).toMatchObject({ code: "E_FORBIDDEN" });
    const renamed = await page.request("PATCH", "/api/v1/account", { name: "Robin" });
    expect(renamed.json<SessionResource>().user.name).toBe("Robin");
  });

  test("is refused to an owner who is staff elsewhere", async () => {
    const kim = await person();
    const { orgId } = await createTestOrganisation(testHub.hub.db);
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, 'staff')", [
        orgId,
        kim.userId,
      ]),
    );
    const page = browser();
    await page.signIn(kim);
    expect((await change(page, "boss@example.com")).statusCode).toBe(403);
  });

  test("to what the password is, or is made of, is refused", async () => {
    const kim = await person({ password: "Tall-Ships-Sailing@example.com".toLowerCase() });
    const page = browser();
    await page.signIn(kim);
    expect((await change(page, "Tall-Ships-Sailing@example.com")).json()).toMatchObject({
      code: "E_VALIDATION",
      errors: [{ path: "body.email" }],
    });
    const sam = await person({ password: "tall-ships-sailing" });
    const other = browser();
    await other.signIn(sam);
    expect((await change(other, "tall-ships-sailing@example.com")).statusCode).toBe(422);
    expect((await change(other, "short-boats@example.com")).statusCode).toBe(200);
  });

  test("tells staff nothing of their password", async () => {
    const kim = await person({ role: "staff", password: "tall-ships@example.com" });
    const page = browser();
    await page.signIn(kim);
    expect((await change(page, "tall-ships@example.com")).json()).toMatchObject({
      code: "E_FORBIDDEN",
    });
  });

  test("to somebody else's is refused", async () => {
    const [kim, sam] = [await person(), await person()];
    const page = browser();
    await page.signIn(kim);
    expect((await change(page, sam.email.toUpperCase())).json()).toMatchObject({
      status: 409,
      code: "E_ACCOUNT_EMAIL",
    });
    for (let asked = 1; asked < 5; asked += 1) await change(page, sam.email);
    expect((await change(page, sam.email)).json()).toMatchObject({ code: "E_RATE_LIMITED" });
    expect((await change(page, `free-${sam.email}`)).json()).toMatchObject({
      code: "E_RATE_LIMITED",
    });
  });
});

describe("the list of sessions", () => {
  const list = async (page: ReturnType<typeof browser>): Promise<SignedIn[]> =>
    (await page.request("GET", "/api/v1/sessions")).json<List<SignedIn>>().data;

  test("shows each browser with where it was, and which one this is", async () => {
    const kim = await person();
    const page = browser("192.0.2.10");
    await page.signIn(kim);
    clock.advance(MINUTE);
    await browser("192.0.2.20").openLink(kim);
    const sessions = await list(page);
    expect(sessions.map(({ address }) => address).toSorted()).toEqual(["192.0.2.10", "192.0.2.20"]);
    expect(sessions.find(({ current }) => current)).toMatchObject({
      address: "192.0.2.10",
      method: "password",
      user_agent: "Test browser",
    });
    expect(sessions.find(({ current }) => !current)).toMatchObject({ method: "link" });
    expect(Object.keys(sessions[0] ?? {})).not.toContain("token_hash");
  });

  test("ends one of them, and nobody else's", async () => {
    const [kim, sam] = [await person(), await person()];
    const [page, phone, stranger] = [browser(), browser(), browser()];
    await page.signIn(kim);
    await phone.signIn(kim);
    await stranger.signIn(sam);
    const [theirs] = await list(stranger);
    for (const id of [theirs?.id, randomUUID()]) {
      const answer = await page.request("DELETE", `/api/v1/sessions/${id}`);
      expect(answer.json()).toMatchObject({ code: "E_NOT_FOUND" });
    }
    const other = (await list(page)).find(({ current }) => !current);
    expect((await page.request("DELETE", `/api/v1/sessions/${other?.id}`)).statusCode).toBe(204);
    expect([await isIn(page), await isIn(phone), await isIn(stranger)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(await auditedActions(testHub.hub, kim.userId)).toContain("session.ended");
  });

  test("ends all others at once", async () => {
    const [kim, sam] = [await person(), await person()];
    const [page, phone, tablet, stranger] = [browser(), browser(), browser(), browser()];
    for (const each of [page, phone, tablet]) await each.signIn(kim);
    await stranger.signIn(sam);
    expect((await page.request("DELETE", "/api/v1/sessions")).statusCode).toBe(204);
    expect(await list(page)).toMatchObject([{ current: true }]);
    expect([await isIn(phone), await isIn(tablet), await isIn(stranger)]).toEqual([
      false,
      false,
      true,
    ]);
    expect(await auditedActions(testHub.hub, kim.userId)).toContain("session.others_ended");
  });

  test("is swept of what is over, with the counts of attempts", async () => {
    const { hub } = testHub;
    const kim = await person();
    await browser().signIn(kim);
    await browser().signIn({ ...kim, password: "wrong" });
    const rows = (table: string) =>
      hub.db.transaction(system, (tx) => tx.query(`SELECT FROM ${table}`));
    clock.advance(14 * DAY);
    await expireSessions(hub);
    expect(await rows("session")).toEqual([]);
    expect(await rows("attempt_throttle")).toEqual([]);
  });
});

test("a key has no account and no sessions", async () => {
  for (const [method, url, payload] of [
    ["GET", "/api/v1/sessions", undefined],
    ["DELETE", "/api/v1/sessions", undefined],
    ["PATCH", "/api/v1/account", { name: "A program" }],
    ["PUT", "/api/v1/account/password", { password: fresh }],
    ["POST", "/api/v1/account/totp", undefined],
    ["POST", "/api/v1/session/confirm", { password: fresh }],
  ] as const) {
    const answer = await testHub.app.inject({
      method,
      url,
      headers: withKey,
      ...(payload && { payload }),
    });
    expect(answer.json(), url).toMatchObject({ status: 403, code: "E_FORBIDDEN" });
  }
});
