import type { SessionResource, TotpSetup } from "@slotwire/contract";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { PasswordHasher } from "../access/password-hash.ts";
import { ManualClock } from "../clock.ts";
import { system, type Transaction } from "../db/database.ts";
import { type MailServer, startMailServer } from "../../test/mail-server.ts";
import {
  auditedActions,
  type Browser,
  codeAt,
  createTestPerson,
  openBrowser,
  type TestPerson,
} from "../../test/person-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";
import { until } from "../../test/until.ts";
import { buildApp } from "./build-app.ts";

/*
 * Comparing a password takes half a second, and hashing a new one as long. What happens to the
 * account in that time counts.
 */

const fresh = "wet pavement, seven lamps";
const STEP = 30_000;

const clock = new ManualClock("2026-03-01T08:00:00Z");
let mail: MailServer;
let testHub: TestHub;
/** The same hub, where something happens after a password was compared or hashed. */
let slow: TestHub["app"];
let meanwhile: (() => Promise<unknown>) | null = null;
beforeAll(async () => {
  mail = await startMailServer();
  testHub = await createTestHub({ clock, mailer: mail.mailer });
  const { passwords } = testHub.hub;
  const afterwards = async <Result>(result: Result): Promise<Result> => {
    const now = meanwhile;
    meanwhile = null;
    await now?.();
    return result;
  };
  const slowly: PasswordHasher = {
    hash: async (password) => afterwards(await passwords.hash(password)),
    verify: async (password, stored) => afterwards(await passwords.verify(password, stored)),
  };
  slow = await buildApp(
    { ...testHub.hub, passwords: slowly },
    { dashboardFolder: "/no-dashboard" },
  );
});
afterEach(() => {
  expect(meanwhile, "nothing was compared").toBeNull();
});
afterAll(async () => {
  await slow.close();
  await testHub.close();
  await mail.close();
});

const person = (options: Parameters<typeof createTestPerson>[1] = {}) =>
  createTestPerson(testHub.hub, options);
const browser = () => openBrowser(testHub.app, testHub.hub);
const slowBrowser = () => openBrowser(slow, testHub.hub);
const write = (sql: string, values: unknown[]): Promise<object[]> =>
  testHub.hub.db.transaction(system, (tx) => tx.query(sql, values));

/** A browser that was signed in before. */
async function signedIn(kim: TestPerson): Promise<Browser> {
  const page = browser();
  expect((await page.signIn(kim)).statusCode).toBe(201);
  return page;
}

const setPassword = (page: Browser, kim: TestPerson, password = fresh) =>
  page.request("PUT", "/api/v1/account/password", { password, current_password: kim.password });

async function turnOnTotp(page: Browser): Promise<string> {
  const { secret } = (await page.request("POST", "/api/v1/account/totp")).json<TotpSetup>();
  const code = codeAt(secret, clock.now());
  const answer = await page.request("POST", "/api/v1/account/totp/confirm", { code });
  expect(answer.statusCode).toBe(200);
  clock.advance(STEP);
  return secret;
}

const sessionsOf = ({ userId }: TestPerson) =>
  write("SELECT id FROM session WHERE user_id = $1", [userId]);

/** Signs in while `happening` happens. */
async function signInDuring(kim: TestPerson, happening: () => Promise<unknown>, code?: string) {
  meanwhile = happening;
  const page = slowBrowser();
  return { page, answer: await page.signIn(kim, code) };
}

