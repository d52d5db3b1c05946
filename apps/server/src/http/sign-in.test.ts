import { type Role, scopes, type SessionResource } from "@slotwire/contract";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { opensSomething } from "../access/can.ts";
import { createPasswordHasher } from "../access/password-hash.ts";
import { ManualClock } from "../clock.ts";
import { system } from "../db/database.ts";
import {
  auditedActions,
  createTestPerson,
  newAddress,
  openBrowser,
  type TestPerson,
} from "../../test/person-fixture.ts";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";
import { buildApp } from "./build-app.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const clock = new ManualClock("2026-03-01T08:00:00Z");
let testHub: TestHub;
let other: TestHub["app"];
beforeAll(async () => {
  testHub = await createTestHub({ clock });
  // A second node on the same database.
  other = await buildApp(testHub.hub, { dashboardFolder: "/no-dashboard" });
});
afterAll(async () => {
  await other.close();
  await testHub.close();
});

const browser = (address?: string) => openBrowser(testHub.app, testHub.hub, address);
const person = (options: Parameters<typeof createTestPerson>[1] = {}) =>
  createTestPerson(testHub.hub, options);
const wrong = (who: TestPerson): TestPerson => ({ ...who, password: "not the password" });

describe("a password", () => {
  test("signs in, whatever the case of the e-mail", async () => {
    const kim = await person({ role: "manager" });
    const answer = await browser().signIn({ ...kim, email: kim.email.toUpperCase() });
    expect(answer.statusCode).toBe(201);
    expect(answer.json<SessionResource>()).toMatchObject({
      user: { id: kim.userId, email: kim.email },
      role: "manager",
      has_password: true,
      has_second_factor: false,
    });
    expect(answer.cookies[0]).toMatchObject({ httpOnly: true, sameSite: "Lax" });
    expect(await auditedActions(testHub.hub, kim.userId)).toEqual(["session.signed_in"]);
  });

  test("tells which scopes one may give to keys", async () => {
    const scopesOf = async (role: Role): Promise<string[]> =>
      (await browser().signIn(await person({ role }))).json<SessionResource>().key_scopes;
    const offered = await scopesOf("admin");
    expect(offered).toEqual(scopes.filter(opensSomething));
    expect(offered).toContain("bookings:write");
    expect(offered).not.toContain("customers:import");
    expect(await scopesOf("developer")).toContain("events:read");
    expect(await scopesOf("developer")).not.toContain("bookings:write");
    expect(await scopesOf("manager")).toEqual([]);
  });

  test("is refused in one way, whatever is wrong", async () => {
    const kim = await person();
    const disabled = await person();
    const homeless = await person();
    const without = await person();
    await testHub.hub.db.transaction(system, async (tx) => {
      await tx.query("UPDATE app_user SET disabled_at = now() WHERE id = $1", [disabled.userId]);
      await tx.query("UPDATE app_user SET password_hash = NULL WHERE id = $1", [without.userId]);
      await tx.query("DELETE FROM membership WHERE user_id = $1", [homeless.userId]);
    });
    const nobody = { ...kim, email: "nobody@example.com" };
    const answers = await Promise.all(
      [wrong(kim), nobody, disabled, homeless, without].map((who) => browser().signIn(who)),
    );
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401);
      expect(answer.cookies).toEqual([]);
      const { request_id: _id, ...problem } = answer.json<Record<string, unknown>>();
      expect(problem).toMatchObject({ code: "E_CREDENTIALS" });
      expect(Object.keys(problem).toSorted()).toEqual([
        "code",
        "remedy",
        "status",
        "title",
        "type",
      ]);
    }
    expect(await auditedActions(testHub.hub, kim.userId)).toEqual(["session.refused"]);
  });

  test("costs the same work for somebody and for nobody", async () => {
    const kim = await person();
    const stored: (string | null)[] = [];
    const app = await buildApp(
      {
        ...testHub.hub,
        passwords: {
          ...testHub.hub.passwords,
          verify(password, hash) {
            stored.push(hash);
            return testHub.hub.passwords.verify(password, hash);
          },
        },
      },
      { dashboardFolder: "/no-dashboard" },
    );
    const page = openBrowser(app, testHub.hub);
    await page.signIn(wrong(kim));
    await page.signIn({ ...kim, email: "nobody@example.com" });
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE app_user SET password_hash = NULL WHERE id = $1", [kim.userId]),
    );
    await page.signIn(kim);
    const disabled = await person();
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE app_user SET disabled_at = now() WHERE id = $1", [disabled.userId]),
    );
    await page.signIn(disabled);
    await app.close();
    expect(stored).toEqual([expect.stringMatching(/^\$scrypt/), null, null, null]);
  });

  test("is not taken from another site", async () => {
    const { email, password } = await person();
    const answer = await testHub.app.inject({
      method: "POST",
      url: "/api/v1/session",
      headers: { "sec-fetch-site": "cross-site" },
      payload: { email, password },
    });
    expect(answer.json()).toMatchObject({
      code: "E_CROSS_SITE",
      remedy: expect.stringContaining(`Open the hub at ${testHub.hub.config.publicUrl}, or set`),
    });
  });

  test("is hashed anew when the cost has changed", async () => {
    const kim = await person();
    const dearer = createPasswordHasher({ logN: 5, r: 8, p: 1 });
    const app = await buildApp(
      { ...testHub.hub, passwords: dearer },
      { dashboardFolder: "/no-dashboard" },
    );
    const page = openBrowser(app, testHub.hub);
    expect((await page.signIn(kim)).statusCode).toBe(201);
    const [row] = await testHub.hub.db.transaction(system, (tx) =>
      tx.query<{ password_hash: string }>("SELECT password_hash FROM app_user WHERE id = $1", [
        kim.userId,
      ]),
    );
    expect(row?.password_hash).toMatch(/^\$scrypt\$ln=5,/);
    expect((await page.signIn(kim)).statusCode).toBe(201);
    await app.close();
  });

  test("ends the session that the browser already had", async () => {
    const [kim, sam] = [await person(), await person()];
    const shared = browser();
    await shared.signIn(kim);
    const before = shared.cookie;
    await shared.signIn(sam);
    expect(shared.cookie).not.toBe(before);
    const stale = browser();
    stale.cookie = before;
    expect((await stale.request("GET", "/api/v1/session")).statusCode).toBe(401);
  });
});

