import type { SlotwireClient } from "@slotwire/client";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type FlakyHub, openFlakyHub } from "../packages/client/test/flaky-hub.ts";
import { closePages, launchBrowser } from "./browser.ts";
import { bundlePage } from "./bundle-page.ts";
import { freezePage } from "./freeze-page.ts";

/** What a page gives its test. */
interface Tab {
  readonly client: SlotwireClient;
  readonly seqs: number[];
  readonly gaps: number[];
}

/** A page that follows all events; its address may say as whom. */
const text = `
import { createClient } from "@slotwire/client";
const settings = JSON.parse(decodeURIComponent(location.hash.slice(1) || "{}"));
const client = createClient({ reconnectDelays: [5], ...settings });
const tab = { client, seqs: [], gaps: [] };
client.live.subscribe({
  onEvent: ({ seq }) => tab.seqs.push(seq),
  onGap: () => tab.gaps.push(tab.seqs.length),
});
Object.assign(globalThis, { tab });
`;

let browser: Browser;
let script: string;
let hub: FlakyHub;
let context: BrowserContext;
let troubles: string[];

beforeAll(async () => {
  [browser, { script }] = await Promise.all([launchBrowser(), bundlePage({ text })]);
});
beforeEach(async () => {
  hub = await openFlakyHub();
  context = await browser.newContext();
  troubles = [];
  await context.route(`${hub.baseUrl}/page*`, (route) =>
    route.fulfill({ contentType: "text/html", body: `<!doctype html><script>${script}</script>` }),
  );
});
afterEach(async () => {
  await context.close();
  await hub.close();
  expect(troubles).toEqual([]);
});
afterAll(() => closePages(browser));

async function openTab(settings: object = {}): Promise<Page> {
  const page = await context.newPage();
  page.on("pageerror", (error) => troubles.push(error.message));
  await page.goto(`${hub.baseUrl}/page#${encodeURIComponent(JSON.stringify(settings))}`);
  await untilStatus(page, "live");
  return page;
}

const inTab = <Result>(page: Page, look: (tab: Tab) => Result): Promise<Result> =>
  page.evaluate(`(${look.toString()})(tab)`);
const seqsIn = (page: Page): Promise<number[]> => inTab(page, ({ seqs }) => seqs);
const untilStatus = (page: Page, status: string): Promise<unknown> =>
  expect
    .poll(() => inTab(page, ({ client }) => client.live.state.status), { timeout: 15_000 })
    .toBe(status);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

async function expectSeqs(pages: readonly Page[]): Promise<void> {
  const all = upTo(hub.log.length);
  for (const page of pages) {
    await expect.poll(() => seqsIn(page), { timeout: 15_000 }).toEqual(all);
  }
}

/** Every tab has the whole log, in order, and the hub has but one connection. */
async function expectAll(pages: readonly Page[]): Promise<void> {
  await expectSeqs(pages);
  await expect.poll(() => hub.openConnections(), { timeout: 5000 }).toBe(1);
}

