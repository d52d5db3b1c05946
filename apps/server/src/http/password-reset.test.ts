import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSignInLink } from "../access/create-sign-in-link.ts";
import { ManualClock } from "../clock.ts";
import { system } from "../db/database.ts";
import { type MailServer, startMailServer } from "../../test/mail-server.ts";
import {
  auditedActions,
  codeAt,
  createTestPerson,
  newAddress,
  openBrowser,
  type TestPerson,
} from "../../test/person-fixture.ts";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";
import { until } from "../../test/until.ts";
import { buildApp } from "./build-app.ts";

const MINUTE = 60_000;
const fresh = "wet pavement, seven lamps";

const clock = new ManualClock("2026-03-01T08:00:00Z");
let mail: MailServer;
let testHub: TestHub;
beforeAll(async () => {
  mail = await startMailServer();
  testHub = await createTestHub({ clock, mailer: mail.mailer });
});
afterAll(async () => {
  await testHub.close();
  await mail.close();
});

const url = "/api/v1/password-reset";
const browser = (address?: string) => openBrowser(testHub.app, testHub.hub, address);
const person = () => createTestPerson(testHub.hub);
const ask = (email: string) => browser().request("POST", url, { email });
const choose = (token: string, password = fresh) =>
  browser().request("PUT", url, { token, password });
/** Those with a link; that something changed is mailed as well. */
const mailsTo = (email: string) =>
  mail.mails.filter(({ to, text }) => to.includes(email) && text.includes("#token="));

/** Asks for a link, and reads its token from the mail. */
async function tokenFor({ email }: TestPerson): Promise<string> {
  const before = mailsTo(email).length;
  expect((await ask(email)).statusCode).toBe(202);
  await until(() => mailsTo(email).length > before);
  return mail.newestToken();
}

async function addSecondFactor(page: ReturnType<typeof browser>): Promise<void> {
  const { secret } = (await page.request("POST", "/api/v1/account/totp")).json<{
    secret: string;
  }>();
  const code = codeAt(secret, clock.now());
  const answer = await page.request("POST", "/api/v1/account/totp/confirm", { code });
  expect(answer.statusCode).toBe(200);
}

describe("a forgotten password", () => {
  test("is mended by a mailed link, which signs nobody in and ends every session", async () => {
    const kim = await person();
    const page = browser();
    await page.signIn(kim);
    const token = await tokenFor(kim);
    expect(mailsTo(kim.email)[0]?.text).toContain(`${testHub.hub.config.publicUrl}/reset#token=`);
    const answer = await choose(token);
    expect(answer.statusCode).toBe(204);
    expect(answer.cookies).toEqual([]);
    expect((await page.request("GET", "/api/v1/session")).statusCode).toBe(401);
    expect((await browser().signIn(kim)).statusCode).toBe(401);
    expect((await browser().signIn({ ...kim, password: fresh })).statusCode).toBe(201);
    expect(await auditedActions(testHub.hub, kim.userId)).toEqual(
      expect.arrayContaining(["account.password_reset_requested", "account.password_reset"]),
    );
  });

  test("is answered the same when there is no such account, and nothing is mailed", async () => {
    const kim = await person();
    const known = await ask(kim.email);
    const unknown = await ask("nobody@example.com");
    expect([unknown.statusCode, unknown.body]).toEqual([known.statusCode, known.body]);
    const names = (answer: typeof known) => Object.keys(answer.headers).toSorted();
    expect(names(unknown)).toEqual(names(known));
    await until(() => mailsTo(kim.email).length === 1);
    // Asked for later, and arrived: whatever came before has arrived too.
    await tokenFor(await person());
    expect(mailsTo("nobody@example.com")).toEqual([]);
  });

  test("is not past the second factor", async () => {
    const kim = await person();
    const page = browser();
    await page.signIn(kim);
    await addSecondFactor(page);
    await choose(await tokenFor(kim));
    const answer = await browser().signIn({ ...kim, password: fresh });
    expect(answer.json()).toMatchObject({ code: "E_SECOND_FACTOR" });
  });

  test("gives an address that nobody had proven to whoever reads its mailbox", async () => {
    const kim = await createTestPerson(testHub.hub, { isEmailVerified: false });
    const early = browser();
    await early.signIn(kim);
    await addSecondFactor(early);
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query(
        `INSERT INTO user_identity (issuer, subject, user_id, created_at)
         VALUES ('https://provider.example', $1::text, $1::uuid, now())`,
        [kim.userId],
      ),
    );
    await choose(await tokenFor(kim));
    expect((await early.request("GET", "/api/v1/session")).statusCode).toBe(401);
    const page = browser();
    expect((await page.signIn({ ...kim, password: fresh })).statusCode).toBe(201);
    const identities = await testHub.hub.db.transaction(system, (tx) =>
      tx.query("SELECT FROM user_identity WHERE user_id = $1", [kim.userId]),
    );
    expect(identities).toEqual([]);
    // From now on the address is proven, and a second factor stays.
    await addSecondFactor(page);
    await choose(await tokenFor(kim));
    const again = await browser().signIn({ ...kim, password: fresh });
    expect(again.json()).toMatchObject({ code: "E_SECOND_FACTOR" });
  });

  test("proves no address that the account took after the mail", async () => {
    const kim = await person();
    const token = await tokenFor(kim);
    const email = `taken-${kim.email}`;
    // Without mail it counts at once.
    const silent = await buildApp({ ...testHub.hub, mailer: null }, { dashboardFolder: "/none" });
    const page = openBrowser(silent, testHub.hub);
    await page.signIn(kim);
    expect((await page.request("PATCH", "/api/v1/account", { email })).statusCode).toBe(200);
    await silent.close();
    expect((await choose(token)).json()).toMatchObject({ code: "E_LINK_INVALID" });
    const rows = await testHub.hub.db.transaction(system, (tx) =>
      tx.query("SELECT email, email_verified_at FROM app_user WHERE id = $1", [kim.userId]),
    );
    expect(rows).toEqual([{ email, email_verified_at: null }]);
  });

  test("opens a blocked account again when the password was all there was", async () => {
    const kim = await person();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      await browser().signIn({ ...kim, password: "wrong" });
    }
    expect((await browser().signIn(kim)).statusCode).toBe(429);
    await choose(await tokenFor(kim));
    expect((await browser().signIn({ ...kim, password: fresh })).statusCode).toBe(201);
  });
});

