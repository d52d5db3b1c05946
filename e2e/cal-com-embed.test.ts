import { readFile } from "node:fs/promises";
import type { BookingResource, CustomerDetail, List, SubjectResource } from "@slotwire/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { type BookingApplication, startBookingApplication } from "./booking-application.ts";
import { bundlePage } from "./bundle-page.ts";
import { type DashboardHub, startDashboardHub } from "./dashboard-hub.ts";
import { type FakeCalCom, startFakeCalCom } from "./fake-cal-com.ts";
import { screenProblems } from "./screen-problems.ts";
import { takePictures } from "./take-pictures.ts";

let hub: DashboardHub;
let calCom: FakeCalCom;
let browser: Browser;
let page: Page;
let application: BookingApplication;
let jan: CustomerDetail;
let burek: SubjectResource;
let azor: SubjectResource;
const troubles: string[] = [];

beforeAll(async () => {
  hub = await startDashboardHub();
  calCom = await startFakeCalCom(hub.send);
  browser = await launchBrowser();
  application = await startBookingApplication(hub, await bundlePage("test/booking-page.tsx"));
  jan = await hub.api("POST", "/customers", {
    name: "Jan Kowalski",
    email: "jan@mail.example",
    phone: "+48601234567",
    external_id: "client-7",
  });
  const add = (name: string, more: object): Promise<SubjectResource> =>
    hub.api("POST", "/subjects", { customer_id: jan.id, name, ...more });
  burek = await add("Burek", { breed: "Labrador", external_id: "pet-12" });
  azor = await add("Azor", { breed: null });
  await hub.api("POST", "/customers", { name: "Anna Berg" });
});
afterAll(async () => {
  await closePages(browser);
  await application?.close();
  await calCom?.close();
  await hub?.close();
});
beforeEach(async () => {
  page = await openPage(browser, troubles);
  Object.assign(calCom, { scripts: 0, trouble: null });
  calCom.forms.length = 0;
});
afterEach(async () => {
  await page.context().close();
  expect(troubles.splice(0)).toEqual([]);
});

/** Opens the application. @param props what it gives to the component */
async function open(props: object = {}): Promise<void> {
  const settings = { calLink: "salon/grooming", origin: calCom.origin, ...props };
  await page.addInitScript((given) => {
    Object.assign(globalThis, { bookingPage: { props: given, booked: [] } });
  }, settings);
  await page.goto(application.address);
}

const customers = () => [
  { ...jan, subjects: [burek, azor] },
  { id: "client-8", name: "Anna Berg" },
];
const search = () => page.getByLabel("Who is the visit for?");
const form = () => page.frameLocator("iframe");
const note = () => page.getByRole("alert");
const booked = () =>
  page.evaluate(
    () => (globalThis as unknown as { bookingPage: { booked: unknown[] } }).bookingPage.booked,
  );

async function bookingOf(uid: string): Promise<BookingResource> {
  const list = await hub.api<List<BookingResource>>("GET", `/bookings?external_id=${uid}`);
  const [booking] = list.data;
  if (booking === undefined) throw new Error(`no booking ${uid} arrived`);
  return booking;
}

async function confirm(): Promise<string> {
  await form().getByRole("button", { name: "Confirm" }).click();
  await form().getByText("This meeting is scheduled").waitFor();
  const last = (await booked()).at(-1) as { uid: string };
  return last.uid;
}

const picture = (name: string): Promise<void> => takePictures(page, name);

