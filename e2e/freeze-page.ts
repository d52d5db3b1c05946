import type { Page } from "playwright-core";

/**
 * Stops everything in a page, as a browser does with one that nobody looks at, and a laptop that
 * sleeps with all of them. Chromium without a window never hides a page, and freezes none that is
 * shown: the debugger stops it instead.
 * @returns lets it go on
 */
export async function freezePage(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  await session.send("Debugger.enable");
  const paused = new Promise((resolve) => session.once("Debugger.paused", resolve));
  await session.send("Debugger.pause");
  const expression = "setTimeout(() => {})";
  const step = session.send("Runtime.evaluate", { expression });
  await paused;
  return async () => {
    await session.send("Debugger.resume");
    await step;
    await session.detach();
  };
}
