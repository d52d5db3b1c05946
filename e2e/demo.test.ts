import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import type { BookingEvent, List } from "@slotwire/contract";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { exampleCode, PUBLISHABLE_KEY } from "../apps/dashboard/src/screens/demo/example-code.ts";
import { type Demo, startDemo } from "../apps/server/src/demo/start-demo.ts";
import { until } from "../apps/server/test/until.ts";
import { machinePath } from "../scripts/toolbox.mjs";
import { closePages, launchBrowser, openPage } from "./browser.ts";
import { bundlePage, bundleProgram, documentOf } from "./bundle-page.ts";
import { type DashboardHub, startDashboardHub } from "./dashboard-hub.ts";
import { answers, freePort } from "./hub-process.ts";
import { problemsAtThisSize, screenProblems } from "./screen-problems.ts";
import { takePictures } from "./take-pictures.ts";

/** For a machine that has much else to do. */
const DEADLINE = 180_000;

let hub: DashboardHub;
let demo: Demo;
let browser: Browser;
let page: Page;
const troubles: string[] = [];

beforeAll(async () => {
  [hub, browser] = await Promise.all([startDashboardHub({ hasDemo: true }), launchBrowser()]);
  const { running, address } = hub;
  demo = await startDemo(running.hub, { address, seed: 11, settings: { per_minute: 0 } });
  await until(() => demo.posted() > 0 && isQuiet(), 60_000);
  page = await openPage(browser, troubles);
  await page.goto(await running.signInLink(demo.orgId));
  await page.waitForURL((url) => url.pathname !== "/sign-in");
  await page.goto(`${address}/demo/real-time-bookings`);
  await page.getByText("Every visit is shown as it truly is.").waitFor({ timeout: 60_000 });
});

afterAll(async () => {
  await closePages(browser);
  await demo?.stop();
  await hub?.close();
});

afterEach(() => {
  expect(troubles.splice(0)).toEqual([]);
});

/** Whether the source has nothing that it still wants to be taken. */
async function isQuiet(): Promise<boolean> {
  const { controls } = hub.running.hub.demo;
  const answer = await controls?.read(undefined);
  return answer?.counts.held_back === 0 && answer.unprocessed === 0;
}

async function figure(name: string): Promise<number> {
  const text = await page.locator(`[data-figure="${name}"] dd > span`).first().textContent();
  return Number(text?.replaceAll(",", ""));
}

const figures = async () => ({
  sent: await figure("Sent"),
  shown: await figure("Shown"),
  lost: await figure("Lost"),
  doubled: await figure("Doubled"),
});

/** The numbers and times of the events that the component shows, newest first. */
const shownEvents = (): Promise<string[]> =>
  page
    .getByRole("region", { name: "Live events" })
    .locator(".sw-event")
    .evaluateAll((rows) =>
      rows.map((row) =>
        [
          row.querySelector(".sw-event-open")?.textContent,
          row.querySelector("time")?.dateTime,
        ].join(" "),
      ),
    );

async function newestOfTheLog(): Promise<string[]> {
  const { position } = (await hub.running.hub.demo.controls?.read(undefined)) ?? { position: 0 };
  const path = `/api/v1/booking-events?limit=1000&after=${Math.max(0, position - 50)}`;
  const { data } = await call<List<BookingEvent>>("GET", path);
  return data.map(({ booking_number: number, occurred_at: at }) => `#${number} ${at}`).toReversed();
}

/** Calls the API as who is signed in on the page. */
async function call<Body>(method: string, path: string, data?: object): Promise<Body> {
  const headers = { origin: hub.address };
  const answer = await page.request.fetch(hub.address + path, { method, headers, data });
  return (await answer.json()) as Body;
}

