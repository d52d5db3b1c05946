import type { SessionResource } from "@slotwire/contract";
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ManualClock } from "../clock.ts";
import { system } from "../db/database.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { type MailServer, startMailServer } from "../../test/mail-server.ts";
import {
  auditedActions,
  type Browser,
  createTestPerson,
  openBrowser,
  type TestPerson,
} from "../../test/person-fixture.ts";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";
import { until } from "../../test/until.ts";

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

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

const browser = () => openBrowser(testHub.app, testHub.hub);
const person = (options: Parameters<typeof createTestPerson>[1] = {}) =>
  createTestPerson(testHub.hub, options);
const newEmail = () => `new-${randomUUID()}@example.com`;

async function signedIn(options: Parameters<typeof createTestPerson>[1] = {}) {
  const kim = await person(options);
  const page = browser();
  expect((await page.signIn(kim)).statusCode).toBe(201);
  return { kim, page };
}

const path = "/api/v1/account/email-change";
const change = (page: Browser, email: string) =>
  page.request("PATCH", "/api/v1/account", { email });
const confirm = (page: Browser, token: string) =>
  page.request("POST", `${path}/confirm`, { token });
const resend = (page: Browser) => page.request("POST", `${path}/resend`);
const cancel = (page: Browser) => page.request("DELETE", path);
const sessionOf = async (page: Browser): Promise<SessionResource> =>
  (await page.request("GET", "/api/v1/session")).json<SessionResource>();

