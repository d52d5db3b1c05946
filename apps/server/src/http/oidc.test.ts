import { randomUUID } from "node:crypto";
import type {
  AuditEntry,
  CreatedInvitation,
  List,
  OidcError,
  SessionResource,
} from "@slotwire/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ManualClock } from "../clock.ts";
import { system } from "../db/database.ts";
import type { WakeTopic } from "../db/wake.ts";
import {
  type IdentityProvider,
  startIdentityProvider,
  type TestClaims,
} from "../../test/identity-provider.ts";
import { createTestMember, type TestMember } from "../../test/key-fixture.ts";
import { nobodyListens } from "../../test/ledger-fixture.ts";
import { createTestPerson } from "../../test/person-fixture.ts";
import { createTestOrganisation } from "../../test/test-database.ts";
import { createTestHub, type TestHub } from "../../test/test-hub.ts";
import { openWebBrowser, type WebBrowser } from "../../test/web-browser.ts";
import { buildApp } from "./build-app.ts";

const MINUTE = 60_000;
const publicUrl = "https://hub.example.com";
const redirectUri = `${publicUrl}/api/v1/oidc/callback`;
const SESSION = "__Host-slotwire_session";
const INVITATION = "__Host-slotwire_invitation";
const UNDER_WAY = "__Host-slotwire_oidc";

// The provider's tokens are judged by the real time.
const clock = new ManualClock(new Date().toISOString());
let provider: IdentityProvider;
let testHub: TestHub;
/** What was signalled, in order. */
const signals: WakeTopic[] = [];
beforeAll(async () => {
  provider = await startIdentityProvider({ redirectUri });
  const wake = { ...nobodyListens, signal: (topic: WakeTopic) => void signals.push(topic) };
  testHub = await createTestHub({ clock, wake, config: { publicUrl, oidc: configOf(provider) } });
});
afterAll(async () => {
  await testHub.close();
  await provider.shut();
});

const configOf = ({ issuer, clientId, clientSecret }: IdentityProvider) => ({
  issuer,
  clientId,
  clientSecret,
  label: "Example ID",
});

let orgId: string;
let owner: TestMember;
beforeEach(async () => {
  ({ orgId } = await createTestOrganisation(testHub.hub.db));
  const made = await createTestMember(testHub.hub, orgId, "owner");
  owner = { ...made, headers: { ...made.headers, cookie: `__Host-${made.headers.cookie}` } };
});

const browser = (): WebBrowser => openWebBrowser(testHub.app);
const newEmail = () => `who-${randomUUID()}@example.com`;

/** Makes somebody known to the provider. @returns the login there */
function known(claims: TestClaims): string {
  const login = `login-${randomUUID()}`;
  provider.people.set(login, claims);
  return login;
}

type Answer = Awaited<ReturnType<WebBrowser["request"]>>;
const locationOf = (answer: Answer): string => {
  expect(answer.statusCode).toBe(302);
  return answer.headers.location ?? "";
};
const failure = (reason: OidcError): string => `${publicUrl}/sign-in#error=${reason}`;
const pathOf = ({ pathname, search }: URL): string => `${pathname}${search}`;

async function start(at: WebBrowser, returnTo?: string): Promise<string> {
  const query = returnTo === undefined ? "" : `?return_to=${encodeURIComponent(returnTo)}`;
  return locationOf(await at.request("GET", `/api/v1/oidc/start${query}`));
}

/** The whole way. @returns where the browser ends up */
async function signIn(at: WebBrowser, login: string, returnTo?: string): Promise<string> {
  const back = await provider.signIn(await start(at, returnTo), login);
  return locationOf(await at.request("GET", pathOf(back)));
}

async function sessionOf(at: WebBrowser): Promise<SessionResource> {
  const answer = await at.request("GET", "/api/v1/session");
  expect(answer.statusCode).toBe(200);
  return answer.json<SessionResource>();
}

async function audited(entityId: string): Promise<AuditEntry[]> {
  const answer = await testHub.app.inject({
    url: `/api/v1/audit?entity_id=${entityId}`,
    headers: owner.headers,
  });
  return answer.json<List<AuditEntry>>().data;
}

async function invite(email: string, role = "manager"): Promise<string> {
  const answer = await testHub.app.inject({
    method: "POST",
    url: "/api/v1/invitations",
    headers: owner.headers,
    payload: { email, role },
  });
  return new URL(answer.json<CreatedInvitation>().link).hash.replace("#token=", "");
}

