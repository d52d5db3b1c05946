import { readFile } from "node:fs/promises";
import type { BookingEvent, BookingResource, List } from "@slotwire/contract";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { bundlePage, documentOf } from "./bundle-page.ts";
import { type ComponentsFixture, startComponents } from "./components-fixture.ts";
import { testDay, testNow } from "./dashboard-hub.ts";
import { da } from "../packages/react/src/messages/da.ts";
import { en } from "../packages/react/src/messages/en.ts";
import { pl } from "../packages/react/src/messages/pl.ts";
import { sv } from "../packages/react/src/messages/sv.ts";
import { screenProblems } from "./screen-problems.ts";

const languages = { en, sv, pl, da };
let fixture: ComponentsFixture;
let hub: ComponentsFixture["hub"];
let page: ComponentsFixture["page"];
let picture: ComponentsFixture["picture"];

beforeAll(async () => {
  fixture = await startComponents(bundlePage("test/components-page.tsx"));
  ({ hub, page, picture } = fixture);
});
afterAll(() => fixture?.close());
afterEach(async () => {
  await fixture.allow();
  await page.context().setOffline(false);
  expect(fixture.troubles.splice(0)).toEqual([]);
});

/** Opens a page with one component, and waits until it is connected. */
async function open(show: string, props: object = {}, language = "en"): Promise<void> {
  await fixture.open(show, props, language);
  await page.locator('.sw-events [data-status="live"]').first().waitFor();
}

/** A booking of the hub's own, on the test's day. */
const book = (name: string, from = "10:00"): Promise<BookingResource> =>
  hub.api("POST", "/bookings", {
    starts_at: `${testDay}T${from}:00Z`,
    ends_at: `${testDay}T${from.slice(0, 2)}:45:00Z`,
    title: `Grooming for ${name}`,
    status: "pending",
    attendees: [{ name }],
    service: { key: "grooming", name: "Full grooming" },
  });
const setStatus = (id: string, status: string) =>
  hub.api("POST", `/bookings/${id}/status`, { status });
/** Waits for a value. Another day begins within 15 seconds. */
const soon = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 30_000 });
const rows = () => page.locator(".sw-event");
const spoken = () => page.locator('[role="log"] > .sw-hidden').allTextContents();

/** Has what a button saves. */
async function save(button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  return readFile(await download.path(), "utf8");
}

