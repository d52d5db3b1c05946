import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { da } from "../packages/react/src/messages/da.ts";
import { en, type Language } from "../packages/react/src/messages/en.ts";
import { pl } from "../packages/react/src/messages/pl.ts";
import { sv } from "../packages/react/src/messages/sv.ts";
import { englishTexts } from "../packages/react/test/english-texts.ts";
import { windows } from "./browser.ts";
import { bundlePage } from "./bundle-page.ts";
import { type ComponentsFixture, startComponents } from "./components-fixture.ts";
import { testDay } from "./dashboard-hub.ts";
import { problemsAtThisSize } from "./screen-problems.ts";

let fixture: ComponentsFixture;
let page: Page;
beforeAll(async () => {
  fixture = await startComponents(bundlePage("test/components-page.tsx"));
  ({ page } = fixture);
  await page.setViewportSize(windows.narrow);
});
afterAll(() => fixture?.close());
afterEach(async () => {
  await fixture.allow();
  expect(fixture.troubles.splice(0)).toEqual([]);
});

/** All that somebody of the page's components sees or hears. */
function shownTexts(): Promise<string[]> {
  return page.evaluate(() => {
    const told = ["aria-label", "title", "placeholder", "alt"];
    const roots = [...document.querySelectorAll(".sw, .sw-cal-com, .sw-connection")];
    return roots.flatMap((root) => {
      const texts = [];
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) texts.push(walker.currentNode.textContent ?? "");
      const elements = [root, ...root.querySelectorAll("*")];
      const labels = elements.flatMap((element) => told.map((name) => element.getAttribute(name)));
      return [...texts, ...labels].filter((text) => text !== null && text.trim() !== "");
    }) as string[];
  });
}

/** Nothing of it is English, and all of it fits a phone. */
async function expectNoEnglish(language: Language, what: string): Promise<void> {
  const shown = await shownTexts();
  expect(shown.length, what).toBeGreaterThan(0);
  expect(englishTexts(shown, language), what).toEqual([]);
  // The key's own name, which nobody translates.
  const said = shown.join("\n").replaceAll("API key of the environment", "");
  expect(said, what).not.toMatch(/\b(was|were|has|have|the|not|been|your)\b/i);
  expect(await problemsAtThisSize(page), what).toEqual([]);
}

it("finds English where it is", async () => {
  const { id } = await fixture.bookHere({ name: "Ola Ord", from: "05:00", to: "06:00" });
  await fixture.open("StatusChangeForm", { bookingId: id });
  await page.getByRole("radio").first().waitFor();
  const found = englishTexts(await shownTexts(), sv);
  expect(found).toContain(en.change.moves.checked_in);
  expect(found).toContain(en.change.title);
  expect(found.length).toBeGreaterThan(7);
});

const busy = (): Promise<void> =>
  page.locator(".sw-panel[aria-busy=true]").waitFor({ state: "detached" });