describe("the tabs of a browser", () => {
  it("share one connection, and each hands out everything", async () => {
    const pages = [await openTab(), await openTab(), await openTab()];
    hub.append(50);
    await expectAll(pages);
    expect(hub.positions).toHaveLength(1);
    expect(hub.pages).toEqual([]);
  });

  it("begin each where it was opened", async () => {
    const first = await openTab();
    hub.append(5);
    await expectAll([first]);
    const second = await openTab();
    hub.append(2);
    await expect.poll(() => seqsIn(second)).toEqual([6, 7]);
    expect(hub.positions).toHaveLength(1);
  });

  it("go on without a gap when the one with the connection is closed", async () => {
    const pages = [await openTab(), await openTab(), await openTab()];
    for (let left = 3; left > 1; left -= 1) {
      hub.append(20);
      const closing = pages.shift()?.close();
      hub.append(20);
      await closing;
      hub.append(20);
      await expectAll(pages);
    }
    expect(await inTab(pages[0] as Page, ({ gaps }) => gaps)).toEqual([]);
  });

  it("take over from one that is frozen, and have it back when it thaws", async () => {
    const frozen = await openTab();
    const others = [await openTab(), await openTab()];
    hub.append(10);
    await expectAll([frozen, ...others]);
    const thaw = await freezePage(frozen);
    hub.append(500);
    // Somebody looks at one of the others.
    await inTab(others[0] as Page, () => globalThis.dispatchEvent(new Event("pageshow")));
    await expectSeqs(others);
    expect(hub.positions).toEqual(["0", "10"]);
    await thaw();
    hub.append(10);
    await expectAll([frozen, ...others]);
    expect(await inTab(frozen, ({ gaps }) => gaps)).toEqual([]);
  });

  it("miss nothing while one of those that listen is frozen", async () => {
    const pages = [await openTab(), await openTab()];
    const thaw = await freezePage(pages[1] as Page);
    hub.append(2000);
    await expectAll(pages.slice(0, 1));
    await thaw();
    hub.append(1);
    await expectAll(pages);
  });

  it("are refused together, and let in together", async () => {
    const pages = [await openTab(), await openTab()];
    hub.append(3);
    await expectAll(pages);
    hub.behaviours = [{ answer: (response) => response.writeHead(403).end() }];
    await inTab(pages[1] as Page, ({ client }) => client.live.retry());
    for (const page of pages) await untilStatus(page, "denied");
    hub.behaviours = [{}];
    hub.append(3);
    await inTab(pages[1] as Page, ({ client }) => client.live.retry());
    await expectAll(pages);
  });

  it("learn together that it is another organisation's log by now", async () => {
    hub.behaviours = [{ organisationId: "one" }];
    const pages = [await openTab(), await openTab()];
    hub.append(3);
    await expectAll(pages);
    hub.behaviours = [{ organisationId: "two" }];
    await inTab(pages[1] as Page, ({ client }) => client.live.retry());
    for (const page of pages) {
      await expect.poll(() => inTab(page, ({ gaps }) => gaps), { timeout: 10_000 }).toEqual([3]);
    }
    // Each goes on from where the other log ends by then.
    for (const page of pages) {
      await expect.poll(() => inTab(page, ({ client }) => client.live.state.lastSeq)).toBe(3);
    }
    hub.append(1);
    await expectAll(pages);
  });

  it("do not believe what makes no sense", async () => {
    const pages = [await openTab(), await openTab()];
    hub.append(2);
    await expectAll(pages);
    await (pages[0] as Page).evaluate(async () => {
      const { held = [] } = await navigator.locks.query();
      const channel = new BroadcastChannel(held[0]?.name ?? "");
      const place = { whose: null, from: 2, to: 9 };
      const event = { seq: 3, data: {} };
      for (const message of [
        null,
        "log",
        ["log"],
        ["log", { ...place, events: "x" }],
        ["log", { ...place, events: [null] }],
        ["log", { ...place, events: [{ seq: 2, data: {} }] }],
        ["log", { ...place, events: [event, event] }],
        ["log", { ...place, to: 2, events: [event] }],
        ["log", { ...place, to: "9", events: [] }],
        ["log", { ...place, whose: 5, events: [] }],
        ["leap", { whose: null, position: "x", gap: {} }],
        ["state", { status: "odd", lastSyncedAt: null, error: null }, null],
        ["state", { status: "live", lastSyncedAt: null, error: null }, { from: 1 }],
        ["steal", {}],
      ]) {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
        channel.postMessage(message);
      }
      channel.close();
    });
    hub.append(2);
    await expectAll(pages);
  });

  it("close the hole that a message which never came leaves", async () => {
    const pages = [await openTab(), await openTab()];
    hub.append(2);
    await expectAll(pages);
    await (pages[0] as Page).evaluate(() => {
      let lost = 1;
      const { prototype } = BroadcastChannel;
      // oxlint-disable-next-line typescript/unbound-method -- it is called with its channel
      prototype.postMessage = new Proxy(prototype.postMessage, {
        apply(post, channel, [message]: [unknown]) {
          const isLog = Array.isArray(message) && message[0] === "log";
          if (isLog && lost > 0) lost -= 1;
          else Reflect.apply(post, channel, [message]);
        },
      });
    });
    hub.append(1);
    await expectAll(pages.slice(0, 1));
    hub.append(1);
    await expectAll(pages);
    expect(hub.pages.length).toBeGreaterThan(0);
  });

  it("share nothing with another reader, or when they are told not to", async () => {
    const claims = (flt: object, jti: string): string =>
      `h.${Buffer.from(JSON.stringify({ org: "o", sub: "user:1", flt, jti })).toString("base64url")}.s`;
    await openTab();
    expect(hub.openConnections()).toBe(1);
    await openTab({ apiKey: "one" });
    await openTab({ apiKey: "two" });
    await openTab({ apiKey: "two" });
    expect(hub.openConnections()).toBe(3);
    // Of stream tokens what they allow counts, not when they were made.
    await openTab({ apiKey: claims({ types: ["booking.created"] }, "1") });
    await openTab({ apiKey: claims({ types: ["booking.created"] }, "2") });
    expect(hub.openConnections()).toBe(4);
    await openTab({ apiKey: claims({}, "3") });
    expect(hub.openConnections()).toBe(5);
    await openTab({ shareTabs: false });
    expect(hub.openConnections()).toBe(6);
  });

  it("all load and hear of everything where they cannot share, by plain HTTP in a network", async () => {
    // Browsers trust the machine itself, so the pages have to be told that they are elsewhere.
    await context.addInitScript(() =>
      Reflect.defineProperty(globalThis, "isSecureContext", { value: false }),
    );
    const pages: Page[] = [];
    for (let count = 1; count <= 8; count += 1) {
      const page = await context.newPage();
      pages.push(page);
      await page.goto(`${hub.baseUrl}/page`);
      await untilStatus(page, count <= 4 ? "live" : "polling");
    }
    hub.append(3);
    await expectSeqs(pages);
    expect(hub.openConnections()).toBe(4);
  });
});
