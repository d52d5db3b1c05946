import { createHmac } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { calcomFixture } from "../apps/server/src/connectors/calcom/fixtures.ts";
import { system } from "../apps/server/src/db/database.ts";
import { closePages, launchBrowser, openPage, windows } from "./browser.ts";
import { type DashboardHub, owner, startDashboardHub, testDay } from "./dashboard-hub.ts";
import { screenProblems } from "./screen-problems.ts";

const today = "Saturday 21 November";
const karin = { email: "karin@salon.example", name: "Karin Åkesson" } as const;

let hub: DashboardHub;
let browser: Browser;
/** The owner's, and the staff member's, who is invited. */
let page: Page;
let staff: Page;
const troubles: string[] = [];

beforeAll(async () => {
  hub = await startDashboardHub();
  browser = await launchBrowser();
  page = await openPage(browser, troubles);
  staff = await openPage(browser, troubles);
  await page.goto(`${hub.address}/sign-in`);
  await page.getByRole("textbox", { name: "E-mail" }).fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await heading(page, today).waitFor();
});

afterAll(async () => {
  await closePages(browser);
  await hub?.close();
});

afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
});

const heading = (of: Page, name: string | RegExp) => of.getByRole("heading", { level: 1, name });
/** The screens of the navigation, without how many bookings wait on one of them. */
async function places(of: Page): Promise<string[]> {
  const links = of.getByRole("navigation", { name: "Main" }).getByRole("link");
  const texts = await links.allInnerTexts();
  return texts.map((text) => text.replace(/\d+\+?\s+\d+\+? bookings? needs? a link/, "").trim());
}

async function open(path: string, title: string): Promise<void> {
  await page.goto(`${hub.address}${path}`);
  await heading(page, title).waitFor();
}

