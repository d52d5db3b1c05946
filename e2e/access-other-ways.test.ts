import {
  type CreatedInvitation,
  roles,
  type SessionResource,
  type TotpSetup,
} from "@slotwire/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  type IdentityProvider,
  startIdentityProvider,
} from "../apps/server/test/identity-provider.ts";
import { type MailServer, startMailServer } from "../apps/server/test/mail-server.ts";
import { createTestMember } from "../apps/server/test/key-fixture.ts";
import { codeAt, createTestPerson } from "../apps/server/test/person-fixture.ts";
import { createTestOrganisation } from "../apps/server/test/test-database.ts";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { type DashboardHub, owner, startDashboardHub } from "./dashboard-hub.ts";
import { freePort } from "./hub-process.ts";
import { screenProblems } from "./screen-problems.ts";

const today = "Saturday 21 November";
const login = "mette";

let hub: DashboardHub;
let provider: IdentityProvider;
let mail: MailServer;
let browser: Browser;
let page: Page;
const troubles: string[] = [];

beforeAll(async () => {
  const port = await freePort();
  provider = await startIdentityProvider({
    redirectUri: `http://127.0.0.1:${port}/api/v1/oidc/callback`,
  });
  provider.people.set(login, { email: owner.email, email_verified: true, name: owner.name });
  mail = await startMailServer();
  hub = await startDashboardHub({
    settings: {
      PORT: String(port),
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: provider.clientId,
      OIDC_CLIENT_SECRET: provider.clientSecret,
      OIDC_LABEL: "Example ID",
      SMTP_URL: mail.url,
      MAIL_FROM: "Slotwire <hub@salon.example>",
    },
  });
  browser = await launchBrowser();
});

afterAll(async () => {
  await closePages(browser);
  await hub?.close();
  await mail?.close();
  await provider?.shut();
});

afterEach(async () => {
  await page?.context().close();
  expect(troubles.splice(0)).toEqual([]);
});

const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });

/** Opens an address of the hub in a browser that nobody is signed in with. */
async function open(path: string): Promise<void> {
  page = await openPage(browser, troubles);
  await page.goto(`${hub.address}${path}`);
}

