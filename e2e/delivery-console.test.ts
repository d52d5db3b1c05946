import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { DeliveryResource, DestinationWithSecret, List } from "@slotwire/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { snippetLanguages } from "../apps/dashboard/src/screens/destinations/verify-snippets.ts";
import { type Receiver, startReceiver } from "../apps/server/test/receiver.ts";
import { until } from "../apps/server/test/until.ts";
import { launchBrowser, openPage } from "./browser.ts";
import { type DashboardHub, owner, startDashboardHub } from "./dashboard-hub.ts";
import { canRun, snippetAccepts } from "./run-snippet.ts";
import { screenProblems } from "./screen-problems.ts";

let hub: DashboardHub;
let receiver: Receiver;
let browser: Browser;
let page: Page;
let calendar: DestinationWithSecret;
const troubles: string[] = [];

beforeAll(async () => {
  receiver = await startReceiver((_, answer) =>
    answer.setHeader("content-type", "application/json").end('{"received":true}'),
  );
  hub = await startDashboardHub();
  calendar = await hub.api("POST", "/destinations", {
    name: "Board of the calendar",
    url: `${receiver.url}/hook?token=hidden`,
    payload_mode: "full",
  });
  for (const [index, name] of ["Emily Carter", "Anna Wiśniewska", "Ines Romero"].entries()) {
    await hub.book({ uid: `console-${index}`, name, from: `0${index + 7}:00`, to: "11:00" });
  }
  await until(async () => (await delivered()).length >= 3);
  browser = await launchBrowser();
  page = await openPage(browser, troubles, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.goto(`${hub.address}/sign-in`);
  await page.getByRole("textbox", { name: "E-mail" }).fill(owner.email);
  await page.getByLabel("Password", { exact: true }).fill(owner.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
});

afterAll(async () => {
  await browser?.close();
  await hub?.close();
  await receiver?.close();
});

afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
});

async function delivered(): Promise<DeliveryResource[]> {
  const list = await hub.api<List<DeliveryResource>>("GET", "/deliveries?status=delivered");
  return list.data;
}

const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

describe("the list of deliveries", () => {
  it("is narrowed by what stands in the address, with counts and a way out of each", async () => {
    await page.goto(`${hub.address}/deliveries?status=delivered&type=booking.created&code=200`);
    await page.getByRole("listitem").filter({ hasText: "Board of the calendar" }).first().waitFor();
    const chips = page.getByRole("list", { name: "Filters" });
    await chips.getByRole("button", { name: "Without HTTP 200" }).waitFor();
    await page.getByRole("button", { name: /^Delivered \d/ }).waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await chips.getByRole("button", { name: "Without Delivered" }).click();
    await page.waitForURL((url) => !url.searchParams.has("status"));
    await page.getByRole("combobox", { name: "Error" }).selectOption("timeout");
    await page.waitForURL(/error=timeout/);
    await page.getByRole("heading", { name: "No deliveries like that" }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "No deliveries like that" }).waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.waitForURL(/\/deliveries$/);
  });

  it("grows while one looks at it", async () => {
    await page.goto(`${hub.address}/deliveries`);
    const all = page.getByRole("button", { name: /^All/ });
    await page.getByRole("button", { name: "All 3" }).waitFor();
    await hub.book({ uid: "console-late", name: "Noah Brandt", from: "13:00", to: "14:00" });
    await page.getByRole("button", { name: "All 4" }).waitFor();
    expect(await all.getAttribute("aria-pressed")).toBe("true");
  });
});

