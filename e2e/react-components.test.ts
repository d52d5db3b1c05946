import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { BookingResource, List, TaskResource } from "@slotwire/contract";
import type { Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { windows } from "./browser.ts";
import { bundlePage } from "./bundle-page.ts";
import { type ComponentsFixture, type HubVisit, startComponents } from "./components-fixture.ts";
import { testDay } from "./dashboard-hub.ts";
import { problemsAtThisSize, screenProblems } from "./screen-problems.ts";

let fixture: ComponentsFixture;
let hub: ComponentsFixture["hub"];
let api: ComponentsFixture["api"];
let calcom: ComponentsFixture["calcom"];
let page: ComponentsFixture["page"];
let open: ComponentsFixture["open"];
let told: ComponentsFixture["told"];
let picture: ComponentsFixture["picture"];
let refuse: ComponentsFixture["refuse"];
let bookHere: ComponentsFixture["bookHere"];
let bookAtSite: ComponentsFixture["bookAtSite"];
let bookAtCalCom: ComponentsFixture["bookAtCalCom"];
let bookingOf: ComponentsFixture["bookingOf"];

beforeAll(async () => {
  fixture = await startComponents(bundlePage("test/components-page.tsx"));
  ({ hub, api, calcom, page } = fixture);
  ({ open, told, picture, refuse, bookHere, bookAtSite, bookAtCalCom, bookingOf } = fixture);
});
afterAll(() => fixture?.close());
afterEach(async () => {
  await fixture.allow();
  expect(fixture.troubles.splice(0)).toEqual([]);
});

describe("UpcomingBookings", () => {
  it("says when there are none", async () => {
    await open("UpcomingBookings");
    await page.getByText("No upcoming bookings").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await picture("upcoming-empty");
  });

  it("shows what comes, and what is booked meanwhile", async () => {
    await open("UpcomingBookings");
    await page.getByText("No upcoming bookings").waitFor();
    await bookAtSite({
      bookingId: "up-1",
      name: "Maria Berg",
      email: "maria@mail.example",
      scheduledDate: "2031-05-15T10:00:00Z",
      meetingUrl: "https://meet.example/maria",
    });
    const row = page.getByRole("listitem");
    await row.getByText("15 May 2031 · 12:00").waitFor();
    await row.getByText(/^in [\d,]+ days$/).waitFor();
    await row.getByText("workshop - Maria Berg").first().waitFor();
    const link = row.getByRole("link", { name: /Join/ });
    if ((await link.count()) > 0) {
      expect(await link.getAttribute("rel")).toBe("noopener noreferrer");
    }
    expect(await screenProblems(page)).toEqual([]);
    await picture("upcoming");
  });

  it("shows what the hub answers, though events come faster than it answers", async () => {
    const url = `${hub.address}/api/v1/activities*`;
    await page.route(url, async (route) => {
      const response = await route.fetch();
      await new Promise((resolve) => setTimeout(resolve, 2_500));
      await route.fulfill({ response });
    });
    const { id } = await bookHere({ name: "Busy Day", from: "06:00", to: "06:30" });
    const end = (minute: number): string => `${testDay}T07:${10 + (minute % 40)}:00.000Z`;
    let moves = 0;
    const timer = setInterval(() => {
      const times = { starts_at: `${testDay}T06:00:00.000Z`, ends_at: end((moves += 1)) };
      void hub.api("POST", `/bookings/${id}/reschedule`, times);
    }, 500);
    try {
      await open("UpcomingBookings");
      await page.getByText("workshop - Maria Berg").first().waitFor();
      expect(moves).toBeGreaterThan(4);
    } finally {
      clearInterval(timer);
      await page.unroute(url);
    }
  });

  it("says why it cannot show them, and tries again", async () => {
    await refuse(502, "activities*");
    await open("UpcomingBookings");
    const problem = page.getByRole("alert");
    await problem.getByText("The hub did not answer.", { exact: false }).waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await picture("upcoming-failed");
    await page.unroute(`${hub.address}/api/v1/activities*`);
    await problem.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("listitem").first().waitFor();
    expect(await problem.count()).toBe(0);
  });
});

describe("BookingsTab", () => {
  it("shows a lead's meetings, in the reader's language", async () => {
    const { lead } = await bookAtSite({
      bookingId: "tab-1",
      name: "Jan Nowak",
      email: "jan@mail.example",
      scheduledDate: "2031-06-02T07:00:00Z",
      notes: "First line\nSecond line",
    });
    await open("BookingsTab", { leadId: lead?.id }, "pl");
    await page.getByText("2 czerwca 2031 09:00", { exact: false }).waitFor();
    await page.getByText(/Nadchodzi za .*dni/).waitFor();
    await page.getByText("Zaplanowana").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await picture("bookings-tab");
  });
});

describe("TasksWidget", () => {
  const due = async (): Promise<TaskResource[]> =>
    (await hub.api<List<TaskResource>>("GET", "/tasks?upcoming=true&limit=200")).data;

  it("ticks a task off at once, takes it back, and keeps what is overdue in sight", async () => {
    await bookAtSite({
      bookingId: "task-1",
      name: "Olle Past",
      email: "olle@mail.example",
      scheduledDate: "2026-11-18T10:00:00Z",
    });
    await open("TasksWidget");
    const overdue = page.getByText(/^Overdue: was due \d+ (days|hours) ago/).first();
    await overdue.waitFor();
    await page.getByText("High priority").first().waitFor();
    await page.getByText("Send email with preparation instructions").first().waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await picture("tasks");

    const before = await due();
    const held = Promise.withResolvers<void>();
    await page.route(`${hub.address}/api/v1/tasks/*`, async (route) => {
      await held.promise;
      await route.continue();
    });
    const box = page.getByRole("checkbox").first();
    await box.focus();
    await page.keyboard.press("Space");
    expect(await box.isChecked()).toBe(true);
    await page.getByRole("button", { name: /^Undo: / }).waitFor();
    await picture("tasks-done");
    held.resolve();
    await expect.poll(async () => (await due()).length).toBe(before.length - 1);
    await page.getByRole("button", { name: /^Undo: / }).click();
    await expect.poll(async () => (await due()).length).toBe(before.length);
    expect(await box.isChecked()).toBe(false);
  });

  it("keeps the focus where buttons and rows go", async () => {
    await open("TasksWidget", { limit: 1 });
    const where = () =>
      page.evaluate(() => document.activeElement?.closest("section")?.className ?? "lost");
    await page.getByRole("button", { name: "Show more" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("checkbox").nth(1).waitFor();
    expect(await where()).toContain("sw-tasks");
    await page.getByRole("checkbox").first().check();
    await page.getByRole("button", { name: /^Undo: / }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /^Undo: / }).waitFor({ state: "detached" });
    expect(await where()).toContain("sw-tasks");
  });

  it("shows the first ones, and all when asked", async () => {
    const all = (await due()).length;
    expect(all).toBeGreaterThan(1);
    await open("TasksWidget", { limit: 1 });
    await page.getByRole("button", { name: "Show more" }).click();
    await page.getByText(`${all} tasks to do`).waitFor();
    expect(await page.getByRole("checkbox").count()).toBe(all);
  });

  it("says so when a task could not be saved, and shows it as it is", async () => {
    await open("TasksWidget");
    await refuse(403, "tasks/*");
    const box = page.getByRole("checkbox").first();
    await box.check({ force: true }).catch(() => {});
    await page.getByRole("alert").getByText("This could not be saved.").waitFor();
    expect(await box.isChecked()).toBe(false);
    expect(await screenProblems(page)).toEqual([]);
    await picture("tasks-failed");
  });
});

describe("QuickAddFromBooking", () => {
  it("shows a booking as its id is typed, imports it, and says when it was known", async () => {
    const row = calcom.book({
      start: "2031-07-01T08:00:00Z",
      attendee: { name: "Quick Nielsen", email: "quick@mail.example" },
      location: "Nygade 7, Copenhagen",
    });
    await open("QuickAddFromBooking");
    await page.getByRole("button", { name: "Add from booking" }).click();
    const dialog = page.getByRole("dialog", { name: "Add from a booking" });
    const id = dialog.getByLabel("Booking id");
    expect(await id.evaluate((field) => field === globalThis.document.activeElement)).toBe(true);
    await id.fill("no such booking");
    const unknown = dialog.getByText("No booking has this id at its source.", { exact: false });
    await unknown.waitFor();
    expect(await problemsAtThisSize(page)).toEqual([]);
    await picture("quick-add-unknown");
    await id.fill(row.uid);
    expect(await unknown.count()).toBe(0);
    await dialog.getByText("Quick Nielsen", { exact: false }).first().waitFor();
    await dialog.getByText("1 July 2031", { exact: false }).waitFor();
    expect(await problemsAtThisSize(page)).toEqual([]);
    await picture("quick-add");
    await id.press("Enter");
    await dialog.getByText(/^Imported as booking #\d+\./).waitFor();
    expect((await bookingOf(row.uid)).starts_at).toBe("2031-07-01T08:00:00.000Z");
    await picture("quick-add-done");
    await id.press("Enter");
    expect(await told()).toMatchObject([{ already_known: false }]);
    await dialog.getByRole("button", { name: "Add another" }).click();
    await id.fill(row.uid);
    await dialog.getByText(/^The hub knows it already, as booking #\d+\./).waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    const button = page.getByRole("button", { name: "Add from booking" });
    expect(await button.evaluate((at) => at === globalThis.document.activeElement)).toBe(true);
  });

  it("asks which source is meant where there are several, and keeps the focus in the dialog", async () => {
    const problem = {
      type: "about:blank",
      title: "Several connections can be asked.",
      status: 409,
      code: "E_CONNECTION_CHOICE",
      remedy: "Choose one.",
      connections: [
        { id: "01920000-0000-7000-8000-00000000000a", name: "Cal.com, salon" },
        { id: "01920000-0000-7000-8000-00000000000b", name: "Cal.com, spa" },
      ],
    };
    const url = `${hub.address}/api/v1/bookings/import`;
    await page.route(url, (route) => route.fulfill({ status: 409, json: problem }));
    await open("QuickAddFromBooking");
    await page.getByRole("button", { name: "Add from booking" }).click();
    const dialog = page.getByRole("dialog");
    const id = dialog.getByLabel("Booking id");
    await id.fill("abc");
    const choice = dialog.getByRole("button", { name: "Cal.com, spa" });
    await choice.focus();
    await page.unroute(url);
    await page.keyboard.press("Enter");
    await choice.waitFor({ state: "detached" });
    expect(await id.evaluate((field) => field === globalThis.document.activeElement)).toBe(true);
  });
});

describe("StatusChangeForm", () => {
  it("changes a booking of the hub's own, with the reason", async () => {
    const booking = await bookHere({
      name: "Anna Berg",
      from: "15:00",
      to: "16:00",
      status: "pending",
    });
    await open("StatusChangeForm", { bookingId: booking.id });
    await page.getByText("Unconfirmed").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await picture("status");
    await page.getByRole("radio", { name: "Decline" }).check();
    await page.getByLabel("Reason").fill("The groomer is ill.");
    await page.getByRole("button", { name: "Change status" }).click();
    await page.getByText("Saved: Declined.").waitFor();
    expect(await hub.api("GET", `/bookings/${booking.id}`)).toMatchObject({
      status: "rejected",
      status_reason: "The groomer is ill.",
    });
    expect(await told()).toMatchObject([{ command: null }]);
  });

  it("leads through the day: somebody comes, the work goes on and ends; and back again", async () => {
    const { id } = await bookHere({ name: "Day Steps", from: "06:00", to: "07:00" });
    await open("StatusChangeForm", { bookingId: id });
    const choose = async (name: string): Promise<void> => {
      await page.getByRole("radio", { name, exact: true }).check();
      await page.getByRole("button", { name: "Change status" }).click();
    };
    const status = async () => (await hub.api<BookingResource>("GET", `/bookings/${id}`)).status;
    await choose("Check in");
    await page.getByText("Saved: Checked in.").waitFor();
    await expect.poll(status).toBe("checked_in");
    await choose("Start");
    await page.getByText("Saved: In progress.").waitFor();
    await picture("status-day");
    await choose("Correct to: Checked in");
    await page.getByText("Saved: Checked in.").waitFor();
    await choose("Finish");
    await page.getByText("Saved: Completed.").waitFor();
    expect(await status()).toBe("completed");
    expect(await screenProblems(page)).toEqual([]);
    // What somebody else makes of it was not saved here.
    await hub.api("POST", `/bookings/${id}/status`, { status: "no_show" });
    await page.locator(".sw-chip", { hasText: "No-show" }).waitFor();
    expect(await page.getByText("Saved:", { exact: false }).count()).toBe(0);
  });

  it("takes the steps of the day at once, also of a booking that a source owns", async () => {
    const { id } = await bookAtCalCom("Cal Arrives", "13:30");
    await open("StatusChangeForm", { bookingId: id });
    await page.getByRole("radio", { name: "Cancel the booking" }).check();
    await page.getByText("Cal.com owns this booking", { exact: false }).waitFor();
    await page.getByRole("radio", { name: "Check in" }).check();
    expect(await page.getByText("Cal.com owns this booking", { exact: false }).count()).toBe(0);
    await page.getByRole("button", { name: "Change status" }).click();
    await page.getByText("Saved: Checked in.").waitFor();
    expect(await told()).toMatchObject([{ command: null, booking: { status: "checked_in" } }]);
  });

  it("explains that somebody else was faster, and shows the booking as it is", async () => {
    const { id, version } = await bookHere({
      name: "Per Lind",
      from: "17:00",
      to: "18:00",
      status: "pending",
    });
    await open("StatusChangeForm", { bookingId: id });
    await page.getByRole("radio", { name: "Confirm" }).check();
    await page.getByLabel("Reason").fill("They have called.");
    // Nothing of the change is heard until the form is sent.
    const gate = Promise.withResolvers<void>();
    await page.route(`${hub.address}/api/v1/bookings/${id}*`, async (route) => {
      await gate.promise;
      await route.continue();
    });
    const changed = await hub.api<BookingResource>("POST", `/bookings/${id}/status`, {
      status: "confirmed",
    });
    expect(changed.version).toBe(version + 1);
    await page.getByRole("button", { name: "Change status" }).click();
    await page.getByRole("alert").getByText("Somebody else changed this booking").waitFor();
    gate.resolve();
    await page.getByText("Its status is: Confirmed.", { exact: false }).waitFor();
    await page.getByRole("radio", { name: "Confirm" }).waitFor({ state: "detached" });
    expect(await page.getByLabel("Reason").inputValue()).toBe("They have called.");
    expect(await screenProblems(page)).toEqual([]);
    await picture("status-conflict");
  });

  it("asks the source that owns a booking, and shows that until it has answered", async () => {
    const booking = await bookAtCalCom("Emily Carter", "15:00");
    await open("StatusChangeForm", { bookingId: booking.id });
    const held = Promise.withResolvers<void>();
    api.before = ({ method }) => (method === "POST" ? held.promise : undefined);
    await page.getByRole("radio", { name: "Cancel the booking" }).check();
    await page.getByText("Cal.com owns this booking", { exact: false }).waitFor();
    await picture("status-source");
    await page.getByRole("button", { name: "Change status" }).click();
    await page.getByText("Cal.com was asked, and has not done it yet.", { exact: false }).waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await picture("status-pending");
    held.resolve();
    await page.getByText("Nothing can be changed in its present state.").waitFor();
    await page.getByText("✕ Cancelled").waitFor();
  });

  it("says how far destinations have been told, and tries again", async () => {
    const receiver = createServer((_, response) => response.writeHead(works ? 200 : 500).end());
    let works = false;
    receiver.listen(0, "127.0.0.1");
    await once(receiver, "listening");
    const { port } = receiver.address() as AddressInfo;
    await hub.api("POST", "/destinations", {
      name: "External calendar",
      url: `http://127.0.0.1:${port}/`,
      profile: "standard",
      event_types: ["*"],
    });
    try {
      const { id } = await bookHere({ name: "Eva Told", from: "19:00", to: "20:00" });
      await open("StatusChangeForm", { bookingId: id });
      await page.getByText("External calendar: failing").waitFor();
      expect(await screenProblems(page)).toEqual([]);
      await picture("status-failing");
      works = true;
      await page.getByRole("button", { name: "Retry: External calendar" }).click();
      await page.getByText("External calendar: delivered").waitFor();
    } finally {
      receiver.closeAllConnections();
      receiver.close();
    }
  });
});

describe("DayBoard", () => {
  const card = (name: string) => page.getByRole("button", { name: new RegExp(`^\\d.*${name}`) });
  const isFocused = (name: string): Promise<boolean> =>
    card(name).evaluate((element) => element === globalThis.document.activeElement);

  it("shows the day in columns and as a list, and leads through both by arrow keys", async () => {
    const day = "2031-03-04";
    const visits: HubVisit[] = [
      { name: "Jan Kowalski", from: "08:00", to: "09:00", provider: "Anna" },
      { name: "Zofia Nowak", from: "09:30", to: "10:00", provider: "Anna" },
      { name: "Lars Holm", from: "10:00", to: "11:30", provider: "Anna", status: "pending" },
      { name: "Emma Dahl", from: "08:30", to: "10:00", provider: "Mikkel" },
      { name: "Oskar Lund", from: "09:00", to: "09:45", provider: "Mikkel" },
      { name: "Ida Bech", from: "13:00", to: "14:00", provider: "Mikkel", location: "Nygade 7" },
    ];
    const made = [];
    for (const visit of visits) made.push(await bookHere({ day, ...visit }));
    const [first] = made;
    const pets = { name: "Burek", kind: "pet", breed: "Labrador", allergies: ["Chicken"] };
    const customer = await hub.api<{ id: string }>("POST", "/customers", { name: "Jan Kowalski" });
    const pet = await hub.api<{ id: string }>("POST", "/subjects", {
      customer_id: customer.id,
      ...pets,
    });
    await hub.api("POST", `/bookings/${first?.id}/link`, {
      customer_id: customer.id,
      subject_ids: [pet.id],
    });
    await open("DayBoard", { date: day, onOpen: true });
    await page.getByRole("heading", { name: "Tuesday 4 March" }).waitFor();
    await page.getByText("⚠ Allergies: Chicken").waitFor();
    await page.getByText("6 bookings").waitFor();
    await page.getByText("1 unconfirmed").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await picture("day");

    await card("Jan Kowalski").focus();
    await page.keyboard.press("ArrowRight");
    expect(await isFocused("Emma Dahl")).toBe(true);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await isFocused("Ida Bech")).toBe(true);
    await page.setViewportSize(windows.narrow);
    await page.keyboard.press("ArrowUp");
    expect(await isFocused("Lars Holm")).toBe(true);
    await page.getByText("1 h 30 min free").first().waitFor();
    await page.keyboard.press("Enter");
    expect(await told()).toMatchObject([{ title: "Grooming for Lars Holm" }]);
    await page.setViewportSize(windows.wide);

    await open("DayBoard", { date: day, location: "nygade 7" });
    await page.getByText("1 booking", { exact: true }).waitFor();
  });

  it("shows what is booked and cancelled meanwhile, and where now is", async () => {
    await bookHere({ name: "Nora Noon", from: "11:00", to: "12:00" });
    await open("DayBoard", { date: testDay });
    await page.getByText(/^Now 13:4\d/).waitFor();
    const { id } = await bookHere({ name: "Nina Live", from: "12:00", to: "12:30" });
    await card("Nina Live").waitFor();
    await hub.api("POST", `/bookings/${id}/cancel`, {});
    await card("Nina Live").waitFor({ state: "detached" });
    await page.getByRole("button", { name: /cancelled: show$/ }).click();
    await card("Nina Live").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await picture("day-today");
  });

  it("moves a booking of the hub's own by keyboard, and gives the focus back", async () => {
    const { id } = await bookHere({ name: "Mona Move", from: "08:00", to: "08:45" });
    await open("DayBoard", { date: testDay });
    await card("Mona Move").focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Move the booking of Mona Move" });
    await dialog.getByLabel("Start").fill("11:15");
    await dialog.getByText("Ends at 12:00;", { exact: false }).waitFor();
    expect(await problemsAtThisSize(page)).toEqual([]);
    await picture("day-move");
    await dialog.getByLabel("Start").press("Enter");
    await page.getByText(/^Moved to Sat,? 21 Nov,? 11:15\.$/).waitFor();
    expect(await hub.api("GET", `/bookings/${id}`)).toMatchObject({
      starts_at: `${testDay}T10:15:00.000Z`,
      ends_at: `${testDay}T11:00:00.000Z`,
    });
    await card("Mona Move").waitFor();
    expect(await isFocused("Mona Move")).toBe(true);
  });

  it("shows that the source is asked until it has moved a booking, or why it refused", async () => {
    await bookAtCalCom("Anna Taken", "19:00");
    await bookAtCalCom("Lena Source", "21:00");
    await open("DayBoard", { date: testDay });
    const move = (time: string): Promise<void> => moveTo("Lena Source", time);
    await move("20:00");
    const refusal = "Cal.com did not move it. It is where it was.";
    await page.getByRole("status").getByText(refusal).waitFor();
    await card("Lena Source").getByText(refusal, { exact: false }).waitFor();
    const held = Promise.withResolvers<void>();
    api.before = ({ method }) => (method === "POST" ? held.promise : undefined);
    await move("23:00");
    await page.getByText(/Cal\.com is asked to move it to Sat,? 21 Nov,? 23:00/).waitFor();
    expect(await page.getByText(refusal).count()).toBe(0);
    expect(await screenProblems(page)).toEqual([]);
    await picture("day-pending");
    held.resolve();
    await page.getByRole("button", { name: /^23:00–.* Lena Source/ }).waitFor();
    await page.getByText("Cal.com is asked", { exact: false }).waitFor({ state: "detached" });
    expect(await page.getByText(refusal).count()).toBe(0);
  });

  /** Moves a booking by its card and the dialog. */
  async function moveTo(name: string, time: string): Promise<void> {
    await card(name).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Start").fill(time);
    await dialog.getByRole("button", { name: "Move", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
  }

  it("tells of what was moved, whatever was refused before", async () => {
    const day = "2031-09-08";
    await bookAtCalCom("Ole Taken", "08:00", day);
    await bookAtCalCom("Per Refused", "11:00", day);
    await bookHere({ day, name: "Rie Own", from: "14:00", to: "14:30" });
    await open("DayBoard", { date: day });
    await moveTo("Per Refused", "10:00");
    const refusal = "Cal.com did not move it. It is where it was.";
    await page.getByRole("status").getByText(refusal).waitFor();
    await moveTo("Rie Own", "17:15");
    await page
      .getByRole("status")
      .getByText(/^Moved to Mon,? 8 Sept?,? 17:15\.$/)
      .waitFor();
    await card("Per Refused").getByText(refusal, { exact: false }).waitFor();
  });

  it("shows that the source is asked, however often it was before", async () => {
    const day = "2031-09-09";
    const names = ["Asta", "Birk", "Carl", "Dina", "Ebba", "Finn", "Gert"];
    for (const [place, name] of names.entries()) {
      await bookAtCalCom(`${name} Asked`, `0${place}:00`, day);
    }
    await open("DayBoard", { date: day });
    const asked = page.getByText("Cal.com is asked to move it to", { exact: false });
    for (const [place, name] of names.slice(1).entries()) {
      await moveTo(`${name} Asked`, `${15 + place}:00`);
      await page.getByRole("button", { name: new RegExp(`^${15 + place}:00–`) }).waitFor();
    }
    // Until the board knows that nothing is on its way any more.
    await bookHere({ day, name: "Not Asked", from: "05:00", to: "05:30" });
    await page.waitForResponse(
      async (response) =>
        response.url().includes("/commands?status=open") &&
        ((await response.json()) as List<unknown>).data.length === 0,
    );
    await asked.waitFor({ state: "detached" });
    api.trouble = () => ({ status: 429, headers: { "retry-after": "40" } });
    await moveTo("Asta Asked", "23:00");
    await asked.waitFor();
  });

  it("keeps what is typed when somebody else is faster, and says where the booking is now", async () => {
    const day = "2031-09-10";
    const { id } = await bookHere({ day, name: "Tea Both", from: "08:00", to: "08:30" });
    const moveByOther = (from: string, to: string, on = day) =>
      hub.api("POST", `/bookings/${id}/reschedule`, {
        starts_at: `${on}T${from}:00Z`,
        ends_at: `${on}T${to}:00Z`,
      });
    await open("DayBoard", { date: day });
    await card("Tea Both").click();
    const dialog = page.getByRole("dialog");
    const isFirst = () =>
      dialog.getByLabel("Day").evaluate((field) => field === globalThis.document.activeElement);
    await expect.poll(isFirst).toBe(true);
    await dialog.getByLabel("Start").fill("15:45");
    await dialog.getByLabel("Reason").fill("The groomer is late.");
    await moveByOther("09:00", "09:30");
    await page.locator(".sw-day-time", { hasText: "11:00–11:30" }).waitFor();
    expect(await dialog.getByLabel("Reason").inputValue()).toBe("The groomer is late.");
    const submit = dialog.getByRole("button", { name: "Move", exact: true });
    await submit.click();
    const conflict = dialog
      .getByRole("alert")
      .getByText(/Somebody else changed this booking.*11:00/);
    await conflict.waitFor();
    expect(await problemsAtThisSize(page)).toEqual([]);
    expect(await dialog.getByLabel("Start").inputValue()).toBe("15:45");
    expect(await conflict.count()).toBe(1);
    await picture("day-conflict");
    await submit.click();
    await page.getByText(/^Moved to Wed,? 10 Sept?,? 15:45\.$/).waitFor();

    await card("Tea Both").click();
    await dialog.getByLabel("Start").fill("16:00");
    await moveByOther("09:00", "09:30", "2031-09-11");
    await page.getByText("No bookings on this day").waitFor();
    await submit.click();
    await dialog.getByText("Somebody else changed this booking", { exact: false }).waitFor();
    await page.keyboard.press("Escape");
    await moveByOther("09:00", "09:30");
    await card("Tea Both").waitFor();
    expect(await dialog.count()).toBe(0);
  });

  it("says why a booking cannot be moved, and nothing that is not so", async () => {
    const day = "2031-09-12";
    const { id } = await bookHere({ day, name: "Ulf Over", from: "08:00", to: "08:30" });
    await open("DayBoard", { date: day });
    await refuse(403, "bookings/*/actions");
    await card("Ulf Over").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("It was not moved. Your role does not include this.").waitFor();
    await fixture.allow();
    await hub.api("POST", `/bookings/${id}/cancel`, {});
    await dialog
      .getByText("It is over, or can only be moved in the system that owns it.")
      .waitFor();
  });

  it("takes up the organisation's zone when the hub says it at last", async () => {
    const zone = page.getByText("Times in Europe/Copenhagen");
    await refuse(502, "organisation");
    await open("DayBoard");
    await page.getByText(/^\d+ bookings$/).waitFor();
    await fixture.allow();
    await zone.waitFor();
    // Whoever signs in after the page was opened.
    await refuse(401, "**");
    await open("DayBoard");
    await page.getByText("You are signed out. Sign in again.").waitFor();
    await fixture.allow();
    await page.getByRole("button", { name: "Try again" }).click();
    await zone.waitFor();
  });

  it("shows as many side by side as can be read, and all of them in the list", async () => {
    const day = "2031-05-06";
    for (const name of ["Ada", "Bo", "Cleo", "Dag", "Eli", "Fia", "Gry", "Hal"]) {
      await bookHere({ day, name, from: "09:00", to: "10:00", provider: "Anna" });
    }
    await bookHere({ day, name: "Ina", from: "09:00", to: "10:00", provider: "Mikkel" });
    await open("DayBoard", { date: day });
    const more = page.getByRole("button", { name: "+5 more" });
    await more.waitFor();
    const widths = (): Promise<number[]> =>
      page
        .locator(".sw-day-card")
        .evaluateAll((cards) => cards.map((one) => one.getBoundingClientRect().width));
    const shown = (await widths()).filter((width) => width > 0);
    expect(shown).toHaveLength(4);
    expect(Math.min(...shown)).toBeGreaterThan(90);
    expect(await screenProblems(page)).toEqual([]);
    await picture("day-full");
    await card("Cleo").focus();
    await page.keyboard.press("ArrowRight");
    expect(await more.evaluate((one) => one === globalThis.document.activeElement)).toBe(true);
    await page.keyboard.press("Enter");
    await card("Hal").waitFor();
    expect(await isFocused("Dag")).toBe(true);
    expect(new Set(await widths()).size).toBe(1);
    expect(await screenProblems(page)).toEqual([]);
    await picture("day-full-list");
    await page.getByRole("button", { name: "Show columns" }).click();
    await more.waitFor();
  });

  it("breaks no word, lets nothing lie on a card, and keeps the hours in sight", async () => {
    const day = "2031-05-07";
    for (const name of ["Maximilian von Hohenstein", "Bo", "Christina Cleo", "Dag"]) {
      await bookHere({
        day,
        name,
        from: "06:00",
        to: "06:30",
        provider: "Anna",
        status: "pending",
      });
    }
    for (const provider of ["Bea", "Carl", "Dina", "Emil", "Mikkel"]) {
      await bookHere({ day, name: `At ${provider}`, from: "06:00", to: "06:15", provider });
      await bookHere({ day, name: `Last of ${provider}`, from: "09:00", to: "10:00", provider });
    }
    const off = await bookHere({ day, name: "Otto", from: "06:30", to: "06:45", provider: "Bea" });
    await hub.api("POST", `/bookings/${off.id}/cancel`, {});
    await hub.api("POST", "/bookings", {
      starts_at: `${day}T07:30:00Z`,
      ends_at: `${day}T08:15:00Z`,
      title: "Nails, by arrangement",
      attendees: [{ name: "Una Untold" }],
      provider: { name: "Carl" },
    });
    const brokenWords = (): Promise<string[]> =>
      page.locator(".sw-day-card:not([data-hidden=true]) .sw-day-open").evaluateAll((cards) =>
        cards.flatMap((one) => {
          const texts = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
          const broken: string[] = [];
          while (texts.nextNode()) {
            const { currentNode: text } = texts;
            for (const { 0: word, index } of (text.textContent ?? "").matchAll(/[\p{L}\d]+/gu)) {
              const range = document.createRange();
              range.setStart(text, index);
              range.setEnd(text, index + word.length);
              if (new Set([...range.getClientRects()].map(({ top }) => top)).size > 1) {
                broken.push(word);
              }
            }
          }
          return broken;
        }),
      );
    for (const language of ["en", "pl"]) {
      await open("DayBoard", { date: day }, language);
      await page.getByRole("button", { name: /^1 (cancelled|odwołan)/ }).click();
      await card("Otto").waitFor();
      await card("Una Untold").getByText("Nails, by arrangement").waitFor();
      expect(await brokenWords()).toEqual([]);
      await page.setViewportSize({ width: 320, height: 640 });
      expect(await brokenWords()).toEqual([]);
      const move = await page.locator(".sw-day-move").first().boundingBox();
      expect([move?.width, move?.height]).toEqual([44, 44]);
      await page.setViewportSize(windows.wide);
    }
    expect(await screenProblems(page)).toEqual([]);
    await picture("day-crowded");

    const heads = await page
      .locator(".sw-day-head")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width));
    expect(heads.map((width) => Math.round(width / 100))).toEqual([4, 2, 2, 2, 2, 2]);
    const covered = await page.evaluate(() => {
      const boxes = (selector: string): DOMRect[] =>
        [...document.querySelectorAll(selector)]
          .map((one) => one.getBoundingClientRect())
          .filter(({ width }) => width > 0);
      const labels = boxes(".sw-day-own-gap");
      const cards = boxes(".sw-day-card");
      const isOn = (a: DOMRect, b: DOMRect): boolean =>
        a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
      return [labels.length, labels.filter((a) => cards.some((b) => isOn(a, b))).length];
    });
    expect(covered).toEqual([6, 0]);

    const before = await card("Otto").boundingBox();
    await card("Otto").focus();
    expect(await card("Otto").boundingBox()).toEqual(before);
    const edges = await page.locator(".sw-day-scroll").evaluate((scroller) => {
      scroller.scrollLeft = scroller.scrollWidth;
      const hour = scroller.querySelector(".sw-day-hours span");
      const { left } = scroller.getBoundingClientRect();
      return [scroller.scrollLeft > 100, (hour?.getBoundingClientRect().left ?? 0) - left];
    });
    expect(edges).toEqual([true, 0]);
    // Neither the hours nor the edge covers what has the focus.
    await card("At Bea").focus();
    const [seen, hours] = await Promise.all([
      card("At Bea").boundingBox(),
      page.locator(".sw-day-hours span").first().boundingBox(),
    ]);
    expect(seen?.x).toBeGreaterThanOrEqual((hours?.x ?? 0) + (hours?.width ?? 0));
  });

  it("keeps its looks on a page that has strong opinions", async () => {
    await open("DayBoard", { date: "2031-03-04" });
    await card("Jan Kowalski").waitFor();
    const measure = (): Promise<unknown> =>
      page.evaluate(() =>
        [...globalThis.document.querySelectorAll(".sw *")].map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          const { color, backgroundColor } = getComputedStyle(element);
          return [element.className, x, y, width, height, color, backgroundColor].join();
        }),
      );
    const before = await measure();
    await page.addStyleTag({
      content: `* { box-sizing: content-box } ul, ol { margin: 3em; padding: 3em; list-style: square }
        li { margin: 2em; padding: 1em; background: pink } p { margin: 4em; text-align: center }
        button { width: 100%; padding: 30px; margin: 9px; border: 5px dashed red; color: red;
          background: yellow; text-transform: uppercase; font: bold 30px serif; letter-spacing: 4px }
        h2 { font-size: 60px; margin: 50px; color: red } label { float: left; color: red }`,
    });
    expect(await measure()).toEqual(before);
  });
});

describe("useReschedule", () => {
  const day = "2031-04-07";
  const at = (from: string, to: string) => ({
    startsAt: `${day}T${from}:00.000Z`,
    endsAt: `${day}T${to}:00.000Z`,
  });
  const visit = (name: string) => bookHere({ name, day, from: "08:00", to: "08:30" });
  const startOf = async (id: string) =>
    (await hub.api<BookingResource>("GET", `/bookings/${id}`)).starts_at;
  const state = (text: string | RegExp) =>
    expect.poll(() => page.getByRole("status").textContent(), { timeout: 15_000 }).toMatch(text);

  it("shows a move at once, and takes it back", async () => {
    const { id } = await visit("Hook Move");
    await open("MoveExample", { bookingId: id, ...at("10:00", "10:30") });
    await page.getByText("at 2031-04-07T08:00").waitFor();
    const held = Promise.withResolvers<void>();
    await page.route(`${hub.address}/api/v1/bookings/*/reschedule`, async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.getByRole("button", { name: "Move" }).click();
    await state("sending: null, false");
    await page.getByText("at 2031-04-07T10:00").waitFor();
    held.resolve();
    await state("moved: null, false");
    await expect.poll(() => startOf(id)).toBe("2031-04-07T10:00:00.000Z");
    await page.getByRole("button", { name: "Take back" }).click();
    await expect.poll(() => startOf(id)).toBe("2031-04-07T08:00:00.000Z");
    await state("moved: null, false");
    await page.getByRole("button", { name: "Forget" }).click();
    await state("no move");
  });

  it("tells in the reader's language why the hub refused", async () => {
    const { id } = await visit("Hook Stale");
    await open("MoveExample", { bookingId: id, stale: true, ...at("12:00", "12:30") }, "sv");
    await page.getByText("at 2031-04-07T08:00").waitFor();
    await hub.api("POST", `/bookings/${id}/reschedule`, {
      starts_at: "2031-04-07T09:00:00Z",
      ends_at: "2031-04-07T09:30:00Z",
    });
    await page.getByText("at 2031-04-07T09:00").waitFor();
    await page.getByRole("button", { name: "Move" }).click();
    await state(/^refused: .*, true$/);
    await page.getByText("at 2031-04-07T09:00").waitFor();
    expect(await page.getByRole("button", { name: "Take back" }).count()).toBe(0);
  });

  it("waits for the source that owns a booking, and says why that refused", async () => {
    const taken = await bookAtCalCom("Hook Taken", "15:00", day);
    const { id } = await bookAtCalCom("Hook Source", "18:00", day);
    await open("MoveExample", {
      bookingId: id,
      startsAt: taken.starts_at,
      endsAt: taken.ends_at,
    });
    await page.getByRole("button", { name: "Move" }).click();
    await state(/^pending: /);
    await state(/^refused: .*not available/);
    await open("MoveExample", {
      bookingId: id,
      ...at("19:00", "20:00"),
    });
    const before = await startOf(id);
    await page.getByRole("button", { name: "Move" }).click();
    await state(/^moved: /);
    expect(await startOf(id)).toBe(`${day}T19:00:00.000Z`);
    await page.getByRole("button", { name: "Take back" }).click();
    await expect.poll(() => startOf(id), { timeout: 15_000 }).toBe(before);
    await state(/^moved: /);
  });

  it("withdraws what the source was not asked for yet", async () => {
    const { id } = await bookAtCalCom("Hook Withdrawn", "20:00", day);
    api.trouble = () => ({ status: 429, headers: { "retry-after": "40" } });
    await open("MoveExample", {
      bookingId: id,
      ...at("21:00", "22:00"),
    });
    await page.getByRole("button", { name: "Move" }).click();
    await state(/^pending: Cal\.com/);
    await page.getByRole("button", { name: "Take back" }).click();
    await state("no move");
    expect(await startOf(id)).toBe(`${day}T20:00:00.000Z`);
  });

  it("takes back what was moved, by functions that were handed out before", async () => {
    const { id } = await visit("Hook Both Ways");
    await open("MoveExample", { bookingId: id, ...at("13:00", "13:30") });
    await page.getByText("at 2031-04-07T08:00").waitFor();
    await page.getByRole("button", { name: "There and back" }).click();
    await expect
      .poll(async () => (await hub.api<BookingResource>("GET", `/bookings/${id}`)).version)
      .toBe(3);
    expect(await startOf(id)).toBe(`${day}T08:00:00.000Z`);
    await state("moved: null, false");
  });

  it("says why it could not be taken back, and asks for nothing when others are changed", async () => {
    const { id } = await bookAtCalCom("Hook Kept", "22:00", day);
    api.trouble = () => ({ status: 429, headers: { "retry-after": "40" } });
    await open("MoveExample", { bookingId: id, ...at("23:00", "23:30") });
    let looks = 0;
    const note = (request: Request): void => {
      if (request.url().includes("/api/v1/commands/")) looks += 1;
    };
    page.on("request", note);
    await page.getByRole("button", { name: "Move" }).click();
    await state(/^pending: Cal\.com/);
    const before = looks;
    for (let count = 0; count < 12; count += 1) await visit(`Somebody ${count}`);
    // It looks by itself as well, every three seconds.
    expect(looks - before).toBeLessThan(8);
    page.off("request", note);
    await refuse(502, "commands/**");
    await page.getByRole("button", { name: "Take back" }).click();
    await state("pending: The hub did not answer. Check your connection., false");
    await fixture.allow();
    await page.getByRole("button", { name: "Take back" }).click();
    await state("no move");
  });
});

describe("useMarkTaskComplete", () => {
  it("marks a task at once, takes it back, and says why it could not be saved", async () => {
    await bookAtSite({
      bookingId: "hook-task",
      name: "Hook Task",
      email: "hook.task@mail.example",
      scheduledDate: "2031-06-02T07:00:00Z",
    });
    const [task] = (await hub.api<List<TaskResource>>("GET", "/tasks?limit=1")).data;
    const { id = "", status } = task ?? {};
    expect(status).toBe("todo");
    const statusNow = async (): Promise<string | undefined> =>
      (await hub.api<List<TaskResource>>("GET", "/tasks?limit=200")).data.find(
        (one) => one.id === id,
      )?.status;
    const state = (text: string | RegExp) => page.getByRole("status").getByText(text).waitFor();
    await open("TaskExample", { taskId: id });
    const held = Promise.withResolvers<void>();
    await page.route(`${hub.address}/api/v1/tasks/*`, async (route) => {
      await held.promise;
      await route.continue();
    });
    await page.getByRole("button", { name: "Complete" }).click();
    await state("complete saving 0 null");
    // The last of several wishes counts, and they are saved one after the other.
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByRole("button", { name: "Complete" }).click();
    held.resolve();
    await state("complete saved 3 null");
    expect(await statusNow()).toBe("done");
    await page.getByRole("button", { name: "Undo" }).click();
    await state("open saved 4 null");
    expect(await statusNow()).toBe("todo");
    await page.unroute(`${hub.address}/api/v1/tasks/*`);
    await refuse(403, "tasks/*");
    await page.getByRole("button", { name: "Complete" }).click();
    await state("open saved 5 Your role does not include this.");
  });
});

it("asks for everything once, under StrictMode too, and shows it", async () => {
  const { id } = await bookHere({ name: "Once", from: "04:00", to: "04:30" });
  const { lead } = await bookAtSite({
    bookingId: "once",
    name: "Once Lead",
    email: "once@mail.example",
    scheduledDate: "2031-08-02T07:00:00Z",
  });
  const shown: [string, object, string][] = [
    ["DayBoard", { date: testDay }, ".sw-day-card"],
    ["StatusChangeForm", { bookingId: id }, ".sw-choice"],
    ["TasksWidget", {}, ".sw-check"],
    ["UpcomingBookings", {}, ".sw-row"],
    ["BookingsTab", { leadId: lead?.id }, ".sw-row"],
    ["RealTimeBookingEvents", {}, ".sw-event"],
  ];
  /** Of all that a component asks when it is opened, what it asks again. */
  const repeated = async (name: string, props: object, proof: string): Promise<string[]> => {
    const asked: string[] = [];
    const note = (request: Request): void => {
      const url = new URL(request.url());
      if (url.pathname.startsWith("/api/v1/")) asked.push(`${url.pathname}${url.search}`);
    };
    page.on("request", note);
    await open(name, props);
    await page.locator(proof).first().waitFor();
    await page.waitForLoadState("networkidle", { timeout: 2_000 }).catch(() => {});
    page.off("request", note);
    expect(asked.length, name).toBeGreaterThan(1);
    return asked.filter((url, index) => asked.indexOf(url) !== index);
  };
  for (const [name, props, proof] of shown) {
    // What happens just then is a reason to ask again.
    await expect.poll(() => repeated(name, props, proof), { timeout: 30_000 }).toEqual([]);
  }
});

it("can build every example of the documentation", async () => {
  const readme = await readFile(new URL("../packages/react/README.md", import.meta.url), "utf8");
  const examples = [...readme.matchAll(/```tsx\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
  expect(examples.length).toBeGreaterThan(7);
  for (const text of examples) {
    const { script } = await bundlePage({ text });
    expect(script.length).toBeGreaterThan(100);
  }
});