/** Keeps everything that Lost and Doubled say from now on. */
function keepAlarms(): Promise<void> {
  return page.evaluate(() => {
    const kept = new Set<string>();
    Object.assign(globalThis, { alarms: kept });
    for (const name of ["Lost", "Doubled"]) {
      const value = document.querySelector(`[data-figure="${name}"] dd > span`);
      const keep = () => value?.textContent !== "0" && kept.add(`${name} ${value?.textContent}`);
      if (value !== null)
        new MutationObserver(keep).observe(value, {
          characterData: true,
          childList: true,
          subtree: true,
        });
    }
  });
}

const alarms = (): Promise<string[]> =>
  page.evaluate(() => [...(globalThis as unknown as { alarms: Set<string> }).alarms]);

/** Moves a slider as the keyboard does, to the end or by steps. */
async function slide(name: string, value: number): Promise<void> {
  await page.getByRole("slider", { name, exact: true }).fill(String(value));
}

const webhooks = () => page.getByRole("region", { name: "Webhooks" });

async function makeFaulty(): Promise<void> {
  await slide("Sent twice", 60);
  await slide("Held back", 40);
  await slide("For at most", 2);
  await slide("Overtaken", 60);
  await slide("Lost on the way, and sent again", 50);
  const { controls } = hub.running.hub.demo;
  await until(async () => (await controls?.read(undefined))?.settings.fail_percent === 50);
}

async function letHappen(count: number): Promise<void> {
  await page.getByRole("spinbutton", { name: "How many things" }).fill(String(count));
  await page.getByRole("button", { name: "Let it happen" }).click();
}

/** Until everything that was asked for has happened, arrived and been shown. */
async function settled(sent: number): Promise<void> {
  await until(async () => (await figure("Sent")) >= sent && (await isQuiet()), DEADLINE);
  await page.getByText("Every visit is shown as it truly is.").waitFor({ timeout: 30_000 });
}