describe("one delivery", () => {
  it("shows the exact request and answer, and where the time went", async () => {
    const [latest] = await delivered();
    await page.goto(`${hub.address}/deliveries/${latest?.id}`);
    const sent = receiver.requests.find(({ headers }) =>
      headers["webhook-id"]?.includes(latest?.id ?? ""),
    );
    const body = page.getByLabel("Request: Body");
    await body.waitFor();
    expect(JSON.parse(await body.innerText())).toEqual(JSON.parse(sent?.body ?? ""));
    await page.getByLabel("Request: Headers").getByText(`msg_${latest?.id}`).waitFor();
    await page.getByLabel("Answer: Body").getByText('"received": true').waitFor();
    await page.getByRole("list", { name: "Where the time went" }).waitFor();
    expect(await screenProblems(page)).toEqual([]);
  });

  it("is copied as a command that sends the same bytes, with places instead of keys", async () => {
    const before = receiver.requests.length;
    await page.getByRole("button", { name: "Copy as curl" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const command = await copied();
    expect(command).not.toContain("hidden");
    expect(command).toContain("token=YOUR_KEY");
    await promisify(execFile)("sh", ["-c", `${command} --silent --noproxy '*'`]);
    const id = /msg_[\w-]+/.exec(command)?.[0];
    const [first, again] = receiver.requests.filter(({ headers }) => headers["webhook-id"] === id);
    expect(receiver.requests.length).toBe(before + 1);
    expect(again?.body).toBe(first?.body);
  });

  it("is sent anew, and leads to where it came from", async () => {
    await page.getByRole("button", { name: "Send anew" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Send anew" }).click();
    await page.getByRole("link", { name: "see the original" }).waitFor();
    await page.getByRole("definition").getByText("Delivered", { exact: true }).waitFor();
    await page.getByRole("link", { name: "see the original" }).click();
    await page
      .getByRole("definition")
      .getByRole("link", { name: /\d\d:\d\d$/ })
      .waitFor();
  });

  it("says what went wrong and what to do", async () => {
    receiver.answer((_, answer) => answer.writeHead(401).end("who are you?"));
    await hub.book({ uid: "console-401", name: "Mette Holm", from: "15:00", to: "16:00" });
    await page.goto(`${hub.address}/deliveries?status=retrying`);
    await page.getByRole("link", { name: "Created" }).first().click();
    await page.getByText("The receiver refused the request").waitFor();
    await page.getByText("who are you?").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    receiver.answer((_, answer) => answer.end());
    await page.getByRole("button", { name: "Retry now" }).click();
    await page.getByRole("definition").getByText("Delivered", { exact: true }).waitFor();
  });
});

describe("sending many anew", () => {
  it("says how many and how long, runs, is stopped, and stays in the list", async () => {
    // What waits there cannot be over before it is stopped.
    await hub.api("POST", `/destinations/${calendar.id}/pause`);
    await page.goto(`${hub.address}/deliveries?status=delivered`);
    await page.getByRole("button", { name: "Send these anew" }).click();
    const dialog = page.getByRole("dialog", { name: "Send deliveries anew" });
    await dialog.getByText(/^\d+ deliveries, about \d+ seconds?$/).waitFor();
    await dialog.getByRole("spinbutton").fill("1");
    await dialog.getByText(/about [45] seconds$/).waitFor();
    const list = dialog.getByRole("list", { name: "By destination" });
    await list.getByText("paused: it waits there").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: /^Send \d+ deliveries$/ }).click();
    await dialog.getByText("Sending anew…").waitFor();
    await dialog.getByText(/^0 of \d+/).waitFor();
    await dialog.getByRole("button", { name: "Stop" }).click();
    await dialog.getByText(/^Stopped: 0 sent, \d+ not sent$/).waitFor();
    await hub.api("POST", `/destinations/${calendar.id}/resume`);
    expect(await screenProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "Close" }).last().click();
    const past = page.getByRole("region", { name: "Past replays" });
    await past.getByText(/^Stopped: 0 sent, \d+ not sent$/).waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await past.getByRole("link", { name: "Its deliveries" }).click();
    await page.waitForURL(/replay=/);
    await page.getByRole("button", { name: "Without Sent anew together" }).waitFor();
  });
});

describe("one destination", () => {
  const open = () => page.goto(`${hub.address}/destinations/${calendar.id}`);

  it("stands in the list with its figures", async () => {
    await page.goto(`${hub.address}/destinations`);
    await page.getByRole("region", { name: "The last 24 hours" }).getByText("In the end").waitFor();
    const row = page.getByRole("listitem").filter({ hasText: "Board of the calendar" });
    await row.getByText(/^\d+(\.\d)? %$/).waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await row.getByRole("link", { name: "Settings" }).click();
    await page.getByRole("heading", { level: 1, name: "Board of the calendar" }).waitFor();
  });

  it("refuses what would narrow nothing, and says so beside the field", async () => {
    await open();
    await page.getByLabel("Changes of status").selectOption("custom");
    await page.getByLabel("Requests per second").fill("-5");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/^Name at least one change/).waitFor();
    await page.getByText("Enter a number from 0.01 to 1000, or leave it empty.").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    expect(await hub.api("GET", `/destinations/${calendar.id}`)).toMatchObject({
      filter: null,
      rate_per_second: null,
    });
  });

  it("keeps all its settings", async () => {
    await open();
    await page.getByLabel("Changes of status").selectOption("custom");
    await page.getByLabel("These changes only").fill("confirmed > cancelled\nnew > *");
    await page.getByLabel("Metadata").fill("room = blue, red");
    await page.getByLabel("Retries").selectOption("custom");
    await page.getByLabel("Seconds before each attempt").fill("0, 60");
    await page.getByLabel("Requests per second").fill("25");
    await page.getByLabel("Bearer token").fill("a key of theirs");
    expect(await screenProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    expect(await hub.api("GET", `/destinations/${calendar.id}`)).toMatchObject({
      filter: {
        transitions: [
          { from: "confirmed", to: "cancelled" },
          { from: "new", to: "*" },
        ],
        metadata: [{ key: "room", in: ["blue", "red"] }],
      },
      retry_schedule: [0, 60],
      rate_per_second: 25,
      has_key: true,
      payload_mode: "full",
    });
    await page.reload();
    expect(await page.getByLabel("Metadata").inputValue()).toBe("room = blue, red");
    await page.getByText("One is set. Leave it empty to keep it.").waitFor();
  });

  it("shows what would be sent, or why nothing would", async () => {
    await open();
    await page.getByRole("button", { name: "Show the request" }).click();
    await page.getByText("Nothing would be sent:").waitFor();
    await page.getByLabel("Metadata").fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    await page.getByRole("button", { name: "Show the request" }).click();
    await page.getByLabel("Request: Body").waitFor();
  });

  it("is tried, and shows the whole answer", async () => {
    receiver.answer((_, answer) => answer.writeHead(418).end("short and stout"));
    await open();
    await page.getByRole("button", { name: "Send test" }).click();
    await page.getByText(/The test did not arrive: HTTP 418/).waitFor();
    await page.getByText("short and stout").waitFor();
    await page.getByRole("button", { name: "Python" }).click();
    await page.getByText("hmac.compare_digest").waitFor();
    expect(await screenProblems(page)).toEqual([]);
  });
});

describe("the log for the receiver's people", () => {
  it("opens by its link without an account, until it is taken back", async () => {
    await page.goto(`${hub.address}/destinations/${calendar.id}`);
    await page.getByRole("button", { name: "Make a link" }).click();
    const link = await page.getByRole("textbox", { name: "Link", exact: true }).inputValue();
    const address = link.replace(/^https?:\/\/[^/]+/, hub.address);
    const theirs = await openPage(browser, troubles);
    await theirs.goto(address);
    await theirs.getByRole("heading", { name: "Deliveries to Board of the calendar" }).waitFor();
    await theirs.getByRole("button", { expanded: false }).last().click();
    await theirs.getByLabel("Request: Body").waitFor();
    expect(await screenProblems(theirs)).toEqual([]);
    expect(await theirs.getByRole("navigation").count()).toBe(0);
    await page.getByRole("button", { name: "Take back all links" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Take back all links" }).click();
    await page.getByText("All links were taken back.").waitFor();
    await theirs.reload();
    await theirs.getByRole("heading", { name: "This link is over" }).waitFor();
    expect(await screenProblems(theirs)).toEqual([]);
    await theirs.context().close();
  });
});

describe.each(snippetLanguages)("the snippet in %s", (language) => {
  it.skipIf(!canRun(language))("takes what the hub signed, and nothing else", async () => {
    const [request] = receiver.requests;
    const { body = "", headers = {} } = request ?? {};
    const accepts = (given: { body: string; headers: Readonly<Record<string, string>> }) =>
      snippetAccepts(language, calendar.secret, given);
    expect(await accepts({ body, headers })).toBe(true);
    expect(await accepts({ body: `${body} `, headers })).toBe(false);
    const stale = { ...headers, "webhook-timestamp": "1600000000" };
    expect(await accepts({ body, headers: stale })).toBe(false);
    expect(await snippetAccepts(language, "whsec_c29tZWJvZHkgZWxzZQ==", { body, headers })).toBe(
      false,
    );
  });
});
