import { setTimeout } from "node:timers/promises";
import type { Page } from "playwright-core";
import { accessibilityProblems, colourProblems, overflow, windows } from "./browser.ts";

/** Until the page has been drawn anew: colours change with a frame. */
const nextFrame = (): Promise<boolean> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)));
  });
/** How long a frame may take on a busy machine, in milliseconds. */
const FRAME_DEADLINE = 3000;

/** Waits until the page is drawn. A window that changed its size now and then waits for another change to be. */
async function untilDrawn(page: Page): Promise<void> {
  for (;;) {
    const isSettled = new AbortController();
    const late = setTimeout(FRAME_DEADLINE, false, { signal: isSettled.signal }).catch(() => false);
    const isDrawn = await Promise.race([page.evaluate(nextFrame), late]);
    isSettled.abort();
    if (isDrawn) return;
    const size = page.viewportSize() ?? windows.wide;
    await page.setViewportSize({ ...size, height: size.height + 1 });
    await page.setViewportSize(size);
  }
}

/**
 * What is wrong with how the page is shown now: accessibility, and what is wider than the window;
 * light and dark, wide and narrow. The page is as wide and light afterwards as before.
 */
export async function screenProblems(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const [size, viewport] of Object.entries(windows)) {
    await page.setViewportSize(viewport);
    found.push(...(await problemsAtThisSize(page)).map((problem) => `${size}, ${problem}`));
  }
  await page.setViewportSize(windows.wide);
  await untilDrawn(page);
  return found;
}

/** The same in a window as large as it is. The page is light afterwards. */
export async function problemsAtThisSize(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: "light" });
  await untilDrawn(page);
  const inLight = await accessibilityProblems(page);
  const excess = await overflow(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await untilDrawn(page);
  const inDark = await colourProblems(page);
  await page.emulateMedia({ colorScheme: "light" });
  return [
    ...inLight.map((problem) => `light: ${problem}`),
    ...inDark.map((problem) => `dark: ${problem}`),
    ...(excess > 0 ? [`wider than the window by ${excess} pixels`] : []),
  ];
}