describe("members", () => {
  it("are invited by a link that can be copied", async () => {
    await open("/settings/members", "Members");
    await page.getByRole("heading", { name: "You are alone here" }).waitFor();
    await page.getByText("No invitation is open.").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Invite somebody" }).click();
    const dialog = page.getByRole("dialog", { name: "Invite somebody" });
    const email = dialog.getByRole("textbox", { name: "E-mail" });
    expect(await email.evaluate((element) => element === document.activeElement)).toBe(true);
    await email.fill(karin.email);
    await dialog.getByRole("radio", { name: /^Staff/ }).check();
    expect(await screenProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Invite" }).click();

    const invited = page.getByRole("dialog", { name: `Invitation for ${karin.email}` });
    const link = await invited.getByRole("textbox", { name: "Link" }).inputValue();
    expect(link).toMatch(/\/invite#token=/);
    expect(await screenProblems(page)).toEqual([]);
    await invited.getByRole("button", { name: "Done" }).click();
    await page.getByText(karin.email).waitFor();

    await page.getByRole("button", { name: `New link for ${karin.email}` }).click();
    const fresh = await invited.getByRole("textbox", { name: "Link" }).inputValue();
    expect(fresh).not.toBe(link);
    await page.keyboard.press("Escape");
    await staff.goto(link);
    await heading(staff, "This invitation does not work any more").waitFor();
    await staff.goto(fresh);
    await heading(staff, /^Join /).waitFor();
  });

  it("choose a name and a password when they come", async () => {
    await staff.getByText("Only their own bookings").waitFor();
    expect(await screenProblems(staff)).toEqual([]);
    // The link does not tell whether they have an account: they say so.
    await staff.getByRole("button", { name: "I have an account" }).click();
    await staff.getByLabel("Password", { exact: true }).fill("a guess of somebody new");
    await staff.getByRole("button", { name: "Sign in and join" }).click();
    await staff.getByText("The e-mail or the password is wrong.").waitFor();
    expect(await screenProblems(staff)).toEqual([]);
    await staff.getByRole("button", { name: "I have no account yet" }).click();
    await staff.getByRole("textbox", { name: "Name" }).fill(karin.name);
    const password = staff.getByLabel("Password", { exact: true });
    await password.fill("karin@salon.example");
    await staff.getByRole("button", { name: /^Join/ }).click();
    await staff.getByText("Choose something other than your name").waitFor();
    await password.fill("a small boat on the lake");
    await staff.getByRole("button", { name: /^Join/ }).click();
    await heading(staff, today).waitFor();
    expect(staff.url()).not.toContain("token");
  });

  it("of the staff see their own screens and bookings alone", async () => {
    expect(await places(staff)).toEqual(["Today", "Unlinked", "Calendar feeds"]);
    const colleague = { name: "Jonas Berg", email: "jonas@salon.example" };
    for (const [uid, name, organizer] of [
      ["own-1", "Emily Carter", karin],
      ["other-1", "Lars Mikkelsen", colleague],
    ] as const) {
      const action = await hub.send(
        calcomFixture("booking_created", {
          uid,
          iCalUID: `${uid}@cal.example`,
          title: `Grooming for ${name}`,
          startTime: `${testDay}T13:30:00Z`,
          endTime: `${testDay}T14:00:00Z`,
          attendees: [{ name, email: `${uid}@mail.example`, timeZone: "Europe/Copenhagen" }],
          organizer: { ...organizer, timeZone: "Europe/Copenhagen" },
        }),
      );
      expect(action).toBe("created");
    }
    await staff.locator("[data-booking]").filter({ hasText: "Emily Carter" }).waitFor();
    await page.goto(hub.address);
    await page.locator("[data-booking]").filter({ hasText: "Lars Mikkelsen" }).waitFor();
    await staff.reload();
    await staff.locator("[data-booking]").filter({ hasText: "Emily Carter" }).waitFor();
    expect(await staff.getByText("Lars Mikkelsen").count()).toBe(0);
    expect(await screenProblems(staff)).toEqual([]);
  });

  it("are told kindly that a booking is not theirs, or is theirs no longer", async () => {
    const host = (organizer: { name: string; email: string }) => ({
      ...organizer,
      timeZone: "Europe/Copenhagen",
    });
    const times = { startTime: `${testDay}T15:00:00Z`, endTime: `${testDay}T15:30:00Z` };
    const visit = { iCalUID: "nora@cal.example", title: "Grooming for Nora Lind", ...times };
    const mine = { ...visit, uid: "nora-1", organizer: host(karin) };
    expect(await hub.send(calcomFixture("booking_created", mine))).toBe("created");
    await staff.goto(hub.address);
    await staff.locator("[data-booking]").filter({ hasText: "15:00" }).waitFor();
    const { data } = await hub.api<{ data: { id: string; title: string }[] }>("GET", "/bookings");
    const { id } = data.find(({ title }) => title === visit.title) ?? { id: "" };
    await staff.goto(`${hub.address}/bookings/${id}`);
    await staff.getByText(visit.title).first().waitFor();
    const jonas = host({ name: "Jonas Berg", email: "jonas@salon.example" });
    const theirs = { ...visit, uid: "nora-2", rescheduleUid: "nora-1", organizer: jonas };
    expect(await hub.send(calcomFixture("booking_rescheduled", theirs))).toBe("rescheduled");
    await heading(staff, "This booking is no longer shown to you").waitFor();
    expect(await staff.getByText(visit.title).count()).toBe(0);
    expect(await screenProblems(staff)).toEqual([]);
    await staff.reload();
    await heading(staff, "This booking was not found").waitFor();
    await staff.getByRole("link", { name: "Go to Today" }).click();
    await heading(staff, today).waitFor();
  });

  it("are told kindly that a screen is not for their role", async () => {
    for (const path of ["/settings/members", "/settings/audit", "/inbox", "/settings/keys"]) {
      await staff.goto(`${hub.address}${path}`);
      await heading(staff, "Not for your role").waitFor();
    }
    expect(await screenProblems(staff)).toEqual([]);
    await staff.getByRole("link", { name: "Go to Today" }).click();
    await heading(staff, today).waitFor();
  });

  it("find what else there is under “More” on a phone", async () => {
    const phone = await openPage(browser, troubles, { viewport: windows.narrow });
    await phone.context().addCookies(await page.context().cookies());
    await phone.goto(hub.address);
    await heading(phone, today).waitFor();
    expect(await places(phone)).toEqual(["Today", "Unlinked", "Inbox", "Deliveries", "More"]);
    await phone.getByRole("link", { name: "More" }).click();
    await heading(phone, "More").waitFor();
    expect(await screenProblems(phone)).toEqual([]);
    await phone.setViewportSize(windows.narrow);
    await phone.getByRole("link", { name: "Members" }).click();
    await heading(phone, "Members").waitFor();
    await phone.context().close();
  });

  it("are given another role, and removed", async () => {
    await open("/settings/members", "Members");
    await page.getByRole("button", { name: `Change ${karin.name}` }).click();
    const dialog = page.getByRole("dialog", { name: karin.name });
    await dialog.getByRole("checkbox", { name: /^Hide customers/ }).check();
    expect(await screenProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Save" }).click();
    await page.getByText("Contacts hidden").waitFor();

    await page.getByRole("button", { name: `Change ${karin.name}` }).click();
    await dialog.getByRole("radio", { name: /^Manager/ }).check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.waitFor({ state: "detached" });
    // An open screen begins anew by itself as soon as another role is given.
    await expect.poll(() => places(staff), { timeout: 30_000 }).toContain("Inbox");

    await page.getByRole("button", { name: `Change ${karin.name}` }).click();
    await dialog.getByRole("button", { name: "Remove" }).click();
    const question = page.getByRole("dialog", { name: "Remove" });
    await question.getByRole("button", { name: "Remove" }).click();
    await page.getByText(karin.email).waitFor({ state: "detached" });
    await heading(staff, "Sign in").waitFor();
  });
});

describe("whoever has an account", () => {
  it("joins with its password", async () => {
    // As a mailed reset would have: an account that nobody proved, and that belongs nowhere by now,
    // gives way to whoever is invited.
    await hub.running.hub.db.transaction(system, (tx) =>
      tx.query("UPDATE app_user SET email_verified_at = now() WHERE email = $1", [karin.email]),
    );
    await page.getByRole("button", { name: "Invite somebody" }).click();
    const dialog = page.getByRole("dialog", { name: "Invite somebody" });
    await dialog.getByRole("textbox", { name: "E-mail" }).fill(karin.email);
    await dialog.getByRole("radio", { name: /^Viewer/ }).check();
    await dialog.getByRole("button", { name: "Invite" }).click();
    const invited = page.getByRole("dialog", { name: `Invitation for ${karin.email}` });
    const link = await invited.getByRole("textbox", { name: "Link" }).inputValue();
    await invited.getByRole("button", { name: "Done" }).click();
    await staff.goto(link);
    const password = staff.getByLabel("Password", { exact: true });
    // Whoever forgot that they have an account is told once they make another one.
    await staff.getByRole("textbox", { name: "Name" }).fill(karin.name);
    await password.fill("another boat on the lake");
    await staff.getByRole("button", { name: /^Join/ }).click();
    await staff.getByText("There is an account of this e-mail.").waitFor();
    expect(await staff.getByRole("textbox", { name: "Name" }).count()).toBe(0);
    expect(await password.inputValue()).toBe("");
    await password.fill("not the password at all");
    await staff.getByRole("button", { name: "Sign in and join" }).click();
    await staff.getByText("The e-mail or the password is wrong.").waitFor();
    expect(await screenProblems(staff)).toEqual([]);
    await password.fill("a small boat on the lake");
    await staff.getByRole("button", { name: "Sign in and join" }).click();
    await heading(staff, today).waitFor();
    expect(await places(staff)).toEqual(["Today"]);
  });
});

describe("API keys", () => {
  it("are shown once, and then used", async () => {
    await open("/settings/keys", "API keys");
    await page.getByText("Set by SLOTWIRE_API_KEY in the environment").waitFor();
    await page.getByRole("button", { name: "Make a key" }).click();
    const dialog = page.getByRole("dialog", { name: "Make a key" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Booking form");
    await dialog.getByRole("button", { name: "Make the key" }).click();
    await dialog.getByText("Tick at least one.").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await dialog.getByRole("checkbox", { name: /^See bookings/ }).check();
    await dialog.getByRole("button", { name: "Make the key" }).click();

    const made = page.getByRole("dialog", { name: "The key of Booking form" });
    const key = await made.getByRole("textbox", { name: "API key" }).inputValue();
    expect(key).toMatch(/^sw_sk_/);
    expect(await screenProblems(page)).toEqual([]);
    await made.getByRole("button", { name: "I have stored it" }).click();
    await made.waitFor({ state: "detached" });
    expect(await page.content()).not.toContain(key);

    const call = (path: string) =>
      fetch(`${hub.address}/api/v1/${path}`, { headers: { authorization: `Bearer ${key}` } });
    expect((await call("bookings")).status).toBe(200);
    expect((await call("members")).status).toBe(403);
    await page.reload();
    await page.getByText(/^used/).waitFor();
    expect(await screenProblems(page)).toEqual([]);

    await page.getByRole("button", { name: "Revoke Booking form" }).click();
    const question = page.getByRole("dialog", { name: "Revoke Booking form" });
    await question.getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("heading", { name: "Booking form" }).waitFor({ state: "detached" });
    expect((await call("bookings")).status).toBe(401);
  });

  it("for pages name the pages that may use them", async () => {
    await page.getByRole("button", { name: "Make a key" }).click();
    const dialog = page.getByRole("dialog", { name: "Make a key" });
    await dialog.getByRole("textbox", { name: "Name" }).fill("Website");
    await dialog.getByRole("radio", { name: /^Publishable/ }).check();
    const pages = dialog.getByRole("textbox", { name: "Pages that may use it" });
    await pages.fill("https://www.salon.example/booking");
    await dialog.getByRole("button", { name: "Make the key" }).click();
    await dialog.getByText("Only scheme, host and port").waitFor();
    await pages.fill("https://www.salon.example");
    await dialog.getByRole("button", { name: "Make the key" }).click();
    const made = page.getByRole("dialog", { name: "The key of Website" });
    expect(await made.getByRole("textbox", { name: "API key" }).inputValue()).toMatch(/^sw_pk_/);
    await page.keyboard.press("Escape");
    await page.getByRole("heading", { name: /^Website/ }).waitFor();
  });
});

describe("connections", () => {
  it("say where the environment's come from", async () => {
    await open("/settings/connections", "Connections");
    const cal = page.getByRole("region", { name: "Cal.com", exact: true });
    await cal.getByText("Its secret is CALCOM_WEBHOOK_SECRET of the environment").waitFor();
    expect(await cal.getByRole("button", { name: "New secret" }).count()).toBe(0);
    expect(await screenProblems(page)).toEqual([]);
  });

  it("turn from waiting over refused to arrived, without a reload", async () => {
    await page.evaluate(() => Object.assign(window, { isSamePage: true }));
    await page.getByRole("button", { name: "Connect a source" }).click();
    const form = page.getByRole("dialog", { name: "Connect a source" });
    await form.getByRole("textbox", { name: "Name" }).fill("Second salon");
    expect(await screenProblems(page)).toEqual([]);
    await form.getByRole("button", { name: "Connect", exact: true }).click();

    const made = page.getByRole("dialog", { name: "Connect Second salon" });
    await made.getByText("Waiting for the first message").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    const address = await made.getByRole("textbox", { name: "Webhook address" }).inputValue();
    const secret = await made.getByRole("textbox", { name: "Secret" }).inputValue();
    expect(await sendSigned(address, "not the secret")).toBe(401);
    await made.getByText("Messages arrive but are refused").waitFor();
    await made.getByText("the secret at the source is not the one").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    expect(await sendSigned(address, secret)).toBe(200);
    await made.getByText("First message arrived").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await made.getByRole("button", { name: "Done" }).click();
    expect(await page.evaluate(() => "isSamePage" in window)).toBe(true);
    expect(await page.content()).not.toContain(secret);
  });

  it("take a secret that the source has made", async () => {
    const second = page.getByRole("region", { name: "Second salon" });
    await second.getByRole("button", { name: "New secret" }).click();
    const dialog = page.getByRole("dialog", { name: "New secret" });
    await dialog.getByRole("radio", { name: /^Paste the one/ }).check();
    const secret = "made-at-the-source-0001";
    await dialog.getByRole("textbox", { name: "Secret of the source" }).fill(secret);
    expect(await screenProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "New secret" }).click();
    await dialog.getByRole("button", { name: "I have stored it" }).click();
    const address = await second.getByRole("textbox", { name: "Webhook address" }).inputValue();
    expect(await sendSigned(address, secret)).toBe(200);
  });

  it("can be found by a token in the address alone", async () => {
    await page.getByRole("button", { name: "Connect a source" }).click();
    const form = page.getByRole("dialog", { name: "Connect a source" });
    await form.getByRole("textbox", { name: "Name" }).fill("By address");
    await form.getByRole("checkbox", { name: /^Signature of the source/ }).uncheck();
    await form.getByText("Tick at least one.").waitFor();
    await form.getByRole("checkbox", { name: /^Token in the address/ }).check();
    expect(await form.getByText("Paste the one that the source has made").count()).toBe(0);
    await form.getByRole("button", { name: "Connect", exact: true }).click();
    const made = page.getByRole("dialog", { name: "Connect By address" });
    const address = await made
      .getByRole("textbox", { name: "Webhook address with its token" })
      .inputValue();
    expect(await made.getByRole("textbox", { name: "Secret" }).count()).toBe(0);
    expect(await sendSigned(address, "no secret at all")).toBe(200);
    await made.getByText("First message arrived").waitFor();
    await made.getByRole("button", { name: "Done" }).click();
  });

  it("are changed, paused and removed", async () => {
    const second = page.getByRole("region", { name: "Second salon" });
    await second.getByRole("button", { name: "Change" }).click();
    const dialog = page.getByRole("dialog", { name: "Second salon" });
    const ranges = dialog.getByRole("textbox", { name: "Allowed addresses" });
    await ranges.fill("somewhere");
    await dialog.getByRole("button", { name: "Save" }).click();
    await dialog.getByRole("textbox", { name: "Allowed addresses", disabled: false }).waitFor();
    await page.waitForFunction(
      (element) => element?.getAttribute("aria-invalid") === "true",
      await ranges.elementHandle(),
    );
    await ranges.fill("203.0.113.0/24");
    expect(await screenProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Save" }).click();
    await second.getByText("1 allowed address").waitFor();
    await second.getByRole("button", { name: "Pause" }).click();
    await second.getByText("Messages are refused until you resume it.").waitFor();
    await second.getByRole("button", { name: "Resume" }).click();
    await second.getByRole("button", { name: "Pause" }).waitFor();
    await second.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
    await second.waitFor({ state: "detached" });
  });
});

describe("the audit log", () => {
  it("tells of all of it", async () => {
    await open("/settings/audit", "Audit");
    for (const line of [
      `${owner.name} invited ${karin.email}`,
      `${karin.name} joined the organisation`,
      `${owner.name} changed the role of ${karin.name}`,
      `${owner.name} removed the member ${karin.name}`,
      `${owner.name} made the API key Booking form`,
      `${owner.name} revoked the API key Booking form`,
      `${owner.name} made the connection Second salon`,
      `${owner.name} gave a new secret to the connection Second salon`,
      `${owner.name} removed the connection Second salon`,
    ]) {
      await page.getByRole("listitem").filter({ hasText: line }).first().waitFor();
    }
    expect(await screenProblems(page)).toEqual([]);
  });

  it("says what was before, and what after", async () => {
    const line = page.getByRole("listitem").filter({ hasText: "changed the role of" });
    await line.locator("summary").click();
    const row = line.getByRole("row").filter({ hasText: "role" });
    expect(await row.getByRole("cell").allInnerTexts()).toEqual(["staff", "manager"]);
    expect(await screenProblems(page)).toEqual([]);
  });

  it("is narrowed by person, thing and period, which stand in the address", async () => {
    await page.getByRole("combobox", { name: "About" }).selectOption("API keys");
    await page.getByText("made the API key").first().waitFor();
    await page.getByText("invited").first().waitFor({ state: "detached" });
    expect(new URL(page.url()).search).toBe("?entity=api_key");
    await page.getByRole("combobox", { name: "Person" }).selectOption(owner.name);
    await page.getByRole("combobox", { name: "Period" }).selectOption("From … to …");
    await page.getByLabel("To", { exact: true }).fill("2020-01-01");
    await page.getByRole("heading", { name: "Nothing like that" }).waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await page.reload();
    await page.getByRole("heading", { name: "Nothing like that" }).waitFor();
    await page.getByRole("button", { name: "Clear the filters" }).click();
    await page.getByText("made the API key").first().waitFor();
    expect(new URL(page.url()).search).toBe("");
  });

  it("is narrowed to somebody who is no member any more", async () => {
    await page.getByRole("combobox", { name: "Person" }).selectOption(karin.name);
    await page.getByText("made the API key").first().waitFor({ state: "detached" });
    await page.getByText(`${karin.name} joined the organisation`).first().waitFor();
    expect(await screenProblems(page)).toEqual([]);
  });
});

/** Posts Cal.com's test message. @returns the answer's status */
async function sendSigned(url: string, secret: string): Promise<number> {
  const body = JSON.stringify({
    triggerEvent: "PING",
    // Another message each time: the same one again would be a duplicate.
    createdAt: new Date().toISOString(),
    payload: { type: "Test", secret: createHmac("sha256", secret).update(url).digest("hex") },
  });
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-cal-signature-256": signature },
    body,
  });
  return answer.status;
}
