import type { ServerResponse } from "node:http";
import type { SlotwireEvents } from "@slotwire/client/element";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { type FlakyHub, openFlakyHub } from "../packages/client/test/flaky-hub.ts";
import { closePages, launchBrowser } from "./browser.ts";
import { bundlePage } from "./bundle-page.ts";

const text = `
import { createClient } from "@slotwire/client";
import "@slotwire/client/element";
Object.assign(globalThis, { createClient });
`;

let browser: Browser;
let script: string;
let hub: FlakyHub;
let context: BrowserContext;
let page: Page;
const troubles: string[] = [];

beforeAll(async () => {
  [browser, { script }] = await Promise.all([launchBrowser(), bundlePage({ text })]);
});
beforeEach(async () => {
  hub = await openFlakyHub();
  context = await browser.newContext();
  page = await context.newPage();
  page.on("pageerror", (error) => troubles.push(error.message));
});
afterEach(async () => {
  await context.close();
  await hub.close();
  expect(troubles.splice(0)).toEqual([]);
});
afterAll(() => closePages(browser));

/** Opens a page with that in its body. The element is defined behind it. */
async function open(markup: string, defined: readonly string[] = [script]): Promise<void> {
  const scripts = defined.map((one) => `<script>${one}</script>`).join("");
  await page.route(`${hub.baseUrl}/page`, (route) =>
    route.fulfill({
      contentType: "text/html; charset=utf-8",
      body: `<!doctype html><html lang="en"><body>${markup}${scripts}</body></html>`,
    }),
  );
  await page.goto(`${hub.baseUrl}/page`);
}
const soon = <Value>(read: () => Value | Promise<Value>) => expect.poll(read, { timeout: 5000 });
const rows = (at = 0) =>
  page.locator("slotwire-events").nth(at).locator('[part="description"]').allTextContents();
const isIn = (state: string) =>
  soon(() => page.locator(`slotwire-events:state(${state})`).count()).toBeGreaterThan(0);
const visits = (from: number, to: number): string[] =>
  Array.from({ length: from - to + 1 }, (_, index) => `Žofia’s 🐕 visit ${from - index}`);
const onElement = (act: (element: SlotwireEvents) => void): Promise<void> =>
  page.locator("slotwire-events").first().evaluate(act);

it("goes on when it is moved, and where it was when it is taken out and put back", async () => {
  hub.append(2);
  await open("<main><slotwire-events></slotwire-events></main><aside></aside>");
  await isIn("live");
  await soon(() => rows()).toEqual(visits(2, 1));
  await onElement((element) => document.querySelector("aside")?.append(element));
  hub.append(1);
  await soon(() => rows()).toEqual(visits(3, 1));
  expect([hub.positions.length, hub.pages.length]).toEqual([1, 1]);

  await onElement((element) => {
    Object.assign(globalThis, { kept: element });
    element.remove();
  });
  await soon(() => hub.openConnections()).toBe(0);
  hub.append(2);
  await page.evaluate(() => document.body.append((globalThis as unknown as { kept: Node }).kept));
  await soon(() => rows()).toEqual(visits(5, 1));
  expect(hub.pages.at(-1)?.["after"]).toBe("3");
});

it("begins anew, once, when its attributes change", async () => {
  hub.append(1);
  hub.add({ type: "booking.cancelled" });
  await open("<slotwire-events></slotwire-events>");
  await soon(() => rows()).toEqual(visits(2, 1));
  await onElement((element) => {
    element.setAttribute("types", "booking.cancelled");
    element.setAttribute("max-events", "5");
    element.setAttribute("language", "pl");
  });
  await soon(() => rows()).toEqual(visits(2, 2));
  expect(hub.pages).toHaveLength(2);
  expect(hub.pages.at(-1)).toMatchObject({ types: "booking.cancelled", recent: "5" });
  await onElement((element) => element.setAttribute("language", "pl"));
  hub.append(1);
  hub.add({ type: "booking.cancelled" });
  await soon(() => rows()).toEqual([...visits(4, 4), ...visits(2, 2)]);
  expect(hub.pages).toHaveLength(2);
});