/** What the page of an invitation's link does first. */
const look = (at: WebBrowser, token: string) =>
  at.request("POST", "/api/v1/invitations/preview", { token });

const accountsOf = (email: string) =>
  testHub.hub.db.transaction(system, (tx) =>
    tx.query<{ id: string }>("SELECT id FROM app_user WHERE lower(email) = $1", [email]),
  );

describe("the way to the provider", () => {
  test("carries state, nonce and a challenge, and keeps their secrets from the page", async () => {
    const at = browser();
    const answer = await at.request("GET", "/api/v1/oidc/start");
    const url = new URL(locationOf(answer));
    expect(url.origin).toBe(provider.issuer);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: provider.clientId,
      response_type: "code",
      redirect_uri: redirectUri,
      scope: "openid email profile",
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      nonce: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: "S256",
    });
    expect(answer.cookies).toEqual([
      expect.objectContaining({
        name: UNDER_WAY,
        httpOnly: true,
        secure: true,
        sameSite: "Lax",
        path: "/",
      }),
    ]);
    const sealed = Buffer.from(at.cookies.get(UNDER_WAY) ?? "", "base64url").toString("latin1");
    expect(sealed).not.toContain(url.searchParams.get("state"));
    const other = new URL(await start(browser()));
    for (const name of ["state", "nonce", "code_challenge"]) {
      expect(other.searchParams.get(name)).not.toBe(url.searchParams.get(name));
    }
  });

  test("is not there when no provider is set", async () => {
    const app = await buildApp(
      { ...testHub.hub, config: { ...testHub.hub.config, oidc: null } },
      { dashboardFolder: "/none" },
    );
    for (const url of ["/api/v1/oidc/start", "/api/v1/oidc/callback?code=a&state=b"]) {
      const answer = await app.inject({ url });
      expect(answer.json()).toMatchObject({ status: 404, code: "E_NOT_FOUND" });
    }
    await app.close();
  });
});

