import type { BookingResource, IncomingBooking, List } from "@slotwire/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { system } from "../apps/server/src/db/database.ts";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { bundlePage, documentOf } from "./bundle-page.ts";
import { type DashboardHub, startDashboardHub } from "./dashboard-hub.ts";
import { type PageServer, startPageServer } from "./page-server.ts";

/** Whose zone all times are to be in. */
const zone = "Europe/Stockholm";
/** Where the browser is: there it is still the day before. */
const browserZone = "America/Los_Angeles";
/** What bookings were made in. */
const bookingZone = "Asia/Tokyo";
const siteSecret = "a secret of the booking site";

/** A page with everything that shows times. */
const text = `
import { createClient } from "@slotwire/client";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "./src/styles.css";
import {
  BookingsTab, DayBoard, RealTimeBookingEvents, SlotwireProvider, StatusChangeForm, TasksWidget,
  UpcomingBookings,
} from "./src/index.ts";
const { bookingId, leadId, date, provided, own = {} } = JSON.parse(decodeURIComponent(location.hash.slice(1)));
const client = createClient();
createRoot(document.body.appendChild(document.createElement("main"))).render(
  <StrictMode>
    <SlotwireProvider client={client} timeZone={provided}>
      <DayBoard date={date} {...own} />
      <UpcomingBookings {...own} />
      <BookingsTab leadId={leadId} {...own} />
      <TasksWidget {...own} />
      <StatusChangeForm bookingId={bookingId} {...own} />
      <RealTimeBookingEvents toasts={false} {...own} />
    </SlotwireProvider>
  </StrictMode>,
);`;

interface Settings {
  /** The day of the board; today when absent. */
  readonly date?: string;
  /** What the provider says of the zone. */
  readonly provided?: string;
  /** Props of each component. */
  readonly own?: { readonly timeZone: string };
}

let hub: DashboardHub;
let browser: Browser;
let document: string;
/** The first that is booked, and its customer's lead. */
let bookingId: string | undefined;
let leadId: string | undefined;
/** That of who is signed in, and of somebody's own site with a key. */
let page: Page;
let byKey: Page;
let site: PageServer;
const troubles: string[] = [];
/** What the hub refused: browsers print it in red. */
const refused: string[] = [];

beforeAll(async () => {
  const bundled = bundlePage({ text });
  hub = await startDashboardHub({
    settings: { SLOTWIRE_TIME_ZONE: bookingZone, CRM_WEBHOOK_SECRET: siteSecret },
  });
  leadId = (await book("may", "2031-05-15T11:00:00Z")).lead?.id;
  bookingId = (await hub.api<List<BookingResource>>("GET", "/bookings?external_id=may")).data[0]
    ?.id;
  // Before and after Stockholm's clocks change.
  await book("night", "2031-03-30T00:30:00Z");
  await book("morning", "2031-03-30T06:00:00Z");
  await hub.running.hub.db.transaction(system, (tx) =>
    tx.query("UPDATE organisation SET time_zone = $1", [zone]),
  );
  const { key } = await hub.api<{ key: string }>("POST", "/api-keys", {
    name: "Site",
    scopes: ["bookings:read", "customers:read", "events:read"],
  });
  browser = await launchBrowser();
  document = documentOf(await bundled);
  site = await startPageServer({
    page: document,
    hub: hub.address,
    apiKey: key,
    makeToken: () => Promise.reject(new Error("Nobody asks for one.")),
  });
  byKey = await openPage(browser, troubles, { timezoneId: browserZone });
  page = await openPage(browser, troubles, { timezoneId: browserZone });
  await page.route(`${hub.address}/zones`, (route) =>
    route.fulfill({ contentType: "text/html", body: document }),
  );
  const [, token] = (await hub.running.signInLink()).split("#token=");
  await page.request.post(`${hub.address}/api/v1/session`, {
    headers: { origin: hub.address },
    data: { token },
  });
  for (const each of [page, byKey]) {
    await each.clock.setFixedTime("2031-05-14T22:30:00Z");
    each.on("response", (response) => {
      if (response.status() >= 400) refused.push(new URL(response.url()).pathname);
    });
  }
});
afterAll(async () => {
  await closePages(browser);
  await site?.close();
  await hub?.close();
});
afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
  refused.length = 0;
});