it("shares a connection with others of the same reader, and is read out by one of them", async () => {
  await open(
    '<slotwire-events></slotwire-events><slotwire-events types="booking.updated"></slotwire-events>',
  );
  await isIn("live");
  hub.append(1);
  await soon(() => rows(0)).toEqual(visits(1, 1));
  await soon(() => rows(1)).toEqual(visits(1, 1));
  expect(hub.positions).toHaveLength(1);
  const polite = page.locator('slotwire-events [role="log"][aria-live="polite"]');
  expect(await polite.count()).toBe(1);
  await onElement((element) => element.remove());
  await soon(() => polite.count()).toBe(1);
});

it("is defined once, however often its script runs", async () => {
  await open("<slotwire-events></slotwire-events>", [script, script]);
  hub.append(1);
  await isIn("live");
  hub.append(1);
  await soon(async () => (await rows())[0]).toBe(visits(2, 2)[0]);
});

it("takes what was said before it was defined, and new functions without beginning anew", async () => {
  const early = `
    let minted = 0;
    document.querySelector("slotwire-events").getToken = async () => "early-" + (minted += 1);`;
  await open("<slotwire-events></slotwire-events>", [early, script]);
  await isIn("live");
  expect(hub.tokens.every((token) => token?.startsWith("Bearer early-"))).toBe(true);
  const asked = hub.tokens.length;
  await onElement((element) => {
    element.getToken = () => "late";
  });
  hub.append(1);
  await soon(() => rows()).toEqual(visits(1, 1));
  expect(hub.tokens).toHaveLength(asked);
  hub.drop();
  await soon(() => hub.tokens.at(-1)).toBe("Bearer late");
  await isIn("live");
});

it("shows a fresh ticket with every request, and no token", async () => {
  const tickets = `
    let minted = 0;
    document.querySelector("slotwire-events").getTicket = async () => "ticket-" + (minted += 1);`;
  await open("<slotwire-events></slotwire-events>", [script, tickets]);
  await isIn("live");
  hub.append(1);
  await soon(() => rows()).toEqual(visits(1, 1));
  hub.drop();
  await soon(() => hub.tickets.length).toBeGreaterThan(2);
  expect(new Set(hub.tickets).size).toBe(hub.tickets.length);
  expect(hub.tickets).not.toContain(null);
  expect(new Set(hub.tokens)).toEqual(new Set([undefined]));
});

it("says what the hub refuses, and asks again when it is told to", async () => {
  const problem = { type: "t", title: "No.", status: 422, code: "E_VALIDATION", remedy: "Look." };
  hub.pageBehaviours = [
    { answer: (response) => response.writeHead(422).end(JSON.stringify(problem)) },
  ];
  const listen = `
    const codes = [];
    addEventListener("slotwire-error", ({ detail }) => codes.push(detail.code));`;
  await open('<slotwire-events booking-id="none"></slotwire-events>', [listen, script]);
  await isIn("denied");
  const note = page.locator('slotwire-events [part="note"]');
  await soon(() => note.textContent()).toBe("No new events come here. No. Look.");
  expect(await page.evaluate("codes")).toEqual(["E_VALIDATION"]);
  expect(hub.pages).toHaveLength(1);
  hub.pageBehaviours = [{}];
  await onElement((element) => element.retry());
  await isIn("live");
  expect(await note.isHidden()).toBe(true);
});

it("names what is wrong with what is asked for", async () => {
  const errors = [{ path: "booking_id", message: "This is no id" }];
  const problem = { type: "t", title: "The request is not valid", status: 422, errors };
  const body = JSON.stringify({ ...problem, code: "E_VALIDATION", remedy: "Correct the fields" });
  hub.pageBehaviours = [{ answer: (response) => response.writeHead(422).end(body) }];
  await open('<slotwire-events booking-id="5"></slotwire-events>');
  await soon(() => page.locator('slotwire-events [part="note"]').textContent()).toBe(
    "No new events come here. booking_id: This is no id.",
  );
});