describe("while a password is compared", () => {
  test("it is replaced: it signs nobody in any more", async () => {
    const kim = await person();
    const page = await signedIn(kim);
    const { answer } = await signInDuring(kim, () => setPassword(page, kim));
    expect(answer.json()).toMatchObject({ status: 401, code: "E_CREDENTIALS" });
    expect(answer.cookies).toEqual([]);
    // What is left is the browser in which it was replaced.
    expect(await sessionsOf(kim)).toHaveLength(1);
    expect(await auditedActions(testHub.hub, kim.userId)).toEqual([
      "session.signed_in",
      "account.password_changed",
      "session.refused",
    ]);
    expect((await browser().signIn({ ...kim, password: fresh })).statusCode).toBe(201);
  });

  test("it is replaced by a mailed link: the same", async () => {
    const kim = await person();
    const { answer } = await signInDuring(kim, () => resetBy(kim));
    expect(answer.json()).toMatchObject({ code: "E_CREDENTIALS" });
    expect(await sessionsOf(kim)).toEqual([]);
  });

  test("it is replaced: it confirms no session, and replaces no password again", async () => {
    const kim = await person();
    const page = await signedIn(kim);
    const stolen = slowBrowser();
    stolen.cookie = page.cookie;
    clock.advance(10 * 60_000);
    meanwhile = () => setPassword(page, kim);
    const answer = await stolen.request("POST", "/api/v1/session/confirm", {
      password: kim.password,
    });
    expect(answer.json()).toMatchObject({ code: "E_CREDENTIALS" });

    const sam = await person();
    const first = await signedIn(sam);
    const second = slowBrowser();
    await second.signIn(sam);
    meanwhile = () => setPassword(first, sam);
    // Hashing the new one comes first, so it is compared with what is there by then.
    expect((await setPassword(second, sam, "the slower of the two")).statusCode).toBe(401);
    expect((await browser().signIn({ ...sam, password: fresh })).statusCode).toBe(201);
  });

  test("it is replaced: it accepts no invitation", async () => {
    const kim = await person({ role: "viewer" });
    const page = await signedIn(kim);
    const owner = await signedIn(await person());
    const { orgId } = await createTestOrganisation(testHub.hub.db);
    const boss = await createTestPerson(testHub.hub, { orgId });
    await owner.signIn(boss);
    const invited = await owner.request("POST", "/api/v1/invitations", {
      email: kim.email,
      role: "viewer",
    });
    const token = new URL(invited.json<{ link: string }>().link).hash.slice("#token=".length);
    meanwhile = () => setPassword(page, kim);
    const body = { token, password: kim.password };
    const answer = await slowBrowser().request("POST", "/api/v1/invitations/accept", body);
    expect(answer.json()).toMatchObject({ code: "E_CREDENTIALS" });
    const preview = await browser().request("POST", "/api/v1/invitations/preview", { token });
    expect(preview.statusCode).toBe(200);
  });

  test("the account is disabled, or gets another e-mail: nobody is signed in", async () => {
    for (const change of ["disabled_at = now()", "email = 'moved-' || email"]) {
      const kim = await person();
      const { answer } = await signInDuring(kim, () =>
        write(`UPDATE app_user SET ${change} WHERE id = $1`, [kim.userId]),
      );
      expect(answer.json(), change).toMatchObject({ code: "E_CREDENTIALS" });
      expect(await sessionsOf(kim)).toEqual([]);
    }
  });

  test("the only membership ends: nobody is signed in, and no log says so", async () => {
    const kim = await person({ role: "viewer" });
    const owner = await signedIn(await person());
    const { answer } = await signInDuring(kim, () =>
      owner.request("DELETE", `/api/v1/members/${kim.userId}`),
    );
    expect(answer.json()).toMatchObject({ code: "E_CREDENTIALS" });
    expect(await sessionsOf(kim)).toEqual([]);
    expect(await auditedActions(testHub.hub, kim.userId)).not.toContain("session.signed_in");
  });

  test("one of two memberships ends: the other one is signed in to", async () => {
    const kim = await person({ role: "viewer" });
    const { orgId } = await createTestOrganisation(testHub.hub.db);
    await write(
      `INSERT INTO membership (org_id, user_id, role, created_at)
       VALUES ($1, $2, 'staff', now() + interval '1 hour')`,
      [orgId, kim.userId],
    );
    const owner = await signedIn(await person());
    const { answer } = await signInDuring(kim, () =>
      owner.request("DELETE", `/api/v1/members/${kim.userId}`),
    );
    expect(answer.json<SessionResource>()).toMatchObject({
      role: "staff",
      organisation: { id: orgId },
    });
  });

  test("the second factor is turned on: the code is asked for, and no attempt is held against them", async () => {
    const kim = await person();
    const page = await signedIn(kim);
    let secret = "";
    for (let time = 0; time < 6; time += 1) {
      const { answer } = await signInDuring(kim, async () => {
        if (time === 0) secret = await turnOnTotp(page);
      });
      expect(answer.json()).toMatchObject({ status: 401, code: "E_SECOND_FACTOR" });
      expect(answer.cookies).toEqual([]);
    }
    expect(await sessionsOf(kim)).toHaveLength(1);
    const code = codeAt(secret, clock.now());
    expect((await browser().signIn(kim, code)).statusCode).toBe(201);
  });

  test("the second factor is taken off: the password is enough", async () => {
    const kim = await person();
    const page = await signedIn(kim);
    await turnOnTotp(page);
    const { answer } = await signInDuring(kim, () =>
      page.request("DELETE", "/api/v1/account/totp"),
    );
    expect(answer.statusCode).toBe(201);
  });
});

describe("between the two steps of signing in", () => {
  test("the password is replaced: neither it nor the code is good any more", async () => {
    const kim = await person();
    const page = await signedIn(kim);
    const secret = await turnOnTotp(page);
    const late = browser();
    expect((await late.signIn(kim)).json()).toMatchObject({ code: "E_SECOND_FACTOR" });
    expect((await setPassword(page, kim)).statusCode).toBe(200);
    const code = codeAt(secret, clock.now());
    expect((await late.signIn(kim, code)).json()).toMatchObject({ code: "E_CREDENTIALS" });
    // The code was not used up by it.
    const right = { ...kim, password: fresh };
    expect((await browser().signIn(right, code)).statusCode).toBe(201);
  });

  test("the second factor is set up anew: a code of the old one is wrong", async () => {
    const kim = await person();
    const page = await signedIn(kim);
    const old = await turnOnTotp(page);
    const { answer } = await signInDuring(
      kim,
      async () => {
        await page.request("DELETE", "/api/v1/account/totp");
        await turnOnTotp(page);
      },
      codeAt(old, new Date(clock.now().getTime() + STEP)),
    );
    expect(answer.json()).toMatchObject({ code: "E_CREDENTIALS" });
  });
});

