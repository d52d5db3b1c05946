import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { system } from "../apps/server/src/db/database.ts";
import { codeAt } from "../apps/server/test/person-fixture.ts";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { type DashboardHub, owner, startDashboardHub } from "./dashboard-hub.ts";
import { screenProblems } from "./screen-problems.ts";

const today = "Saturday 21 November";

let hub: DashboardHub;
let browser: Browser;
/** The owner's browser, from the first link on. */
let page: Page;
const troubles: string[] = [];
/** Of the second factor, once it is set up. */
let totpSecret: string;
let recoveryCodes: string[] = [];

beforeAll(async () => {
  hub = await startDashboardHub({ isNew: true });
  browser = await launchBrowser();
  page = await openPage(browser, troubles);
});

afterAll(async () => {
  await closePages(browser);
  await hub?.close();
});

afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
});

const heading = (of: Page, name: string | RegExp) => of.getByRole("heading", { level: 1, name });

async function typePassword(of: Page, password: string = owner.password): Promise<void> {
  await of.getByRole("textbox", { name: "E-mail" }).fill(owner.email);
  await of.getByLabel("Password", { exact: true }).fill(password);
  await of.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function signOut(of: Page): Promise<void> {
  await of.goto(hub.address);
  await of.getByRole("button", { name: "Sign out" }).click();
  await heading(of, "Sign in").waitFor();
}

/** What the authenticator app shows so many seconds from now. */
const codeIn = (seconds: number): string =>
  codeAt(totpSecret, new Date(Date.now() + seconds * 1000));

/** Makes all sessions' proofs of who they are too old for sensitive work. */
function letProofsAge(): Promise<unknown> {
  return hub.running.hub.db.transaction(system, (tx) =>
    tx.query("UPDATE session SET authenticated_at = authenticated_at - interval '1 hour'"),
  );
}

describe("a new hub", () => {
  it("says on its sign-in page where the first link is", async () => {
    await page.goto(`${hub.address}/settings/members`);
    await heading(page, "Welcome to Slotwire").waitFor();
    await page.getByRole("heading", { name: "Sign in with a one-time link" }).waitFor();
    expect(await screenProblems(page)).toEqual([]);
  });

  it("says on a used link that another start prints the next one", async () => {
    await page.goto(`${hub.address}/sign-in#token=used-up-long-ago-and-never-valid-0000`);
    await heading(page, "This link is used up or expired").waitFor();
    const command = page.getByRole("textbox");
    await expect.poll(() => command.inputValue()).toBe("npm start");
    expect(await screenProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Sign in with a password" }).click();
    await heading(page, "Welcome to Slotwire").waitFor();
  });

  it("asks its owner for a name, an e-mail and a password, which can wait", async () => {
    await page.goto(await hub.running.signInLink());
    await heading(page, "Make this hub yours").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await page.getByRole("link", { name: "Later" }).click();
    await heading(page, today).waitFor();
    const reminder = page.getByRole("complementary", { name: "Your password" });
    await reminder.getByText("have no password yet").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await reminder.getByRole("link", { name: "Set one" }).click();
    await heading(page, "Make this hub yours").waitFor();
  });

  it("refuses a password that is guessed first, at its field", async () => {
    await page.getByRole("textbox", { name: "Name" }).fill(owner.name);
    await page.getByRole("textbox", { name: "E-mail" }).fill(owner.email);
    const password = page.getByLabel("Password", { exact: true });
    await password.fill("passwordpassword");
    await page.getByRole("button", { name: "Save and go on" }).click();
    await page.getByText("one of the passwords that are tried first").waitFor();
    expect(await password.getAttribute("aria-invalid")).toBe("true");
    const note = await password.getAttribute("aria-describedby");
    expect(await page.locator(`[id="${note}"]`).innerText()).toContain("tried first");
    expect(await screenProblems(page)).toEqual([]);
    await password.fill(owner.password);
    await page.getByRole("button", { name: "Save and go on" }).click();
    await heading(page, today).waitFor();
    await page.getByRole("link", { name: owner.name }).waitFor();
    expect(await page.getByText("have no password yet").count()).toBe(0);
  });
});

describe("signing in by password", () => {
  it("leads to where one wanted to go", async () => {
    await signOut(page);
    await page.goto(`${hub.address}/inbox?status=failed`);
    await heading(page, "Sign in").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await typePassword(page);
    await heading(page, "Inbox").waitFor();
    expect(page.url()).toBe(`${hub.address}/inbox?status=failed`);
  });

  it("leads nowhere but into the dashboard", async () => {
    await signOut(page);
    await page.goto(`${hub.address}/sign-in?to=%2F%2Fevil.example%2Finbox`);
    await typePassword(page);
    await heading(page, today).waitFor();
    expect(new URL(page.url()).origin).toBe(hub.address);
  });

  it("leads the other tabs on, too", async () => {
    const { email, password } = owner;
    await signOut(page);
    const beside = await page.context().newPage();
    await beside.goto(`${hub.address}/inbox`);
    await heading(beside, "Sign in").waitFor();
    await typePassword(page);
    await heading(beside, "Inbox").waitFor();
    await beside.close();
    await signOut(page);
    await page.goto(`${hub.address}/inbox`);
    await heading(page, "Sign in").waitFor();
    // Of a session that no tab tells of, one that is looked at again learns by asking.
    await page.request.post(`${hub.address}/api/v1/session`, { data: { email, password } });
    await page.evaluate(() => globalThis.dispatchEvent(new Event("focus")));
    await heading(page, "Inbox").waitFor();
  });

  it("says that something was wrong, but not what", async () => {
    await signOut(page);
    await typePassword(page, "three horses under the old bridge");
    await page.getByRole("alert").getByText("The e-mail or the password is wrong.").waitFor();
    expect(await screenProblems(page)).toEqual([]);
  });

  it("shows the password to whoever wants to see it", async () => {
    const password = page.getByLabel("Password", { exact: true });
    await page.getByRole("button", { name: "Show password" }).click();
    expect(await password.getAttribute("type")).toBe("text");
    await page.getByRole("button", { name: "Show password" }).click();
    expect(await password.getAttribute("type")).toBe("password");
  });

  it("explains what to do about a forgotten password where no mail is sent", async () => {
    await page.getByRole("button", { name: "Forgot your password?" }).click();
    await heading(page, "Ask an owner for a link").waitFor();
    await page.getByRole("textbox", { name: /^A link for one person/ }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("H1");
    expect(await screenProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Back to sign-in" }).click();
    await typePassword(page);
    await heading(page, today).waitFor();
  });
});

describe("the account", () => {
  it("changes the name that everybody sees", async () => {
    await page.getByRole("link", { name: owner.name }).click();
    await heading(page, "Your account").waitFor();
    await page.getByText("This device").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await page.getByRole("textbox", { name: "Name" }).fill("Mette Holm-Jensen");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    await page.getByRole("link", { name: "Mette Holm-Jensen" }).waitFor();
  });

  it("asks who it is before something sensitive, and then does it", async () => {
    await letProofsAge();
    const setUp = page.getByRole("button", { name: "Set it up" });
    await setUp.click();
    const question = page.getByRole("dialog", { name: "Is it still you?" });
    const password = question.getByLabel("Password", { exact: true });
    await password.waitFor();
    expect(await password.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await screenProblems(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await question.waitFor({ state: "detached" });
    expect(await setUp.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.getByRole("alert").count()).toBe(0);

    await setUp.click();
    await password.fill("something else entirely");
    await question.getByRole("button", { name: "Confirm" }).click();
    await question.getByText("The password or the code is wrong.").waitFor();
    await password.fill(owner.password);
    await question.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("dialog", { name: "Set up your authenticator app" }).waitFor();
  });

  it("sets up a second factor that an authenticator app can read", async () => {
    const dialog = page.getByRole("dialog", { name: "Set up your authenticator app" });
    await dialog.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
    totpSecret = await dialog.getByRole("textbox", { name: /type this secret/ }).inputValue();
    expect(await screenProblems(page)).toEqual([]);
    const code = dialog.getByRole("textbox", { name: "The six digits that it shows now" });
    await code.fill(codeIn(-3_600));
    await dialog.getByRole("button", { name: "Turn on" }).click();
    await dialog.getByText(/code is wrong/).waitFor();
    await code.fill(codeIn(0));
    await dialog.getByRole("button", { name: "Turn on" }).click();

    const codes = page.getByRole("dialog", { name: "Your recovery codes" });
    await codes.waitFor();
    recoveryCodes = await codes.getByRole("listitem").allInnerTexts();
    expect(new Set(recoveryCodes).size).toBe(10);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      codes.getByRole("button", { name: "Download" }).click(),
    ]);
    expect(file.suggestedFilename()).toBe("slotwire-recovery-codes.txt");
    expect(await screenProblems(page)).toEqual([]);
    await codes.getByRole("button", { name: "I have stored them" }).click();
    await page.getByText("Signing in asks for a code").waitFor();
  });

  it("lists the browsers that are signed in, and signs one out", async () => {
    const other = await openPage(browser, troubles, {
      userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1",
    });
    await other.goto(await hub.running.signInLink());
    await heading(other, today).waitFor();
    await page.goto(`${hub.address}/account`);
    await page.getByRole("button", { name: "Sign out Safari on iPhone" }).click();
    await page.getByText("Safari on iPhone").waitFor({ state: "detached" });
    await heading(other, "Sign in").waitFor();
    await other.context().close();
  });

  it("signs out everywhere else at once", async () => {
    const other = await openPage(browser, troubles);
    await other.goto(await hub.running.signInLink());
    await heading(other, today).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Sign out everywhere else" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Sign out everywhere else" }).click();
    await page
      .getByRole("button", { name: "Sign out everywhere else" })
      .waitFor({ state: "detached" });
    await heading(other, "Sign in").waitFor();
    await other.context().close();
  });
});

describe("signing in with a second factor", () => {
  it("asks for a code after the password", async () => {
    await signOut(page);
    await typePassword(page);
    await heading(page, "Enter your code").waitFor();
    const code = page.getByRole("textbox", { name: "Code" });
    expect(await code.getAttribute("autocomplete")).toBe("one-time-code");
    expect(await code.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await screenProblems(page)).toEqual([]);
    await code.fill(codeIn(-3_600));
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("This code is wrong, or was used already.").waitFor();
    // The hub takes each code once: this is the one of the next half minute.
    await code.fill(codeIn(30));
    await page.getByRole("button", { name: "Sign in" }).click();
    await heading(page, today).waitFor();
  });

  it("takes a recovery code, once", async () => {
    for (const outcome of ["in", "refused"]) {
      await signOut(page);
      await typePassword(page);
      await page.getByRole("button", { name: "Use a recovery code instead" }).click();
      await heading(page, "Enter a recovery code").waitFor();
      await page.getByRole("textbox", { name: "Recovery code" }).fill(recoveryCodes[0] ?? "");
      await page.getByRole("button", { name: "Sign in" }).click();
      if (outcome === "in") await heading(page, today).waitFor();
      else await page.getByRole("alert").getByText("This code is wrong").waitFor();
    }
    await page.getByRole("textbox", { name: "Recovery code" }).fill(recoveryCodes[1] ?? "");
    await page.getByRole("button", { name: "Sign in" }).click();
    await heading(page, today).waitFor();
  });

  it("counts down for whoever tries too often", async () => {
    const guesser = await openPage(browser, troubles);
    await guesser.goto(`${hub.address}/sign-in`);
    const barred = guesser.getByText(/Too many attempts. Try again in \d+:\d\d/);
    const button = guesser.getByRole("button", { name: "Sign in", exact: true });
    await guesser.getByRole("textbox", { name: "E-mail" }).fill("nobody@salon.example");
    await guesser.getByLabel("Password", { exact: true }).fill("is it this one perhaps");
    for (let attempt = 0; attempt < 30 && (await barred.count()) === 0; attempt++) {
      const answer = guesser.waitForResponse("**/api/v1/session");
      await button.click();
      await answer;
      await guesser.getByRole("alert").waitFor();
    }
    await barred.waitFor();
    expect(await button.isDisabled()).toBe(true);
    await guesser.context().close();
  });
});

describe("links that are no good", () => {
  it("are told apart from mistakes of the reader", async () => {
    const visitor = await openPage(browser, troubles);
    const token = "used-up-long-ago-and-never-valid-0000";
    await visitor.goto(`${hub.address}/reset#token=${token}`);
    await heading(visitor, "Choose a new password").waitFor();
    expect(await screenProblems(visitor)).toEqual([]);
    await visitor.getByLabel("New password", { exact: true }).fill(owner.password);
    await visitor.getByRole("button", { name: "Set the password" }).click();
    await heading(visitor, "This link is used up or expired").waitFor();

    await visitor.goto(`${hub.address}/invite#token=${token}`);
    await heading(visitor, "This invitation does not work any more").waitFor();
    await visitor.goto(`${hub.address}/invite`);
    await heading(visitor, "This address is not complete").waitFor();

    await visitor.goto(`${hub.address}/sign-in#error=oidc_denied`);
    await visitor.getByText("The sign-in was cancelled at the provider.").waitFor();
    expect(visitor.url()).toBe(`${hub.address}/sign-in`);
    await visitor.context().close();
  });
});