describe("booking at Cal.com from an application", () => {
  it("fills the form by the pet, and the hub links what is booked to customer and pet", async () => {
    await open({ customers: customers(), theme: "light", layout: "month_view" });
    expect(await screenProblems(page)).toEqual([]);
    await picture("choice");
    expect(calCom.scripts).toBe(0);
    await search().fill("burek");
    await search().press("Enter");
    await form().getByLabel("Your name").waitFor();
    expect(await form().getByLabel("Your name").inputValue()).toBe("Jan Kowalski");
    await page.getByTitle("Booking form for Burek").waitFor();
    expect(calCom.forms).toEqual([
      {
        path: "/salon/grooming/embed",
        embed: expect.stringMatching(/^slotwire-\d+$/),
        config: {
          name: "Jan Kowalski",
          email: "jan@mail.example",
          smsReminderNumber: "+48601234567",
          attendeePhoneNumber: "+48601234567",
          notes: "Burek (Labrador)",
          "metadata[barkbookClientId]": jan.id,
          "metadata[barkbookPetId]": burek.id,
          theme: "light",
          layout: "month_view",
        },
      },
    ]);
    expect(await screenProblems(page)).toEqual([]);
    await picture("form");

    const uid = await confirm();
    expect(await booked()).toMatchObject([
      { uid, status: "ACCEPTED", customer: { id: jan.id }, pet: { id: burek.id } },
    ]);
    const booking = await bookingOf(uid);
    expect(booking.customer).toMatchObject({ id: jan.id, name: "Jan Kowalski" });
    expect(booking.subjects).toMatchObject([{ id: burek.id, name: "Burek" }]);
    expect(booking.description).toContain("Burek (Labrador)");
  });

  it("loads script and form once, however often it renders, and anew for another pet", async () => {
    await open({ customers: customers() });
    await page.getByRole("button", { name: "Burek" }).click();
    await form().getByLabel("Your name").waitFor();
    await page.getByRole("button", { name: "Render again" }).click();
    const change = page.getByRole("button", { name: "Change" });
    await change.click();
    expect(await search().evaluate((field) => field === document.activeElement)).toBe(true);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByTitle("Booking form for Azor").waitFor();
    await form().getByLabel("Your name").waitFor();
    expect(await change.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(calCom.forms.map(({ config }) => config["metadata[barkbookPetId]"])).toEqual([
      burek.id,
      azor.id,
    ]);
    const hide = page.getByRole("button", { name: "Show or hide" });
    await hide.click();
    expect(await page.locator("iframe").count()).toBe(0);
    await hide.click();
    await page.getByRole("button", { name: "Azor" }).click();
    const uid = await confirm();
    expect((await bookingOf(uid)).subjects).toMatchObject([{ id: azor.id }]);
    expect(await booked()).toHaveLength(1);
    expect([calCom.scripts, await page.locator("iframe").count()]).toEqual([1, 1]);
  });

  it("finds customers and pets at the hub as one types", async () => {
    await open();
    await page.getByRole("button", { name: "Anna Berg no pet" }).waitFor();
    await search().fill("nobody of that name");
    await page.getByText("No pet or owner matches “nobody of that name”.").waitFor();
    await search().fill("lab kow");
    await page.getByText("No pet or owner matches “lab kow”.").waitFor();
    await search().fill("bure");
    await page.getByText("1 found").waitFor();
    await search().press("Enter");
    const booking = await bookingOf(await confirm());
    expect([booking.customer?.id, booking.subjects[0]?.id]).toEqual([jan.id, burek.id]);
  });

  it("says that there is nobody yet, and when the hub does not answer", async () => {
    await open({ customers: [] });
    await page.getByText("There are no customers yet.").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await page.context().close();
    page = await openPage(browser, troubles);
    application.reachesHub = false;
    await open();
    await note().getByText("The pets could not be loaded.").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await picture("unreachable");
    application.reachesHub = true;
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("button", { name: "Burek" }).waitFor();
  });

  it("shows no customer to whoever is not signed in any more", async () => {
    await open();
    const first = page.getByRole("button", { name: "Burek" });
    await first.waitFor();
    await page.route("**/api/v1/customers*", (route) => route.fulfill({ status: 401 }));
    await search().fill("b");
    await note().getByText("The pets could not be loaded.").waitFor();
    expect(await first.count()).toBe(0);
    await page.unrouteAll();
    await page.getByRole("button", { name: "Try again" }).click();
    await first.waitFor();
  });

  it("offers the filled booking page when the script is blocked, and tries again", async () => {
    calCom.trouble = "cut";
    await open({ customers: customers() });
    await page.getByRole("button", { name: "Burek" }).click();
    await note().getByText("The booking form could not be loaded").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await picture("blocked");
    const [opened] = await Promise.all([
      page.waitForEvent("popup"),
      page.getByRole("link", { name: "Open the filled booking page" }).click(),
    ]);
    await opened.getByRole("button", { name: "Confirm" }).click();
    await opened.getByText("This meeting is scheduled").waitFor();
    const booking = await bookingOf(calCom.booked.at(-1) ?? "");
    expect([booking.customer?.id, booking.subjects[0]?.id]).toEqual([jan.id, burek.id]);
    expect(calCom.forms.at(-1)).toMatchObject({ path: "/salon/grooming", embed: null });

    calCom.trouble = null;
    await page.getByRole("button", { name: "Try again" }).click();
    await form().getByLabel("Your name").waitFor();
    expect(await note().count()).toBe(0);
  });

  it("says so when the form takes long, and when Cal.com refuses it", async () => {
    calCom.trouble = "stall";
    await open({ customers: customers(), patience: 1 });
    await page.getByRole("button", { name: "Burek" }).click();
    await note().getByText("takes long").waitFor();
    await page.getByRole("button", { name: "Change" }).click();
    calCom.trouble = "fail";
    await page.getByRole("button", { name: "Azor" }).click();
    await note().getByText("Cal.com does not offer this booking form here.").waitFor();
  });

  it("books as the first example of its documentation does, when that is pasted", async () => {
    const readme = await readFile(new URL("../packages/react/README.md", import.meta.url), "utf8");
    const [, text] = /```tsx\n([\s\S]*?)```/.exec(readme) ?? [];
    if (text === undefined) throw new Error("there is no example");
    // Cal.com itself is out of reach: the fake answers for it.
    await page.route("https://app.cal.com/**", async (route) => {
      const { pathname, search: query } = new URL(route.request().url());
      const method = route.request().method();
      const answer = await fetch(`${calCom.origin}${pathname}${query}`, { method });
      const contentType = answer.headers.get("content-type") ?? "";
      await route.fulfill({ contentType, body: await answer.text() });
    });
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    application.page = await bundlePage({ text });
    await open();
    await page.getByRole("button", { name: "Burek (Labrador) Jan Kowalski" }).click();
    await form().getByRole("button", { name: "Confirm" }).click();
    await form().getByText("This meeting is scheduled").waitFor();
    const [, uid = ""] = said.join("\n").match(/booked (\S+) for Burek/) ?? [];
    const booking = await bookingOf(uid);
    expect([booking.customer?.id, booking.subjects[0]?.id]).toEqual([jan.id, burek.id]);
  });
});
