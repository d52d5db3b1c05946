import type { Page } from "playwright-core";
import { accessibilityProblems, colourProblems, overflow, windows } from "./browser.ts";

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
    found.push(...(await problemsAtThisSize(page)).map((problem) => `${size}, ${problem}`));
  }
  await page.setViewportSize(windows.wide);
  return found;
}

/** The same in a window as large as it is. The page is light afterwards. */
export async function problemsAtThisSize(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: "light" });
  await page.evaluate(nextFrame);
  const inLight = await accessibilityProblems(page);
  const excess = await overflow(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await page.evaluate(nextFrame);
  const inDark = await colourProblems(page);
  await page.emulateMedia({ colorScheme: "light" });
  return [
    ...inLight.map((problem) => `light: ${problem}`),
    ...inDark.map((problem) => `dark: ${problem}`),
    ...(excess > 0 ? [`wider than the window by ${excess} pixels`] : []),
  ];
}
