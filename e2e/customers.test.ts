import type { BookingResource, CustomerDetail, SubjectResource } from "@slotwire/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { type DashboardHub, startDashboardHub, testDay } from "./dashboard-hub.ts";
import { screenProblems } from "./screen-problems.ts";
import { takePictures } from "./take-pictures.ts";

let hub: DashboardHub;
let browser: Browser;
let page: Page;
const troubles: string[] = [];
let anna: CustomerDetail;
let rex: SubjectResource;

const row = (name: string) =>
  page
    .getByRole("list", { name: "Unlinked bookings" })
    .getByRole("listitem")
    .filter({ hasText: name });
const unlinkedLink = () => page.getByRole("link", { name: /^Unlinked/ });

const book = (hour: string, attendees: object[]): Promise<BookingResource> =>
  hub.api("POST", "/bookings", {
    starts_at: `${testDay}T${hour}:00:00Z`,
    ends_at: `${testDay}T${hour}:45:00Z`,
    title: "Bath",
    attendees,
  });

async function open(path: string, heading: string): Promise<void> {
  await page.goto(`${hub.address}${path}`);
  await page.getByRole("heading", { level: 1, name: heading }).waitFor();
}

const picture = (name: string): Promise<void> => takePictures(page, name);

beforeAll(async () => {
  hub = await startDashboardHub();
  browser = await launchBrowser();
  page = await openPage(browser, troubles);
  await page.goto(await hub.running.signInLink());
  await page.getByRole("heading", { level: 1, name: "Saturday 21 November" }).waitFor();
  anna = await hub.api("POST", "/customers", { name: "Anna Berg", phone: "+45 12 34 56 78" });
  rex = await hub.api("POST", "/subjects", {
    customer_id: anna.id,
    name: "Rex",
    breed: "Labrador",
    allergies: ["Chicken", "Beef"],
  });
});

afterAll(async () => {
  await closePages(browser);
  await hub?.close();
});

afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
});

it("says when nothing is unlinked", async () => {
  await open("/unlinked", "Unlinked");
  await page.getByRole("heading", { name: "Every booking has its customer" }).waitFor();
  expect(await screenProblems(page)).toEqual([]);
  await picture("empty");
});

it("links a booking to whom it is likely of, and for which pet, by one click", async () => {
  const { booking_number: number } = await book("13", [{ phone: "12345678" }]);
  await row(`#${number}`).waitFor();
  await page.getByRole("link", { name: "Unlinked 1 booking needs a link" }).waitFor();
  expect(await screenProblems(page)).toEqual([]);
  await picture("suggestion");
  const choice = row(`#${number}`).getByRole("button", {
    name: /^Link to Anna Berg · Rex \(Labrador\)/,
  });
  await choice.focus();
  await page.keyboard.press("Enter");
  await page.getByText(`#${number} is linked to Anna Berg.`).waitFor();
  await page.getByRole("heading", { name: "Every booking has its customer" }).waitFor();
  expect(await unlinkedLink().textContent()).toBe("Unlinked");
  await picture("linked");
  await page.getByRole("button", { name: "Undo" }).click();
  await row(`#${number}`).waitFor();
  await row(`#${number}`)
    .getByRole("button", { name: /^Link to/ })
    .click();
  await row(`#${number}`).waitFor({ state: "detached" });
});

it("shows the customer, the pet and its allergies in the day's list and on the booking", async () => {
  await open("/", "Saturday 21 November");
  const visit = page.locator("[data-booking]").filter({ hasText: "Anna Berg" });
  await visit.getByText("Rex (Labrador)").waitFor();
  await visit.getByText("Allergies: Chicken, Beef").waitFor();
  expect(await screenProblems(page)).toEqual([]);
  await picture("today");
  await visit.getByRole("link", { name: "Anna Berg" }).click();
  await page.getByRole("heading", { level: 1, name: "Anna Berg" }).waitFor();
  const facts = page.getByRole("region", { name: "Booking" });
  await facts.getByText("Allergies: Chicken, Beef").waitFor();
  await page
    .getByText(/was linked to a customer$/)
    .first()
    .waitFor();
  expect(await screenProblems(page)).toEqual([]);
  await picture("booking");
});

it("searches somebody else, by keyboard alone, and makes somebody new", async () => {
  const bo = await book("14", [{ name: "B." }]);
  await open("/unlinked", "Unlinked");
  const other = row(`#${bo.booking_number}`).getByRole("button", { name: /to somebody else$/ });
  await other.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: `Whose is #${bo.booking_number}?` });
  await dialog.waitFor();
  await page.keyboard.type("nobody like that");
  await dialog.getByText("Nobody is found by that.").waitFor();
  await dialog.getByRole("searchbox").fill("rex");
  await dialog.getByRole("list", { name: "Customers found" }).getByText("Anna Berg").waitFor();
  expect(await screenProblems(page)).toEqual([]);
  await picture("dialog");
  await dialog.getByRole("button", { name: /^Anna Berg/ }).focus();
  await page.keyboard.press("Enter");
  await dialog.getByText("What of Anna Berg's is it about?").waitFor();
  await page.keyboard.press("Enter");
  await page.getByText(`#${bo.booking_number} is linked to Anna Berg.`).waitFor();

  const cora = await book("15", [{ name: "Cora Lind" }]);
  await row("Cora Lind")
    .getByRole("button", { name: /to somebody else$/ })
    .click();
  const form = page.getByRole("dialog", { name: `Whose is #${cora.booking_number}?` });
  await form.getByLabel("Phone").fill("soon");
  await form.getByRole("button", { name: "Create and link" }).click();
  await form
    .getByText(/^Not a phone number/)
    .first()
    .waitFor();
  await form.getByLabel("Phone").fill("87 65 43 21");
  await form.getByRole("button", { name: "Create and link" }).click();
  await page.getByText(`#${cora.booking_number} is linked to Cora Lind.`).waitFor();
  const linked = await hub.api<BookingResource>("GET", `/bookings/${cora.id}`);
  expect(linked.customer).toMatchObject({ name: "Cora Lind", phone: "87 65 43 21" });
});

it("leaves a booking without a link, and puts it back", async () => {
  const { booking_number: number } = await book("16", [{ name: "Team meeting" }]);
  await row("Team meeting")
    .getByRole("button", { name: `#${number} needs no link` })
    .click();
  await page.getByText(`#${number} stays without a link.`).waitFor();
  await row("Team meeting").waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await row("Team meeting").waitFor();
});

it("changes and takes away a link on the booking's own page", async () => {
  const { data } = await hub.api<{ data: BookingResource[] }>(
    "GET",
    `/bookings?customer_id=${anna.id}`,
  );
  const booking = data[0];
  expect(booking?.subjects).toMatchObject([{ id: rex.id }]);
  await open(`/bookings/${booking?.id}`, "Anna Berg");
  await page.getByRole("button", { name: "Change the link" }).click();
  await page.getByRole("button", { name: "Take the link away" }).click();
  await page.getByText("Not linked to a customer").waitFor();
  await page
    .getByText(/was unlinked from its customer$/)
    .first()
    .waitFor();
});
