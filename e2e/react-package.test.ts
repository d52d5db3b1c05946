import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FlakyHub, openFlakyHub } from "../packages/client/test/flaky-hub.ts";
import { closePages, launchBrowser } from "./browser.ts";
import { bundlePage } from "./bundle-page.ts";

let browser: Browser;
let script: string;
let hub: FlakyHub;
let page: Page;
let problems: string[];

beforeAll(async () => {
  const [bundle, chrome] = await Promise.all([bundlePage("test/page.tsx"), launchBrowser()]);
  ({ script } = bundle);
  browser = chrome;
});
beforeEach(async () => {
  hub = await openFlakyHub();
  page = await browser.newPage();
  problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    // React says on the console what it holds against a component.
    if (message.type() === "error" && !message.text().startsWith("Failed to load")) {
      problems.push(message.text());
    }
  });
  const address = `${hub.baseUrl}/page`;
  await page.route(address, (route) =>
    route.fulfill({ contentType: "text/html", body: `<!doctype html><script>${script}</script>` }),
  );
});
afterEach(async () => {
  await page.close();
  await hub.close();
});
afterAll(() => closePages(browser));

async function openPage(): Promise<void> {
  await page.goto(`${hub.baseUrl}/page`);
  await page.locator('[data-status="live"]').waitFor();
}

const items = (feed: string): Promise<string[]> => page.locator(`#${feed} li`).allTextContents();
const handed = (): Promise<number[]> =>
  page.evaluate(() => (globalThis as unknown as { handles: { handed: number[] } }).handles.handed);
const untilState = (text: string): Promise<void> =>
  page.locator("#first .state", { hasText: text }).waitFor();

describe("the React package in a browser", () => {
  it("shares one connection among components, under StrictMode, without complaints", async () => {
    await openPage();
    hub.append(7);
    await untilState("connected at 7");
    expect(await items("first")).toHaveLength(5);
    expect((await items("first"))[0]).toContain("visit 7");
    expect(await items("second")).toEqual(await items("first"));
    expect(await handed()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(hub.positions).toEqual(["0"]);
    expect(problems).toEqual([]);
  });

  it("keeps what it shows while the connection is away, and misses nothing", async () => {
    hub.behaviours = [{ cutAfter: 2500 }, { cutAfter: 900 }, {}];
    await openPage();
    hub.append(20);
    await untilState("connected at 20");
    expect(await handed()).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(hub.positions.length).toBe(3);
  });

  it("follows on when one of its components goes, and disconnects when the last one does", async () => {
    await openPage();
    await page.locator("#hide").click();
    hub.append(1);
    await untilState("connected at 1");
    expect(await page.locator("#second").count()).toBe(0);
    await page.evaluate(() =>
      (globalThis as unknown as { handles: { unmount(): void } }).handles.unmount(),
    );
    await expect.poll(() => hub.openConnections(), { timeout: 5000 }).toBe(0);
    expect(hub.positions).toHaveLength(1);
  });

  it("clears one list and leaves the other", async () => {
    await openPage();
    hub.append(2);
    await untilState("connected at 2");
    await page.locator("#first button").click();
    expect(await items("first")).toEqual([]);
    expect(await items("second")).toHaveLength(2);
  });

  it("shows thousands of events in few updates, and keeps only the last", async () => {
    await openPage();
    hub.append(5000);
    await untilState("connected at 5000");
    expect(await handed()).toHaveLength(5000);
    const updates = await page.evaluate(
      () => (globalThis as unknown as { handles: { updates: number } }).handles.updates,
    );
    expect(updates).toBeLessThan(5000);
    expect(await items("first")).toHaveLength(5);
  });

  it("says so when the hub refuses, and stops asking", async () => {
    hub.behaviours = [{ answer: (response) => response.writeHead(403).end() }];
    await page.goto(`${hub.baseUrl}/page`);
    await page.locator('[data-status="denied"]').waitFor();
    expect(hub.positions).toHaveLength(1);
    expect(await page.locator("output").textContent()).toContain("Access denied");
  });
});
