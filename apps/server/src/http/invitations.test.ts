import { randomUUID } from "node:crypto";
import type {
  AuditEntry,
  CreatedInvitation,
  InvitationPreview,
  InvitationResource,
  List,
  MemberResource,
  Role,
  SessionResource,
} from "@slotwire/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ManualClock } from "../clock.ts";
import { system } from "../db/database.ts";
import { createTestMember, type TestMember } from "../../test/key-fixture.ts";
import { type MailServer, startMailServer } from "../../test/mail-server.ts";
import {
  auditedActions,
  codeAt,
  createTestPerson,
  openBrowser,
} from "../../test/person-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";
import { until } from "../../test/until.ts";
import { openWebBrowser } from "../../test/web-browser.ts";
import { buildApp } from "./build-app.ts";

const DAY = 24 * 60 * 60_000;
const password = "a saddle for seven geese";

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

let orgId: string;
let owner: TestMember;
beforeEach(async () => {
  ({ orgId } = await createTestOrganisation(testHub.hub.db));
  owner = await createTestMember(testHub.hub, orgId, "owner");
});

const newEmail = () => `new-${randomUUID()}@example.com`;

type Answer = Awaited<ReturnType<TestHub["app"]["inject"]>>;
const outcome = (answer: Answer): string | number =>
  answer.statusCode < 400 ? answer.statusCode : answer.json<{ code: string }>().code;

const call = (who: TestMember, method: "GET" | "POST" | "DELETE", url: string, payload?: object) =>
  testHub.app.inject({
    method,
    url: `/api/v1${url}`,
    headers: who.headers,
    ...(payload === undefined ? {} : { payload }),
  });
const invite = (email: string, role: Role = "manager", more: object = {}) =>
  call(owner, "POST", "/invitations", { email, role, ...more });

/** Invites somebody. @returns the token of the mail, and the one that whoever invites is shown */
async function invited(
  email: string,
  role: Role = "manager",
): Promise<{ id: string; token: string; shown: string }> {
  const { id, link } = (await invite(email, role)).json<CreatedInvitation>();
  return { id, token: mail.newestToken(), shown: tokenOf(link) };
}

const tokenOf = (link: string): string => new URL(link).hash.replace("#token=", "");
const browser = () => openWebBrowser(testHub.app);
const accept = (body: object, at = browser()) =>
  at.request("POST", "/api/v1/invitations/accept", body);
const have = (token: string, at = browser()) =>
  at.request("POST", "/api/v1/invitations/mail", { token });
const preview = (token: string, at = browser()) =>
  at.request("POST", "/api/v1/invitations/preview", { token });

async function members(): Promise<MemberResource[]> {
  return (await call(owner, "GET", "/members")).json<List<MemberResource>>().data;
}
async function openInvitations(): Promise<InvitationResource[]> {
  return (await call(owner, "GET", "/invitations")).json<List<InvitationResource>>().data;
}
async function audited(entityId: string): Promise<AuditEntry[]> {
  return (await call(owner, "GET", `/audit?entity_id=${entityId}`)).json<List<AuditEntry>>().data;
}
async function belong(userId: string, role: Role, org = orgId): Promise<void> {
  await testHub.hub.db.transaction(system, (tx) =>
    tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, $3)", [
      org,
      userId,
      role,
    ]),
  );
}