describe("a removal that is not yet committed", () => {
  test("lets nobody sign in behind its back", async () => {
    const kim = await person({ role: "viewer" });
    const page = browser();
    const answer = await duringRemoval(kim, kim.orgId, () => page.signIn(kim));
    expect(answer.statusCode).toBe(401);
    expect(await sessionsOf(kim)).toEqual([]);
  });

  test("lets nobody switch to the organisation that they are removed from", async () => {
    const kim = await person({ role: "viewer" });
    const { orgId } = await createTestOrganisation(testHub.hub.db);
    await write("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, 'staff')", [
      orgId,
      kim.userId,
    ]);
    const page = await signedIn(kim);
    const url = "/api/v1/session/organisation";
    const answer = await duringRemoval(kim, orgId, () =>
      page.request("PUT", url, { organisation_id: orgId }),
    );
    expect(answer.statusCode).toBe(404);
    expect((await page.request("GET", "/api/v1/session")).statusCode).toBe(200);
  });

  /** Begins something while the membership is gone for the removal alone. */
  async function duringRemoval<Result>(
    { userId }: TestPerson,
    orgId: string,
    begin: () => Promise<Result>,
  ): Promise<Result> {
    const { begun } = await testHub.hub.db.transaction(system, async (tx) => {
      await tx.query("DELETE FROM membership WHERE user_id = $1 AND org_id = $2", [userId, orgId]);
      const started = begin();
      await untilSomebodyWaits(tx);
      return { begun: started };
    });
    return begun;
  }

  /** On the embedded engine, which has one session, everybody waits anyway. */
  async function untilSomebodyWaits(tx: Transaction): Promise<void> {
    if (testHub.hub.db.engine === "pglite") return;
    await until(async () => {
      const waiting = await tx.query(
        `SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)
          WHERE NOT l.granted AND a.datname = current_database()`,
      );
      return waiting.length > 0;
    });
  }
});

/** Asks for a link, and reads its token from the mail. */
async function mailedToken({ email }: TestPerson): Promise<string> {
  const mails = () =>
    mail.mails.filter(({ to, text }) => to.includes(email) && text.includes("#token="));
  const before = mails().length;
  await browser().request("POST", "/api/v1/password-reset", { email });
  await until(() => mails().length > before);
  return mail.newestToken();
}

const choose = (page: Browser, token: string, password = fresh) =>
  page.request("PUT", "/api/v1/password-reset", { token, password });

async function resetBy(kim: TestPerson, password = fresh): Promise<void> {
  expect((await choose(browser(), await mailedToken(kim), password)).statusCode).toBe(204);
}

describe("while a mailed link's new password is hashed", () => {
  test("the link is used a second time: the first one to be done counts", async () => {
    const kim = await person();
    const token = await mailedToken(kim);
    meanwhile = () => choose(browser(), token, "the faster of the two");
    const answer = await choose(slowBrowser(), token);
    expect(answer.json()).toMatchObject({ code: "E_LINK_INVALID" });
    expect((await browser().signIn({ ...kim, password: fresh })).statusCode).toBe(401);
    const fast = { ...kim, password: "the faster of the two" };
    expect((await browser().signIn(fast)).statusCode).toBe(201);
  });

  test("another mailed link is used: the same", async () => {
    const kim = await person();
    const [one, other] = [await mailedToken(kim), await mailedToken(kim)];
    const answers = await Promise.all([
      choose(browser(), one),
      choose(browser(), other, "another one, as good"),
    ]);
    expect(answers.map(({ statusCode }) => statusCode).toSorted()).toEqual([204, 401]);
  });

  test("the password is changed, or the person removed: the link is dead", async () => {
    const kim = await person();
    const page = await signedIn(kim);
    const token = await mailedToken(kim);
    meanwhile = () => setPassword(page, kim, "another one, as good");
    expect((await choose(slowBrowser(), token)).json()).toMatchObject({ code: "E_LINK_INVALID" });

    const sam = await person({ role: "viewer" });
    const owner = await signedIn(await person());
    const late = await mailedToken(sam);
    meanwhile = () => owner.request("DELETE", `/api/v1/members/${sam.userId}`);
    expect((await choose(slowBrowser(), late)).json()).toMatchObject({ code: "E_LINK_INVALID" });
  });

  test("the second factor is turned on: what was guessed of the account stays counted", async () => {
    const kim = await person();
    const page = await signedIn(kim);
    const token = await mailedToken(kim);
    for (let guess = 0; guess < 5; guess += 1) {
      await browser().signIn({ ...kim, password: "not the password" });
    }
    meanwhile = () => turnOnTotp(page);
    expect((await choose(slowBrowser(), token)).statusCode).toBe(204);
    clock.advance(-STEP);
    expect((await browser().signIn({ ...kim, password: fresh }, "000000")).statusCode).toBe(429);
    clock.advance(STEP);
  });
});