const mailsTo = (email: string) => mail.mails.filter(({ to }) => to.includes(email));
const tokensTo = (email: string): string[] =>
  mailsTo(email).flatMap(({ text }) => /\/confirm-email#token=([\w-]+)/.exec(text)?.[1] ?? []);
const newestTokenTo = (email: string): string => tokensTo(email).at(-1) ?? "";
const subjectsTo = (email: string): string[] =>
  mailsTo(email).map(({ raw }) => /^Subject: (.*)\r$/m.exec(raw)?.[1] ?? "");

/** An answer without what differs from one to the next. */
const alike = (body: string, email: string): string =>
  body.replaceAll(email, "").replaceAll(/"(request_id|id|name|email)":"[^"]*"/g, "");

describe("another e-mail", () => {
  test("is pending until the link that was mailed to it is opened, and then is proven", async () => {
    const { kim, page } = await signedIn({ isEmailVerified: false });
    const email = newEmail();
    const asked = await change(page, email.toUpperCase());
    expect(asked.json<SessionResource>()).toMatchObject({
      user: { email: kim.email },
      pending_email: { email, expires_at: new Date(clock.now().getTime() + DAY).toISOString() },
    });
    // Until then the present one signs in, and is told.
    expect((await browser().signIn(kim)).statusCode).toBe(201);
    expect((await browser().signIn({ ...kim, email })).statusCode).toBe(401);
    await until(() => mailsTo(kim.email).length === 1);
    expect(subjectsTo(kim.email)).toEqual(["Your account is to have another e-mail address"]);
    expect(mailsTo(kim.email)[0]?.raw).not.toContain(email);
    expect(tokensTo(kim.email)).toEqual([]);

    const token = newestTokenTo(email);
    expect((await confirm(page, token)).json<SessionResource>()).toMatchObject({
      user: { email },
      pending_email: null,
    });
    expect((await browser().signIn({ ...kim, email })).statusCode).toBe(201);
    expect((await browser().signIn(kim)).statusCode).toBe(401);
    await until(() => mailsTo(kim.email).length === 2);
    expect(subjectsTo(kim.email)[1]).toBe("Your account has another e-mail address");
    const rows = await testHub.hub.db.transaction(system, (tx) =>
      tx.query("SELECT email_verified_at FROM app_user WHERE id = $1", [kim.userId]),
    );
    expect(rows).toEqual([{ email_verified_at: clock.now() }]);
    expect(await auditedActions(testHub.hub, kim.userId)).toEqual(
      expect.arrayContaining(["account.email_change_requested", "account.updated"]),
    );
    expect((await confirm(page, token)).json()).toMatchObject({
      status: 410,
      code: "E_EMAIL_CHANGE",
    });
    expect(testHub.logged()).not.toContain(email);
    expect(testHub.logged()).not.toContain(token);
  });

  test("may come with another name, which counts at once", async () => {
    const { kim, page } = await signedIn();
    const body = { name: "Kim Ek", email: newEmail() };
    const answer = await page.request("PATCH", "/api/v1/account", body);
    expect(answer.json<SessionResource>()).toMatchObject({
      user: { name: "Kim Ek", email: kim.email },
      pending_email: { email: body.email },
    });
    expect(mailsTo(body.email)[0]?.text).toContain("Hello Kim Ek,");
    // To save the same form again changes nothing of it.
    const again = await page.request("PATCH", "/api/v1/account", {
      name: "Kim Ek",
      email: kim.email,
    });
    expect(again.json<SessionResource>().pending_email?.email).toBe(body.email);
  });

  test("is forgotten after a day", async () => {
    const { kim, page } = await signedIn();
    const email = newEmail();
    await change(page, email);
    clock.advance(DAY - 1);
    expect((await sessionOf(page)).pending_email?.email).toBe(email);
    clock.advance(1);
    expect((await sessionOf(page)).pending_email).toBeNull();
    expect((await confirm(page, newestTokenTo(email))).json()).toMatchObject({
      code: "E_EMAIL_CHANGE",
    });
    expect((await sessionOf(page)).user.email).toBe(kim.email);
  });

  test("gives nothing to whoever reads the mail without being signed in as that account", async () => {
    const { page } = await signedIn();
    const email = newEmail();
    await change(page, email);
    const token = newestTokenTo(email);
    expect((await confirm(browser(), token)).statusCode).toBe(401);
    const { page: stranger } = await signedIn();
    expect((await confirm(stranger, token)).json()).toMatchObject({ code: "E_EMAIL_CHANGE" });
    // Nor does it sign in or set a password.
    expect((await browser().request("POST", "/api/v1/session", { token })).statusCode).toBe(401);
    const reset = { token, password: "wet pavement, seven lamps" };
    expect((await browser().request("PUT", "/api/v1/password-reset", reset)).statusCode).toBe(401);
    expect((await confirm(page, token)).statusCode).toBe(200);
  });

  test("is replaced by a third, whose link alone works", async () => {
    const { page } = await signedIn();
    const [one, other] = [newEmail(), newEmail()];
    await change(page, one);
    await change(page, other);
    expect((await confirm(page, newestTokenTo(one))).json()).toMatchObject({
      code: "E_EMAIL_CHANGE",
    });
    const confirmed = await confirm(page, newestTokenTo(other));
    expect(confirmed.json<SessionResource>().user.email).toBe(other);
  });

  test("is confirmed once, however many open the link at once", async () => {
    const { page } = await signedIn();
    const email = newEmail();
    await change(page, email);
    const token = newestTokenTo(email);
    const answers = await Promise.all(Array.from({ length: 5 }, () => confirm(page, token)));
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(1);
  });

  test("is asked for by owners and admins alone, and soon after a proof", async () => {
    const { page: staff } = await signedIn({ role: "staff" });
    expect((await change(staff, newEmail())).json()).toMatchObject({ code: "E_FORBIDDEN" });
    const { page } = await signedIn();
    clock.advance(HOUR);
    expect((await change(page, newEmail())).json()).toMatchObject({ code: "E_CONFIRM" });
  });

  test("is not confirmed by whoever has become staff meanwhile, or has made it their password", async () => {
    const { kim, page } = await signedIn();
    const email = newEmail();
    await change(page, email);
    await page.request("PUT", "/api/v1/account/password", { password: email });
    expect((await confirm(page, newestTokenTo(email))).json()).toMatchObject({
      code: "E_VALIDATION",
    });
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE membership SET role = 'staff' WHERE user_id = $1", [kim.userId]),
    );
    await page.request("PUT", "/api/v1/account/password", { password: "another one, as good" });
    expect((await confirm(page, newestTokenTo(email))).json()).toMatchObject({
      code: "E_FORBIDDEN",
    });
    expect((await resend(page)).json()).toMatchObject({ code: "E_FORBIDDEN" });
  });

  test("ends with a password that was chosen by a mailed link", async () => {
    const { kim, page } = await signedIn();
    const email = newEmail();
    await change(page, email);
    await browser().request("POST", "/api/v1/password-reset", { email: kim.email });
    await until(() => mailsTo(kim.email).some(({ text }) => text.includes("/reset#token=")));
    const reset = { token: mail.newestToken(), password: "wet pavement, seven lamps" };
    expect((await page.request("PUT", "/api/v1/password-reset", reset)).statusCode).toBe(204);
    await page.signIn({ ...kim, password: reset.password });
    expect((await sessionOf(page)).pending_email).toBeNull();
    expect((await confirm(page, newestTokenTo(email))).statusCode).toBe(410);
  });

  test("makes links dead that were mailed to the one before", async () => {
    const { kim, page } = await signedIn();
    await browser().request("POST", "/api/v1/password-reset", { email: kim.email });
    await until(() => mailsTo(kim.email).some(({ text }) => text.includes("/reset#token=")));
    const token = mail.newestToken();
    const email = newEmail();
    await change(page, email);
    expect((await confirm(page, newestTokenTo(email))).statusCode).toBe(200);
    const reset = { token, password: "wet pavement, seven lamps" };
    const late = await browser().request("PUT", "/api/v1/password-reset", reset);
    expect(late.json()).toMatchObject({ code: "E_LINK_INVALID" });
  });

  test("that the mail server does not take is told, and is not pending", async () => {
    const { page } = await signedIn();
    const answer = await change(page, `${randomUUID()}@refused.example`);
    expect(answer.json()).toMatchObject({ status: 502, code: "E_MAIL" });
    expect((await sessionOf(page)).pending_email).toBeNull();
  });

  test("counts at once for the first owner, who has none yet", async () => {
    const fresh = await createTestHub({ clock, mailer: mail.mailer });
    const page = openBrowser(fresh.app, fresh.hub);
    await page.openLink({ userId: fresh.ownerId, orgId: fresh.hub.defaultOrgId });
    const email = newEmail();
    expect((await change(page, email)).json<SessionResource>()).toMatchObject({
      user: { email },
      pending_email: null,
    });
    expect(mailsTo(email)).toEqual([]);
    await fresh.close();
  });
});