async function book(id: string, scheduledDate: string): Promise<IncomingBooking> {
  const response = await fetch(`${hub.address}/api/bookings/incoming`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-webhook-secret": siteSecret },
    body: JSON.stringify({
      event: "booking.created",
      source: "bookme",
      eventType: "workshop",
      duration: 60,
      bookingId: id,
      scheduledDate,
      name: `Maria ${id}`,
      email: "maria@mail.example",
    }),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as IncomingBooking;
}

async function open(on: Page, settings: Settings = {}): Promise<void> {
  const address = on === page ? `${hub.address}/zones` : `${site.address}/`;
  const all = { bookingId, leadId, ...settings };
  // Another hash alone would load nothing.
  await on.goto("about:blank");
  await on.goto(`${address}#${encodeURIComponent(JSON.stringify(all))}`);
  await on.locator(".sw-day-card").first().waitFor();
  await on.locator(".sw-upcoming li").first().waitFor();
  await on.locator(".sw-bookings li").first().waitFor();
  await on.locator(".sw-tasks li").first().waitFor();
  await on.locator(".sw-change time").waitFor();
  await on.locator(".sw-event time", { hasText: ":" }).first().waitFor();
}

const clockIn = (timeZone: string, instant: string): string =>
  new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone }).format(
    new Date(instant),
  );

/** All times of a page that are not those of clocks in a zone. */
async function otherTimes(on: Page, timeZone: string): Promise<string[]> {
  const times = await on
    .locator("time")
    .evaluateAll((all) =>
      all.map((time) => [time.getAttribute("datetime") ?? "", time.textContent] as const),
    );
  expect(times.length).toBeGreaterThan(9);
  return times.flatMap(([instant, told]) =>
    told.includes(clockIn(timeZone, instant)) ? [] : [`${instant} as ${told}`],
  );
}

/** What the list of events says of the visit. */
const sentence = (on: Page): Promise<string | null> =>
  on.locator(".sw-event-text", { hasText: "15 May 2031" }).textContent();

const panels = 6;

describe.each([
  ["who is signed in", () => page],
  ["a key that only reads", () => byKey],
] as const)("for %s", (_, pageOf) => {
  it("all components tell one time of a visit: the organisation's, and say so", async () => {
    await open(pageOf());
    expect(await otherTimes(pageOf(), zone)).toEqual([]);
    expect(await sentence(pageOf())).toMatch(/ for 15 May 2031 at 13:00$/);
    expect(await pageOf().getByText(`Times in ${zone}`).count()).toBe(panels);
    expect(refused.filter((path) => /organisation|session/.test(path))).toEqual([]);
  });

  it("the board shows the organisation's day, where the browser has another", async () => {
    await open(pageOf());
    await pageOf().getByRole("heading", { name: "Thursday 15 May" }).waitFor();
    expect(await pageOf().locator(".sw-day-card time").first().textContent()).toBe("13:00");
  });

  it("they go by the clocks of the day on which these change", async () => {
    await open(pageOf(), { date: "2031-03-30" });
    expect(await pageOf().locator(".sw-day-card time").allTextContents()).toEqual([
      "01:30",
      "03:30",
      "08:00",
      "09:00",
    ]);
    expect(await otherTimes(pageOf(), zone)).toEqual([]);
  });
});

it("all components go by the provider's zone, and before it by their own", async () => {
  await open(page, { date: "2031-05-15", provided: "Europe/Lisbon" });
  expect(await otherTimes(page, "Europe/Lisbon")).toEqual([]);
  expect(await sentence(page)).toMatch(/ at 12:00$/);
  const own = { timeZone: "Asia/Kolkata" };
  await open(page, { date: "2031-05-15", provided: "Europe/Lisbon", own });
  expect(await otherTimes(page, "Asia/Kolkata")).toEqual([]);
  expect(await sentence(page)).toMatch(/ at 16:30$/);
  expect(await page.getByText("Times in Asia/Kolkata").count()).toBe(panels);
});

it("nothing is said of a zone that is the browser's own", async () => {
  await open(page, { date: "2031-05-15", provided: browserZone });
  expect(await otherTimes(page, browserZone)).toEqual([]);
  expect(await page.getByText("Times in").count()).toBe(0);
});

it("a visit is told in its own zone where the organisation's cannot be known", async () => {
  await page.route("**/api/v1/organisation", (route) => route.fulfill({ status: 403, body: "" }));
  await open(page, { date: "2031-05-15" });
  expect(await page.locator(".sw-change time").textContent()).toBe("15 May 2031 at 20:00");
  expect(await sentence(page)).toMatch(/ at 20:00$/);
  expect(await page.locator(".sw-upcoming", { hasText: "15 May 2031 · 20:00" }).count()).toBe(1);
  await page.unroute("**/api/v1/organisation");
});

it("what is shown of a lost connection tells the same time as the rows", async () => {
  await open(byKey, { date: "2031-05-15" });
  await byKey.locator(".sw-events [data-status=live]").waitFor();
  await byKey.context().setOffline(true);
  site.cut();
  const told = byKey.getByText("This is how it was at 00:30.");
  await expect.poll(() => told.count()).toBe(panels);
  await byKey.context().setOffline(false);
});
