import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { DeliveryResource, DestinationWithSecret, List } from "@slotwire/contract";
import type { Browser, Page } from "playwright-core";
import { Webhook } from "standardwebhooks";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { snippetLanguages } from "../apps/dashboard/src/screens/destinations/verify-snippets.ts";
import { type Receiver, startReceiver } from "../apps/server/test/receiver.ts";
import { until } from "../apps/server/test/until.ts";
import { closePages, launchBrowser, openPage } from "./browser.ts";
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
  await page.waitForURL((url) => url.pathname !== "/sign-in");
});

afterAll(async () => {
  await closePages(browser);
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

  it("says of a request that would be shown, but not sent, what to do", async () => {
    await open();
    const refusal = "hook.example.com resolves to 10.0.0.1, which is not public.";
    // A name that came to lead into a private network after it was saved.
    await page.route("**/preview", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ json: { ...(await response.json()), address_refusal: refusal } });
    });
    await page.getByRole("button", { name: "Show the request" }).click();
    await page.getByText(`It would not arrive: ${refusal} Use a public address`).waitFor();
    await page.getByLabel("Request: Body").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await page.unroute("**/preview");
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

describe("a list of deliveries that an address asks for", () => {
  it("is refused when the address makes no sense, and nothing of it is sent anew", async () => {
    for (const part of ["booking", "destination", "replay", "reason", "status", "code", "from"]) {
      await page.goto(`${hub.address}/deliveries?${part}=nonsense`);
      await page
        .getByRole("alert")
        .getByText(/^Look at: [A-Z][A-Za-z ]+\. Take it out/)
        .waitFor();
      expect(await page.getByRole("button", { name: "Send these anew" }).count()).toBe(0);
      // The way out of it.
      await page.getByRole("button", { name: /^Without / }).waitFor();
    }
    expect(await screenProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByRole("button", { name: "Send these anew" }).waitFor();
  });

  it("is that of one booking, by its number or from its page", async () => {
    const [one] = await delivered();
    const number = one?.booking_number;
    const id = one?.booking_id;
    await page.goto(`${hub.address}/deliveries`);
    await page.getByRole("button", { name: "More filters" }).click();
    const field = page.getByRole("textbox", { name: "Booking" });
    await field.fill("10x");
    await field.press("Enter");
    await page.getByText("Enter a number like 1007, or an id.").waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await field.fill(`#${number}`);
    await field.press("Enter");
    await page.waitForURL(/booking=/);
    await page.getByRole("button", { name: `Without Booking #${number}` }).waitFor();
    const rows = page.getByRole("listitem").filter({ hasText: "Board of the calendar" });
    await until(async () => {
      const texts = await rows.allInnerTexts();
      return texts.length > 0 && texts.every((text) => text.includes(`#${number}`));
    });
    await page.goto(`${hub.address}/bookings/${id}`);
    await page.getByRole("link", { name: "Show in the deliveries" }).click();
    await page.waitForURL((url) => url.searchParams.get("booking") === id);
    await rows.first().waitFor();
  });
});

describe("a new destination", () => {
  it("is not sent everything when nothing is ticked", async () => {
    await page.goto(`${hub.address}/destinations`);
    await page.getByRole("button", { name: "Add destination" }).click();
    const dialog = page.getByRole("dialog", { name: "Add destination" });
    await dialog.getByLabel("Name").fill("On call");
    await dialog.getByLabel("Address").fill(receiver.url);
    await dialog.getByRole("radio", { name: "Only these" }).check();
    const add = dialog.getByRole("button", { name: "Add destination" });
    await page.setViewportSize({ width: 1280, height: 900 });
    const place = await add.boundingBox();
    expect((place?.y ?? 900) + (place?.height ?? 0)).toBeLessThan(900);
    await add.click();
    await dialog.getByText(/^Tick at least one event/).waitFor();
    const first = dialog.getByRole("checkbox", { name: "Created" });
    expect(await first.evaluate((box) => box === document.activeElement)).toBe(true);
    expect(await screenProblems(page)).toEqual([]);
    const all = await hub.api<List<DeliveryResource>>("GET", "/destinations");
    expect(all.data).toHaveLength(1);
  });

  it("is offered alerts only where its format has them", async () => {
    const dialog = page.getByRole("dialog", { name: "Add destination" });
    const alerts = dialog.getByRole("checkbox", { name: "Alert opened" });
    await dialog.getByLabel("Format").selectOption("make");
    expect(await alerts.count()).toBe(0);
    await dialog.getByLabel("Format").selectOption("standard");
    await alerts.check();
    await dialog.getByRole("button", { name: "Add destination" }).click();
    await page.getByRole("dialog", { name: "The secret of On call" }).waitFor();
    const all = await hub.api<List<DestinationWithSecret>>("GET", "/destinations");
    expect(all.data.find(({ name }) => name === "On call")?.event_types).toEqual(["alert.opened"]);
  });

  it("keeps its secret in sight until somebody says that it is copied", async () => {
    const dialog = page.getByRole("dialog", { name: "The secret of On call" });
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await dialog.getByRole("textbox", { name: "Secret" }).waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await dialog.getByRole("button", { name: "I have copied it" }).click();
    await page.getByRole("heading", { level: 1, name: "On call" }).waitFor();
  });

  it("is not saved without any event either", async () => {
    await page.getByRole("checkbox", { name: "Alert opened" }).uncheck();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText(/^Tick at least one event/).waitFor();
    expect(await screenProblems(page)).toEqual([]);
  });

  it("has a number of events per request only where a request carries several", async () => {
    const crm = await hub.api<DestinationWithSecret>("POST", "/destinations", {
      name: "The CRM",
      url: receiver.url,
      profile: "crm",
      event_types: ["booking.deleted"],
    });
    await page.goto(`${hub.address}/destinations/${crm.id}`);
    await page.getByLabel("Hours of patience").fill("48");
    expect(await page.getByLabel("Events per request").count()).toBe(0);
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
  });
});

describe("a request that carried several events", () => {
  it("is shown and copied as it was sent", async () => {
    const theirs = await startReceiver();
    const batch = await hub.api<DestinationWithSecret>("POST", "/destinations", {
      name: "Takes lists",
      url: theirs.url,
      batch_size: 10,
      concurrency: 1,
    });
    await hub.api("POST", `/destinations/${batch.id}/pause`);
    for (const uid of ["list-1", "list-2", "list-3"]) {
      await hub.book({ uid, name: "Noah Brandt", from: "17:00", to: "18:00" });
    }
    await hub.api("POST", `/destinations/${batch.id}/resume`);
    await until(() => theirs.requests.length === 1);
    await page.goto(`${hub.address}/destinations/${batch.id}`);
    await page.getByRole("button", { name: "Show the request" }).click();
    await page.getByLabel("Request: Headers").getByText("webhook-batch-ids").waitFor();
    await page.goto(`${hub.address}/deliveries?status=delivered&destination=${batch.id}`);
    await page.getByRole("link", { name: "Created" }).first().click();
    await page.getByText(/^This request carried 3 events in one list; this is number 3/).waitFor();
    expect(JSON.parse(await page.getByLabel("Request: Body").innerText())).toHaveLength(3);
    expect(await screenProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Copy as curl" }).click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    await promisify(execFile)("sh", ["-c", `${await copied()} --silent --noproxy '*'`]);
    const [sent, again] = theirs.requests;
    expect(again?.body).toBe(sent?.body);
    expect(() =>
      new Webhook(batch.secret).verify(again?.body ?? "", again?.headers ?? {}),
    ).not.toThrow();
    await hub.api("DELETE", `/destinations/${batch.id}`);
    await theirs.close();
  });
});

describe("a destination that was disabled", () => {
  let theirs: Receiver;
  let gone: DestinationWithSecret;

  beforeAll(async () => {
    theirs = await startReceiver((_, answer) => answer.writeHead(410).end());
    gone = await hub.api("POST", "/destinations", {
      name: "Moved away",
      url: theirs.url,
      concurrency: 1,
    });
    await hub.api("POST", `/destinations/${gone.id}/pause`);
    await hub.book({ uid: "gone-1", name: "Jonas Weber", from: "18:00", to: "19:00" });
    await hub.book({ uid: "gone-2", name: "Jonas Weber", from: "19:00", to: "20:00" });
    await hub.api("POST", `/destinations/${gone.id}/resume`);
    await until(async () => (await ofGone("cancelled")).length === 1);
    await hub.book({ uid: "gone-3", name: "Jonas Weber", from: "20:00", to: "21:00" });
    await until(async () => (await ofGone("skipped")).length === 1);
  });
  afterAll(() => theirs.close());

  async function ofGone(status: string): Promise<DeliveryResource[]> {
    const path = `/deliveries?destination_id=${gone.id}&status=${status}`;
    return (await hub.api<List<DeliveryResource>>("GET", path)).data;
  }

  const openDelivery = async (status: string): Promise<void> => {
    const [one] = await ofGone(status);
    await page.goto(`${hub.address}/deliveries/${one?.id}`);
    await page.getByRole("heading", { name: "Attempts" }).waitFor();
  };
  const again = () =>
    page.getByRole("button", { name: /^(Retry now|Check again|Send (now|anew))$/ });

  it("says of each delivery what kept it, and offers nothing that cannot work", async () => {
    await openDelivery("cancelled");
    await page.getByText("Why it was not sent").waitFor();
    await page.getByText("It was still waiting when its destination was disabled.").waitFor();
    await page.getByText(/^Its destination is disabled\. Resume that first/).waitFor();
    expect(await again().count()).toBe(0);
    expect(await screenProblems(page)).toEqual([]);
    await openDelivery("skipped");
    await page.getByText("Its destination was disabled when this happened.").waitFor();
    expect(await again().count()).toBe(0);
    await openDelivery("exhausted");
    await page.getByText("The receiver wants no more").waitFor();
    expect(await again().count()).toBe(0);
    await page.getByRole("link", { name: "Open the destination" }).click();
    await page.getByRole("heading", { level: 1, name: "Moved away" }).waitFor();
  });

  it("says at the top of its page what to do, and what resuming means", async () => {
    const notice = page.getByRole("region", { name: "Nothing is sent here" });
    await notice.getByText(/410 Gone/).waitFor();
    await notice.getByText(/Then resume it\.$/).waitFor();
    await notice.getByText(/goes out when you send it anew/).waitFor();
    await notice.getByRole("link", { name: "Show what it missed: 2" }).waitFor();
    const place = await notice.getByRole("button", { name: "Resume" }).boundingBox();
    expect(place?.y ?? 800).toBeLessThan(700);
    expect(await page.getByText(/While it is paused/).count()).toBe(0);
    expect(await screenProblems(page)).toEqual([]);
  });

  it("leads to what it missed once it is resumed, to send that anew", async () => {
    theirs.answer((_, answer) => answer.end());
    await page.getByRole("region", { name: "Nothing is sent here" }).getByRole("button").click();
    const notice = page.getByRole("region", { name: "It is sent to again" });
    await notice.getByText(/What it missed is not sent by itself/).waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await notice.getByRole("link", { name: "Show what it missed: 2" }).click();
    await page.getByRole("button", { name: "Without Destination disabled" }).waitFor();
    await page.getByRole("button", { name: "All 2" }).waitFor();
    expect(await screenProblems(page)).toEqual([]);
    await page.getByRole("button", { name: "Send these anew" }).click();
    const dialog = page.getByRole("dialog", { name: "Send deliveries anew" });
    await dialog.getByText(/^2 deliveries, about/).waitFor();
    const before = theirs.requests.length;
    await dialog.getByRole("button", { name: "Send 2 deliveries" }).click();
    await dialog.getByText("Sent anew.").waitFor();
    expect(theirs.requests.length).toBe(before + 2);
    await openDelivery("cancelled");
    await again().filter({ hasText: "Send now" }).waitFor();
  });

  it("is told apart from one that was removed", async () => {
    await hub.api("DELETE", `/destinations/${gone.id}`);
    await openDelivery("exhausted");
    await page.getByText("Its destination was removed: this cannot be sent any more.").waitFor();
    expect(await again().count()).toBe(0);
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