describe("a person with an account", () => {
  test("is linked by the verified e-mail, and known by the identity from then on", async () => {
    const member = await createTestMember(testHub.hub, orgId, "manager");
    const login = known({ email: member.email.toUpperCase(), email_verified: true });
    const at = browser();
    expect(await signIn(at, login, "/bookings?status=confirmed#today")).toBe(
      `${publicUrl}/bookings?status=confirmed#today`,
    );
    expect(await sessionOf(at)).toMatchObject({ user: { id: member.userId }, role: "manager" });
    expect(at.cookies.has(UNDER_WAY)).toBe(false);
    const actions = (await audited(member.userId)).map(({ action }) => action);
    expect(actions).toContain("account.identity_linked");
    // The provider knows another address by now, and does not vouch for it.
    provider.people.set(login, { email: newEmail(), email_verified: false });
    const later = browser();
    expect(await signIn(later, login)).toBe(`${publicUrl}/`);
    expect((await sessionOf(later)).user.id).toBe(member.userId);
  });

  test("is signed in afresh: the browser's old session ends", async () => {
    const member = await createTestMember(testHub.hub, orgId, "manager");
    const login = known({ email: member.email, email_verified: true });
    const at = browser();
    await signIn(at, login);
    const before = at.cookies.get(SESSION);
    await signIn(at, login);
    expect(at.cookies.get(SESSION)).not.toBe(before);
    const old = await testHub.app.inject({
      url: "/api/v1/session",
      headers: { cookie: `${SESSION}=${before}` },
    });
    expect(old.json()).toMatchObject({ code: "E_UNAUTHENTICATED" });
  });

  test("belongs to several organisations and can switch between them", async () => {
    const { orgId: second } = await createTestOrganisation(testHub.hub.db);
    const member = await createTestMember(testHub.hub, orgId, "manager");
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, 'viewer')", [
        second,
        member.userId,
      ]),
    );
    const at = browser();
    await signIn(at, known({ email: member.email, email_verified: true }));
    const session = await sessionOf(at);
    expect(session).toMatchObject({ role: "manager", organisation: { id: orgId } });
    expect(session.organisations.map(({ id }) => id).toSorted()).toEqual(
      [orgId, second].toSorted(),
    );
    const switched = await at.request("PUT", "/api/v1/session/organisation", {
      organisation_id: second,
    });
    expect(switched.json()).toMatchObject({ role: "viewer", organisation: { id: second } });
  });

  test("loses what somebody else may have set, when only the e-mail tells that it is theirs", async () => {
    const kim = await createTestPerson(testHub.hub, { orgId, role: "viewer" });
    const early = browser();
    await early.request("POST", "/api/v1/session", { email: kim.email, password: kim.password });
    expect((await sessionOf(early)).user.id).toBe(kim.userId);
    const at = browser();
    signals.length = 0;
    await signIn(at, known({ email: kim.email, email_verified: true }));
    // Streams of the sessions that ended ask at once whether they may go on.
    expect(signals).toContain("keys");
    expect(await sessionOf(at)).toMatchObject({ user: { id: kim.userId }, has_password: false });
    expect((await early.request("GET", "/api/v1/session")).statusCode).toBe(401);
    const byPassword = await browser().request("POST", "/api/v1/session", {
      email: kim.email,
      password: kim.password,
    });
    expect(byPassword.json()).toMatchObject({ code: "E_CREDENTIALS" });
  });

  test("keeps the password when they link while they are signed in", async () => {
    const kim = await createTestPerson(testHub.hub, { orgId, role: "viewer" });
    const at = browser();
    await at.request("POST", "/api/v1/session", { email: kim.email, password: kim.password });
    await signIn(at, known({ email: kim.email, email_verified: true }));
    expect(await sessionOf(at)).toMatchObject({ user: { id: kim.userId }, has_password: true });
  });

  test("has to prove anew who they are when they are signed in already", async () => {
    const member = await createTestMember(testHub.hub, orgId, "manager");
    const login = known({ email: member.email, email_verified: true });
    const [at, atProvider] = [browser(), new Map<string, string>()];
    const first = new URL(await start(at));
    expect(first.searchParams.get("max_age")).toBeNull();
    const back = await provider.signIn(first.href, login, atProvider);
    await at.request("GET", pathOf(back));
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 20 * MINUTE });
    try {
      // The provider knows them still, which is good enough where nobody is signed in here.
      const other = browser();
      const silent = await provider.signIn(await start(other), "nobody", atProvider);
      expect(locationOf(await other.request("GET", pathOf(silent)))).toBe(`${publicUrl}/`);
      const again = new URL(await start(at));
      expect(again.searchParams.get("max_age")).toBe("300");
      // Whoever sits at somebody's browser leaves that out, and the provider asks nothing.
      again.searchParams.delete("max_age");
      const unasked = await provider.signIn(again.href, "nobody", atProvider);
      expect(locationOf(await at.request("GET", pathOf(unasked)))).toBe(failure("oidc_expired"));
      const asked = await provider.signIn(await start(at), login, atProvider);
      expect(locationOf(await at.request("GET", pathOf(asked)))).toBe(`${publicUrl}/`);
    } finally {
      vi.useRealTimers();
    }
  });

  test("is not given to a second identity of the same address", async () => {
    const member = await createTestMember(testHub.hub, orgId, "manager");
    const claims = { email: member.email, email_verified: true };
    await signIn(browser(), known(claims));
    const at = browser();
    expect(await signIn(at, known(claims))).toBe(failure("oidc_taken"));
    expect(at.cookies.has(SESSION)).toBe(false);
  });

  test("is linked once by two browsers at once", async () => {
    const member = await createTestMember(testHub.hub, orgId, "manager");
    const login = known({ email: member.email, email_verified: true });
    const tabs = [browser(), browser()];
    const ways = await Promise.all(
      tabs.map(async (at) => pathOf(await provider.signIn(await start(at), login))),
    );
    const ends = await Promise.all(tabs.map((at, tab) => at.request("GET", ways[tab] ?? "")));
    expect(ends.map(locationOf)).toEqual([`${publicUrl}/`, `${publicUrl}/`]);
    const links = (await audited(member.userId)).filter(
      ({ action }) => action === "account.identity_linked",
    );
    expect(links).toHaveLength(1);
  });
});

