import { afterAll, beforeAll, expect, test } from "vitest";
import { ManualClock } from "../clock.ts";
import { system } from "../db/database.ts";
import { type MailServer, startMailServer } from "../../test/mail-server.ts";
import {
  type Browser,
  codeAt,
  createTestPerson,
  openBrowser,
  type TestPerson,
} from "../../test/person-fixture.ts";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";
import { until } from "../../test/until.ts";

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

const mailsTo = (email: string) => mail.mails.filter(({ to }) => to.includes(email));
const subjectsTo = (email: string): string[] =>
  mailsTo(email).map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw)?.[1] ?? "");

async function signedIn(hub = testHub): Promise<{ kim: TestPerson; page: Browser }> {
  const kim = await createTestPerson(hub.hub);
  const page = openBrowser(hub.app, hub.hub);
  await page.signIn(kim);
  return { kim, page };
}

async function addFactor(page: Browser): Promise<void> {
  const begun = await page.request("POST", "/api/v1/account/totp");
  const code = codeAt(begun.json<{ secret: string }>().secret, clock.now());
  const confirmed = await page.request("POST", "/api/v1/account/totp/confirm", { code });
  expect(confirmed.statusCode).toBe(200);
}

test("whoever's password is set is told when and where, without anything secret", async () => {
  const { kim, page } = await signedIn();
  const answer = await page.request("PUT", "/api/v1/account/password", { password: fresh });
  expect(answer.statusCode).toBe(200);
  await until(() => mailsTo(kim.email).length === 1);
  expect(subjectsTo(kim.email)).toEqual(["Your password was set"]);
  const text = mailsTo(kim.email)[0]?.text ?? "";
  expect(text).toContain("Hello Kim Berg,");
  expect(text).toContain(testHub.hub.config.publicUrl);
  expect(text).toContain("2026-03-01 08:00 (UTC)");
  for (const secret of [fresh, kim.password, "#token="]) expect(text).not.toContain(secret);
});

test("whoever's password is set by a mailed link is told", async () => {
  const { kim, page } = await signedIn();
  await page.request("POST", "/api/v1/password-reset", { email: kim.email });
  await until(() => mailsTo(kim.email).length === 1);
  const body = { token: mail.newestToken(), password: fresh };
  expect((await page.request("PUT", "/api/v1/password-reset", body)).statusCode).toBe(204);
  await until(() => mailsTo(kim.email).length === 2);
  expect(subjectsTo(kim.email)[1]).toBe("Your password was set by a mailed link");
});

test("whoever's second factor is added or taken off is told, and nobody when there was none", async () => {
  const { kim, page } = await signedIn();
  const takeOff = () => page.request("DELETE", "/api/v1/account/totp");
  expect((await takeOff()).statusCode).toBe(204);
  await addFactor(page);
  await until(() => mailsTo(kim.email).length === 1);
  expect((await takeOff()).statusCode).toBe(204);
  await until(() => mailsTo(kim.email).length === 2);
  expect(subjectsTo(kim.email)).toEqual([
    "An authenticator app was added to your account",
    "The authenticator app was taken off your account",
  ]);
});

test("of another e-mail the old address is told, and not what the new one is", async () => {
  const { kim, page } = await signedIn();
  const renamed = await page.request("PATCH", "/api/v1/account", {
    name: "Kim\r\nBcc: all@example.com",
  });
  expect([200, 422]).toContain(renamed.statusCode);
  const email = `next-${kim.email}`;
  expect((await page.request("PATCH", "/api/v1/account", { email })).statusCode).toBe(200);
  await until(() => mailsTo(kim.email).length === 1);
  const token = mail.newestToken();
  const answer = await page.request("POST", "/api/v1/account/email-change/confirm", { token });
  expect(answer.statusCode).toBe(200);
  await until(() => mailsTo(kim.email).length === 2);
  expect(subjectsTo(kim.email)).toEqual([
    "Your account is to have another e-mail address",
    "Your account has another e-mail address",
  ]);
  for (const { raw } of mailsTo(kim.email)) {
    expect(raw).not.toContain(email);
    expect(raw).not.toMatch(/^Bcc:/im);
  }
  // Beside its link.
  expect(subjectsTo(email)).toEqual(["Confirm your new e-mail"]);
});

test("what is refused tells nobody", async () => {
  const { kim, page } = await signedIn();
  await page.request("PUT", "/api/v1/account/password", { password: "short" });
  await page.request("PUT", "/api/v1/account/password", {
    password: fresh,
    current_password: "wrong",
  });
  await page.request("POST", "/api/v1/account/totp/confirm", { code: "000000" });
  const { kim: other, page: otherPage } = await signedIn();
  await otherPage.request("PUT", "/api/v1/account/password", { password: fresh });
  await until(() => mailsTo(other.email).length === 1);
  expect(mailsTo(kim.email)).toEqual([]);
});

test("a mail server that takes nothing fails no change, and the log names nobody", async () => {
  const { kim, page } = await signedIn();
  const email = `kim-${kim.userId}@refused.example`;
  await testHub.hub.db.transaction(system, (tx) =>
    tx.query("UPDATE app_user SET email = $2 WHERE id = $1", [kim.userId, email]),
  );
  await addFactor(page);
  const answer = await page.request("PUT", "/api/v1/account/password", { password: fresh });
  expect(answer.statusCode).toBe(200);
  await until(() => testHub.logged().includes("a notice was not mailed"));
  expect(testHub.logged()).not.toContain(email);
});

test("a hub that sends no mail changes passwords all the same", async () => {
  const silent = await createTestHub({ clock });
  const { page } = await signedIn(silent);
  const answer = await page.request("PUT", "/api/v1/account/password", { password: fresh });
  expect(answer.statusCode).toBe(200);
  await silent.close();
});