describe("RealTimeBookingEvents", () => {
  it("says that nothing has happened yet, and shows what happens, newest first", async () => {
    await open("RealTimeBookingEvents");
    await page.getByText("Nothing has happened yet.", { exact: false }).waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await picture("events-empty");
    const { id } = await book("Burek");
    await rows().first().waitFor();
    await setStatus(id, "confirmed");
    await rows().locator(".sw-chip", { hasText: "Confirmed" }).waitFor();
    expect(await rows().count()).toBe(2);
    expect(await rows().first().textContent()).toContain("Confirmed");
  });

  it("begins with the history, and finds in it by kind and by text", async () => {
    await book("Reksio");
    const { data } = await hub.api<List<BookingEvent>>("GET", "/booking-events?limit=1000");
    await open("RealTimeBookingEvents");
    await soon(() => rows().count()).toBe(data.length);
    await page.getByLabel("Kind").selectOption({ label: "Booked" });
    const created = data.filter(({ type }) => type === "booking.created");
    expect(await rows().count()).toBe(created.length);
    await page.getByLabel("Search").fill("reks");
    expect(await rows().count()).toBe(1);
    await page.getByLabel("Search").fill("nothing like it");
    await page.getByText("No event matches.").waitFor();
    expect(await screenProblems(page)).toEqual([]);
  });

  it("saves what is shown as JSON and as CSV", async () => {
    await book('=cmd|" /C calc"!A1');
    await open("RealTimeBookingEvents");
    await page.getByLabel("Kind").selectOption({ label: "Booked" });
    const events = JSON.parse(await save("Export as JSON")) as BookingEvent[];
    expect(events.map(({ type }) => type)).toEqual(Array(events.length).fill("booking.created"));
    const csv = await save("Export as CSV");
    expect(csv.startsWith("\u{FEFF}seq,occurred_at,type,")).toBe(true);
    expect(csv.split("\r\n")).toHaveLength(events.length + 2);
  });

  it("stands still while it is paused, and catches up", async () => {
    await open("RealTimeBookingEvents");
    await rows().first().waitFor();
    const before = await rows().count();
    await page.getByRole("button", { name: "Pause" }).click();
    await page.locator('.sw-events [data-status="paused"]', { hasText: "Paused" }).waitFor();
    await book("Azor");
    await book("Figa");
    expect(await screenProblems(page)).toEqual([]);
    await picture("events-paused");
    expect(await rows().count()).toBe(before);
    await page.getByRole("button", { name: "Resume" }).click();
    await soon(() => rows().count()).toBe(before + 2);
    await page.getByRole("button", { name: "Clear" }).click();
    expect(await rows().count()).toBe(0);
  });

  it("groups messages, says as much in one sentence, and can be muted for good", async () => {
    const { id } = await book("Luna", "11:00");
    await open("RealTimeBookingEvents");
    await rows().first().waitFor();
    for (const status of ["confirmed", "checked_in", "in_progress"]) await setStatus(id, status);
    const toast = page.locator(".sw-toast");
    await toast.getByText("3 changes to the booking of Luna").waitFor();
    expect(await toast.count()).toBe(1);
    expect(await spoken()).toHaveLength(1);
    expect(await screenProblems(page)).toEqual([]);
    await picture("events-toast");
    await page.getByRole("button", { name: "Dismiss: 3 changes to the booking of Luna" }).click();
    await toast.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Messages" }).click();
    await open("RealTimeBookingEvents");
    await rows().first().waitFor();
    const muted = page.getByRole("button", { name: "Messages" });
    expect(await muted.getAttribute("aria-pressed")).toBe("false");
    await setStatus(id, "completed");
    await soon(spoken).toHaveLength(1);
    expect(await toast.count()).toBe(0);
    await muted.click();
  });

  it("hands messages to the page, if that shows them itself", async () => {
    await open("RealTimeBookingEvents", { onToast: "told" });
    await rows().first().waitFor();
    const { id } = await book("Iris", "15:00");
    const told = () =>
      page.evaluate(() => (globalThis as unknown as { told: { bookingId: string }[] }).told);
    await soon(told).toMatchObject([{ bookingId: id, count: 1 }]);
    expect(await page.locator(".sw-toast").count()).toBe(0);
  });

  it("leaves it to the page to read out what happens, if that is asked for", async () => {
    await book("Mimi", "16:00");
    await open("RealTimeBookingEvents", { readOut: false });
    await rows().first().waitFor();
    await book("Bella", "17:00");
    await page.locator(".sw-toast").first().waitFor();
    expect(await spoken()).toEqual([]);
    expect(await page.getByRole("log").getAttribute("aria-live")).toBe("off");
  });

  it("shows no message of what one does oneself", async () => {
    const { id } = await book("Nala", "12:00");
    await open("RealTimeBookingEvents");
    await rows().first().waitFor();
    const before = await rows().count();
    const answer = await page.request.post(`${hub.address}/api/v1/bookings/${id}/status`, {
      headers: { origin: hub.address },
      data: { status: "confirmed" },
    });
    expect(answer.status()).toBe(200);
    await soon(() => rows().count()).toBe(before + 1);
    await soon(spoken).toHaveLength(1);
    expect(await page.locator(".sw-toast").count()).toBe(0);
  });

  it("keeps the focus when rows come, and when the row that has it goes", async () => {
    await open("RealTimeBookingEvents", { maxEvents: 3, onOpen: "told" });
    await soon(() => rows().count()).toBe(3);
    const opener = rows().nth(1).getByRole("button");
    const number = await opener.textContent();
    await opener.focus();
    await book("Misia");
    await soon(() => rows().nth(2).textContent()).toContain(number);
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    expect(await focused()).toBe(number);
    await book("Tosia");
    // To the row that is the last one now, and on from there.
    await soon(() => rows().nth(1).textContent()).toContain("Misia");
    await soon(focused).toBe(await rows().nth(2).getByRole("button").textContent());
    await page.keyboard.press("Tab");
    expect(await focused()).toContain("Messages");
  });

  it("keeps what it shows when the connection is lost, says so, and comes back", async () => {
    await open("RealTimeBookingEvents");
    await rows().first().waitFor();
    const before = await rows().count();
    await page.context().setOffline(true);
    await page.getByText("The connection is lost.").waitFor();
    expect(await rows().count()).toBe(before);
    expect(await screenProblems(page)).toEqual([]);
    await picture("events-lost");
    await book("Kira");
    await page.context().setOffline(false);
    await soon(() => rows().count()).toBe(Math.min(before + 1, 50));
    await page.getByText("The connection is lost.").waitFor({ state: "detached" });
  });

  it("says in the page's language that the hub refuses, and nothing that is not so", async () => {
    const refusals = [
      ["en", "No new events come here.", "Your role does not include this."],
      ["sv", "Här kommer inga nya händelser.", "Din roll"],
      ["pl", "Nowe zdarzenia tu nie przychodzą.", "Twoja rola"],
      ["da", "Her kommer ingen nye hændelser.", "Din rolle"],
    ] as const;
    await fixture.refuse(403, "stream*");
    for (const [language, what] of refusals) {
      await fixture.open("RealTimeBookingEvents", {}, language);
      await page.locator('.sw-events [data-status="denied"]').waitFor();
      await page.getByText(what).waitFor();
      expect(await page.locator(".sw-events .sw-note").count()).toBe(0);
      expect(await page.getByText(languages[language].events.lost).count()).toBe(0);
      expect(await screenProblems(page)).toEqual([]);
    }
  });

  it.each([
    ["BookingEventMonitor", { bookingId: "nobody" }],
    ["UserEventMonitor", { userId: "nobody" }],
    ["RealTimeBookingEvents", { bookingId: "nobody", showUserEvents: true }],
    ["RealTimeBookingEvents", { filter: { provider: "nobody" } }],
    ["RealTimeBookingEvents", { filter: { types: ["booking.eaten"] } }],
    ["DayBoard", { provider: "nobody" }],
    ["BookingsTab", { leadId: "nobody" }],
    ["StatusChangeForm", { bookingId: "nobody" }],
  ])("%s shows what the hub refuses of %o", async (show, props) => {
    await fixture.open(show, props);
    await page.locator(".sw-info, .sw-problem").first().waitFor();
    expect(await page.getByText("What happens shows up here", { exact: false }).count()).toBe(0);
  });

  it("speaks the page's language", async () => {
    for (const [language, title] of [
      ["sv", "Händelser just nu"],
      ["da", "Hændelser lige nu"],
      ["pl", "Zdarzenia na żywo"],
    ] as const) {
      await open("RealTimeBookingEvents", {}, language);
      await page.getByRole("heading", { level: 2, name: title }).waitFor();
      await rows().first().waitFor();
      expect(await screenProblems(page)).toEqual([]);
      await picture(`events-${language}`);
    }
  });
});

