import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bundlePage, documentOf, renderOnServer } from "./bundle-page.ts";
import { type ComponentsFixture, startComponents } from "./components-fixture.ts";
import { testDay } from "./dashboard-hub.ts";

let fixture: ComponentsFixture;
let page: Page;
beforeAll(async () => {
  fixture = await startComponents(bundlePage("test/components-page.tsx", 18));
  ({ page } = fixture);
});
afterAll(() => fixture?.close());
afterEach(async () => {
  await fixture.allow();
  expect(fixture.troubles.splice(0)).toEqual([]);
});

describe("with React 18, under StrictMode", () => {
  it("shows every component, and what happens meanwhile", async () => {
    const { id } = await fixture.bookHere({ name: "Old React", from: "15:00", to: "15:30" });
    const { lead } = await fixture.bookAtSite({
      bookingId: "old",
      name: "Old Lead",
      email: "old@mail.example",
      scheduledDate: "2031-08-02T07:00:00Z",
    });
    const shown: [string, object, string][] = [
      ["ConnectionBadge", {}, ".sw-connection[data-status=live]"],
      ["RealTimeBookingEvents", {}, ".sw-event"],
      ["BookingEventMonitor", { bookingId: id }, ".sw-event"],
      ["UserEventMonitor", {}, ".sw-events [data-status=live]"],
      ["UpcomingBookings", {}, ".sw-row"],
      ["BookingsTab", { leadId: lead?.id }, ".sw-row"],
      ["TasksWidget", {}, ".sw-check"],
      ["DayBoard", { date: testDay }, ".sw-day-card"],
      ["StatusChangeForm", { bookingId: id }, ".sw-choice"],
      ["QuickAddFromBooking", {}, ".sw-quick"],
      [
        "CalComEmbedWithPrefill",
        { calLink: "salon/grooming", customers: [{ id: "c", name: "Jan" }] },
        ".sw-pets-option",
      ],
    ];
    for (const [name, props, proof] of shown) {
      await fixture.open(name, props);
      await page.locator(proof).first().waitFor();
      expect(fixture.troubles, name).toEqual([]);
    }
  });

  it("changes a status, moves a booking, ticks a task off and shows messages", async () => {
    const { id } = await fixture.bookHere({ name: "Old Change", from: "17:00", to: "17:30" });
    await fixture.open("StatusChangeForm", { bookingId: id });
    await page.getByRole("radio", { name: "Check in" }).check();
    await page.getByRole("button", { name: "Change status" }).click();
    await page.getByText("Saved: Checked in.").waitFor();
    await fixture.open("DayBoard", { date: testDay });
    await page.getByRole("button", { name: "Move the booking of Old Change" }).click();
    await page.getByLabel("Start").fill("19:15");
    await page.getByRole("button", { name: "Move", exact: true }).click();
    await page.getByText(/^Moved to /).waitFor();
    await fixture.open("TasksWidget");
    await page.getByRole("checkbox").first().check();
    await page.getByRole("button", { name: /^Undo: / }).waitFor();
    await fixture.open("RealTimeBookingEvents");
    await page.locator(".sw-events [data-status=live]").waitFor();
    await fixture.hub.api("POST", `/bookings/${id}/cancel`, {});
    await page.locator(".sw-toast").waitFor();
    await page.getByRole("button", { name: /^Dismiss: / }).click();
    await page.locator(".sw-toast").waitFor({ state: "detached" });
  });
});

it.each([18, 19] as const)(
  "takes over what a server has rendered, with React %i",
  async (react) => {
    const [bundled, html] = await Promise.all([
      bundlePage("test/hydrated-page.tsx", react),
      renderOnServer("test/server-page.tsx", react),
    ]);
    expect(html).toContain("Strzyżenie");
    await page.route(`${fixture.hub.address}/hydrated`, (route) =>
      route.fulfill({
        contentType: "text/html",
        body: documentOf(bundled, `<main>${html}</main>`),
      }),
    );
    await page.goto(`${fixture.hub.address}/hydrated`);
    await page.locator(`html[data-react^="${react}."]`).waitFor();
    await page.locator(".sw-connection[data-status=live]").first().waitFor();
    // What the hub tells goes before what was rendered.
    await page.locator(".sw-change").getByRole("alert").waitFor();
    await page.locator(".sw-event").first().waitFor();
  },
);