describe("nobody gets in", () => {
  const expectOut = async (at: WebBrowser, end: string, reason: OidcError): Promise<void> => {
    expect(end).toBe(failure(reason));
    expect(at.cookies.has(SESSION)).toBe(false);
    expect((await at.request("GET", "/api/v1/session")).statusCode).toBe(401);
  };

  test("by an e-mail that the provider does not vouch for", async () => {
    const member = await createTestMember(testHub.hub, orgId, "manager");
    const { email } = member;
    for (const claims of [
      { email, email_verified: false },
      { email },
      { email, email_verified: "true" as unknown as boolean },
      {},
    ]) {
      const at = browser();
      await expectOut(at, await signIn(at, known(claims)), "oidc_unverified");
    }
  });

  test("whom no organisation knows, and no account is made", async () => {
    const email = newEmail();
    const at = browser();
    await expectOut(at, await signIn(at, known({ email, email_verified: true })), "oidc_unknown");
    expect(await accountsOf(email)).toEqual([]);
  });

  test("whose account belongs nowhere any more, or is disabled", async () => {
    const removed = await createTestMember(testHub.hub, orgId, "manager");
    const claims = { email: removed.email, email_verified: true };
    const login = known(claims);
    await signIn(browser(), login);
    await testHub.app.inject({
      method: "DELETE",
      url: `/api/v1/members/${removed.userId}`,
      headers: owner.headers,
    });
    const at = browser();
    await expectOut(at, await signIn(at, login), "oidc_unknown");
    const disabled = await createTestMember(testHub.hub, orgId, "manager");
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE app_user SET disabled_at = now() WHERE id = $1", [disabled.userId]),
    );
    const other = browser();
    const end = await signIn(other, known({ email: disabled.email, email_verified: true }));
    await expectOut(other, end, "oidc_unknown");
  });

  test("who cancels there", async () => {
    const at = browser();
    const back = await provider.cancel(await start(at));
    const end = locationOf(await at.request("GET", pathOf(back)));
    await expectOut(at, end, "oidc_denied");
  });

  test("with another state, without the cookie, or with another browser's", async () => {
    const member = await createTestMember(testHub.hub, orgId, "manager");
    const login = known({ email: member.email, email_verified: true });
    const comeBack = async (change: (back: URL, at: WebBrowser) => WebBrowser | void) => {
      const at = browser();
      const back = await provider.signIn(await start(at), login);
      const where = change(back, at) ?? at;
      const end = locationOf(await where.request("GET", pathOf(back)));
      await expectOut(where, end, "oidc_expired");
    };
    await comeBack((back) => back.searchParams.set("state", "x".repeat(43)));
    await comeBack((back) => back.searchParams.delete("state"));
    await comeBack(() => browser());
    const victim = browser();
    await start(victim);
    await comeBack(() => victim);
    await comeBack((_back, at) => {
      const sealed = at.cookies.get(UNDER_WAY) ?? "";
      at.cookies.set(UNDER_WAY, `${sealed.slice(0, -2)}${sealed.endsWith("AA") ? "BB" : "AA"}`);
    });
    // Another cookie of the hub's is sealed as well, and is not taken for this one.
    const holder = browser();
    await look(holder, await invite(newEmail()));
    const other = holder.cookies.get(INVITATION);
    expect(other).toBeDefined();
    await comeBack((_back, at) => void at.cookies.set(UNDER_WAY, other ?? ""));
  });

  test("by a way back that was used before", async () => {
    const member = await createTestMember(testHub.hub, orgId, "manager");
    const login = known({ email: member.email, email_verified: true });
    const at = browser();
    const address = await start(at);
    const sealed = at.cookies.get(UNDER_WAY) ?? "";
    const back = pathOf(await provider.signIn(address, login));
    expect(locationOf(await at.request("GET", back))).toBe(`${publicUrl}/`);
    expect(locationOf(await at.request("GET", back))).toBe(failure("oidc_expired"));
    // Even whoever kept the cookie: the code counts once.
    const thief = browser();
    thief.cookies.set(UNDER_WAY, sealed);
    await expectOut(thief, locationOf(await thief.request("GET", back)), "oidc_expired");
  });

  test("by a code that belongs to another sign-in", async () => {
    const member = await createTestMember(testHub.hub, orgId, "manager");
    const login = known({ email: member.email, email_verified: true });
    const theirs = browser();
    const stolen = await provider.signIn(await start(theirs), login);
    const at = browser();
    const own = await provider.cancel(await start(at));
    own.searchParams.delete("error");
    own.searchParams.delete("error_description");
    own.searchParams.set("code", stolen.searchParams.get("code") ?? "");
    const end = locationOf(await at.request("GET", pathOf(own)));
    await expectOut(at, end, "oidc_expired");
  });

  test("later than ten minutes after setting out", async () => {
    const member = await createTestMember(testHub.hub, orgId, "manager");
    const at = browser();
    const back = await provider.signIn(
      await start(at),
      known({ email: member.email, email_verified: true }),
    );
    clock.advance(10 * MINUTE);
    const end = locationOf(await at.request("GET", pathOf(back)));
    await expectOut(at, end, "oidc_expired");
  });
});