it("says that its address is none, and goes on when it has another", async () => {
  const listen = `
    const names = [];
    addEventListener("slotwire-error", ({ detail }) => names.push(detail.name));`;
  await open('<slotwire-events base-url="nonsense"></slotwire-events>', [listen, script]);
  await isIn("denied");
  const note = page.locator('slotwire-events [part="note"]');
  expect(await note.textContent()).toContain('baseUrl "nonsense" is no address');
  expect(await page.evaluate("names")).toEqual(["TypeError"]);
  await onElement((element) => element.setAttribute("base-url", ""));
  await isIn("live");
});

it("shows nothing to who has signed out, and goes on when they are let in again", async () => {
  hub.append(2);
  await open("<slotwire-events></slotwire-events>");
  await soon(() => rows()).toEqual(visits(2, 1));
  await isIn("live");
  hub.append(1);
  const said = page.locator('slotwire-events [part="said"]');
  await soon(() => said.textContent()).toBe(visits(3, 3)[0]);
  const problem = {
    type: "t",
    title: "Sign-in is required",
    status: 401,
    code: "E_X",
    remedy: "-",
  };
  const refuse = { answer: (response: ServerResponse) => response.writeHead(401).end(body) };
  const body = JSON.stringify(problem);
  hub.behaviours = [refuse];
  hub.drop();
  await isIn("denied");
  expect(await rows()).toEqual([]);
  expect(await said.textContent()).toBe("");
  expect(await page.locator('slotwire-events [part="note"]').textContent()).toBe(
    "No new events come here. Sign-in is required.",
  );
  expect(await page.locator('slotwire-events [part="empty"]').isHidden()).toBe(true);
  hub.behaviours = [{}];
  await onElement((element) => element.retry());
  await soon(() => rows()).toEqual(visits(3, 1));
});

it("leaves nothing to be read of what was cleared", async () => {
  await open("<slotwire-events></slotwire-events>");
  await isIn("live");
  hub.append(1);
  const said = page.locator('slotwire-events [part="said"]');
  await soon(() => said.textContent()).toBe(visits(1, 1)[0]);
  await onElement((element) => element.clear());
  expect(await said.textContent()).toBe("");
});

it.each([
  ["2.5", "2"],
  ["0", "1"],
  ["-1", "1"],
  ["1e3", "200"],
  ["Infinity", "200"],
  ["", "50"],
  ["many", "50"],
])(
  "takes the nearest number of events that there may be: '%s' is %s at first",
  async (most, recent) => {
    await open(`<slotwire-events max-events="${most}"></slotwire-events>`);
    await isIn("live");
    expect(hub.pages.map(({ recent: asked }) => asked)).toEqual([recent]);
  },
);

it("takes types on lines of their own, and none for all", async () => {
  const types = "\n  booking.created,\n  booking.updated\n";
  await open(
    `<slotwire-events types="${types}"></slotwire-events><slotwire-events types=" , "></slotwire-events>`,
  );
  await isIn("live");
  await soon(() => hub.pages.map((asked) => asked["types"]).toSorted()).toEqual([
    "booking.created,booking.updated",
    undefined,
  ]);
});

it("goes on behind a gap when it was paused before anything else happened", async () => {
  hub.append(5);
  await open("<slotwire-events></slotwire-events>");
  await isIn("live");
  await soon(() => rows()).toEqual(visits(5, 1));
  // The hub was restored from a backup.
  hub.log.splice(2);
  hub.behaviours = [{ afterwards: 'event: gap\nid: 2\ndata: {"oldest":1,"newest":2}\n\n' }, {}];
  hub.drop();
  const note = page.locator('slotwire-events [part="note"]');
  await soon(() => note.textContent()).toBe("Some events are missing here.");
  await onElement((element) => element.pause());
  hub.append(1);
  await onElement((element) => element.resume());
  await soon(async () => (await rows())[0]).toBe(visits(3, 3)[0]);
  await soon(async () => (await rows()).length).toBe(6);
});

it("follows by the page's own client", async () => {
  const hand = `addEventListener("DOMContentLoaded", () => {
    const client = createClient({ getToken: () => "of-the-page" });
    document.querySelector("slotwire-events").client = client;
  });`;
  await open("<slotwire-events></slotwire-events>", [script, hand]);
  await isIn("live");
  hub.append(1);
  await soon(() => rows()).toEqual(visits(1, 1));
  expect(hub.tokens.at(-1)).toBe("Bearer of-the-page");
});
