import type { BookingResource, List } from "@slotwire/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ManualClock } from "../apps/server/src/clock.ts";
import type { CalcomBody } from "../apps/server/src/connectors/calcom/fixtures.ts";
import { FakeCalcom } from "../apps/server/test/fake-calcom-api/fake-calcom.ts";
import {
  fakeApiKey,
  type FakeCalcomApi,
  startFakeCalcomApi,
} from "../apps/server/test/fake-calcom-api/server.ts";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { type DashboardHub, startDashboardHub, testDay, testNow } from "./dashboard-hub.ts";
import { problemsAtThisSize, screenProblems } from "./screen-problems.ts";
import { takePictures } from "./take-pictures.ts";

const calcom = new FakeCalcom(new ManualClock(testNow));
let api: FakeCalcomApi;
let hub: DashboardHub;
let browser: Browser;
let page: Page;
const troubles: string[] = [];

beforeAll(async () => {
  api = await startFakeCalcomApi(calcom);
  hub = await startDashboardHub({
    settings: { CALCOM_API_KEY: fakeApiKey, CALCOM_API_URL: api.url },
  });
  browser = await launchBrowser();
  page = await openPage(browser, troubles);
  await page.goto(await hub.running.signInLink());
  await page.getByRole("heading", { level: 1, name: "Saturday 21 November" }).waitFor();
});
afterAll(async () => {
  await closePages(browser);
  await hub?.close();
  await api?.close();
});
beforeEach(() => {
  api.trouble = null;
  api.before = null;
});
afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
});

/** Somebody books at Cal.com for the test's day; the booking's page is opened. */
async function book(name: string, time: string): Promise<BookingResource> {
  const email = `${name.toLowerCase().replaceAll(" ", ".")}@mail.example`;
  const start = `${testDay}T${time}:00Z`;
  const row = calcom.book({ start, attendee: { name, email } });
  await hub.send(calcom.messages.at(-1) as unknown as CalcomBody);
  const path = `/bookings?external_id=${row.uid}`;
  const [booking] = (await hub.api<List<BookingResource>>("GET", path)).data;
  if (booking === undefined) throw new Error("what was booked did not arrive");
  await page.goto(`${hub.address}/bookings/${booking.id}`);
  await page.getByRole("heading", { level: 1, name }).waitFor();
  return booking;
}

const press = (name: string) => page.getByRole("button", { name, exact: true }).first().click();

const picture = (name: string): Promise<void> => takePictures(page, name);

describe("a booking that Cal.com owns", () => {
  it("is cancelled from its page; what is on its way is shown there and on the day, without a reload", async () => {
    await book("Emily Carter", "15:00");
    await picture("offered");
    const held = Promise.withResolvers<void>();
    api.before = ({ method }) => (method === "POST" ? held.promise : undefined);
    await press("Cancel booking");
    await page.getByRole("dialog").getByLabel("Reason").fill("The groomer is ill.");
    await picture("question");
    expect(await problemsAtThisSize(page)).toEqual([]);
    await page.getByRole("dialog").getByRole("button", { name: "Cancel booking" }).click();
    await page.getByText("Cancelling at Cal.com …").waitFor();
    await page.getByText("Sent; the answer is awaited.").waitFor();
    await picture("pending");
    expect(await screenProblems(page)).toEqual([]);

    await page.getByRole("link", { name: "← Back to the day" }).click();
    const row = page.locator("[data-booking]").filter({ hasText: "Emily Carter" });
    await row.getByText("Cancelling at Cal.com …").waitFor();
    await picture("day");
    expect(await screenProblems(page)).toEqual([]);

    held.resolve();
    await row.getByText("Cancelled", { exact: true }).waitFor();
    await row.getByText("Cancelling at Cal.com …").waitFor({ state: "detached" });
    await row.getByRole("link").click();
    await page.getByText("Asked Cal.com to cancel it").waitFor();
    await page.getByText(/^Done, /).waitFor();
    expect(calcom.rows.at(-1)).toMatchObject({ cancellationReason: "The groomer is ill." });
  });

  it("is moved with the keyboard alone", async () => {
    const { id } = await book("Lars Mikkelsen", "16:00");
    await page.getByRole("button", { name: "Move", exact: true }).focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Start").fill("19:30");
    await dialog.getByText("Ends at 20:30; the length stays as it is.").waitFor();
    await dialog.getByLabel("Start").press("Enter");
    await page
      .getByText(/^Booking #\d+ .*moved|19:30 – 20:30/)
      .first()
      .waitFor();
    await page.getByText("19:30 – 20:30").waitFor();
    const after = await hub.api<BookingResource>("GET", `/bookings/${id}`);
    expect(after).toMatchObject({ starts_at: `${testDay}T18:30:00.000Z`, status: "confirmed" });
  });

  it("says why Cal.com refused, and tries again", async () => {
    await book("Zofia Nowak", "18:30");
    await book("Anna Berg", "17:00");
    await press("Move");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Start").fill("19:30");
    await dialog.getByRole("button", { name: "Move" }).click();
    await page.getByText("Cal.com did not move the booking").waitFor();
    await page
      .getByText(/is not available/)
      .first()
      .waitFor();
    await picture("refused");
    expect(await screenProblems(page)).toEqual([]);
    calcom.cancel(calcom.rows.find(({ start }) => start.includes("T18:30"))?.uid ?? "");
    const taken = calcom.rows.filter(
      ({ start, status }) => start.includes("T18:30") && status === "ACCEPTED",
    );
    for (const { uid } of taken) calcom.cancel(uid);
    await press("Try again");
    await page.getByText("19:30 – 20:30").waitFor();
    await page.getByText("Cal.com did not move the booking").waitFor({ state: "detached" });
  });

  it("is left alone when what was asked is withdrawn in time", async () => {
    await book("Johan Lind", "20:00");
    api.trouble = () => ({ status: 429, headers: { "retry-after": "120" } });
    await press("Cancel booking");
    await page.getByRole("dialog").getByRole("button", { name: "Cancel booking" }).click();
    await page
      .getByText(/asks to wait/)
      .first()
      .waitFor();
    await press("Withdraw");
    await page.getByText("Withdrawn before it was sent", { exact: false }).waitFor();
    await page.getByRole("button", { name: "Cancel booking", exact: true }).waitFor();
    expect(calcom.rows.at(-1)?.status).toBe("ACCEPTED");
  });
});
