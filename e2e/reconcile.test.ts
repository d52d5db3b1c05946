import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { systemClock } from "../apps/server/src/clock.ts";
import { FakeCalcom } from "../apps/server/test/fake-calcom-api/fake-calcom.ts";
import {
  fakeApiKey,
  type FakeCalcomApi,
  startFakeCalcomApi,
} from "../apps/server/test/fake-calcom-api/server.ts";
import type { WebhookBody } from "../apps/server/test/fake-calcom-api/webhook-bodies.ts";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { type DashboardHub, owner, startDashboardHub } from "./dashboard-hub.ts";
import { screenProblems } from "./screen-problems.ts";

const DAY = 24 * 60 * 60 * 1000;

let calcom: FakeCalcom;
let api: FakeCalcomApi;
let hub: DashboardHub;
let browser: Browser;
let page: Page;
const troubles: string[] = [];

beforeAll(async () => {
  calcom = new FakeCalcom(systemClock);
  api = await startFakeCalcomApi(calcom);
  hub = await startDashboardHub();
  browser = await launchBrowser();
  page = await openPage(browser, troubles);
  // What is compared lies around the hub's own time.
  await page.clock.setFixedTime(new Date());
  await page.goto(`${hub.address}/sign-in`);
  await page.getByRole("textbox", { name: "E-mail" }).fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("navigation", { name: "Main" }).waitFor();
});

afterAll(async () => {
  await closePages(browser);
  await hub?.close();
  await api?.close();
});

afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
});

/** Webhooks tell times to the second. */
const inDays = (days: number): string =>
  new Date(Math.floor(Date.now() / 1000) * 1000 + days * DAY).toISOString();

it("a connection without a key offers no comparison, and takes one", async () => {
  await page.goto(`${hub.address}/settings/connections`);
  const panel = page.getByRole("region", { name: "Cal.com" });
  await panel.getByText("It cannot be compared with the source").waitFor();
  expect(await panel.getByRole("link", { name: "Compare with the source" }).count()).toBe(0);
  expect(await screenProblems(page)).toEqual([]);
  await panel.getByRole("button", { name: "Add the key" }).click();
  const dialog = page.getByRole("dialog");
  const key = dialog.getByLabel("API key", { exact: true });
  expect(await key.evaluate((field) => field === document.activeElement)).toBe(true);
  await key.fill(fakeApiKey);
  await dialog.getByLabel("API address").fill(`${api.url}/v2`);
  expect(await screenProblems(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
  await panel.getByRole("link", { name: "Compare with the source" }).waitFor();
  expect(await panel.getByText("It cannot be compared with the source").count()).toBe(0);
});

it("a source that cannot be asked says so, also to who comes by its address", async () => {
  const { id } = await hub.api<{ id: string }>("POST", "/connections", {
    kind: "generic",
    name: "Koala",
    auth_modes: ["url_token"],
  });
  await page.reload();
  const panel = page.getByRole("region", { name: "Koala" });
  await panel.getByText("the hub knows no API of this kind").waitFor();
  expect(await panel.getByRole("link", { name: "Compare with the source" }).count()).toBe(0);
  await page.goto(`${hub.address}/settings/connections/${id}`);
  await page.getByRole("heading", { name: "It cannot be compared with its source" }).waitFor();
  expect(await screenProblems(page)).toEqual([]);
  await page.getByRole("link", { name: "To the connection" }).click();
  await panel.waitFor();
});

it("what was missed is found, put right, and told in words", async () => {
  const told = calcom.book({ start: inDays(2), attendee: person("Emily Carter") });
  await hub.send(body(calcom.messages.at(-1)));
  calcom.book({ start: inDays(3), attendee: person("Lars Mikkelsen") });
  await page.getByRole("link", { name: "Compare with the source" }).click();
  await page.getByRole("heading", { name: "Not compared yet" }).waitFor();
  await page.getByLabel("Only look, change nothing").check();
  await page.getByRole("button", { name: "Compare now" }).click();
  await page.getByText("1 the same, 1 missing here, nothing was changed").waitFor();
  expect(await screenProblems(page)).toEqual([]);

  await page.getByLabel("Only look, change nothing").uncheck();
  await page.getByRole("button", { name: "Compare now" }).click();
  const sentence = page.getByText(
    /^Compared 2 bookings of .*: 1 the same, 1 missing here, 1 put right\.$/,
  );
  await sentence.waitFor();
  await page.getByText("Grooming between Ewa Nowak and Lars Mikkelsen").waitFor();
  await page.getByText("Missing here · Booking #").waitFor();
  expect(await screenProblems(page)).toEqual([]);
  expect(told.status).toBe("ACCEPTED");
});

it("a refused key says what to do, and the booking leads to its page", async () => {
  api.trouble = () => ({
    status: 401,
    body: JSON.stringify({ status: "error", error: { message: "Invalid API Key" } }),
  });
  await page.getByRole("button", { name: "Compare now" }).click();
  await page.getByText("The source refuses the API key").waitFor();
  expect(await screenProblems(page)).toEqual([]);
  api.trouble = null;
  await page.getByRole("link", { name: /1 put right/ }).click();
  await page.getByRole("link", { name: /^Booking #/ }).click();
  await page.getByRole("heading", { level: 1, name: /Lars Mikkelsen/ }).waitFor();
  await page.getByText("Cal.com (reconcile)").first().waitFor();
});

function person(name: string): { name: string; email: string } {
  return { name, email: `${name.split(" ")[0]?.toLowerCase()}@mail.example` };
}

function body(message: WebhookBody | undefined): Parameters<DashboardHub["send"]>[0] {
  if (message === undefined) throw new Error("nothing was sent");
  return message as Parameters<DashboardHub["send"]>[0];
}