describe("a pending e-mail", () => {
  test("is mailed another link, and the one before is dead", async () => {
    const { kim, page } = await signedIn();
    const email = newEmail();
    await change(page, email);
    const before = newestTokenTo(email);
    clock.advance(HOUR);
    const again = await resend(page);
    expect(again.json<SessionResource>().pending_email).toEqual({
      email,
      expires_at: new Date(clock.now().getTime() + DAY).toISOString(),
    });
    expect(tokensTo(email)).toHaveLength(2);
    expect((await confirm(page, before)).json()).toMatchObject({ code: "E_EMAIL_CHANGE" });
    expect((await confirm(page, newestTokenTo(email))).statusCode).toBe(200);
    const actions = await auditedActions(testHub.hub, kim.userId);
    expect(actions.filter((action) => action === "account.email_change_requested")).toHaveLength(2);
  });

  test("is taken back, and its link is dead", async () => {
    const { kim, page } = await signedIn();
    const email = newEmail();
    await change(page, email);
    expect((await cancel(page)).statusCode).toBe(204);
    expect((await sessionOf(page)).pending_email).toBeNull();
    expect((await confirm(page, newestTokenTo(email))).statusCode).toBe(410);
    expect((await resend(page)).json()).toMatchObject({ code: "E_NOT_FOUND" });
    expect(await auditedActions(testHub.hub, kim.userId)).toContain(
      "account.email_change_cancelled",
    );
    expect((await cancel(page)).statusCode).toBe(204);
    const actions = await auditedActions(testHub.hub, kim.userId);
    expect(actions.filter((action) => action.endsWith("cancelled"))).toHaveLength(1);
  });

  test("is mailed to five times a day, whomever it is", async () => {
    const { page } = await signedIn();
    await change(page, newEmail());
    await resend(page);
    await change(page, newEmail());
    await cancel(page);
    await change(page, newEmail());
    expect((await resend(page)).statusCode).toBe(200);
    for (const answer of [await resend(page), await change(page, newEmail())]) {
      expect(answer.json()).toMatchObject({ code: "E_RATE_LIMITED" });
      expect(answer.headers["retry-after"]).toBe(String(24 * 60 * 60));
    }
  });

  test("is nobody else's to see, resend or take back", async () => {
    const { page } = await signedIn();
    const { page: stranger } = await signedIn();
    const email = newEmail();
    await change(page, email);
    expect((await sessionOf(stranger)).pending_email).toBeNull();
    expect((await resend(stranger)).json()).toMatchObject({ code: "E_NOT_FOUND" });
    await cancel(stranger);
    expect((await sessionOf(page)).pending_email?.email).toBe(email);
    for (const [method, url] of [
      ["POST", `${path}/resend`],
      ["POST", `${path}/confirm`],
      ["DELETE", path],
    ] as const) {
      const body = url.endsWith("confirm") ? { token: newestTokenTo(email) } : undefined;
      expect((await browser().request(method, url, body)).statusCode).toBe(401);
    }
  });
});

