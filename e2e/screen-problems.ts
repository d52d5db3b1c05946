import type { Page } from "playwright-core";
import { accessibilityProblems, overflow, windows } from "./browser.ts";

/** Until the page has been drawn anew: colours change with a frame. */
const nextFrame = (): Promise<void> =>
  new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });

/**
 * What is wrong with how the page is shown now: accessibility, and what is wider than the window;
 * light and dark, wide and narrow. The page is as wide and light afterwards as before.
 */
export async function screenProblems(page: Page): Promise<string[]> {
  const found: string[] = [];
  for (const [size, viewport] of Object.entries(windows)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(nextFrame);
      const problems = await accessibilityProblems(page);
      found.push(...problems.map((problem) => `${size}, ${colorScheme}: ${problem}`));
    }
    const excess = await overflow(page);
    if (excess > 0) found.push(`${size}: wider than the window by ${excess} pixels`);
  }
  await page.setViewportSize(windows.wide);
  await page.emulateMedia({ colorScheme: "light" });
  return found;
}