describe("components whose session or connection ends", () => {
  const rowsOf = {
    RealTimeBookingEvents: ".sw-event",
    DayBoard: ".sw-day-card",
    UpcomingBookings: ".sw-row",
    TasksWidget: ".sw-row",
    StatusChangeForm: ".sw-change-booking",
  };
  type Shown = keyof typeof rowsOf;

  /** Opens a page with a component that has something to show. */
  async function openWithRows(show: Shown, language = "en"): Promise<Locator> {
    const name = `Seen in ${show} ${language}`;
    const { id } = await fixture.bookHere({ name, from: "10:00", to: "11:00" });
    await fixture.bookAtSite({
      bookingId: name,
      name,
      email: `${crypto.randomUUID()}@mail.example`,
      scheduledDate: "2026-11-25T10:00:00Z",
    });
    await fixture.open(show, show === "StatusChangeForm" ? { bookingId: id } : {}, language);
    const shown = page.locator(rowsOf[show]).first();
    await shown.waitFor();
    return shown;
  }
  /** Has the hub answer that nobody is signed in, as it does to every request from then on. */
  async function endSession(): Promise<void> {
    await fixture.refuse(401, "**");
    // A connection that stands would not ask again.
    await page.context().setOffline(true);
    await page.getByText("The connection is lost.").first().waitFor();
    await page.context().setOffline(false);
    await page.getByText("You are signed out. Sign in again.").first().waitFor();
  }
  async function beginSession(): Promise<void> {
    await fixture.allow();
    await page.getByRole("button", { name: "Try again" }).first().click();
  }

  it.each(Object.keys(rowsOf) as Shown[])(
    "%s drops what it shows when the session has ended, and says so",
    async (show) => {
      const shown = await openWithRows(show);
      await endSession();
      await shown.waitFor({ state: "detached" });
      expect(await page.getByText("This is how it was", { exact: false }).count()).toBe(0);
      expect(await screenProblems(page)).toEqual([]);
      await beginSession();
      await shown.waitFor();
    },
  );

  it.each(Object.keys(rowsOf) as Shown[])(
    "%s is there again when a page is looked at after somebody has signed in elsewhere",
    async (show) => {
      const shown = await openWithRows(show);
      await endSession();
      await shown.waitFor({ state: "detached" });
      await fixture.allow();
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      await shown.waitFor();
    },
  );

  it.each(["UpcomingBookings", "TasksWidget", "DayBoard"] as const)(
    "%s shows nothing of one hub for another",
    async (show) => {
      const shown = await openWithRows(show);
      if (show === "TasksWidget") await page.getByRole("checkbox").first().check();
      await page.evaluate(() => (globalThis as unknown as { leaveHub(): void }).leaveHub());
      await page.locator(".sw-problem").first().waitFor();
      expect(await shown.count()).toBe(0);
    },
  );

  it("TasksWidget forgets with the session what was ticked off", async () => {
    await openWithRows("TasksWidget");
    await page.getByRole("checkbox").first().check();
    const isSaved = page.locator('.sw-row[data-done="true"]');
    await isSaved.waitFor();
    await endSession();
    await isSaved.waitFor({ state: "detached" });
    await beginSession();
    await page.locator(".sw-row").first().waitFor();
    expect(await isSaved.count()).toBe(0);
    expect(await page.getByRole("button", { name: /^Undo: / }).count()).toBe(0);
  });

  it("RealTimeBookingEvents takes its messages off the page with the session", async () => {
    await openWithRows("RealTimeBookingEvents");
    await book("Told of");
    await page.locator(".sw-toast").waitFor();
    await endSession();
    await page.locator(".sw-toast").waitFor({ state: "detached" });
    await soon(spoken).toEqual([]);
  });

  it.each([
    ["DayBoard", "en"],
    ["TasksWidget", "sv"],
    ["UpcomingBookings", "pl"],
    ["StatusChangeForm", "da"],
  ] as const)("%s says in %s that the connection is lost", async (show, language) => {
    const { common } = languages[language];
    const shown = await openWithRows(show, language);
    const lost = page.getByRole("status").getByText(common.lost);
    await page.context().setOffline(true);
    await lost.waitFor();
    expect(await shown.count()).toBe(1);
    expect(await screenProblems(page)).toEqual([]);
    await picture(`lost-${show}`);
    await page.context().setOffline(false);
    await lost.waitFor({ state: "detached" });
  });
});