describe("an invitation", () => {
  test("is answered with its link, mailed, listed, written down, and stored as a hash", async () => {
    const email = newEmail();
    const answer = await invite(email.toUpperCase(), "staff", {
      provider_email: "chair@example.com",
      hide_contacts: true,
    });
    expect(answer.statusCode).toBe(201);
    const created = answer.json<CreatedInvitation>();
    expect(created).toMatchObject({
      email,
      role: "staff",
      provider_email: "chair@example.com",
      hide_contacts: true,
      invited_by: "The owner",
      expires_at: new Date(clock.now().getTime() + 7 * DAY).toISOString(),
      e_mailed: true,
    });
    const token = tokenOf(created.link);
    expect(created.link).toBe(`http://127.0.0.1:3000/invite#token=${token}`);
    const mailed = mail.newestToken();
    expect(mailed).not.toBe(token);
    expect((await preview(mailed)).json()).toMatchObject({ email });
    expect(mail.mails.at(-1)?.to).toEqual([email]);
    const { link: _link, e_mailed: _eMailed, ...listed } = created;
    expect(await openInvitations()).toEqual([listed]);
    expect((await audited(created.id))[0]).toMatchObject({
      action: "member.invited",
      entity_name: email,
      new: { role: "staff" },
    });
    const stored = await testHub.hub.db.transaction(system, (tx) =>
      tx.query<{ row: string }>(
        "SELECT row_to_json(i)::text AS row FROM invitation i WHERE id = $1",
        [created.id],
      ),
    );
    expect(stored[0]?.row).not.toContain(token);
    expect(testHub.logged()).not.toContain(token);
    expect(testHub.logged()).not.toContain(email);
  });

  test("shows its link when the mail does not go out, or there is no mail server", async () => {
    const refused = await invite(`${randomUUID()}@refused.example`);
    expect(refused.json()).toMatchObject({ e_mailed: false, link: expect.any(String) as string });
    const app = await buildApp({ ...testHub.hub, mailer: null }, { dashboardFolder: "/none" });
    const without = await app.inject({
      method: "POST",
      url: "/api/v1/invitations",
      headers: owner.headers,
      payload: { email: newEmail(), role: "viewer" },
    });
    await app.close();
    expect(without.json()).toMatchObject({ e_mailed: false, link: expect.any(String) as string });
  });

  test("puts nobody's words into the mail's headers", async () => {
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE organisation SET name = $2 WHERE id = $1", [
        orgId,
        "Salon\r\nBcc: everybody@example.com\r\n\r\nBuy now",
      ]),
    );
    await invite(newEmail());
    const [headers = ""] = (mail.mails.at(-1)?.raw ?? "").split("\r\n\r\n");
    expect(headers).not.toMatch(/^bcc/im);
    expect(mail.mails.at(-1)?.to).toHaveLength(1);
  });

  test("is not made for a member, nor twice for one address", async () => {
    expect(outcome(await invite(owner.email.toUpperCase()))).toBe("E_MEMBER");
    const email = newEmail();
    expect(outcome(await invite(email))).toBe(201);
    expect(outcome(await invite(email.toUpperCase()))).toBe("E_INVITED");
    const answers = await Promise.all(Array.from({ length: 5 }, () => invite("a@b.example")));
    expect(answers.map(outcome).filter((code) => code === 201)).toHaveLength(1);
    clock.advance(7 * DAY);
    await again();
    expect(outcome(await invite(email))).toBe(201);
    expect(await openInvitations()).toHaveLength(2);
  });

  test("to be an owner is an owner's alone to make, send again and revoke", async () => {
    const admin = await createTestMember(testHub.hub, orgId, "admin");
    const draft = (role: Role) => ({ email: newEmail(), role });
    expect(outcome(await call(admin, "POST", "/invitations", draft("owner")))).toBe("E_FORBIDDEN");
    expect(outcome(await call(admin, "POST", "/invitations", draft("admin")))).toBe(201);
    const { id } = await invited(newEmail(), "owner");
    const resend = `/invitations/${id}/resend`;
    expect(outcome(await call(admin, "POST", resend))).toBe("E_FORBIDDEN");
    expect(outcome(await call(admin, "DELETE", `/invitations/${id}`))).toBe("E_FORBIDDEN");
    expect(outcome(await call(owner, "POST", resend))).toBe(200);
    expect(outcome(await call(owner, "DELETE", `/invitations/${id}`))).toBe(204);
  });

  test("is another organisation's for nobody else", async () => {
    const { id } = await invited(newEmail());
    const { orgId: elsewhere } = await createTestOrganisation(testHub.hub.db);
    const stranger = await createTestMember(testHub.hub, elsewhere, "owner");
    for (const unknown of [id, randomUUID()]) {
      expect(outcome(await call(stranger, "POST", `/invitations/${unknown}/resend`))).toBe(
        "E_NOT_FOUND",
      );
      expect(outcome(await call(stranger, "DELETE", `/invitations/${unknown}`))).toBe(
        "E_NOT_FOUND",
      );
    }
    expect((await call(stranger, "GET", "/invitations")).json()).toMatchObject({ data: [] });
    // The same address may be invited by both.
    const { email } = (await openInvitations())[0] ?? { email: "" };
    expect(outcome(await call(stranger, "POST", "/invitations", { email, role: "viewer" }))).toBe(
      201,
    );
  });

  test("is listed page by page, the newest first", async () => {
    const ids = [];
    for (let count = 0; count < 3; count += 1) ids.unshift((await invited(newEmail())).id);
    const page = async (query: string) =>
      (await call(owner, "GET", `/invitations${query}`)).json<List<InvitationResource>>();
    const first = await page("?limit=2");
    const second = await page(`?limit=2&cursor=${first.next_cursor}`);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids);
    expect(second.next_cursor).toBeNull();
  });

  test("asks whoever makes it for a recent proof", async () => {
    const { id } = await invited(newEmail());
    clock.advance(10 * 60_000);
    expect(outcome(await invite(newEmail()))).toBe("E_CONFIRM");
    expect(outcome(await call(owner, "POST", `/invitations/${id}/resend`))).toBe("E_CONFIRM");
  });
});

