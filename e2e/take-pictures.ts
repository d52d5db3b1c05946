import type { Page } from "playwright-core";
import { windows } from "./browser.ts";

/** Where pictures of screens go, for people to look at; nowhere unless set. */
const folder = process.env["SLOTWIRE_TEST_PICTURES"];

/** Takes pictures of the whole page, wide and narrow, light and dark, when they are asked for. */
export async function takePictures(page: Page, name: string): Promise<void> {
  if (folder === undefined) return;
  for (const [size, viewport] of Object.entries(windows)) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const path = `${folder}/${name}-${size}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(windows.wide);
}
