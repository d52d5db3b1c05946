import { createHmac } from "node:crypto";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { closePages, launchBrowser, openPage, windows } from "./browser.ts";
import { type DashboardHub, owner, startDashboardHub } from "./dashboard-hub.ts";
import { screenProblems } from "./screen-problems.ts";

let hub: DashboardHub;
let browser: Browser;
let page: Page;
const troubles: string[] = [];

beforeAll(async () => {
  hub = await startDashboardHub();
  browser = await launchBrowser();
  page = await openPage(browser, troubles);
  await page.goto(`${hub.address}/sign-in`);
  await page.getByRole("textbox", { name: "E-mail" }).fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
});

afterAll(async () => {
  await closePages(browser);
  await hub?.close();
});

afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
});

/** As a source posts it whose fields are called as nobody would guess. */
async function post(url: string, what: string, begins: string, ends: string): Promise<number> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      kind_of_message: what,
      visit: { ref: "v-1", begins_on: begins, ends_on: ends },
      who: { called: "Jan Kowalski", email: "jan@mail.example" },
    }),
  });
  return answer.status;
}

it("is mapped on its first message, tried, put live, changed and taken up again", async () => {
  const { id, token_url: url } = await hub.api<{ id: string; token_url: string }>(
    "POST",
    "/connections",
    { kind: "generic", name: "Koala", auth_modes: ["url_token"] },
  );
  await page.goto(`${hub.address}/settings/connections`);
  const panel = page.getByRole("region", { name: "Koala" });
  await panel.getByRole("link", { name: "Say what its messages mean" }).click();
  await page.getByRole("heading", { level: 1, name: "Messages of Koala" }).waitFor();
  await page.getByText("curl -X POST").waitFor();
  expect(await screenProblems(page)).toEqual([]);

  expect(await post(url, "made", "2027-01-05T09:00:00Z", "2027-01-05T10:00:00Z")).toBe(202);
  const field = (name: string) => page.locator(`[data-field="${name}"]`);
  await field("uid").waitFor();
  expect(await page.getByText("Not live yet").count()).toBe(1);
  // The suggestion found the e-mail; the rest is called as nobody would guess.
  await field("attendee_email").getByText("jan@mail.example").waitFor();
  const take = async (own: string, theirs: string) => {
    await field(own).getByRole("button").first().click();
    await page.getByRole("list", { name: "Values of the message" }).getByText(theirs).click();
    await field(own).getByRole("button", { name: "Done" }).click();
  };
  await take("uid", "v-1");
  await take("start", "2027-01-05T09:00:00Z");
  await field("start").getByText("Tue, 5 Jan 2027, 10:00 Copenhagen").waitFor();
  await take("end", "2027-01-05T10:00:00Z");
  await take("attendee_name", "Jan Kowalski");
  await take("event", "made");
  await page.getByLabel("Meaning of made").selectOption("created");
  await field("event").getByText("created").waitFor();
  expect(await screenProblems(page)).toEqual([]);

  await page.getByRole("button", { name: "Try on the last 20 messages" }).click();
  await page.getByText("new booking on Tue, 5 Jan 2027, 10:00").waitFor();
  await page.getByRole("button", { name: "Go live" }).click();
  const dialog = page.getByRole("dialog", { name: "Go live" });
  await dialog.getByText("1 message that waits is processed now").waitFor();
  await dialog.getByRole("button", { name: "Go live" }).click();
  await page.getByText("Version 1 is live.").waitFor();
  await expect
    .poll(async () => (await hub.api<{ data: unknown[] }>("GET", "/bookings?external_id=v-1")).data)
    .toMatchObject([{ starts_at: "2027-01-05T09:00:00.000Z" }]);

  // A word that was never heard of waits, shows by itself, is given a meaning, and moves the booking.
  expect(await post(url, "shifted", "2027-01-06T09:00:00Z", "2027-01-06T10:00:00Z")).toBe(202);
  await page.getByLabel("Meaning of shifted").selectOption("rescheduled");
  await page.getByRole("button", { name: "Go live" }).click();
  await dialog.getByRole("button", { name: "Go live" }).click();
  await page.getByText("Version 2 is live.").waitFor();
  await expect
    .poll(async () => (await hub.api<{ data: unknown[] }>("GET", "/bookings?external_id=v-1")).data)
    .toMatchObject([{ starts_at: "2027-01-06T09:00:00.000Z" }]);

  await page.getByRole("button", { name: "Take up again version 1" }).click();
  await page.getByText("Changed since version 2").waitFor();
  expect(id).not.toBe("");
});

it("is usable by keyboard alone, and on a phone", async () => {
  const tree = page.getByRole("list", { name: "Values of the message" });
  await page.locator('[data-field="description"]').getByRole("button").first().press("Enter");
  await tree.getByRole("button").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.locator('[data-field="description"]').getByText("$.visit.ref").waitFor();
  await page.setViewportSize(windows.narrow);
  const picker = page.getByLabel("Choose a value");
  await picker.selectOption("$.who.called");
  await page.locator('[data-field="description"]').getByText("$.who.called").waitFor();
  expect(await screenProblems(page)).toEqual([]);
});

