import axe, { type AxeResults, type RunOptions } from "axe-core";
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from "playwright-core";
import { testNow } from "./dashboard-hub.ts";

let launched: Promise<Browser> | undefined;

/**
 * Starts Chromium, once for all test files of this process, with which it ends: the one that the
 * test runner found, or Debian's. Each file closes what it opened there by `closePages`.
 */
export async function launchBrowser(): Promise<Browser> {
  const running = await launched;
  if (running?.isConnected() === true) return running;
  launched = chromium.launch({
    executablePath: process.env.SLOTWIRE_TEST_CHROMIUM ?? "/usr/bin/chromium",
    // Containers mostly run as root, where Chromium's own sandbox does not start.
    args: ["--no-sandbox"],
  });
  return launched;
}

/** Closes all pages with their cookies; there are none when the browser did not start. */
export async function closePages(browser: Browser | undefined): Promise<void> {
  await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
}

/** Sizes of window that the dashboard is made for. */
export const windows = {
  wide: { width: 1280, height: 800 },
  narrow: { width: 390, height: 844 },
} as const;

/**
 * Opens a page that believes in the tests' time of day. What goes wrong in it fails the test.
 * @param troubles takes what the page complained about, in words
 */
export async function openPage(
  browser: Browser,
  troubles: string[],
  options: BrowserContextOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    viewport: windows.wide,
    locale: "en-GB",
    reducedMotion: "reduce",
    ...options,
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  await page.clock.setFixedTime(testNow);
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => {
    // Chromium reports every answer with 4xx or 5xx; the page itself says nothing at this level.
    const isAnswer = message.text().startsWith("Failed to load resource");
    if (["error", "warning"].includes(message.type()) && !isAnswer) troubles.push(message.text());
  });
  return page;
}

/** Of axe-core's rules, those that ask about colours; all others ask about structure and layout. */
const colourRules = ["color-contrast", "link-in-text-block"];

/** What axe-core finds wrong with the page, in words; WCAG 2.2 AA and its best practices. */
export function accessibilityProblems(page: Page): Promise<string[]> {
  return runAxe(page, {});
}

/** The same of its colours alone: all that another colour scheme can change, as it is variables. */
export function colourProblems(page: Page): Promise<string[]> {
  return runAxe(page, { runOnly: { type: "rule", values: colourRules } });
}

async function runAxe(page: Page, options: RunOptions): Promise<string[]> {
  // Half a megabyte, which every document needs once.
  if (await page.evaluate(() => !("axe" in globalThis))) await page.evaluate(axe.source);
  // No rule reads style sheets, which `preload` would fetch and parse each time.
  // What is in a frame is somebody else's page.
  const settings: RunOptions = {
    ...options,
    resultTypes: ["violations"],
    preload: false,
    iframes: false,
  };
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(${JSON.stringify(settings)}).then(({ violations }) => ({ violations }))`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.failureSummary ?? ""}`),
  );
}

/** By how many pixels the page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

/** Whether all of an element's text is drawn inside its box and the window: wrapped, not cut off. */
export function showsAllText(locator: Locator): Promise<boolean> {
  return locator.evaluate((element) => {
    const text = document.createRange();
    text.selectNodeContents(element);
    const drawn = text.getBoundingClientRect();
    const box = element.getBoundingClientRect();
    // Line boxes and borders lie on fractions of pixels.
    const fits = (inner: number, outer: number): boolean => inner <= outer + 1;
    return (
      drawn.width > 0 &&
      fits(Math.max(0, box.left), drawn.left) &&
      fits(drawn.right, Math.min(box.right, document.documentElement.clientWidth)) &&
      fits(box.top, drawn.top) &&
      fits(drawn.bottom, box.bottom)
    );
  });
}