/** Removes a member, and invites the same person again. */
async function invitedBefore({ userId, email }: { userId: string; email: string }) {
  await call(owner, "DELETE", `/members/${userId}`);
  return invited(email, "viewer");
}

/** An answer without what differs from one to the next. */
const withoutIds = (body: string): string =>
  body.replaceAll(/"(request_id|instance)":"[^"]*"/g, "");

/** The owner's session has grown old: a new one. */
async function again(): Promise<void> {
  const at = openBrowser(testHub.app, testHub.hub);
  await at.openLink({ userId: owner.userId, orgId });
  owner = { ...owner, headers: { ...owner.headers, cookie: at.cookie } };
}

describe("an invitation's link", () => {
  test("shows what it is about, and changes nothing", async () => {
    const email = newEmail();
    const { token, shown } = await invited(email, "viewer");
    for (const each of [token, shown, token, shown]) {
      expect((await preview(each)).json<InvitationPreview>()).toEqual({
        organisation: "Test organisation",
        email,
        role: "viewer",
        expires_at: new Date(clock.now().getTime() + 7 * DAY).toISOString(),
        new_account_by_mail: each === shown,
      });
    }
  });

  test("is dead after seven days, after its use, when it is revoked, and when it is sent again", async () => {
    const expired = await invited(newEmail());
    clock.advance(7 * DAY);
    await again();
    const used = await invited(newEmail());
    expect(outcome(await accept({ token: used.token, new_account: true, password }))).toBe(201);
    const revoked = await invited(newEmail());
    expect(outcome(await call(owner, "DELETE", `/invitations/${revoked.id}`))).toBe(204);
    const old = await invited(newEmail());
    const fresh = await call(owner, "POST", `/invitations/${old.id}/resend`);
    const dead = [expired, used, revoked, old].flatMap(({ token, shown }) => [token, shown]);
    for (const token of [...dead, "x".repeat(43)]) {
      expect((await preview(token)).json()).toMatchObject({ status: 410, code: "E_INVITATION" });
      const answer = await accept({ token, password });
      expect(answer.json()).toMatchObject({ status: 410, code: "E_INVITATION" });
    }
    const { link } = fresh.json<CreatedInvitation>();
    expect((await preview(tokenOf(link))).statusCode).toBe(200);
    const newest = { token: mail.newestToken(), new_account: true, password };
    expect(outcome(await accept(newest))).toBe(201);
    expect((await audited(revoked.id))[0]).toMatchObject({ action: "invitation.revoked" });
    expect((await audited(old.id))[0]).toMatchObject({ action: "invitation.resent" });
    expect(outcome(await call(owner, "POST", `/invitations/${used.id}/resend`))).toBe(
      "E_NOT_FOUND",
    );
  });

  test("sent again after it expired counts for seven days more", async () => {
    const { id } = await invited(newEmail());
    clock.advance(8 * DAY);
    await again();
    await call(owner, "POST", `/invitations/${id}/resend`);
    const token = mail.newestToken();
    clock.advance(7 * DAY - 1);
    expect(outcome(await accept({ token, new_account: true, password }))).toBe(201);
  });

  test("is not used from another site, nor tried without end", async () => {
    const { token } = await invited(newEmail());
    for (const url of ["preview", "accept"]) {
      const answer = await testHub.app.inject({
        method: "POST",
        url: `/api/v1/invitations/${url}`,
        headers: { "sec-fetch-site": "cross-site" },
        payload: { token },
      });
      expect(outcome(answer)).toBe("E_CROSS_SITE");
    }
    const at = browser();
    const outcomes = [];
    for (let look = 0; look < 21; look += 1) outcomes.push(outcome(await preview(token, at)));
    expect(outcomes).toEqual([...Array<number>(20).fill(200), "E_RATE_LIMITED"]);
    expect(outcome(await accept({ token, password }, at))).toBe("E_RATE_LIMITED");
  });
});