async function typePassword(password: string): Promise<void> {
  await page.getByRole("textbox", { name: "E-mail" }).fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

describe("single sign-on", () => {
  it("leads to the provider, and back to where one wanted to go", async () => {
    await open("/inbox?status=failed");
    await page.getByRole("link", { name: "Sign in with Example ID" }).waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await page.getByRole("link", { name: "Sign in with Example ID" }).click();
    await page.locator("input[name=login]").fill(login);
    await page
      .locator("input[name=password]")
      .fill("anything: the provider of the tests asks nothing");
    await page.locator("button[type=submit]").click();
    await page.locator("input[name=prompt][value=consent]").waitFor({ state: "attached" });
    await page.locator("button[type=submit]").click();
    await heading("Inbox").waitFor();
    expect(page.url()).toBe(`${hub.address}/inbox?status=failed`);
    await page.goto(`${hub.address}/account`);
    await page.getByText("by single sign-on").waitFor();
  });

  it("may be cancelled at the provider", async () => {
    await open("/sign-in");
    await page.getByRole("link", { name: "Sign in with Example ID" }).click();
    await page.locator('a[href$="/abort"]').click();
    await page.getByRole("alert").getByText("The sign-in was cancelled at the provider.").waitFor();
    expect(new URL(page.url()).origin).toBe(hub.address);
    expect(await screenProblems(page)).toEqual([]);
  });
});

describe("a forgotten password", () => {
  it("is replaced by the link of a mail, and the new one signs in", async () => {
    const password = "five geese on the frozen lake";
    await open("/sign-in");
    await page.getByRole("button", { name: "Forgot your password?" }).click();
    await heading("Choose a new password").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await page.getByRole("textbox", { name: "E-mail" }).fill(owner.email);
    await page.getByRole("button", { name: "Send the link" }).click();
    await heading("Look into your mail").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    const isLink = (text: string) => text.includes("/reset#token=");
    await expect
      .poll(() => mail.mails.some(({ to, text }) => to[0] === owner.email && isLink(text)), {
        timeout: 10_000,
      })
      .toBe(true);

    await page.goto(`${hub.address}/reset#token=${mail.newestToken()}`);
    await page.getByLabel("New password", { exact: true }).fill(password);
    await page.getByRole("button", { name: "Set the password" }).click();
    await page.getByText("Your new password is set. Sign in with it.").waitFor();
    expect(page.url()).toBe(`${hub.address}/sign-in`);
    expect(await screenProblems(page)).toEqual([]);
    await typePassword(owner.password);
    await page.getByRole("alert").getByText("The e-mail or the password is wrong.").waitFor();
    await typePassword(password);
    await heading(today).waitFor();
  });
});

describe("an invitation for whoever has an account with a second factor", () => {
  it("asks for the password, and then for the code", async () => {
    const { person, secret } = await guarded();
    const { link } = await hub.api<CreatedInvitation>("POST", "/invitations", {
      email: person.email,
      role: "viewer",
    });
    await open(link.slice(hub.address.length));
    await heading(/^Join /).waitFor();
    await page.getByRole("button", { name: "I have an account" }).click();
    await page.getByLabel("Password", { exact: true }).fill(person.password);
    await page.getByRole("button", { name: "Sign in and join" }).click();
    const code = page.getByRole("textbox", { name: "Code" });
    await code.waitFor();
    expect(await screenProblems(page)).toEqual([]);
    const join = page.getByRole("button", { name: "Sign in and join" });
    await code.fill(codeAt(secret, new Date(Date.now() - 3_600_000)));
    await join.click();
    await page.getByRole("alert").getByText("This code is wrong, or was used already.").waitFor();
    // The hub takes each code once: this is the one of the next half minute.
    await code.fill(codeAt(secret, new Date(Date.now() + 30_000)));
    await join.click();
    await heading(today).waitFor();
    expect(page.url()).not.toContain("token");
  });
});

describe("the settings' pages", () => {
  const pages = [
    { path: "/settings/connections", title: "Connections", needs: "connections:read" },
    { path: "/connect", title: "Connections", needs: "connections:read" },
    { path: "/settings/feeds", title: "Calendar feeds", needs: "feeds:manage" },
    { path: "/settings/members", title: "Members", needs: "members:read" },
    { path: "/settings/keys", title: "API keys", needs: "keys:read" },
    { path: "/settings/audit", title: "Audit", needs: "audit:read" },
  ];

  it.each(roles)("are shown to %s by its grants, or say who can help", async (role) => {
    const { hub: inside } = hub.running;
    const { headers } = await createTestMember(inside, inside.defaultOrgId, role);
    const answer = await fetch(`${hub.address}/api/v1/session`, { headers });
    const { grants } = (await answer.json()) as SessionResource;
    const [name = "", value = ""] = headers.cookie.split("=");
    page = await openPage(browser, troubles);
    await page.context().addCookies([{ name, value, url: hub.address }]);

    const told: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const { path, title, needs } of pages) {
      told[path] = await titleAt(path);
      expected[path] = grants[needs] === undefined ? "Not for your role" : title;
    }
    const hasSettings = pages.some(({ needs }) => grants[needs] !== undefined);
    told["/settings/no-such-page"] = await titleAt("/settings/no-such-page");
    expected["/settings/no-such-page"] = hasSettings
      ? "There is no such page"
      : "Not for your role";
    expect(told).toEqual(expected);
    if (hasSettings) return;
    await page.getByText("An owner or admin of the organisation can change your role.").waitFor();
    expect(await screenProblems(page)).toEqual([]);
  });

  async function titleAt(path: string): Promise<string> {
    await page.goto(`${hub.address}${path}`);
    const title = page.getByRole("heading", { level: 1 });
    await title.waitFor();
    return title.innerText();
  }
});

/** Somebody of another organisation of this hub who has set a second factor up. */
async function guarded() {
  const { orgId } = await createTestOrganisation(hub.running.hub.db);
  const person = await createTestPerson(hub.running.hub, { orgId, role: "viewer" });
  let cookie = "";
  const call = async (method: string, path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${hub.address}/api/v1${path}`, {
      method,
      headers: { "content-type": "application/json", origin: hub.address, cookie },
      body: JSON.stringify(body),
    });
    expect(answer.ok, path).toBe(true);
    cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    return answer.json();
  };
  await call("POST", "/session", { email: person.email, password: person.password });
  const { secret } = (await call("POST", "/account/totp", {})) as TotpSetup;
  await call("POST", "/account/totp/confirm", { code: codeAt(secret, new Date()) });
  return { person, secret };
}
