import type { BookingResource } from "@slotwire/contract";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { accessibilityProblems, windows } from "./browser.ts";
import { bundlePage } from "./bundle-page.ts";
import { type ComponentsFixture, startComponents } from "./components-fixture.ts";
import { testDay } from "./dashboard-hub.ts";
import { problemsAtThisSize } from "./screen-problems.ts";

let fixture: ComponentsFixture;
let page: Page;
let visit: BookingResource;
let leadId: string | undefined;
beforeAll(async () => {
  fixture = await startComponents(bundlePage("test/components-page.tsx"));
  ({ page } = fixture);
  visit = await fixture.bookHere({
    name: "Maximilian von Hohenstein-Wolfenbüttel",
    from: "15:00",
    to: "15:30",
    provider: "Aleksandra Wiśniewska-Kowalczyk",
    status: "pending",
  });
  const { lead } = await fixture.bookAtSite({
    bookingId: "looks",
    name: "Maximilian von Hohenstein-Wolfenbüttel",
    email: "maximilian.von.hohenstein-wolfenbuettel@mail.example",
    scheduledDate: "2031-08-02T07:00:00Z",
    meetingUrl: "https://meet.example/a-room-with-a-long-name",
    notes: "https://example.com/an/address/that/is/longer/than/any/line/of/a/telephone/screen",
  });
  leadId = lead?.id;
});
afterAll(() => fixture?.close());
afterEach(async () => {
  await page.setViewportSize(windows.wide);
  await page.emulateMedia({ colorScheme: "light", forcedColors: "none" });
  expect(fixture.troubles.splice(0)).toEqual([]);
});

type Shown = readonly [name: string, props: () => object, proof: string];
const components: readonly Shown[] = [
  ["ConnectionBadge", () => ({}), ".sw-connection"],
  ["RealTimeBookingEvents", () => ({ onOpen: true }), ".sw-event"],
  ["BookingEventMonitor", () => ({ bookingId: visit.id }), ".sw-event"],
  ["UpcomingBookings", () => ({}), ".sw-row"],
  ["BookingsTab", () => ({ leadId }), ".sw-row"],
  ["TasksWidget", () => ({}), ".sw-check"],
  ["DayBoard", () => ({ date: testDay }), ".sw-day-card"],
  ["StatusChangeForm", () => ({ bookingId: visit.id }), ".sw-choice"],
  ["QuickAddFromBooking", () => ({}), ".sw-quick"],
  [
    "CalComEmbedWithPrefill",
    () => ({
      calLink: "salon/grooming",
      customers: [
        {
          id: "c",
          name: "Jan Kowalski",
          subjects: [{ id: "p", name: "Burek", breed: "Labrador" }],
        },
        { id: "d", name: "Maximilian von Hohenstein-Wolfenbüttel" },
      ],
    }),
    ".sw-pets-option",
  ],
];

describe.each(components)("%s", (name, props, proof) => {
  it("is whole and accessible on a small phone, in forced colours and as events arrive", async () => {
    await page.setViewportSize({ width: 320, height: 640 });
    await fixture.open(name, props());
    await page.locator(proof).first().waitFor();
    expect(await problemsAtThisSize(page)).toEqual([]);
    await fixture.hub.api("POST", `/bookings/${visit.id}/reschedule`, {
      starts_at: visit.starts_at,
      ends_at: visit.ends_at,
    });
    const { booking_number: number } = await fixture.bookHere({
      name: `New ${name}`,
      from: "16:00",
      to: "16:30",
    });
    if (name === "RealTimeBookingEvents") {
      await page.locator(".sw-toast", { hasText: `#${number}` }).waitFor();
    }
    expect(await problemsAtThisSize(page)).toEqual([]);
    await page.emulateMedia({ forcedColors: "active" });
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.emulateMedia({ forcedColors: "none" });
    await fixture.picture(`looks-${name}`);
  });

  it("shows where the focus is, on a page that hides it", async () => {
    await fixture.open(name, props());
    await page.locator(proof).first().waitFor();
    await page.addStyleTag({ content: ":focus, :focus-visible { outline: none }" });
    await page.keyboard.press("Tab");
    const unmarked = await page.evaluate(() => {
      const stops = "button, a, input, select, textarea, [tabindex='0']";
      return [...document.querySelectorAll<HTMLElement>(stops)].flatMap((stop) => {
        stop.focus();
        const { outlineStyle } = getComputedStyle(stop);
        const isMarked = document.activeElement !== stop || outlineStyle !== "none";
        return isMarked ? [] : [`${stop.tagName}.${stop.className}`];
      });
    });
    expect(unmarked).toEqual([]);
  });

  it("moves nothing for those who want no motion, and changes nothing outside of itself", async () => {
    await fixture.open(name, props());
    await page.locator(proof).first().waitFor();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    const foreign = `<h2>h</h2><p>p <a href="#">a</a></p><ul><li>l</li></ul><ol><li>o</li></ol>
      <button>b</button><input><textarea></textarea><select></select><fieldset><legend>g</legend></fieldset>
      <dl><dt>t</dt><dd>d</dd></dl><output>o</output><dialog open>d</dialog><label>l</label>`;
    const outside = await page.evaluate((html) => {
      const measure = (): string[] => {
        const place = document.createElement("div");
        place.innerHTML = html;
        document.body.prepend(place);
        const told = [...place.querySelectorAll("*")].map((element) =>
          JSON.stringify(
            Object.values(getComputedStyle(element)).map((key) => [
              key,
              getComputedStyle(element).getPropertyValue(key),
            ]),
          ),
        );
        place.remove();
        return told;
      };
      const withSheets = measure();
      const sheet = document.styleSheets[0] as CSSStyleSheet;
      const layers = [...sheet.cssRules].flatMap((rule, index) =>
        rule instanceof CSSLayerBlockRule ? [index] : [],
      );
      for (const index of layers.toReversed()) sheet.deleteRule(index);
      return { layers: layers.length, before: withSheets, after: measure() };
    }, foreign);
    expect(outside.layers).toBeGreaterThan(0);
    expect(outside.after).toEqual(outside.before);
  });
});