describe("the link", () => {
  test("works once, even when ten use it at the same moment", async () => {
    const kim = await person();
    const token = await tokenFor(kim);
    const passwords = Array.from({ length: 10 }, (_, index) => `${fresh} ${index}`);
    const answers = await Promise.all(passwords.map((password) => choose(token, password)));
    const won = answers.findIndex(({ statusCode }) => statusCode === 204);
    expect(answers.filter(({ statusCode }) => statusCode === 204)).toHaveLength(1);
    for (const answer of answers.toSpliced(won, 1)) {
      expect(answer.json()).toMatchObject({ status: 401, code: "E_LINK_INVALID" });
    }
    const password = passwords[won] ?? "";
    expect((await browser().signIn({ ...kim, password })).statusCode).toBe(201);
    expect((await choose(token)).statusCode).toBe(401);
  });

  test("works for one hour", async () => {
    const token = await tokenFor(await person());
    clock.advance(60 * MINUTE);
    expect((await choose(token)).json()).toMatchObject({ code: "E_LINK_INVALID" });
  });

  test("signs nobody in, and a sign-in link sets no password", async () => {
    const kim = await person();
    const token = await tokenFor(kim);
    const used = await browser().request("POST", "/api/v1/session", { token });
    expect(used.json()).toMatchObject({ code: "E_LINK_INVALID" });
    const link = await createSignInLink(testHub.hub, kim);
    expect((await choose(link.token)).json()).toMatchObject({ code: "E_LINK_INVALID" });
    expect((await choose(token)).statusCode).toBe(204);
  });

  test("is not burnt by a password that is too common", async () => {
    const kim = await person();
    const token = await tokenFor(kim);
    const weak = await choose(token, "password123");
    expect(weak.json()).toMatchObject({
      code: "E_VALIDATION",
      errors: [{ path: "body.password" }],
    });
    const own = await choose(token, kim.email);
    expect(own.json()).toMatchObject({ code: "E_VALIDATION" });
    expect((await choose(token)).statusCode).toBe(204);
  });

  test("stops when the password is changed in another way", async () => {
    const kim = await person();
    const token = await tokenFor(kim);
    const page = browser();
    await page.signIn(kim);
    await page.request("PUT", "/api/v1/account/password", { password: fresh });
    expect((await choose(token, "another good one")).statusCode).toBe(401);
  });

  test("is stored as a hash only", async () => {
    const token = await tokenFor(await person());
    const [row] = await testHub.hub.db.transaction(system, (tx) =>
      tx.query<{ all: string }>("SELECT json_agg(l)::text AS all FROM sign_in_link l"),
    );
    expect(row?.all).not.toContain(token);
    expect(row?.all).not.toContain(Buffer.from(token).toString("hex"));
  });
});

describe("asking for links", () => {
  test("mails an account three times, and then not for a while, without saying so", async () => {
    const kim = await person();
    for (let attempt = 0; attempt < 5; attempt += 1) {
      expect((await ask(kim.email)).statusCode).toBe(202);
      await until(() => mailsTo(kim.email).length === Math.min(attempt + 1, 3));
    }
    await tokenFor(await person());
    expect(mailsTo(kim.email)).toHaveLength(3);
    clock.advance(MINUTE);
    await tokenFor(kim);
  });

  test("is limited by address, whoever is asked about", async () => {
    const page = browser(newAddress());
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1) {
      const email = `nobody-${attempt}@example.com`;
      statuses.push((await page.request("POST", url, { email })).statusCode);
    }
    expect(statuses.slice(0, 10).every((status) => status === 202)).toBe(true);
    expect(statuses[10]).toBe(429);
  });

  test("says what to do on a hub that sends no mail", async () => {
    const silent = await createTestHub();
    const page = openBrowser(silent.app, silent.hub);
    const answer = await page.request("POST", url, { email: "kim@example.com" });
    expect(answer.json()).toMatchObject({
      status: 409,
      code: "E_MAIL_UNSET",
      remedy: expect.stringContaining("slotwire admin create --email") as string,
    });
    await silent.close();
  });

  test("is answered even when the mail server takes nothing, and the log names nobody", async () => {
    const email = "kim@refused.example";
    const { userId } = await person();
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE app_user SET email = $2 WHERE id = $1", [userId, email]),
    );
    expect((await ask(email)).statusCode).toBe(202);
    await until(() => testHub.logged().includes("E_MAIL"));
    expect(testHub.logged()).not.toContain(email);
  });
});
