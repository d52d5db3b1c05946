import type { FeedResource, List } from "@slotwire/contract";
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
  await hub.book({ uid: "feed-1", name: "Jan Kowalski", from: "13:00", to: "14:00" });
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

/** A picture where `SLOTWIRE_PICTURES` names a folder, for whoever wants to look. */
async function look(name: string): Promise<void> {
  const folder = process.env["SLOTWIRE_PICTURES"];
  if (folder === undefined) return;
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ] as const) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height });
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png` });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 800 });
}

it("somebody makes a feed, subscribes to its address, and ends it", async () => {
  await page.goto(`${hub.address}/settings/feeds`);
  await page.getByText("No calendar feeds yet").waitFor();
  expect(await screenProblems(page)).toEqual([]);
  await look("feeds-empty");

  await page.getByRole("button", { name: "Make a feed" }).click();
  const form = page.getByRole("dialog", { name: "Make a feed" });
  await form.getByLabel("Name", { exact: true }).fill("The salon's week");
  await form.getByRole("checkbox", { name: /^Show names/ }).check();
  expect(await screenProblems(page)).toEqual([]);
  await look("feeds-form");
  await form.getByRole("button", { name: "Make the feed" }).click();

  const shown = page.getByRole("dialog", { name: "The address of The salon's week" });
  const address = await shown.getByLabel("Address of the feed", { exact: true }).inputValue();
  expect(await screenProblems(page)).toEqual([]);
  await look("feeds-address");
  const calendar = await fetch(address);
  expect(calendar.status).toBe(200);
  expect(await calendar.text()).toContain("Jan Kowalski");
  await shown.getByRole("button", { name: "I have stored it" }).click();

  await page.reload();
  await page.getByRole("heading", { name: "The salon's week" }).waitFor();
  await page.getByText("With names").waitFor();
  await page.getByText("All bookings · 30 days back, 365 ahead").waitFor();
  expect(await page.content()).not.toContain(address.slice(-20));
  expect(await screenProblems(page)).toEqual([]);
  await look("feeds-list");

  await page.getByRole("button", { name: "End The salon's week" }).click();
  const question = page.getByRole("dialog", { name: "End The salon's week" });
  await question.getByRole("button", { name: "End" }).click();
  await page.getByText("No calendar feeds yet").waitFor();
  expect((await fetch(address)).status).toBe(404);
});

it("a customer's feed names whose it is", async () => {
  await hub.api("POST", "/customers", { name: "Åsa Lind" });
  await page.goto(`${hub.address}/settings/feeds`);
  await page.getByRole("button", { name: "Make a feed" }).click();
  const form = page.getByRole("dialog", { name: "Make a feed" });
  await form.getByLabel("Name", { exact: true }).fill("Åsa's visits");
  await form.getByRole("radio", { name: "One customer's" }).check();
  await form.getByRole("button", { name: "Make the feed" }).click();
  await form.getByText("Say whose it is.").waitFor();
  await form.getByRole("searchbox", { name: "Search customers" }).fill("Åsa");
  await form.getByRole("radio", { name: "Åsa Lind" }).check();
  expect(await screenProblems(page)).toEqual([]);
  await form.getByRole("button", { name: "Make the feed" }).click();
  await page.getByRole("button", { name: "I have stored it" }).click();
  await page.getByText("Bookings of Åsa Lind").waitFor();
  const { data } = await hub.api<List<FeedResource>>("GET", "/feeds");
  expect(data).toMatchObject([{ scope: "customer", customer: { name: "Åsa Lind" } }]);
});
