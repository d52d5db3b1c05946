import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { createTestPerson, type TestPerson } from "../apps/server/test/person-fixture.ts";
import { system } from "../apps/server/src/db/database.ts";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { type DashboardHub, owner, startDashboardHub, testNow } from "./dashboard-hub.ts";

/** Keeps in `heard` all that the hub answers a tab, and all that other tabs tell it. */
const listen = `
globalThis.heard = [];
const fetchNow = globalThis.fetch;
globalThis.fetch = async (...args) => {
  const answer = await fetchNow(...args);
  const reader = answer.clone().body?.getReader();
  const decoder = new TextDecoder();
  const readOn = () => reader?.read().then(({ value }) => {
    if (value === undefined) return;
    heard.push(decoder.decode(value, { stream: true }));
    return readOn();
  }, () => {});
  void readOn();
  return answer;
};
globalThis.BroadcastChannel = class extends BroadcastChannel {
  constructor(name) {
    super(name);
    this.addEventListener("message", ({ data }) => heard.push(JSON.stringify(data)));
  }
};
`;

/** What is left of an address for who is not shown any; all begin with letters of their own. */
const masked = /^\w•••@m•••$/;
const contact = (uid: string): string => `${uid}@mail.example`;

let hub: DashboardHub;
let browser: Browser;
let staff: TestPerson;
const troubles: string[] = [];

beforeAll(async () => {
  [hub, browser] = await Promise.all([startDashboardHub(), launchBrowser()]);
  staff = await createTestPerson(hub.running.hub, { role: "viewer" });
  await hub.running.hub.db.transaction(system, (tx) =>
    tx.query("UPDATE membership SET hide_contacts = true WHERE user_id = $1", [staff.userId]),
  );
});
afterEach(async () => {
  await closePages(browser);
  expect(troubles.splice(0)).toEqual([]);
});
afterAll(async () => {
  await hub?.close();
});

/** Opens the first tab, in which the owner signs in. */
async function openBrowser(): Promise<Page> {
  const page = await openPage(browser, troubles);
  await page.context().addInitScript(listen);
  await page.goto(`${hub.address}/sign-in`);
  await signIn(page, owner);
  await page.getByRole("heading", { level: 1, name: "Saturday 21 November" }).waitFor();
  return page;
}

async function signIn(page: Page, { email, password }: typeof owner | TestPerson): Promise<void> {
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function openTab(beside: Page): Promise<Page> {
  const page = await beside.context().newPage();
  await page.clock.setFixedTime(testNow);
  return page;
}

/** Opens a booking's screen, which shows contact data to the owner. */
async function readBooking(page: Page, uid: string): Promise<Page> {
  const { data } = await hub.api<{ data: { id: string; title: string }[] }>("GET", "/bookings");
  const booking = data.find(({ title }) => title === `Grooming for ${uid}`);
  await page.goto(`${hub.address}/bookings/${booking?.id}`);
  await page.getByText(contact(uid)).first().waitFor();
  return page;
}

const visit = (uid: string, from: string, to: string) => ({ uid, name: uid, from, to });

/** All that is shown in a tab, and all that came to it since it was loaded. */
async function knownTo(page: Page): Promise<string> {
  const heard = await page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
  return [await page.locator("body").innerText(), ...heard].join("\n");
}

const untilKnown = (page: Page, what: string): Promise<unknown> =>
  expect.poll(() => knownTo(page), { timeout: 10_000 }).toContain(what);

it("every tab is left with the sign-in page when somebody signs out in one, and the next one finds nothing", async () => {
  await hub.book(visit("anna", "08:00", "09:00"));
  const first = await readBooking(await openBrowser(), "anna");
  const second = await readBooking(await openTab(first), "anna");
  const { pathname } = new URL(first.url());
  await second.getByRole("button", { name: "Sign out" }).click();
  for (const page of [first, second]) {
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    expect(await knownTo(page)).not.toContain(contact("anna"));
  }
  await signIn(second, staff);
  await untilKnown(second, "Grooming for anna");
  // The tab that was left at the sign-in page is led back to where the first person was.
  await first.getByText(masked).first().waitFor();
  expect(new URL(first.url()).pathname).toBe(pathname);
  await hub.book(visit("bea", "09:00", "10:00"));
  for (const page of [first, second]) {
    await untilKnown(page, "Grooming for bea");
    const known = await knownTo(page);
    for (const uid of ["anna", "bea"]) expect(known).not.toContain(contact(uid));
  }
});

it("every tab begins as the new person when somebody signs in over a session", async () => {
  await hub.book(visit("cleo", "11:00", "12:00"));
  const first = await readBooking(await openBrowser(), "cleo");
  const second = await readBooking(await openTab(first), "cleo");
  const third = await openTab(first);
  await third.goto(`${hub.address}/sign-in`);
  await signIn(third, staff);
  await hub.book(visit("dora", "12:00", "13:00"));
  await untilKnown(third, "Grooming for dora");
  for (const page of [first, second]) await page.getByText(masked).first().waitFor();
  await hub.book(visit("elsa", "13:00", "14:00"));
  for (const page of [first, second, third]) {
    await untilKnown(page, "Grooming for elsa");
    const known = await knownTo(page);
    for (const uid of ["cleo", "dora", "elsa"]) expect(known).not.toContain(contact(uid));
  }
});

it("an open screen shows nothing more of what a lowered role may not see", async () => {
  const admin = await createTestPerson(hub.running.hub, { role: "admin" });
  await hub.book(visit("fay", "14:00", "15:00"));
  const page = await openPage(browser, troubles);
  await page.goto(`${hub.address}/sign-in`);
  await signIn(page, admin);
  await page.getByRole("heading", { level: 1, name: "Saturday 21 November" }).waitFor();
  await page.goto(`${hub.address}/settings/members`);
  await page.getByText(admin.email).first().waitFor();
  await hub.api("PATCH", `/members/${admin.userId}`, { role: "viewer", hide_contacts: true });
  await page.getByText(owner.email).waitFor({ state: "detached" });
  await expect.poll(() => page.locator("body").innerText()).not.toContain("Invite somebody");
});