describe("an e-mail that somebody has already", () => {
  /** What somebody is told who asks for an e-mail, sends the mail again, and takes it back. */
  async function told(email: string) {
    const { page } = await signedIn();
    const answers = [
      await change(page, email),
      await page.request("GET", "/api/v1/session"),
      await resend(page),
      await cancel(page),
    ];
    return answers.map(({ statusCode, body }) => [statusCode, alike(body, email)]);
  }

  test("is asked for as any other, and its owner is told by mail instead", async () => {
    const { orgId } = await createTestOrganisation(testHub.hub.db);
    const sam = await createTestPerson(testHub.hub, { orgId });
    const gone = await person();
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("DELETE FROM membership WHERE user_id = $1", [gone.userId]),
    );
    const free = newEmail();
    const answers = await told(free);
    for (const { email } of [sam, gone]) {
      expect(await told(email)).toEqual(answers);
      expect(tokensTo(email)).toEqual([]);
      expect(subjectsTo(email)).toEqual([
        "Somebody wanted your e-mail for an account",
        "Somebody wanted your e-mail for an account",
      ]);
    }
    expect(tokensTo(free)).toHaveLength(2);
    expect((await browser().signIn(sam)).statusCode).toBe(201);
  });

  test("by the time its link is opened is refused, and the link works again once it is free", async () => {
    const { page } = await signedIn();
    const email = newEmail();
    await change(page, email);
    const sam = await person();
    const rename = (to: string) =>
      testHub.hub.db.transaction(system, (tx) =>
        tx.query("UPDATE app_user SET email = $2 WHERE id = $1", [sam.userId, to]),
      );
    await rename(email);
    expect((await confirm(page, newestTokenTo(email))).json()).toMatchObject({
      status: 409,
      code: "E_ACCOUNT_EMAIL",
    });
    await rename(newEmail());
    expect((await confirm(page, newestTokenTo(email))).statusCode).toBe(200);
  });

  test("is told without mail, and the organisation that its owner is at home in hears of it", async () => {
    const silent = await createTestHub({ clock });
    const { orgId } = await createTestOrganisation(silent.hub.db);
    const asker: TestPerson = await createTestPerson(silent.hub);
    const [near, far] = [
      await createTestPerson(silent.hub),
      await createTestPerson(silent.hub, { orgId }),
    ];
    const page = openBrowser(silent.app, silent.hub);
    await page.signIn(asker);
    for (const { email } of [near, far]) {
      expect((await change(page, email)).json()).toMatchObject({ code: "E_ACCOUNT_EMAIL" });
    }
    const lines = await silent.hub.db.transaction(system, (tx) =>
      tx.query(
        `SELECT org_id, actor_id, actor_name, entity_id, new FROM audit_log
          WHERE action = 'account.asked_about' ORDER BY at, id`,
      ),
    );
    expect(lines).toEqual([
      {
        org_id: near.orgId,
        actor_id: asker.userId,
        actor_name: "Kim Berg",
        entity_id: near.userId,
        new: { by: "email_change" },
      },
      {
        org_id: orgId,
        actor_id: null,
        actor_name: "Somebody on this hub",
        entity_id: far.userId,
        new: { by: "email_change" },
      },
    ]);
    await silent.close();
  });
});
