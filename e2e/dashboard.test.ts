import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Receiver, startReceiver } from "../apps/server/test/receiver.ts";
import { system } from "../apps/server/src/db/database.ts";
import {
  accessibilityProblems,
  closePages,
  launchBrowser,
  openPage,
  overflow,
  showsAllText,
  windows,
} from "./browser.ts";
import { type DashboardHub, startDashboardHub, testDay, type Visit } from "./dashboard-hub.ts";
import { problemsAtThisSize } from "./screen-problems.ts";

const emily: Visit = { uid: "emily-1", name: "Emily Carter", from: "13:30", to: "14:00" };
const lars: Visit = { uid: "lars-1", name: "Lars Mikkelsen", from: "15:00", to: "16:00" };
const zofia: Visit = { uid: "zofia-1", name: "Zofia Nowak", from: "16:30", to: "17:00" };

let hub: DashboardHub;
let browser: Browser;
let receiver: Receiver;
/** Signed in, wide, light. */
let page: Page;
let cookies: Awaited<ReturnType<ReturnType<Page["context"]>["cookies"]>>;
const troubles: string[] = [];

/** A row of the day's list, by who comes. */
const row = (of: Page, name: string) => of.locator("[data-booking]").filter({ hasText: name });

/** Opens an address of the dashboard and waits for its heading and the live connection. */
async function open(at: Page, path: string): Promise<void> {
  await at.goto(`${hub.address}${path}`);
  await at.getByRole("heading", { level: 1 }).waitFor();
  await at.locator('.sw-connection[data-status="live"]:visible').waitFor();
}

/** A further page of the same session. */
async function anotherPage(options: Parameters<typeof openPage>[2] = {}): Promise<Page> {
  const other = await openPage(browser, troubles, options);
  await other.context().addCookies(cookies);
  return other;
}

beforeAll(async () => {
  hub = await startDashboardHub();
  receiver = await startReceiver();
  browser = await launchBrowser();
  page = await openPage(browser, troubles);
  await page.goto(await hub.running.signInLink());
  await page.getByRole("heading", { level: 1, name: "Saturday 21 November" }).waitFor();
  cookies = await page.context().cookies();
  await hub.api("POST", "/destinations", { name: "Receiver", url: receiver.url });
});

afterAll(async () => {
  await closePages(browser);
  await receiver?.close();
  await hub?.close();
});

afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
});

describe("signing in", () => {
  it("works once, and a preview of the link does not use it up", async () => {
    const link = await hub.running.signInLink();
    await fetch(link);
    await fetch(link.replace("#", "?"), { method: "HEAD" });
    const first = await openPage(browser, troubles);
    await first.goto(link);
    await first.getByRole("heading", { level: 1, name: "Saturday 21 November" }).waitFor();
    expect(new URL(first.url()).pathname).toBe("/");
    expect(first.url()).not.toContain("token");
    await first.context().close();

    const second = await openPage(browser, troubles);
    await second.goto(link);
    await second.getByRole("heading", { name: "This link is used up or expired" }).waitFor();
    // An owner has a password, so that a mere restart prints no link.
    const commands = second.getByRole("textbox");
    expect(await commands.nth(0).inputValue()).toBe("npx slotwire serve --sign-in-link");
    expect(await commands.nth(1).inputValue()).toContain("npx slotwire admin create");
    expect(await second.getByText("npm start").count()).toBe(0);
    await second.getByRole("button", { name: "Sign in with a password" }).click();
    await second.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await second.context().close();
  });

  it("takes the token from the query as well", async () => {
    const other = await openPage(browser, troubles);
    await other.goto((await hub.running.signInLink()).replace("#", "?"));
    await other.getByRole("heading", { level: 1, name: "Saturday 21 November" }).waitFor();
    await other.context().close();
  });

  it("takes a link that is pasted into a tab which shows the page already", async () => {
    const other = await openPage(browser, troubles);
    await other.goto(`${hub.address}/sign-in`);
    await other.getByRole("heading", { name: "Sign in with a one-time link" }).waitFor();
    await other.evaluate(() => Object.assign(window, { isSamePage: true }));
    await other.goto(`${hub.address}/sign-in#token=used-up-long-ago-and-never-valid`);
    await other.getByRole("heading", { name: "This link is used up or expired" }).waitFor();
    await other.goto(await hub.running.signInLink());
    await other.getByRole("heading", { level: 1, name: "Saturday 21 November" }).waitFor();
    // Only the hash changed, so the browser did not load the page again.
    expect(await other.evaluate(() => "isSamePage" in window)).toBe(true);
    expect(other.url()).not.toContain("token");
    await other.context().close();
  });

  it("sends whoever is not signed in to the page that says how to get a link", async () => {
    const stranger = await openPage(browser, troubles);
    await stranger.goto(`${hub.address}/inbox`);
    await stranger.getByRole("heading", { name: "Sign in with a one-time link" }).waitFor();
    expect(new URL(stranger.url()).pathname).toBe("/sign-in");
    await stranger.context().close();
  });

  it("ends with signing out", async () => {
    const leaving = await openPage(browser, troubles);
    await leaving.goto(await hub.running.signInLink());
    await leaving.getByRole("button", { name: "Sign out" }).click();
    await leaving.getByRole("heading", { name: "Sign in with a one-time link" }).waitFor();
    await leaving.goto(hub.address);
    await leaving.getByRole("heading", { name: "Sign in with a one-time link" }).waitFor();
    await leaving.context().close();
  });
});