describe("BookingEventMonitor and UserEventMonitor", () => {
  it("show the events of one booking, and of who is signed in", async () => {
    const [mine, other] = [await book("Mine"), await book("Other")];
    await open("BookingEventMonitor", { bookingId: mine.id });
    await setStatus(other.id, "confirmed");
    await setStatus(mine.id, "confirmed");
    await soon(() => rows().count()).toBe(2);
    expect(await screenProblems(page)).toEqual([]);
    const { data } = await hub.api<List<BookingEvent>>("GET", "/booking-events?limit=1000");
    const own = data.filter(({ actor }) => actor.kind === "user").length;
    await open("UserEventMonitor");
    await soon(() => rows().count()).toBe(own);
    expect(await screenProblems(page)).toEqual([]);
  });
});

describe("<slotwire-events>", () => {
  /** Opens a page without React that has the element. */
  async function openElement(markup: string): Promise<void> {
    const bundle = await bundlePage({ text: 'import "@slotwire/client/element";' });
    const body = documentOf(bundle).replace("<body>", `<body><main><h1>Salon</h1>${markup}</main>`);
    await page.unroute(`${hub.address}/element`);
    await page.route(`${hub.address}/element`, (route) =>
      route.fulfill({ contentType: "text/html", body }),
    );
    await page.goto(`${hub.address}/element`);
    if (markup === "") return;
    await page.locator('[part="status"][data-status="live"]').first().waitFor();
  }
  const items = () => page.locator('slotwire-events [part="event"]');

  it("shows the history and what happens, follows its attributes, and says so once", async () => {
    for (const name of ["Max", "Mia", "Zoe", "Leo"]) await book(name);
    await openElement('<slotwire-events max-events="4"></slotwire-events>');
    await soon(() => items().count()).toBe(4);
    expect(await screenProblems(page)).toEqual([]);
    await picture("element");
    const { id } = await book("Saba");
    await soon(() => items().first().textContent()).toContain("Booking #");
    await soon(() => page.locator("#said").textContent()).not.toBe("");
    await page.locator("slotwire-events").evaluate((element, booking) => {
      element.setAttribute("booking-id", booking);
      element.setAttribute("language", "pl");
    }, id);
    await page.getByRole("heading", { name: "Zdarzenia na żywo" }).waitFor();
    await soon(() => items().count()).toBe(1);
    await setStatus(id, "confirmed");
    await soon(() => items().count()).toBe(2);
    await picture("element-pl");
  });

  it("stands still while it is paused, fires events, and stops when it goes", async () => {
    await openElement('<slotwire-events types="booking.created"></slotwire-events>');
    const element = page.locator("slotwire-events");
    const fired = (): Promise<string[]> =>
      page.evaluate(() => (globalThis as unknown as { fired: string[] }).fired);
    await element.evaluate((node) => {
      const list: string[] = [];
      Object.assign(globalThis, { fired: list });
      node.addEventListener("slotwire-event", (event) =>
        list.push((event as CustomEvent<BookingEvent>).detail.type),
      );
    });
    const { id } = await book("Abra");
    await soon(fired).toEqual(["booking.created"]);
    await setStatus(id, "confirmed");
    await element.evaluate((node) => (node as HTMLElement & { pause(): void }).pause());
    await book("Bona");
    await book("Cezar");
    expect(await fired()).toHaveLength(1);
    await element.evaluate((node) => (node as HTMLElement & { resume(): void }).resume());
    await soon(fired).toHaveLength(3);
    await element.evaluate((node) => node.remove());
    await book("Dora");
    expect(await fired()).toHaveLength(3);
  });

  it("reads with a token that the page hands it", async () => {
    const { token } = await hub.api<{ token: string }>("POST", "/stream-tokens", {
      types: ["booking.created"],
    });
    await openElement("");
    await page.evaluate((value) => {
      const element = document.createElement("slotwire-events");
      Object.assign(element, { getToken: () => Promise.resolve(value) });
      document.querySelector("main")?.append(element);
    }, token);
    await soon(() => items().count()).toBeGreaterThan(2);
  });
});