it("takes signed messages alone, offers all of their words, and goes live with them", async () => {
  await page.setViewportSize(windows.wide);
  await page.goto(`${hub.address}/settings/connections`);
  await page.getByRole("button", { name: "Connect a source" }).first().click();
  await page.getByLabel("Source", { exact: true }).selectOption("generic");
  await page.getByLabel("Name", { exact: true }).fill("Wombat");
  const proofs = page.getByRole("group", { name: "How its messages prove themselves" });
  for (const way of await proofs.getByRole("checkbox").all()) await way.uncheck();
  await proofs.getByLabel("Signature of the source").check();
  await page.getByLabel("Header of its signature").fill("X-Wombat-Signature");
  await page.getByLabel("The signature is written in").selectOption("base64");
  await page.getByLabel("Before the signature stands").fill("sha256=");
  await page.getByRole("button", { name: "Connect", exact: true }).click();
  const made = page.getByRole("dialog", { name: "Connect Wombat" });
  const secret = await made.getByLabel("Secret", { exact: true }).inputValue();
  const url = await made.getByLabel("Webhook address", { exact: true }).inputValue();
  await made.getByRole("button", { name: "Go on without waiting" }).click();
  const panel = page.getByRole("region", { name: "Wombat" });
  await panel.getByRole("link", { name: "Say what its messages mean" }).click();
  await page.getByText("openssl dgst -sha256 -hmac 'YOUR_SECRET'").waitFor();
  expect(await screenProblems(page)).toEqual([]);

  /** As a source posts it that signs with the secret that was shown. */
  const send = async (word: string, ref: string, day: string, key = secret): Promise<number> => {
    const body = JSON.stringify({
      kind_of_message: word,
      visit: { ref, begins_on: `${day}T09:00:00Z`, ends_on: `${day}T10:00:00Z` },
    });
    const signature = createHmac("sha256", key).update(body).digest("base64");
    const headers = {
      "content-type": "application/json",
      ...(key === "" ? {} : { "x-wombat-signature": `sha256=${signature}` }),
    };
    return (await fetch(url, { method: "POST", headers, body })).status;
  };
  expect(await send("made", "w-1", "2027-02-01", "")).toBe(401);
  await page.getByText("They prove nothing: no secret or token is set at the source.").waitFor();
  expect(await send("made", "w-1", "2027-02-01", "another secret")).toBe(401);
  for (const [ref, word] of [
    ["w-1", "made"],
    ["w-2", "made"],
    ["w-2", "shifted"],
    ["w-1", "dropped"],
  ] as const) {
    const day = word === "shifted" ? "2027-02-05" : "2027-02-01";
    expect(await send(word, ref, day)).toBe(202);
  }
  const field = (name: string) => page.locator(`[data-field="${name}"]`);
  await field("uid").waitFor();
  const tree = page.getByRole("list", { name: "Values of the message" });
  for (const [own, theirs] of [
    ["uid", /^ref/],
    ["start", /^begins_on/],
    ["end", /^ends_on/],
    ["event", /^kind_of_message/],
  ] as const) {
    await field(own).getByRole("button").first().click();
    await tree.getByRole("button", { name: theirs }).click();
    await field(own).getByRole("button", { name: "Done" }).click();
  }
  // They stood in messages of one shape, of which one is shown.
  for (const [word, meaning] of [
    ["made", "created"],
    ["shifted", "rescheduled"],
    ["dropped", "cancelled"],
  ] as const) {
    await page.getByLabel(`Meaning of ${word}`).selectOption(meaning);
  }
  await page.getByRole("button", { name: "Go live" }).click();
  const dialog = page.getByRole("dialog", { name: "Go live" });
  await dialog.getByText("4 messages that wait are processed now").waitFor();
  await dialog.getByRole("button", { name: "Go live" }).click();
  await page.getByText("Version 1 is live.").waitFor();
  const bookingOf = async (ref: string) =>
    (await hub.api<{ data: unknown[] }>("GET", `/bookings?external_id=${ref}`)).data;
  await expect.poll(() => bookingOf("w-1")).toMatchObject([{ status: "cancelled" }]);
  await expect
    .poll(() => bookingOf("w-2"))
    .toMatchObject([{ starts_at: "2027-02-05T09:00:00.000Z" }]);
  // What comes now is understood at once, and only when it is signed.
  expect(await send("dropped", "w-2", "2027-02-05", "another secret")).toBe(401);
  expect(await send("dropped", "w-2", "2027-02-05")).toBe(200);
  expect(await bookingOf("w-2")).toMatchObject([{ status: "cancelled" }]);
});