describe("an organisation", () => {
  test("sends sixty invitations in an hour, new ones and again, and is told when it may go on", async () => {
    const { id } = await invited(newEmail());
    const resend = () => call(owner, "POST", `/invitations/${id}/resend`);
    for (let sent = 1; sent < 60; sent += 1) {
      if (sent === 30) clock.advance(60_000);
      expect(outcome(sent % 2 === 0 ? await resend() : await invite(newEmail()))).toBeLessThan(300);
    }
    for (const answer of [await invite(newEmail()), await resend()]) {
      expect(outcome(answer)).toBe("E_RATE_LIMITED");
      expect(answer.headers["retry-after"]).toBe(String(59 * 60));
    }
    const { orgId: elsewhere } = await createTestOrganisation(testHub.hub.db);
    const other = await createTestMember(testHub.hub, elsewhere, "owner");
    const draft = { email: newEmail(), role: "viewer" };
    expect(outcome(await call(other, "POST", "/invitations", draft))).toBe(201);
    clock.advance(59 * 60_000);
    await again();
    expect(outcome(await invite(newEmail()))).toBe(201);
  });
});

describe("whoever has no account", () => {
  test("chooses a password, and is signed in with the role they were invited to", async () => {
    const email = newEmail();
    await invite(email, "staff", { provider_email: "chair@example.com", hide_contacts: true });
    const at = browser();
    const body = { token: mail.newestToken(), new_account: true, name: "Robin Ek", password };
    const answer = await accept(body, at);
    expect(answer.statusCode).toBe(201);
    expect(answer.json<SessionResource>()).toMatchObject({
      user: { name: "Robin Ek", email },
      role: "staff",
      has_password: true,
      organisation: { id: orgId },
    });
    const me = (await at.request("GET", "/api/v1/session")).json<SessionResource>();
    expect(me.user.email).toBe(email);
    expect(await members()).toContainEqual(
      expect.objectContaining({
        user_id: me.user.id,
        role: "staff",
        provider_email: "chair@example.com",
        hide_contacts: true,
      }),
    );
    const actions = (await audited(me.user.id)).map(({ action }) => action);
    expect(actions).toContain("member.joined");
    expect(await openInvitations()).toEqual([]);
    const later = browser();
    const signIn = await later.request("POST", "/api/v1/session", { email, password });
    expect(signIn.statusCode).toBe(201);
  });

  test("makes no account without saying so", async () => {
    const { token } = await invited(newEmail());
    expect(outcome(await accept({ token }))).toBe("E_UNAUTHENTICATED");
    expect(outcome(await accept({ token, password }))).toBe("E_CREDENTIALS");
    expect(await members()).toHaveLength(1);
  });

  test("is told of a missing or weak password, and may try again", async () => {
    const email = newEmail();
    const { token } = await invited(email);
    const local = email.split("@", 1)[0] ?? "";
    for (const weak of [undefined, "short", "password123", local]) {
      const answer = await accept({
        token,
        new_account: true,
        ...(weak === undefined ? {} : { password: weak }),
      });
      expect(answer.json()).toMatchObject({
        code: "E_VALIDATION",
        errors: [{ path: "body.password" }],
      });
    }
    const joined = (await accept({ token, new_account: true, password })).json<SessionResource>();
    expect(joined.user.name).toBe(local);
  });

  test("joins once, however many accept at once", async () => {
    const email = newEmail();
    const { token } = await invited(email);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => accept({ token, new_account: true, password })),
    );
    // Who looked early found no account, who looked late found the one just made.
    const outcomes = answers.map(outcome);
    expect(outcomes.filter((code) => code === 201)).toHaveLength(1);
    for (const code of outcomes) expect([201, "E_INVITATION"]).toContain(code);
    expect((await members()).filter((member) => member.email === email)).toHaveLength(1);
    const joins = await testHub.hub.db.transaction(system, (tx) =>
      tx.query("SELECT FROM audit_log WHERE org_id = $1 AND action = 'member.joined'", [orgId]),
    );
    expect(joins).toHaveLength(1);
  });

  test("gets one account when two organisations' invitations are accepted at once", async () => {
    const email = newEmail();
    const { orgId: elsewhere } = await createTestOrganisation(testHub.hub.db);
    const other = await createTestMember(testHub.hub, elsewhere, "owner");
    const { token } = await invited(email);
    await call(other, "POST", "/invitations", { email, role: "viewer" });
    const theirs = mail.newestToken();
    const answers = await Promise.all([
      accept({ token, new_account: true, password }),
      accept({ token: theirs, new_account: true, password: "another one, quite as long" }),
    ]);
    const codes = answers.map(outcome);
    expect(codes).toContain(201);
    for (const code of codes) expect([201, "E_ACCOUNT_EXISTS", "E_CREDENTIALS"]).toContain(code);
    const accounts = await testHub.hub.db.transaction(system, (tx) =>
      tx.query("SELECT FROM app_user WHERE email = $1", [email]),
    );
    expect(accounts).toHaveLength(1);
  });

  test("takes the place of whoever is signed in in that browser", async () => {
    const kim = await createTestPerson(testHub.hub);
    const at = browser();
    await at.request("POST", "/api/v1/session", { email: kim.email, password: kim.password });
    const before = at.cookies.get("slotwire_session");
    const email = newEmail();
    const { token } = await invited(email);
    const joined = (
      await accept({ token, new_account: true, password }, at)
    ).json<SessionResource>();
    expect(joined.user.email).toBe(email);
    const old = await testHub.app.inject({
      url: "/api/v1/session",
      headers: { cookie: `slotwire_session=${before}` },
    });
    expect(outcome(old)).toBe("E_UNAUTHENTICATED");
  });
});