describe("today", () => {
  it("says what is connected, and what comes next, while there are no bookings", async () => {
    await open(page, "/");
    await page.getByRole("heading", { name: "No bookings today" }).waitFor();
    const sources = page.getByRole("list", { name: "What is connected" });
    await sources.getByText("No message yet").waitFor();
    await page.getByText(/^Send a test at the source/).waitFor();
    await page.getByText("No booking lies ahead.").waitFor();
    // It is connected already.
    expect(await page.getByRole("link", { name: /^Connect / }).count()).toBe(0);
    expect(await problemsAtThisSize(page)).toEqual([]);
    await sources.getByRole("link", { name: "Cal.com" }).click();
    await page.getByRole("heading", { level: 1, name: "Connections" }).waitFor();
  });

  it("shows a booking as it arrives, without a reload", async () => {
    await open(page, "/");
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    expect(await hub.book(emily)).toBe("created");
    await row(page, "Emily Carter").waitFor();
    const text = await row(page, "Emily Carter").innerText();
    expect(text).toContain("14:30");
    expect(text).toContain("Confirmed");
    await page.getByText("Booking #1001 for Sat, 21 Nov 2026").waitFor({ state: "attached" });
    expect(await page.evaluate(() => "isSamePage" in window)).toBe(true);
  });

  it("keeps the focus where it is while bookings come in and move", async () => {
    await open(page, "/");
    const link = row(page, "Emily Carter").getByRole("link").first();
    await link.focus();
    await hub.book(lars);
    await hub.book({ ...zofia, from: "12:00", to: "12:30" });
    await row(page, "Lars Mikkelsen").waitFor();
    await row(page, "Zofia Nowak").waitFor();
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it("follows a reschedule under a new id and a cancellation", async () => {
    await open(page, "/");
    expect(
      await hub.move("emily-1", { ...emily, uid: "emily-2", from: "17:00", to: "17:30" }),
    ).toBe("rescheduled");
    await row(page, "Emily Carter").getByText("18:00").waitFor();
    expect(await row(page, "Emily Carter").count()).toBe(1);
    expect(await hub.cancel(lars)).toBe("cancelled");
    await row(page, "Lars Mikkelsen").getByText("Cancelled").waitFor();
  });

  it("catches up on what happened while the connection was away", async () => {
    const away = await anotherPage();
    await open(away, "/");
    await away.context().setOffline(true);
    await away.locator('.sw-connection[data-status="offline"]:visible').waitFor();
    await away.getByRole("alert").filter({ hasText: "This device has no network." }).waitFor();
    expect(await row(away, "Emily Carter").isVisible()).toBe(true);
    await hub.book({ uid: "karin-1", name: "Karin Åkesson", from: "14:00", to: "14:30" });
    await away.context().setOffline(false);
    await row(away, "Karin Åkesson").waitFor();
    await away.locator('.sw-connection[data-status="live"]:visible').waitFor();
    await away.context().close();
  });

  it("goes from day to day by the address", async () => {
    await open(page, "/");
    await page.getByRole("link", { name: "Next day" }).click();
    await page.getByRole("heading", { level: 1, name: "Sunday 22 November" }).waitFor();
    expect(new URL(page.url()).searchParams.get("on")).toBe("2026-11-22");
    await page.getByRole("heading", { name: "No bookings on this day" }).waitFor();
    await page.getByRole("link", { name: "Today", exact: true }).last().click();
    await page.getByRole("heading", { level: 1, name: "Saturday 21 November" }).waitFor();
    expect(new URL(page.url()).search).toBe("");
    // From an empty day a link leads to what comes next.
    await open(page, "/?on=2026-11-18");
    await page.getByText("Next booking:").waitFor();
    await page.getByRole("link", { name: /^Sat, 21 Nov 2026, / }).waitFor();
  });

  it("is shown when the address names a day that does not exist", async () => {
    for (const day of ["banana", "2026-02-30"]) {
      await open(page, `/?on=${day}`);
      await page.getByRole("heading", { level: 1, name: "Saturday 21 November" }).waitFor();
      await row(page, "Emily Carter").waitFor();
    }
  });

  it("can be used with the keyboard alone", async () => {
    await open(page, "/");
    await row(page, "Emily Carter").waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Skip to content");
    await page.keyboard.press("Enter");
    const isOnEmily = () => document.activeElement?.textContent === "Emily Carter";
    for (let presses = 0; presses < 40 && !(await page.evaluate(isOnEmily)); presses++) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Emily Carter" }).waitFor();
  });
});

describe("a booking", () => {
  it("tells its ids, and why it is as it is", async () => {
    await open(page, "/");
    await row(page, "Emily Carter").getByRole("link").first().click();
    await page.getByRole("heading", { level: 1, name: "Emily Carter" }).waitFor();
    const ids = page.getByRole("region", { name: "Ids outside" });
    await ids.getByText("emily-2", { exact: true }).waitFor();
    expect(await ids.getByText("Replaced", { exact: false }).count()).toBeGreaterThan(0);
    const why = page.getByRole("region", { name: "Why it is as it is" });
    await why.getByText("BOOKING_RESCHEDULED").waitFor();
    expect(await why.getByText("Sat, 21 Nov 2026, 14:30").first().isVisible()).toBe(true);
    expect(await why.getByText("BOOKING_CREATED").isVisible()).toBe(true);
  });

  it("changes on the screen when it changes at the source", async () => {
    await open(page, "/");
    await row(page, "Zofia Nowak").getByRole("link").first().click();
    const head = page.locator("h1 + div");
    await head.getByText("Confirmed").waitFor();
    await hub.cancel(zofia);
    await head.getByText("Cancelled").waitFor();
    await page
      .getByRole("region", { name: "Why it is as it is" })
      .getByText("BOOKING_CANCELLED")
      .waitFor();
  });

  it("with a long title without spaces fits a narrow window, where the title wraps", async () => {
    const titles = { named: "w".repeat(500), nameless: "m".repeat(500) };
    const visit = { uid: "jonas-1", name: "Jonas Berg", from: "10:00", to: "10:30" };
    expect(await hub.book({ ...visit, title: titles.named })).toBe("created");
    await hub.api("POST", "/bookings", {
      starts_at: `${testDay}T10:30:00Z`,
      ends_at: `${testDay}T11:00:00Z`,
      title: titles.nameless,
    });
    const narrow = await anotherPage({ viewport: windows.narrow });
    for (const [name, title] of [
      ["Jonas Berg", titles.named],
      [titles.nameless, titles.nameless],
    ] as const) {
      await open(narrow, "/");
      await row(narrow, name).waitFor();
      expect(await overflow(narrow)).toBe(0);
      await row(narrow, name).getByRole("link").first().click();
      await narrow.getByRole("heading", { level: 1, name }).waitFor();
      expect(await showsAllText(narrow.getByRole("heading", { level: 1 }))).toBe(true);
      const facts = narrow.getByRole("region", { name: "Booking", exact: true });
      const shown = facts.getByRole("definition").filter({ hasText: title });
      expect(await showsAllText(shown)).toBe(true);
      expect(await overflow(narrow)).toBe(0);
    }
    await open(narrow, "/inbox");
    await narrow.getByRole("link", { name: /Jonas Berg/ }).waitFor();
    expect(await overflow(narrow)).toBe(0);
    await narrow.context().close();
  });

  it("that does not exist is a clear page", async () => {
    await page.goto(`${hub.address}/bookings/00000000-0000-4000-8000-000000000000`);
    await page.getByRole("heading", { level: 1, name: "This booking was not found" }).waitFor();
    for (const path of ["/bookings/xyz", "/nowhere", "/nowhere.html"]) {
      await page.goto(`${hub.address}${path}`);
      await page.getByRole("heading", { name: "There is no such page" }).waitFor();
    }
  });
});

describe("the inbox", () => {
  it("shows each message once, with how often it came and what became of it", async () => {
    const freja = { uid: "freja-1", name: "Freja Lund", from: "07:00", to: "07:30" };
    expect(await hub.book(freja)).toBe("created");
    expect(await hub.book(freja)).toBe("duplicate");
    await open(page, "/inbox");
    const created = page.getByRole("listitem").filter({ hasText: "Freja Lund" });
    await created.getByText("2 deliveries, 1 effect").waitFor();
    await created.getByText("Created", { exact: true }).waitFor();
    expect(await created.count()).toBe(1);
    expect(await created.getByRole("link", { name: /^#\d+$/ }).count()).toBe(1);
  });

  it("shows a new message as it comes", async () => {
    await open(page, "/inbox");
    await hub.book({ uid: "soren-1", name: "Søren Kjær", from: "18:00", to: "18:30" });
    await page.getByRole("link", { name: /Søren Kjær/ }).waitFor();
  });

  it("narrows to a status that stands in the address", async () => {
    await open(page, "/inbox");
    await page.getByRole("button", { name: "Failed" }).click();
    await page.getByRole("heading", { name: "No messages like that" }).waitFor();
    expect(new URL(page.url()).search).toBe("?status=failed");
    await open(page, "/inbox?status=processed");
    expect(await page.getByRole("button", { name: "Processed" }).getAttribute("aria-pressed")).toBe(
      "true",
    );
  });

  it("takes a status that there is not for none", async () => {
    await open(page, "/inbox?status=banana");
    await page.getByRole("link", { name: /Søren Kjær/ }).waitFor();
    expect(await page.getByRole("button", { name: "All" }).getAttribute("aria-pressed")).toBe(
      "true",
    );
  });

  it("opens a message with its body as it came, and closes it by Escape", async () => {
    await open(page, "/inbox");
    await page.getByRole("link", { name: /Søren Kjær/ }).click();
    const body = page.getByLabel("Body as it came");
    await body.waitFor();
    expect(await body.innerText()).toContain('"triggerEvent": "BOOKING_CREATED"');
    expect(new URL(page.url()).pathname).toMatch(/^\/inbox\/[0-9a-f-]{36}$/);
    await page.keyboard.press("Escape");
    await body.waitFor({ state: "detached" });
    expect(new URL(page.url()).pathname).toBe("/inbox");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain("Søren Kjær");
  });
});

describe("deliveries and destinations", () => {
  it("show what went out, and every attempt at it", async () => {
    await hub.book({ uid: "anna-1", name: "Anna Wiśniewska", from: "09:00", to: "09:30" });
    await open(page, "/deliveries?status=delivered");
    const first = page.getByRole("listitem").filter({ hasText: "Receiver" }).first();
    await first.getByText("1 attempt · HTTP 200").waitFor();
    await first.getByRole("link").first().click();
    await page.getByText("Attempt 1").waitFor();
    await page.getByRole("heading", { name: "Delivery", exact: true }).waitFor();
  });

  it("send again at once what failed, when a person asks for it", async () => {
    receiver.answer((_request, response) => response.writeHead(503).end("Closed for lunch"));
    await hub.book({ uid: "mette-1", name: "Mette Sørensen", from: "08:00", to: "08:30" });
    await open(page, "/deliveries?status=retrying");
    const failed = page.getByRole("listitem").filter({ hasText: "HTTP 503" });
    await failed.getByRole("link").first().click();
    await page.getByText("Closed for lunch").waitFor();
    receiver.answer((_request, response) => response.end());
    await page.getByRole("button", { name: "Retry now" }).click();
    await page.getByText("Attempt 2").waitFor();
    await page.getByRole("definition").getByText("Delivered", { exact: true }).waitFor();
    expect(await page.getByRole("button", { name: "Retry now" }).count()).toBe(0);
  });

  it("show a new destination's secret once", async () => {
    await open(page, "/destinations");
    await page.getByRole("button", { name: "Add destination" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Studio CRM");
    await dialog.getByLabel("Address").fill(`${receiver.url}/crm`);
    expect(await accessibilityProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Add destination" }).click();
    await page.getByRole("dialog", { name: "The secret of Studio CRM" }).waitFor();
    const secret = await page.getByRole("textbox", { name: "Secret" }).inputValue();
    expect(secret).toMatch(/^whsec_/);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "I have copied it" }).click();
    await page.getByRole("heading", { name: /^Studio CRM/ }).waitFor();
    expect(await page.content()).not.toContain(secret);
  });

  it("say what is wrong with a destination that cannot be added", async () => {
    await open(page, "/destinations");
    await page.getByRole("button", { name: "Add destination" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("Studio CRM");
    await dialog.getByLabel("Address").fill(receiver.url);
    await dialog.getByRole("button", { name: "Add destination" }).click();
    await dialog.getByRole("alert").getByText("A destination of that name exists").waitFor();
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
  });

  it("pause, resume, test and remove a destination", async () => {
    await open(page, "/destinations");
    const crm = page.getByRole("listitem").filter({ hasText: "Studio CRM" });
    await crm.getByRole("button", { name: "Pause" }).click();
    await crm.getByText("Paused").waitFor();
    await crm.getByRole("button", { name: "Resume" }).click();
    await crm.getByText("Active").waitFor();
    await crm.getByRole("button", { name: "Send test" }).click();
    await crm.getByText(/The test arrived: HTTP 200/).waitFor();
    await crm.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await crm.waitFor({ state: "detached" });
  });
});

describe("connecting", () => {
  it("shows the address to paste, and that messages arrive", async () => {
    await open(page, "/connect");
    const address = page.getByRole("textbox", { name: "Webhook address" });
    expect(await address.inputValue()).toContain(`${hub.address}/api/webhooks/calcom`);
    await page.getByText(/^First message arrived/).waitFor();
  });
});

describe("several organisations", () => {
  it("are switched between, and show nothing of each other", async () => {
    const other = "00000000-0000-4000-8000-0000000000aa";
    await hub.running.hub.db.transaction(system, async (tx) => {
      await tx.query(
        `INSERT INTO organisation (id, slug, name, time_zone)
         VALUES ($1, 'harbour', 'Harbour Clinic', 'Europe/London')`,
        [other],
      );
      await tx.query("INSERT INTO membership (org_id, user_id, role) VALUES ($1, $2, 'admin')", [
        other,
        hub.running.ownerId,
      ]);
    });
    const member = await openPage(browser, troubles);
    await member.goto(await hub.running.signInLink());
    await row(member, "Emily Carter").waitFor();
    await member.getByRole("combobox", { name: "Organisation" }).selectOption("Harbour Clinic");
    await member.getByText("Harbour Clinic · Times in Europe/London").waitFor();
    await member.getByRole("heading", { name: "No bookings today" }).waitFor();
    await member.context().close();
  });
});

describe("every screen", () => {
  const rowOf = (rows: { data: { id: string }[] }) => rows.data[0]?.id ?? "";

  async function addresses(): Promise<Record<string, string>> {
    const booking = rowOf(await hub.api("GET", `/bookings?on=${testDay}`));
    const message = rowOf(await hub.api("GET", "/inbound-messages"));
    const delivery = rowOf(await hub.api("GET", "/deliveries"));
    return {
      today: "/",
      "an empty day": "/?on=2026-12-24",
      booking: `/bookings/${booking}`,
      inbox: "/inbox",
      message: `/inbox/${message}`,
      deliveries: "/deliveries",
      delivery: `/deliveries/${delivery}`,
      destinations: "/destinations",
      connect: "/connect",
      "sign-in": "/sign-in",
      "a used link": "/sign-in#token=used-up-long-ago-and-never-valid",
      "not found": "/no-such-page",
    };
  }

  for (const [size, viewport] of Object.entries(windows)) {
    it(`is accessible and fits, light and dark, ${size}`, async () => {
      const visitor = await anotherPage({ viewport });
      const found: string[] = [];
      for (const [name, path] of Object.entries(await addresses())) {
        await visitor.goto("about:blank");
        await visitor.goto(`${hub.address}${path}`);
        await visitor.getByRole("heading", { level: 1 }).waitFor();
        await visitor.waitForLoadState("load");
        await visitor.locator(".animate-pulse-soft").first().waitFor({ state: "detached" });
        found.push(...(await problemsAtThisSize(visitor)).map((problem) => `${name}: ${problem}`));
      }
      expect(found).toEqual([]);
      await visitor.context().close();
    });
  }
});