test("the way back never leads to another site", async () => {
  const member = await createTestMember(testHub.hub, orgId, "manager");
  const login = known({ email: member.email, email_verified: true });
  for (const asked of ["https://evil.example/", "//evil.example", "/\\evil.example", "/api/v1/x"]) {
    expect(await signIn(browser(), login, asked), asked).toBe(`${publicUrl}/`);
  }
});

describe("an invitation", () => {
  test("brings in whoever comes from its link with the invited address", async () => {
    const email = newEmail();
    const token = await invite(email, "accountant");
    const at = browser();
    await look(at, token);
    const login = known({ email, email_verified: true, name: "Robin\u0007 Ek" });
    expect(await signIn(at, login, "/invite")).toBe(publicUrl);
    expect(await sessionOf(at)).toMatchObject({
      user: { name: "Robin Ek", email },
      role: "accountant",
      organisation: { id: orgId },
      has_password: false,
    });
    const again = await look(browser(), token);
    expect(again.json()).toMatchObject({ code: "E_INVITATION" });
    const later = browser();
    expect(await signIn(later, login)).toBe(`${publicUrl}/`);
    const { user } = await sessionOf(later);
    expect((await audited(user.id)).map(({ action }) => action)).toContain("member.joined");
  });

  test("brings nobody in who did not come from its link", async () => {
    const email = newEmail();
    const token = await invite(email);
    const login = known({ email, email_verified: true });
    for (const returnTo of [undefined, "/", "/invite", "/invitees"]) {
      expect(await signIn(browser(), login, returnTo)).toBe(failure("oidc_unknown"));
    }
    // Who looked at the link, and then signs in somewhere else, has not accepted.
    const at = browser();
    await look(at, token);
    expect(await signIn(at, login, "/")).toBe(failure("oidc_unknown"));
    expect(await accountsOf(email)).toEqual([]);
  });

  test("brings nobody in by another address, or one that is not verified", async () => {
    const email = newEmail();
    const token = await invite(email);
    for (const [claims, reason] of [
      [{ email: newEmail(), email_verified: true }, "oidc_unknown"],
      [{ email, email_verified: false }, "oidc_unverified"],
    ] as const) {
      const at = browser();
      await look(at, token);
      expect(await signIn(at, known(claims), "/invite")).toBe(failure(reason));
    }
    expect((await look(browser(), token)).statusCode).toBe(200);
  });

  test("that was sent again or revoked meanwhile brings nobody in", async () => {
    const email = newEmail();
    const token = await invite(email);
    const at = browser();
    await look(at, token);
    await testHub.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE invitation SET revoked_at = $2 WHERE email = $1", [email, clock.now()]),
    );
    const login = known({ email, email_verified: true });
    expect(await signIn(at, login, "/invite")).toBe(failure("oidc_unknown"));
  });

  test("adds an organisation to somebody who belongs to another one", async () => {
    const { orgId: first } = await createTestOrganisation(testHub.hub.db);
    const member = await createTestMember(testHub.hub, first, "viewer");
    const login = known({ email: member.email, email_verified: true });
    await signIn(browser(), login);
    const token = await invite(member.email, "admin");
    const at = browser();
    await look(at, token);
    expect(await signIn(at, login, "/invite")).toBe(publicUrl);
    const session = await sessionOf(at);
    expect(session).toMatchObject({
      user: { id: member.userId },
      role: "admin",
      organisation: { id: orgId },
    });
    expect(session.organisations).toHaveLength(2);
  });

  test("lets back in whoever was removed, with a new identity if need be", async () => {
    const member = await createTestMember(testHub.hub, orgId, "manager");
    const claims = { email: member.email, email_verified: true };
    await signIn(browser(), known(claims));
    await testHub.app.inject({
      method: "DELETE",
      url: `/api/v1/members/${member.userId}`,
      headers: owner.headers,
    });
    const at = browser();
    await look(at, await invite(member.email, "viewer"));
    expect(await signIn(at, known(claims), "/invite")).toBe(publicUrl);
    expect(await sessionOf(at)).toMatchObject({ user: { id: member.userId }, role: "viewer" });
  });

  test("makes one account of two browsers that come at once", async () => {
    const email = newEmail();
    const token = await invite(email);
    const login = known({ email, email_verified: true });
    const tabs = [browser(), browser()];
    const ways = await Promise.all(
      tabs.map(async (at) => {
        await look(at, token);
        return pathOf(await provider.signIn(await start(at, "/invite"), login));
      }),
    );
    const ends = await Promise.all(tabs.map((at, tab) => at.request("GET", ways[tab] ?? "")));
    expect(ends.map(locationOf)).toEqual([publicUrl, publicUrl]);
    expect(await accountsOf(email)).toHaveLength(1);
  });
});

