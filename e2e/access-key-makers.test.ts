import type { CreatedApiKey, CreatedInvitation, Role } from "@slotwire/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { type DashboardHub, owner, startDashboardHub } from "./dashboard-hub.ts";
import { screenProblems } from "./screen-problems.ts";

let hub: DashboardHub;
let browser: Browser;
let page: Page;
const troubles: string[] = [];

beforeAll(async () => {
  hub = await startDashboardHub();
  browser = await launchBrowser();
  page = await openPage(browser, troubles);
  await page.goto(`${hub.address}/sign-in`);
  await page.getByRole("textbox", { name: "E-mail" }).fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
});

afterAll(async () => {
  await closePages(browser);
  await hub?.close();
});

afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
});

async function makeKey(headers: Record<string, string>, name: string): Promise<CreatedApiKey> {
  const answer = await fetch(`${hub.address}/api/v1/api-keys`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: JSON.stringify({ name, scopes: ["admin"] }),
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as CreatedApiKey;
}

const holding = ({ key }: CreatedApiKey) => ({ authorization: `Bearer ${key}` });

/** Invites somebody, who joins. @returns the headers of their browser */
async function join(name: string, role: Role): Promise<Record<string, string>> {
  const email = `${name.toLowerCase()}@salon.example`;
  const { link } = await hub.api<CreatedInvitation>("POST", "/invitations", { email, role });
  const answer = await fetch(`${hub.address}/api/v1/invitations/accept`, {
    method: "POST",
    headers: { "content-type": "application/json", "sec-fetch-site": "same-origin" },
    body: JSON.stringify({
      token: new URL(link).hash.replace("#token=", ""),
      new_account: true,
      name,
      password: "a small boat on the lake",
    }),
  });
  const [cookie = ""] = answer.headers.getSetCookie();
  return { cookie: cookie.split(";")[0] ?? "", "sec-fetch-site": "same-origin" };
}

async function open(path: string, title: string): Promise<void> {
  await page.goto(`${hub.address}${path}`);
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
}

it("the question whether to revoke a key names the keys that end with it", async () => {
  const headers = await join("Jonas", "admin");
  const deploy = await makeKey(headers, "Deployment");
  const shop = await makeKey(holding(deploy), "Web shop");
  await makeKey(holding(shop), "Newsletter");
  await open("/settings/keys", "API keys");
  await page.getByText("made with the key Web shop").waitFor();
  await page.getByRole("button", { name: "Revoke Deployment" }).click();
  const question = page.getByRole("dialog", { name: "Revoke Deployment" });
  await question.getByText("This also revokes 2 keys it made").waitFor();
  expect(await question.getByRole("listitem").allInnerTexts()).toEqual([
    expect.stringContaining("Newsletter"),
    expect.stringContaining("Web shop"),
  ]);
  expect(await screenProblems(page)).toEqual([]);
  await question.getByRole("button", { name: "Revoke" }).click();
  for (const name of ["Deployment", "Web shop", "Newsletter"]) {
    await page.getByRole("heading", { name }).waitFor({ state: "detached" });
  }
});

it("a change of role names the keys that go on, and ends them when that is ticked", async () => {
  const headers = await join("Karin", "admin");
  const crm = await makeKey(headers, "CRM");
  await open("/settings/members", "Members");
  await page.getByRole("button", { name: "Change Karin" }).click();
  const dialog = page.getByRole("dialog", { name: "Karin" });
  await dialog.getByRole("radio", { name: /^Owner/ }).check();
  expect(await dialog.getByText("will go on working").count()).toBe(0);
  await dialog.getByRole("radio", { name: /^Manager/ }).check();
  await dialog.getByText("1 API key that Karin made will go on working").waitFor();
  await dialog.getByRole("checkbox", { name: /^Revoke it, too/ }).check();
  expect(await screenProblems(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  const call = await fetch(`${hub.address}/api/v1/bookings`, { headers: holding(crm) });
  expect(call.status).toBe(401);
});

it("removing somebody names their keys; those of the organisation end when that is ticked", async () => {
  const headers = await join("Lena", "developer");
  await makeKey(headers, "Trying out");
  const members = await hub.api<{ data: { user_id: string; name: string }[] }>("GET", "/members");
  const { user_id: id } = members.data.find(({ name }) => name === "Lena") ?? { user_id: "" };
  await hub.api("PATCH", `/members/${id}`, { role: "admin" });
  const [till, report] = [await makeKey(headers, "Till"), await makeKey(headers, "Report")];
  await open("/settings/members", "Members");
  const ask = async () => {
    await page.getByRole("button", { name: "Change Lena" }).click();
    const dialog = page.getByRole("dialog", { name: "Lena" });
    await dialog.getByRole("button", { name: "Remove" }).click();
    return page.getByRole("dialog", { name: "Remove" });
  };
  const question = await ask();
  await question.getByText("1 API key of their own will stop working").waitFor();
  await question.getByText("2 API keys that Lena made will go on working").waitFor();
  const checkbox = question.getByRole("checkbox", { name: /^Revoke them, too/ });
  await checkbox.check();
  await checkbox.press("Enter");
  expect(await checkbox.isChecked()).toBe(true);
  expect(await screenProblems(page)).toEqual([]);
  await question.getByRole("button", { name: "Remove" }).click();
  await page.getByText("lena@salon.example").waitFor({ state: "detached" });
  for (const key of [till, report]) {
    const call = await fetch(`${hub.address}/api/v1/bookings`, { headers: holding(key) });
    expect(call.status).toBe(401);
  }
});