describe("the hooks, without a provider and under StrictMode", () => {
  beforeAll(async () => {
    const body = documentOf(await bundlePage("test/hooks-page.tsx"));
    await page.route(`${hub.address}/hooks`, (route) =>
      route.fulfill({ contentType: "text/html", body }),
    );
  });
  /** What pages do every quarter of a minute they do every half second from now on. */
  const hurryClocks = (): Promise<unknown> =>
    page.addInitScript(() => {
      const { setInterval: usual } = globalThis;
      const hurried = (run: () => void, wait: number) => usual(run, wait / 30);
      Object.assign(globalThis, { setInterval: hurried });
    });
  async function openHook(hook: string, id?: string): Promise<void> {
    await page.goto("about:blank");
    const settings = encodeURIComponent(JSON.stringify({ hook, id }));
    await page.goto(`${hub.address}/hooks#${settings}`);
  }
  const shown = async (): Promise<Record<string, unknown>> =>
    JSON.parse((await page.locator("pre").textContent()) ?? "{}") as Record<string, unknown>;
  const untilShown = (part: object) => soon(shown).toMatchObject(part);

  it("show a booking as it is, whatever is written while it is read", async () => {
    const { id } = await book("Between");
    let readings = 0;
    await page.route(`${hub.address}/api/v1/bookings/${id}`, async (route) => {
      const response = await route.fetch();
      readings += 1;
      // Behind the reading, and before its answer.
      if (readings === 1) {
        await setStatus(id, "confirmed");
        await setStatus(id, "checked_in");
      }
      await route.fulfill({ response });
    });
    await openHook("Booking", id);
    await untilShown({ status: "checked_in", isLoading: false });
    expect(readings).toBe(1);
    await page.unroute(`${hub.address}/api/v1/bookings/${id}`);
    await setStatus(id, "in_progress");
    await untilShown({ status: "in_progress", isGone: false });
  });

  it("show a change before the hub has answered", async () => {
    const { id } = await book("Optimist");
    await openHook("Booking", id);
    await untilShown({ status: "pending" });
    const held = Promise.withResolvers<void>();
    await page.route(`${hub.address}/api/v1/bookings/${id}/cancel`, async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.getByRole("button").click();
    await untilShown({ status: "cancelled", isChanging: true });
    expect((await hub.api<BookingResource>("GET", `/bookings/${id}`)).status).toBe("pending");
    held.resolve();
    await untilShown({ status: "cancelled", isChanging: false });
    expect((await hub.api<BookingResource>("GET", `/bookings/${id}`)).status).toBe("cancelled");
  });

  it("tell of a booking that is not there", async () => {
    await openHook("Booking", crypto.randomUUID());
    await untilShown({ status: null, isGone: true, isLoading: false });
  });

  it("keep a day: what is booked on it, moved to it and from it, and go over midnight", async () => {
    const late = await book("Late", "20:00");
    const moved = await book("Away", "19:00");
    await hurryClocks();
    await openHook("Today");
    const own = async (): Promise<string[]> =>
      ((await shown())["titles"] as string[]).filter((title) => /Late|Away|Fresh/.test(title));
    await soon(own).toEqual(["Grooming for Away: pending", "Grooming for Late: pending"]);
    await untilShown({ date: testDay, timeZone: "Europe/Copenhagen" });
    await hub.api("POST", `/bookings/${moved.id}/reschedule`, {
      starts_at: "2026-11-22T09:00:00Z",
      ends_at: "2026-11-22T10:00:00Z",
    });
    await hub.api("POST", `/bookings/${late.id}/cancel`, {});
    await book("Fresh", "18:00");
    await soon(own).toEqual(["Grooming for Fresh: pending", "Grooming for Late: cancelled"]);
    // Half past midnight in Copenhagen, half an hour before it in UTC.
    await page.clock.setFixedTime(`${testDay}T23:30:00Z`);
    await soon(own).toEqual(["Grooming for Away: pending"]);
    await untilShown({ date: "2026-11-22" });
    await page.clock.setFixedTime(testNow);
  });

  it("show the events of who is signed in, and of a provider", async () => {
    await openHook("User");
    await untilShown({ isConnected: true, types: [] });
    const { id } = await book("Signed");
    await page.request.post(`${hub.address}/api/v1/bookings/${id}/status`, {
      headers: { origin: hub.address },
      data: { status: "confirmed" },
    });
    await untilShown({ types: ["booking.confirmed"] });
    await hub.api("POST", "/bookings", {
      starts_at: `${testDay}T08:00:00Z`,
      ends_at: `${testDay}T09:00:00Z`,
      title: "Of Anna",
      provider: { name: "Anna", email: "anna@salon.example" },
    });
    await openHook("Provider", "anna@salon.example");
    await untilShown({ types: ["booking.created"] });
  });
});