describe("a provider", () => {
  test("that is down leads back to the page to sign in, and is asked again later", async () => {
    const own = await startIdentityProvider({ redirectUri });
    const app = await buildApp(
      { ...testHub.hub, config: { ...testHub.hub.config, oidc: configOf(own) } },
      { dashboardFolder: "/none" },
    );
    await own.shut();
    const at = openWebBrowser(app);
    expect(await start(at)).toBe(failure("oidc_unavailable"));
    await own.open();
    const member = await createTestMember(testHub.hub, orgId, "viewer");
    own.people.set("kim", { email: member.email, email_verified: true });
    const back = await own.signIn(await start(at), "kim");
    await own.shut();
    expect(locationOf(await at.request("GET", pathOf(back)))).toBe(failure("oidc_unavailable"));
    expect(at.cookies.has(SESSION)).toBe(false);
    await own.open();
    const again = await own.signIn(await start(at), "kim");
    expect(locationOf(await at.request("GET", pathOf(again)))).toBe(`${publicUrl}/`);
    await own.shut();
    await app.close();
  });

  test("is understood in the ways in which providers differ", async () => {
    for (const options of [
      { claimsInIdToken: true },
      { authMethod: "client_secret_post" },
      { authMethod: "none" },
    ] as const) {
      const own = await startIdentityProvider({ redirectUri, ...options });
      const isPublic = "authMethod" in options && options.authMethod === "none";
      const oidc = { ...configOf(own), ...(isPublic ? { clientSecret: null } : {}) };
      const app = await buildApp(
        { ...testHub.hub, config: { ...testHub.hub.config, oidc } },
        { dashboardFolder: "/none" },
      );
      const member = await createTestMember(testHub.hub, orgId, "viewer");
      own.people.set("kim", { email: member.email, email_verified: true });
      const at = openWebBrowser(app);
      const back = await own.signIn(await start(at), "kim");
      const end = locationOf(await at.request("GET", pathOf(back)));
      expect(end, JSON.stringify(options)).toBe(`${publicUrl}/`);
      await app.close();
      await own.shut();
    }
  });

  test("that refuses the hub's secret lets nobody in", async () => {
    const oidc = { ...configOf(provider), clientSecret: "not-the-secret" };
    const app = await buildApp(
      { ...testHub.hub, config: { ...testHub.hub.config, oidc } },
      { dashboardFolder: "/none" },
    );
    const member = await createTestMember(testHub.hub, orgId, "viewer");
    const at = openWebBrowser(app);
    const back = await provider.signIn(
      await start(at),
      known({ email: member.email, email_verified: true }),
    );
    expect(locationOf(await at.request("GET", pathOf(back)))).toBe(failure("oidc_unavailable"));
    expect(testHub.logged()).toContain("invalid_client");
    await app.close();
  });
});

test("the log has neither secrets nor people in it", async () => {
  const member = await createTestMember(testHub.hub, orgId, "manager");
  const at = browser();
  const address = await start(at);
  const back = await provider.signIn(
    address,
    known({ email: member.email, email_verified: true, name: "Robin Ek" }),
  );
  await at.request("GET", pathOf(back));
  const logged = testHub.logged();
  for (const secret of [
    provider.clientSecret,
    "not-the-secret",
    back.searchParams.get("code") ?? "",
    new URL(address).searchParams.get("state") ?? "",
    at.cookies.get(SESSION) ?? "",
    member.email,
    "Robin Ek",
    "@example.com",
  ]) {
    expect(secret).not.toBe("");
    expect(logged).not.toContain(secret);
  }
});