describe("guessing", () => {
  test("is slowed down by account, on every node, and a right password does not get in", async () => {
    const kim = await person();
    const signInAt = (app: TestHub["app"], who: TestPerson) =>
      openBrowser(app, testHub.hub).signIn(who);
    for (const app of [testHub.app, other, testHub.app, other, testHub.app]) {
      expect((await signInAt(app, wrong(kim))).json()).toMatchObject({ code: "E_CREDENTIALS" });
    }
    for (const app of [testHub.app, other]) {
      const blocked = await signInAt(app, kim);
      expect(blocked.json()).toMatchObject({ status: 429, code: "E_RATE_LIMITED" });
      expect(blocked.headers["retry-after"]).toBe("1");
    }
    clock.advance(SECOND);
    await signInAt(testHub.app, wrong(kim));
    expect((await signInAt(other, kim)).headers["retry-after"]).toBe("2");
    clock.advance(2 * SECOND);
    expect((await signInAt(other, kim)).statusCode).toBe(201);
    // The count begins anew.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await signInAt(other, wrong(kim))).statusCode).toBe(401);
    }
    expect((await signInAt(other, kim)).statusCode).toBe(429);
  });

  test("waits a quarter of an hour at most, and is forgotten after a day", async () => {
    const kim = await person();
    let wait = 0;
    for (let attempt = 0; attempt < 36; attempt += 1) {
      const answer = await browser().signIn(wrong(kim));
      if (answer.statusCode !== 429) continue;
      const next = Number(answer.headers["retry-after"]);
      expect(next).toBe(Math.min(900, Math.max(1, wait * 2)));
      wait = next;
      clock.advance(wait * SECOND);
    }
    expect(wait).toBe(900);
    clock.advance(24 * 60 * MINUTE);
    await browser().signIn(wrong(kim));
    expect((await browser().signIn(kim)).statusCode).toBe(201);
  });

  test("many times at once is no way around", async () => {
    const kim = await person();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => browser().signIn(wrong(kim))),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 401)).toHaveLength(5);
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(7);
  });

  test("is slowed down alike for accounts that do not exist", async () => {
    const kim = await person();
    const nobody = { ...kim, email: `nobody-${kim.email}` };
    const codes = async (who: TestPerson): Promise<number[]> => {
      const statuses: number[] = [];
      for (let attempt = 0; attempt < 7; attempt += 1) {
        statuses.push((await browser().signIn(wrong(who))).statusCode);
      }
      return statuses;
    };
    expect(await codes(nobody)).toEqual(await codes(kim));
  });

  test("is slowed down by address, over all accounts", async () => {
    const address = newAddress();
    const kim = await person();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 31; attempt += 1) {
      const who = { ...kim, email: `guess-${attempt}@example.com` };
      statuses.push((await browser(address).signIn(who)).statusCode);
    }
    expect(statuses.slice(0, 30).every((status) => status === 401)).toBe(true);
    expect(statuses[30]).toBe(429);
    // The neighbour in the same network of IPv6 is the same; others are not.
    const [neighbour, stranger] = [address.replace("::1", "::beef"), newAddress()];
    expect((await browser(neighbour).signIn(kim)).statusCode).toBe(429);
    expect((await browser(stranger).signIn(kim)).statusCode).toBe(201);
    // Whoever is right does not clear the address for the next guesses, and costs it nothing.
    clock.advance(SECOND);
    expect((await browser(address).signIn(kim)).statusCode).toBe(201);
    const guess = { ...kim, email: "one-more@example.com" };
    expect((await browser(address).signIn(guess)).statusCode).toBe(401);
    expect((await browser(address).signIn(guess)).headers["retry-after"]).toBe("2");
  });

  test("leaves nothing in the table that names an account or an address", async () => {
    const kim = await person();
    await browser("192.0.2.77").signIn(wrong(kim));
    const [row] = await testHub.hub.db.transaction(system, (tx) =>
      tx.query<{ all: string }>("SELECT json_agg(t)::text AS all FROM attempt_throttle t"),
    );
    expect(row?.all).not.toContain(kim.email);
    expect(row?.all).not.toContain(Buffer.from(kim.email).toString("hex"));
    expect(row?.all).not.toContain("192.0.2.77");
  });
});

test("how one can sign in is told to everybody", async () => {
  const fresh = await createTestHub();
  const options = async () =>
    (await fresh.app.inject({ url: "/api/v1/sign-in-options" })).json<unknown>();
  expect(await options()).toEqual({
    password: true,
    oidc: null,
    setup: true,
    password_reset: false,
  });
  await createTestPerson(fresh.hub, { role: "admin" });
  expect(await options()).toMatchObject({ setup: true });
  await createTestPerson(fresh.hub, { role: "owner" });
  expect(await options()).toMatchObject({ setup: false });
  await fresh.close();
});

test("nothing of a password or its owner is logged", async () => {
  const kim = await person();
  await browser().signIn(kim);
  await browser().signIn({ ...kim, password: "a secret that is wrong" });
  const log = testHub.logged();
  expect(log.length).toBeGreaterThan(1000);
  for (const secret of [kim.email, kim.password, "a secret that is wrong"]) {
    expect(log).not.toContain(secret);
  }
});
