import type { CreatedInvitation } from "@slotwire/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type MailServer, startMailServer } from "../apps/server/test/mail-server.ts";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { type DashboardHub, owner, startDashboardHub } from "./dashboard-hub.ts";
import { screenProblems } from "./screen-problems.ts";

const today = "Saturday 21 November";
const next = "mette.holm@new-salon.example";
const karin = "karin@salon.example";

let hub: DashboardHub;
let mail: MailServer;
let browser: Browser;
let page: Page;
const troubles: string[] = [];

beforeAll(async () => {
  mail = await startMailServer();
  hub = await startDashboardHub({
    settings: { SMTP_URL: mail.url, MAIL_FROM: "Slotwire <hub@salon.example>" },
  });
  browser = await launchBrowser();
  page = await openPage(browser, troubles);
});

afterAll(async () => {
  await closePages(browser);
  await hub?.close();
  await mail?.close();
});

afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
});

const heading = (name: string | RegExp) => page.getByRole("heading", { level: 1, name });
const button = (name: string) => page.getByRole("button", { name, exact: true });
const look = async (): Promise<void> => expect(await screenProblems(page)).toEqual([]);

async function typePassword(email: string): Promise<void> {
  await page.getByRole("textbox", { name: "E-mail" }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await button("Sign in").click();
}

/** Where the newest mail to somebody leads that has a link. */
function linkTo(email: string): string {
  const found = mail.mails.findLast(
    ({ to, text }) => to.includes(email) && text.includes("#token="),
  );
  return /http:\S+#token=[\w-]+/.exec(found?.text ?? "")?.[0] ?? "no link";
}

describe("another e-mail", () => {
  it("waits under the account until its link is opened", async () => {
    await page.goto(`${hub.address}/sign-in`);
    await typePassword(owner.email);
    await heading(today).waitFor();
    await page.goto(`${hub.address}/account`);
    const field = page.getByRole("textbox", { name: "E-mail" });
    await field.fill(next);
    await button("Save").click();
    await page.getByText(`${next} is waiting for you to confirm it`).waitFor();
    expect(await field.inputValue()).toBe(owner.email);
    await look();
    expect(linkTo(next)).toContain("/confirm-email#token=");
  });

  it("is taken back, and asked for again", async () => {
    await button("Keep the present e-mail").click();
    await page.getByText(`${owner.email} stays your e-mail.`).waitFor();
    await page.goto(linkTo(next));
    await heading("This link does not work any more").waitFor();
    await look();
    await button("Go to your account").click();
    await page.getByRole("textbox", { name: "E-mail" }).fill(next);
    await button("Save").click();
    await button("Send the link again").click();
    await page.getByText("Another link is on its way").waitFor();
    await look();
  });

  it("is confirmed after signing in, when nobody is in the browser that opens the link", async () => {
    await page.context().clearCookies();
    await page.goto(linkTo(next));
    await heading("Sign in to go on").waitFor();
    await look();
    await button("Sign in").click();
    await heading("Sign in").waitFor();
    expect(page.url()).not.toContain("token");
    await typePassword(owner.email);
    await heading("Use this e-mail from now on?").waitFor();
    await page.getByText(`${owner.email} will sign nobody in any more.`).waitFor();
    await look();
    await button("Yes, use it").click();
    await heading("Your e-mail is changed").waitFor();
    await look();
    await button("Go to your account").click();
    await heading("Your account").waitFor();
    expect(await page.getByRole("textbox", { name: "E-mail" }).inputValue()).toBe(next);
    await page.context().clearCookies();
    await page.goto(`${hub.address}/sign-in`);
    await typePassword(next);
    await heading(today).waitFor();
  });

  it("is told of too many times a day", async () => {
    await page.goto(`${hub.address}/account`);
    // The first was the owner's own, when the hub was set up.
    for (const [email, told] of [
      ["one@salon.example", "one@salon.example is waiting for you to confirm it"],
      ["two@salon.example", "Too many attempts. Try again in 24 hours."],
    ] as const) {
      await page.getByRole("textbox", { name: "E-mail" }).fill(email);
      await button("Save").click();
      await page.getByText(told).waitFor();
    }
    await look();
    await button("Keep the present e-mail").click();
  });
});

describe("an invitation's link that somebody passed on", () => {
  it("has the one mailed that makes an account", async () => {
    const { link } = await hub.api<CreatedInvitation>("POST", "/invitations", {
      email: karin,
      role: "staff",
    });
    await page.context().clearCookies();
    await page.goto(link);
    await heading(/^Join /).waitFor();
    await page.getByText(`that we mail to ${karin}`).waitFor();
    expect(await page.getByLabel("Password", { exact: true }).count()).toBe(0);
    await look();
    await button("Send the link").click();
    await page.getByText(`A link is on its way to ${karin}.`).waitFor();
    await look();
    await page.goto(linkTo(karin));
    await page.getByRole("textbox", { name: "Name" }).fill("Karin Åkesson");
    await page.getByLabel("Password", { exact: true }).fill("three swans over the red barn");
    await page.getByRole("button", { name: /^Join / }).click();
    await heading(today).waitFor();
  });
});