describe("whoever has an account", () => {
  test("has to be signed in as it, or know its password; the link alone opens nothing", async () => {
    const kim = await createTestPerson(testHub.hub, { role: "viewer" });
    const mallory = await createTestPerson(testHub.hub, { role: "viewer" });
    const { token } = await invited(kim.email);
    expect(outcome(await accept({ token }))).toBe("E_UNAUTHENTICATED");
    expect(outcome(await accept({ token, password, name: "Mallory" }))).toBe("E_CREDENTIALS");
    const theirs = browser();
    await theirs.request("POST", "/api/v1/session", {
      email: mallory.email,
      password: mallory.password,
    });
    expect(outcome(await accept({ token }, theirs))).toBe("E_UNAUTHENTICATED");
    expect(outcome(await accept({ token, password: mallory.password }, theirs))).toBe(
      "E_CREDENTIALS",
    );
    expect(await members()).toHaveLength(1);
    // Neither password nor name were touched, and the invitation is open still.
    const signIn = await browser().request("POST", "/api/v1/session", {
      email: kim.email,
      password: kim.password,
    });
    expect(signIn.json<SessionResource>().user.name).toBe("Kim Berg");
    expect(outcome(await accept({ token, password: kim.password }))).toBe(201);
  });

  test("joins by its password, and is signed in to the new organisation", async () => {
    const kim = await createTestPerson(testHub.hub, { role: "viewer" });
    const { token } = await invited(kim.email, "admin");
    const joined = (await accept({ token, password: kim.password })).json<SessionResource>();
    expect(joined).toMatchObject({
      user: { id: kim.userId },
      role: "admin",
      organisation: { id: orgId },
    });
    expect(joined.organisations.map(({ id }) => id).toSorted()).toEqual(
      [orgId, kim.orgId].toSorted(),
    );
  });

  test("needs the second factor as well, when the account has one", async () => {
    const kim = await createTestPerson(testHub.hub);
    const own = openBrowser(testHub.app, testHub.hub);
    await own.signIn(kim);
    const { secret } = (await own.request("POST", "/api/v1/account/totp")).json<{
      secret: string;
    }>();
    await own.request("POST", "/api/v1/account/totp/confirm", {
      code: codeAt(secret, clock.now()),
    });
    clock.advance(60_000);
    const { token } = await invited(kim.email);
    const proof = { token, password: kim.password };
    expect(outcome(await accept(proof))).toBe("E_SECOND_FACTOR");
    expect(outcome(await accept({ ...proof, code: "000000" }))).toBe("E_CREDENTIALS");
    expect(outcome(await accept({ ...proof, code: codeAt(secret, clock.now()) }))).toBe(201);
  });

  test("joins by being signed in as it, and the session goes on there", async () => {
    const kim = await createTestPerson(testHub.hub, { role: "viewer" });
    const at = browser();
    await at.request("POST", "/api/v1/session", { email: kim.email, password: kim.password });
    const before = at.cookies.get("slotwire_session");
    clock.advance(10 * 60_000);
    await again();
    const { token } = await invited(kim.email, "owner");
    const answer = await accept({ token }, at);
    expect(answer.json<SessionResource>()).toMatchObject({
      role: "owner",
      organisation: { id: orgId },
    });
    expect(at.cookies.get("slotwire_session")).toBe(before);
    // An invitation is no proof of who somebody is.
    const sensitive = await at.request("POST", "/api/v1/invitations", {
      email: newEmail(),
      role: "owner",
    });
    expect(outcome(sensitive)).toBe("E_CONFIRM");
  });

  test("joins once, however many accept at once", async () => {
    const kim = await createTestPerson(testHub.hub, { role: "viewer" });
    const { token } = await invited(kim.email);
    const at = browser();
    await at.request("POST", "/api/v1/session", { email: kim.email, password: kim.password });
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept({ token }, at)));
    const outcomes = answers.map(outcome);
    expect(outcomes.filter((code) => code === 201)).toHaveLength(1);
    expect(outcomes.filter((code) => code === "E_INVITATION")).toHaveLength(9);
    expect((await members()).filter(({ user_id }) => user_id === kim.userId)).toHaveLength(1);
  });

  test("keeps the role of a member who joined in another way meanwhile", async () => {
    const kim = await createTestPerson(testHub.hub, { role: "viewer" });
    const { token } = await invited(kim.email, "admin");
    await belong(kim.userId, "staff");
    const joined = (await accept({ token, password: kim.password })).json<SessionResource>();
    expect(joined.role).toBe("staff");
    expect(await openInvitations()).toEqual([]);
  });

  test("comes back by its password after being removed everywhere", async () => {
    const kim = await createTestPerson(testHub.hub, { orgId, role: "manager" });
    expect(outcome(await call(owner, "DELETE", `/members/${kim.userId}`))).toBe(200);
    const { token } = await invited(kim.email, "viewer");
    expect(outcome(await accept({ token, password }))).toBe("E_CREDENTIALS");
    const joined = (await accept({ token, password: kim.password })).json<SessionResource>();
    expect(joined).toMatchObject({ user: { id: kim.userId }, role: "viewer" });
  });

  test("makes itself known to nobody who holds the link alone", async () => {
    const kim = await createTestPerson(testHub.hub, { role: "viewer" });
    const gone = await createTestPerson(testHub.hub, { orgId, role: "viewer" });
    await call(owner, "DELETE", `/members/${gone.userId}`);
    const seen = async (email: string) => {
      const { shown: token, id } = await invited(email);
      const answers = [
        await preview(token),
        await accept({ token }),
        await accept({ token, password: "a guess of twelve" }),
        await accept({ token, password: "a guess of twelve", code: "123456" }),
        await accept({ token, new_account: true }),
        await accept({ token, new_account: true, password: "short" }),
        await accept({ token, new_account: true, password }),
        await have(token),
      ];
      const told = (await call(owner, "GET", "/audit?limit=100")).json<List<AuditEntry>>().data;
      const lines = told.filter(({ action }) => action === "session.refused");
      await call(owner, "DELETE", `/invitations/${id}`);
      const words = answers.map((answer) => [answer.statusCode, answer.body.replaceAll(email, "")]);
      return { words: words.map(([status, body]) => [status, withoutIds(String(body))]), lines };
    };
    const stranger = await seen(newEmail());
    expect(stranger.lines).toEqual([]);
    expect(await seen(kim.email)).toEqual(stranger);
    expect(await seen(gone.email)).toEqual(stranger);
    // Where the account is at home, it is told.
    expect(await auditedActions(testHub.hub, kim.userId)).toContain("session.refused");
  });

  test("is not made a second time, and keeps its name and password", async () => {
    const kim = await createTestPerson(testHub.hub, { role: "viewer" });
    const { token } = await invited(kim.email);
    const answer = await accept({ token, new_account: true, name: "Mallory", password });
    expect(outcome(answer)).toBe("E_ACCOUNT_EXISTS");
    const joined = (await accept({ token, password: kim.password })).json<SessionResource>();
    expect(joined.user).toMatchObject({ id: kim.userId, name: "Kim Berg" });
  });

  test("comes back as if it were new when it has neither password, identity nor membership", async () => {
    const kim = await createTestPerson(testHub.hub, { orgId, role: "manager" });
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE app_user SET password_hash = NULL WHERE id = $1", [kim.userId]),
    );
    const { token } = await invitedBefore(kim);
    const made = (await accept({ token, new_account: true, password })).json<SessionResource>();
    expect(made).toMatchObject({ user: { id: kim.userId }, role: "viewer", has_password: true });
    const signIn = await browser().request("POST", "/api/v1/session", {
      email: kim.email,
      password,
    });
    expect(signIn.statusCode).toBe(201);
  });

  test("that nobody had proven, and that belongs nowhere, gives way to whoever is invited", async () => {
    const mallory = await createTestPerson(testHub.hub, {
      orgId,
      role: "viewer",
      isEmailVerified: false,
    });
    const { token } = await invitedBefore(mallory);
    expect(outcome(await accept({ token, new_account: true, password }))).toBe(201);
    const old = await browser().request("POST", "/api/v1/session", mallory);
    expect(old.statusCode).not.toBe(201);
  });

  test("without a password stays its holder's as long as it belongs somewhere", async () => {
    const kim = await createTestPerson(testHub.hub, { role: "manager" });
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE app_user SET password_hash = NULL WHERE id = $1", [kim.userId]),
    );
    const { token } = await invited(kim.email);
    expect(outcome(await accept({ token, new_account: true, password }))).toBe("E_ACCOUNT_EXISTS");
    expect(outcome(await accept({ token, password }))).toBe("E_CREDENTIALS");
  });

  test("that belongs nowhere is mailed no link to choose a password", async () => {
    const kim = await createTestPerson(testHub.hub, { orgId, role: "manager" });
    await call(owner, "DELETE", `/members/${kim.userId}`);
    const stays = await createTestPerson(testHub.hub, { orgId, role: "manager" });
    for (const { email } of [kim, stays]) {
      const asked = await browser().request("POST", "/api/v1/password-reset", { email });
      expect(asked.statusCode).toBe(202);
    }
    await until(() => mail.mails.some(({ to }) => to.includes(stays.email)));
    expect(mail.mails.filter(({ to }) => to.includes(kim.email))).toEqual([]);
  });

  test("stays out when it is disabled", async () => {
    const kim = await createTestPerson(testHub.hub, { role: "viewer" });
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE app_user SET disabled_at = now() WHERE id = $1", [kim.userId]),
    );
    const { token } = await invited(kim.email);
    expect(outcome(await accept({ token, password: kim.password }))).toBe("E_CREDENTIALS");
  });
});