describe.each([
  ["sv", sv],
  ["da", da],
  ["pl", pl],
] as const)("in the language %s no English is left", (name, language: Language) => {
  const { common, events, change, dayBoard, quickAdd } = language;
  const open = (show: string, props: object = {}): Promise<void> => fixture.open(show, props, name);
  const button = (text: string) => page.getByRole("button", { name: text, exact: true });

  it("of live events, what they say, and a connection that is not there", async () => {
    await open("RealTimeBookingEvents");
    await page.locator('.sw-events [data-status="live"]').waitFor();
    const visit = await fixture.bookHere({ name: "Ewa", from: "06:00", to: "07:00" });
    await page.locator(".sw-toast").waitFor();
    await fixture.hub.api("POST", `/bookings/${visit.id}/reschedule`, {
      starts_at: `${testDay}T07:00:00Z`,
      ends_at: `${testDay}T08:00:00Z`,
    });
    await fixture.hub.api("POST", `/bookings/${visit.id}/cancel`, {});
    await page
      .locator(".sw-event", { hasText: events.types["booking.cancelled"] })
      .first()
      .waitFor();
    await expectNoEnglish(language, "events");
    await page.getByPlaceholder(events.search).fill("qwertz");
    await page.getByText(events.noMatch).waitFor();
    await expectNoEnglish(language, "no match");
    await fixture.refuse(403, "stream*");
    await open("RealTimeBookingEvents");
    await page.getByText(events.denied(""), { exact: false }).waitFor();
    await expectNoEnglish(language, "denied");
  });

  it("of tasks, done and not saved", async () => {
    await fixture.bookAtSite({
      bookingId: `task-${name}`,
      name: "Olle Past",
      email: "olle@mail.example",
      scheduledDate: "2026-11-18T10:00:00Z",
    });
    await open("TasksWidget");
    await page.getByRole("checkbox").first().check();
    await button(language.tasks.hideDone(1)).waitFor();
    await expectNoEnglish(language, "tasks");
    await fixture.refuse(403, "tasks/*");
    await page.getByRole("checkbox").nth(1).click();
    await page.getByText(common.forbidden, { exact: false }).waitFor();
    await expectNoEnglish(language, "not saved");
  });

  it("of a lead's meetings, the next ones, and what cannot be had", async () => {
    const { lead } = await fixture.bookAtSite({
      bookingId: `tab-${name}`,
      name: "Jan Nowak",
      email: `jan.${name}@mail.example`,
      scheduledDate: "2031-06-02T07:00:00Z",
      meetingUrl: "https://meet.example/jan",
      notes: "Ok",
    });
    await open("BookingsTab", { leadId: lead?.id });
    await page.getByRole("listitem").first().waitFor();
    await expectNoEnglish(language, "a lead's meetings");
    await open("UpcomingBookings");
    await page.getByRole("listitem").first().waitFor();
    await expectNoEnglish(language, "the next meetings");
    await fixture.refuse(502, "activities*");
    await open("UpcomingBookings");
    await page.getByRole("alert").waitFor();
    await expectNoEnglish(language, "no meetings");
    await open("ConnectionBadge");
    await expectNoEnglish(language, "the connection");
  });

  it("of a booking that is brought in by its id", async () => {
    await open("QuickAddFromBooking");
    await button(quickAdd.open).click();
    const id = page.getByLabel(quickAdd.id);
    await id.fill("qwertz");
    await page.getByText(quickAdd.notFound, { exact: false }).waitFor();
    await expectNoEnglish(language, "no such booking");
    const { uid } = fixture.calcom.book({
      start: "2031-07-01T08:00:00Z",
      attendee: { name: `Quick ${name}`, email: `quick.${name}@mail.example` },
      location: "Nygade 7",
    });
    await id.fill(uid);
    await page.getByText("Nygade 7").waitFor();
    await expectNoEnglish(language, "found");
    await button(quickAdd.import).click();
    await button(quickAdd.another).waitFor();
    await expectNoEnglish(language, "imported");
  });

  it("of a status that changes, and why it does not", async () => {
    const visit = await fixture.bookHere({
      name: "Per",
      from: "08:00",
      to: "09:00",
      status: "pending",
    });
    await open("StatusChangeForm", { bookingId: visit.id });
    await page.getByLabel(change.moves.confirmed).check();
    await page.route(/\/status$/, (route) =>
      route.fulfill({
        status: 409,
        contentType: "application/problem+json",
        body: JSON.stringify({
          type: "about:blank",
          title: "The booking cannot go from its state to that one",
          status: 409,
          code: "E_TRANSITION",
          detail: "It was not possible.",
          remedy: "Choose one of the states listed in `allowed`.",
        }),
      }),
    );
    await button(change.submit).click();
    const why = common.errors["E_TRANSITION"] ?? "";
    await page.getByRole("alert").getByText(why, { exact: false }).waitFor();
    await expectNoEnglish(language, "refused");
    await page.unroute(/\/status$/);
    await button(change.submit).click();
    await page.getByText(change.done(language.statuses.confirmed)).waitFor();
    await expectNoEnglish(language, "changed");
    const { id } = await fixture.bookAtCalCom(
      `Cal ${name}`,
      `${{ sv: "15", da: "17", pl: "19" }[name]}:00`,
    );
    fixture.api.trouble = () => ({ status: 429, headers: { "retry-after": "40" } });
    await open("StatusChangeForm", { bookingId: id });
    await page.getByLabel(change.moves.cancelled).check();
    await expectNoEnglish(language, "asks a source");
    await button(change.submit).click();
    await page.getByText(common.errors["E_SOURCE_UNAVAILABLE"] ?? "", { exact: false }).waitFor();
    await expectNoEnglish(language, "pending");
    await button(change.withdraw).click();
    await page.getByText(change.choose).waitFor();
  });

  it("of a day and a booking that is moved", async () => {
    const visit = await fixture.bookHere({ name: `Mia ${name}`, from: "10:00", to: "10:30" });
    await open("DayBoard", { date: testDay });
    await busy();
    await page.getByText(`Mia ${name}`).first().waitFor();
    await expectNoEnglish(language, "the day");
    await button(dayBoard.moveOf(`Mia ${name}`)).click();
    await page.getByLabel(dayBoard.start).waitFor();
    await expectNoEnglish(language, "to move");
    await page.getByLabel(dayBoard.start).fill("12:15");
    await button(dayBoard.moveNow).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    await expectNoEnglish(language, "moved");
    await fixture.hub.api("POST", `/bookings/${visit.id}/cancel`, {});
  });

  it("of a booking form", async () => {
    await open("CalComEmbedWithPrefill", {
      calLink: "salon/strzyzenie",
      customers: [
        { id: "c", name: "Jan", subjects: [{ id: "p", name: "Burek" }] },
        { id: "d", name: "Ewa" },
      ],
    });
    await page.getByText("Burek").first().waitFor();
    await expectNoEnglish(language, "pets");
    await page
      .getByRole("searchbox")
      .or(page.getByRole("combobox"))
      .or(page.getByRole("textbox"))
      .first()
      .fill("qwertz");
    await page.getByText(language.calCom.noMatch("qwertz")).waitFor();
    await expectNoEnglish(language, "no pet");
  });
});