describe("the demo page", () => {
  it(
    "ends with nothing lost and nothing doubled, whatever the source suffers",
    { timeout: 2 * DEADLINE },
    async () => {
      await makeFaulty();
      await keepAlarms();
      const before = await figures();
      await letHappen(250);
      await settled(before.sent + 250);
      const after = await figures();
      expect(after).toMatchObject({ lost: 0, doubled: 0 });
      // Nor did they say anything else on the way there.
      expect(await alarms()).toEqual([]);
      expect(after.shown - before.shown).toBeGreaterThan(150);
      await page.getByText("Nothing is missing").waitFor();
      await page.getByText("Nothing is here twice").waitFor();
      await page.getByText("250 of 250 things have happened").waitFor();
      expect(await shownEvents()).toEqual(await newestOfTheLog());
    },
  );

  it("catches up when its own network was cut meanwhile", { timeout: 2 * DEADLINE }, async () => {
    const before = await figures();
    await letHappen(100);
    await until(async () => (await figure("Shown")) > before.shown, 30_000);
    await page.route("**/demo/test-webhook", (route) => route.abort(), { times: 1 });
    await webhooks().getByRole("button", { name: "Post with the right signature" }).click();
    await webhooks().getByText("The hub cannot be reached").waitFor();
    await page.context().setOffline(true);
    await page.getByText("The hub cannot be reached; the counting goes on").waitFor();
    await page.getByText("This device has no network.").waitFor();
    await page.getByRole("log").getByText("The connection is lost.").waitFor();
    expect(await problemsAtThisSize(page)).toEqual([]);
    await takePictures(page, "demo-offline");
    const { controls } = hub.running.hub.demo;
    await until(async () => (await controls?.read(undefined))?.burst?.state === "done", DEADLINE);
    await page.context().setOffline(false);
    await webhooks().getByText("The hub cannot be reached").waitFor({ state: "detached" });
    await settled(before.sent + 100);
    expect(await figures()).toMatchObject({ lost: 0, doubled: 0 });
    expect(await alarms()).toEqual([]);
    expect(await shownEvents()).toEqual(await newestOfTheLog());
  });

  it("counts nothing while its events are paused, and all of it when they go on", async () => {
    const before = await figures();
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    await page.getByText("The live events are paused").waitFor();
    await letHappen(20);
    await until(async () => (await figure("Sent")) >= before.sent + 20);
    expect(await figure("Shown")).toBe(before.shown);
    await page.getByRole("button", { name: "Clear", exact: true }).click();
    expect(await problemsAtThisSize(page)).toEqual([]);
    await page.getByRole("button", { name: "Resume", exact: true }).click();
    await settled(before.sent + 20);
    expect(await alarms()).toEqual([]);
  });

  it("shows what became of one booking alone, and where it is kept", async () => {
    const chosen = page.locator(".sw-event-open").first();
    const number = await chosen.textContent();
    await chosen.press("Enter");
    const monitor = page.getByRole("region", { name: `One booking: ${number} ` });
    const events = monitor.locator(".sw-event");
    await events.first().waitFor();
    expect(await events.filter({ hasText: `${number}` }).count()).toBe(await events.count());
    await events.last().locator(".sw-chip", { hasText: "Booked" }).waitFor();
    // Whoever has no pointer goes on there.
    expect(await monitor.evaluate((one) => one.parentElement === document.activeElement)).toBe(
      true,
    );
  });

  it("stops what is happening, by keyboard, and resets the source", async () => {
    await letHappen(10_000);
    await page.getByRole("button", { name: "Stop", exact: true }).press("Enter");
    await page.getByText("Stopped", { exact: true }).waitFor();
    const slider = page.getByRole("slider", { name: "Sent twice", exact: true });
    await slider.press("ArrowRight");
    expect(await slider.getAttribute("aria-valuetext")).toBe("61 %");
    await page.getByRole("button", { name: "Reset to the usual" }).press("Enter");
    const { controls } = hub.running.hub.demo;
    await until(async () => (await controls?.read(undefined))?.settings.duplicate_percent === 10);
    await slide("Pace", 0);
    await slide("Held back", 0);
    await page.getByText("resting", { exact: true }).waitFor();
    await until(isQuiet, 60_000);
  });

  it("tries out signatures and the receiver", async () => {
    await webhooks().getByRole("button", { name: "Post with the right signature" }).click();
    await webhooks().getByText("Taken: the hub answered 200.").waitFor();
    await webhooks().getByRole("button", { name: "Post with a wrong signature" }).click();
    await webhooks().getByText("Refused: the hub answered 401").waitFor();
    await webhooks().getByRole("button", { name: "Send a test event to the receiver" }).click();
    await webhooks().getByText("Delivered: the receiver checked the signature").waitFor();
  });

  it("says what to do about a receiver that cannot be reached", async () => {
    const { destination_id: id } = (await hub.running.hub.demo.controls?.read(undefined)) ?? {};
    const path = `/api/v1/destinations/${id}`;
    const { url } = await call<{ url: string }>("GET", path);
    await call("PATCH", path, { url: `http://127.0.0.1:${await freePort()}/` });
    try {
      await webhooks().getByRole("button", { name: "Send a test event to the receiver" }).click();
      await webhooks().getByText("Not delivered: Nobody listens there.").waitFor();
      await webhooks().getByText("Start the receiver, or check the port").waitFor();
      const link = webhooks().getByRole("link", { name: "Open the destination" });
      expect(await link.getAttribute("href")).toBe(`/destinations/${id}`);
    } finally {
      await call("PATCH", path, { url });
    }
  });

  it("follows what is chosen, and lets go of it", async () => {
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    await page.getByRole("combobox", { name: "Follow" }).selectOption("provider");
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    const list = page.getByRole("list", { name: "Active subscriptions" });
    await page.getByText("2 of at most 10 are active.").waitFor();
    await letHappen(40);
    await list
      .getByText(/^\d+ events? · /)
      .first()
      .waitFor();
    expect(await screenProblems(page)).toEqual([]);
    // Nothing is followed twice: one is led to what is there.
    await page.getByRole("button", { name: "Subscribe", exact: true }).click();
    const followed = list.getByRole("listitem").filter({ hasText: "Provider" });
    expect(await followed.evaluate((row) => row === document.activeElement)).toBe(true);
    await page.getByText("2 of at most 10 are active.").waitFor();
    await list.getByRole("button", { name: /^Unsubscribe from #/ }).click();
    await page.getByText("1 of at most 10 are active.").waitFor();
    await page.getByRole("button", { name: "Unsubscribe from all" }).click();
    await page.getByText("0 of at most 10 are active.").waitFor();
    await until(isQuiet, 60_000);
  });

  it("follows ten at the most, and says so", async () => {
    const tab = await page.context().newPage();
    // On some days there are fewer to choose from.
    await tab.route(/\/api\/v1\/bookings\?.*on=today/, (route) =>
      route.continue({
        url: route
          .request()
          .url()
          .replace(/on=today&?/, ""),
      }),
    );
    await tab.goto(`${hub.address}/demo/real-time-bookings`);
    await tab.getByRole("combobox", { name: "Follow" }).selectOption("booking");
    const choice = tab.getByRole("combobox", { name: "Booking", exact: true });
    const subscribe = tab.getByRole("button", { name: "Subscribe", exact: true });
    await until(async () => (await choice.locator("option").count()) > 10);
    const options = await choice
      .locator("option")
      .evaluateAll((all) => all.map((one) => one.getAttribute("value")));
    for (const value of options.slice(0, 10)) {
      await choice.selectOption(value);
      await subscribe.click();
    }
    await tab.getByText("10 of at most 10 are active. Unsubscribe from one").waitFor();
    await choice.selectOption(options[10] ?? null);
    expect(await subscribe.getAttribute("aria-disabled")).toBe("true");
    await subscribe.press("Enter");
    expect(await tab.getByText("10 of at most 10 are active.").count()).toBe(1);
    expect(await screenProblems(tab)).toEqual([]);
    await tab.getByRole("button", { name: "Unsubscribe from all" }).click();
    await tab.getByText("0 of at most 10 are active.").waitFor();
    await tab.close();
  });

  it("is read out by one voice", async () => {
    // Beside the state of the connection, which the day's board tells too, there is the page's one
    // live region, and what the board says of moves that one has made oneself.
    const speaking = ":is(output, [aria-live], [role=status], [role=alert], [role=log])";
    const announcing = `${speaking}:not([aria-live=off], .sw-panel > output, .sw-day-figures > output)`;
    expect(await page.locator(`#content > :not(header) ${announcing}`).count()).toBe(0);
    expect(await page.locator("output[aria-live=polite]").count()).toBe(1);
  });

  it("counts anew when the demo was started again", { timeout: 2 * DEADLINE }, async () => {
    const tab = await page.context().newPage();
    await tab.goto(`${hub.address}/demo/real-time-bookings`);
    const counters = (of: Page) => of.getByRole("region", { name: "Counters" });
    await tab.getByText("Every visit is shown as it truly is.").waitFor();
    await demo.stop();
    await page.getByText("The demo is not running.").waitFor();
    // What was shown stays: a hub that is started again has no demo for a moment.
    expect(await page.locator(".sw-event").count()).toBeGreaterThan(0);
    expect(await problemsAtThisSize(page)).toEqual([]);
    const { running, address } = hub;
    const settings = { per_minute: 0, delay_percent: 0 };
    demo = await startDemo(running.hub, { address, seed: 12, settings });
    await page.getByText("Every visit is shown as it truly is.").waitFor({ timeout: 60_000 });
    await until(isQuiet, 60_000);
    await letHappen(30);
    await settled(30);
    expect(await figure("Sent")).toBeLessThan(100);
    expect(await figures()).toMatchObject({ lost: 0, doubled: 0 });
    // A tab that began elsewhere before says the same to the letter.
    const said = (of: Page): Promise<string> => counters(of).innerText();
    await until(async () => (await said(tab)) === (await said(page)), 30_000);
    await tab.close();
  });

  it("says elsewhere how to get there", async () => {
    const other = await openPage(browser, troubles);
    await other.goto(await hub.running.signInLink());
    await other.waitForURL((url) => url.pathname !== "/sign-in");
    expect(await other.getByRole("link", { name: "Demo" }).count()).toBe(0);
    await other.goto(`${hub.address}/demo/real-time-bookings`);
    await other.getByText("This is a page of the demo organisation").waitFor();
    expect(await screenProblems(other)).toEqual([]);
    await other.getByRole("button", { name: "Switch to the demo" }).click();
    await other.getByText("Every visit is shown as it truly is.").waitFor();
    // Another tab of the same browser goes back.
    const beside = await other.context().newPage();
    await beside.goto(hub.address);
    await beside.getByRole("combobox", { name: "Organisation" }).selectOption("My business");
    await other.getByText("This is a page of the demo organisation").waitFor();
    await other.context().close();
  });
});

describe("the demo page's examples", () => {
  const key = "key-of-the-end-to-end-tests-1234";
  const folders: string[] = [];
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  /** Runs a program until it has printed something that fits; then it is stopped. */
  async function prints(
    command: readonly [string, ...string[]],
    env: Record<string, string>,
    expected: RegExp,
    meanwhile: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> {
    const [program, ...args] = command;
    const child = spawn(program, args, { env: { ...process.env, ...env } });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    const ended = once(child, "exit");
    try {
      await meanwhile();
      const isOver = () => expected.test(output) || child.exitCode !== null;
      await until(isOver, 20_000).catch(() => null);
      expect(output).toMatch(expected);
    } finally {
      child.kill();
      await ended;
    }
  }

  async function fileOf(name: string, text: string): Promise<string> {
    // Below this folder, so that Node finds the packages that it asks for.
    const folder = await mkdtemp(join(import.meta.dirname, ".snippet-"));
    folders.push(folder);
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  }

  beforeAll(async () => {
    await hub.book({ uid: "of-the-examples", name: "Emily Carter", from: "08:00", to: "09:00" });
  });

  it("curl reads the stream as it is", async () => {
    const { curl } = exampleCode(hub.address, "Europe/Stockholm");
    await prints(["sh", "-c", `exec ${curl}`], { SLOTWIRE_API_KEY: key }, /Emily Carter/);
  });

  it("JavaScript follows the hub", async () => {
    const path = await fileOf(
      "follow.mjs",
      exampleCode(hub.address, "Europe/Stockholm").javascript,
    );
    await prints([process.execPath, path], { SLOTWIRE_API_KEY: key }, /^\d+ Booking #\d+/m);
  });

  it("a receiver trusts only what the hub has signed", async () => {
    // Whatever listens there on this machine.
    const port = await freePort();
    const example = exampleCode(hub.address, "Europe/Stockholm").webhook.replace(
      "8787",
      String(port),
    );
    const path = await fileOf("receive.mjs", await bundleProgram(example));
    const { id, secret } = await hub.api<{ id: string; secret: string }>("POST", "/destinations", {
      name: "The example",
      url: `http://127.0.0.1:${port}/`,
      profile: "standard",
      payload_mode: "full",
    });
    // By the machine's own Node, which may be the oldest that the packages work with.
    await prints(
      ["node", path],
      { PATH: machinePath(), SLOTWIRE_WEBHOOK_SECRET: secret },
      /destination\.test/,
      async () => {
        const forged = { method: "POST", body: "{}" };
        const post = () => fetch(`http://127.0.0.1:${port}/`, forged).catch(() => null);
        await until(async () => (await post())?.status === 401, 20_000);
        expect(await hub.api("POST", `/destinations/${id}/test`)).toMatchObject({
          status_code: 204,
        });
      },
    );
    await hub.api("POST", `/destinations/${id}/pause`);
  });

  /** The example's server, with a key of its own. */
  async function startGrantServer(): Promise<{ address: string; stop: () => Promise<void> }> {
    const port = await freePort();
    const { grants } = exampleCode(hub.address, "Europe/Stockholm");
    const path = await fileOf("grants.mjs", grants.replace("8788", `${port}, "127.0.0.1"`));
    const scopes = ["stream:mint", "events:read"];
    const { key: own } = await hub.api<{ key: string }>("POST", "/api-keys", {
      name: "The example's server",
      scopes,
    });
    const env = { ...process.env, SLOTWIRE_API_KEY: own };
    const child = spawn(process.execPath, [path], { env, stdio: "inherit" });
    const ended = once(child, "exit");
    const address = `http://127.0.0.1:${port}`;
    await until(() => answers(`${address}/stream-grant`), 30_000);
    const stop = async (): Promise<void> => {
      child.kill();
      await ended;
    };
    return { address, stop };
  }

  it("React shows the bookings of the hub in a page of somebody else's", async () => {
    let document = "";
    const grants = await startGrantServer();
    const site = createServer((request, response) => {
      if (request.url !== "/stream-grant") response.end(document);
      else {
        const passOn = async (): Promise<void> => {
          const answer = await fetch(`${grants.address}/stream-grant`);
          response.writeHead(answer.status).end(await answer.text());
        };
        void passOn();
      }
    }).listen(0, "127.0.0.1");
    await once(site, "listening");
    const origin = `http://127.0.0.1:${(site.address() as { port: number }).port}`;
    const made = await hub.api<{ key: string }>("POST", "/api-keys", {
      name: "The example's page",
      kind: "publishable",
      scopes: ["stream:mint"],
      allowed_origins: [origin],
    });
    const text = exampleCode(hub.address, "Europe/Stockholm").react.replace(
      PUBLISHABLE_KEY,
      made.key,
    );
    document = documentOf(await bundlePage({ text }));
    const visitor = await openPage(browser, troubles);
    // What fails for a moment, on either server, is asked for again.
    const failing = ["/stream-grant", "/api/v1/stream-tokens/exchange"];
    for (const path of failing) {
      const fail = { status: 502, headers: { "access-control-allow-origin": "*" } };
      await visitor.route(`**${path}`, (route) => route.fulfill(fail), { times: 1 });
    }
    try {
      await visitor.goto(origin);
      await visitor.locator("[data-status=live]").waitFor();
      await hub.book({ uid: "of-react", name: "Sofia Nguyen", from: "09:00", to: "10:00" });
      await visitor.locator(".sw-event", { hasText: "Sofia Nguyen" }).waitFor();
    } finally {
      await visitor.context().close();
      site.closeAllConnections();
      site.close();
      await grants.stop();
    }
  });

  it("each is what the page shows", async () => {
    const code = exampleCode(hub.address, "Europe/Stockholm");
    for (const [name, label] of [
      ["react", "React"],
      ["grants", "Server for React"],
      ["javascript", "JavaScript"],
      ["curl", "curl"],
      ["webhook", "Verify a webhook"],
    ] as const) {
      await page.getByRole("button", { name: label, exact: true }).click();
      expect(await page.locator("pre").textContent()).toBe(code[name]);
    }
  });

  it("are copied, which is said for a moment", async () => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy", exact: true }).click();
    await page.getByRole("button", { name: "Copied", exact: true }).waitFor();
    await page.locator("output", { hasText: "Copied" }).waitFor({ state: "attached" });
    const { webhook } = exampleCode(hub.address, "Europe/Stockholm");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(webhook);
    await page.getByRole("button", { name: "Copy", exact: true }).waitFor();
  });
});
