import { randomBytes, randomInt } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createClient, type SlotwireClient } from "@slotwire/client";
import { type BookingEvent, POSITION_HEADER, type StreamTokenResource } from "@slotwire/contract";
import pg from "pg";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createStreamTokenSigner } from "../apps/server/src/access/stream-token-signer.ts";
import { systemClock } from "../apps/server/src/clock.ts";
import { seededRandom } from "../apps/server/src/demo/seeded-random.ts";
import { until } from "../apps/server/test/until.ts";
import { closePages, launchBrowser } from "./browser.ts";
import { bundlePage, documentOf } from "./bundle-page.ts";
import { CarefulSource } from "./careful-source.ts";
import { freezePage } from "./freeze-page.ts";
import { freePort, type HubProcess, startHubProcess } from "./hub-process.ts";
import { type PageServer, startPageServer } from "./page-server.ts";
import {
  createPostgresDatabase,
  type PostgresDatabase,
  postgresServer,
} from "./postgres-database.ts";
import { heapOfProcess } from "./process-heap.ts";

/** How many events are written at least. */
const EVENTS = 10_000;
/** After so many, memory is measured for the first time. */
const FIRST_EVENTS = 1000;
/** By how many bytes of objects a page may have grown at the end: of each event it is 200. */
const MOST_GROWTH = 2 * 2 ** 20;
/** The same of the hub, whose code warms up meanwhile. */
const MOST_GROWTH_OF_HUB = 6 * 2 ** 20;
/** How many events in a hundred come of webhooks; the others, of SQL that another program runs. */
const BY_WEBHOOK = 20;
/** How many bookings that program changes at once. */
const AT_ONCE = 20;
/** How many events the visits that the source makes up come to, about. */
const EVENTS_A_VISIT = 2.2;
/** How many events the component shows. */
const SHOWN = 50;
/** Seconds that a token is good for: the hub itself makes none of less than 60. */
const TOKEN_LIFE = 4;
const DEADLINE = 60_000;

const hubProgram = fileURLToPath(new URL("../apps/server/src/main.ts", import.meta.url));
const apiKey = "key-of-everything-at-once-0123456789";
const headers = { authorization: `Bearer ${apiKey}` };
const secret = "secret of everything at once";
const masterKey = randomBytes(32);
const seed = randomInt(2 ** 31);

/** What a page gives its test. */
interface Tab {
  readonly client: SlotwireClient;
  /** Behind which position it began. */
  readonly start: number | null;
  readonly seqs: readonly number[];
  /** What came out of its place, and gaps. */
  readonly faults: readonly unknown[];
}

const text = `
import { createClient } from "@slotwire/client";
import { createRoot } from "react-dom/client";
import { RealTimeBookingEvents, SlotwireProvider } from "./src/index.ts";
const client = createClient({
  reconnectDelays: [100, 300, 1000],
  getToken: async () => {
    const answer = await fetch("/token");
    if (!answer.ok) throw new Error("No token.");
    return answer.text();
  },
});
const tab = { client, start: null, seqs: [], faults: [] };
client.live.subscribe({
  onStart: (_events, position) => (tab.start = position),
  onEvent({ seq }) {
    if (seq !== (tab.seqs.at(-1) ?? tab.start) + 1) tab.faults.push(seq);
    tab.seqs.push(seq);
  },
  onGap: (gap) => tab.faults.push(gap),
});
Object.assign(globalThis, { tab });
createRoot(document.body.appendChild(document.createElement("main"))).render(
  <SlotwireProvider client={client} timeZone="UTC">
    <RealTimeBookingEvents maxEvents={${SHOWN}} />
  </SlotwireProvider>,
);
`;

let browser: Browser;
let context: BrowserContext;
let database: PostgresDatabase;
let otherProgram: pg.Client;
let port: number;
let hub: HubProcess;
let api: SlotwireClient;
let server: PageServer;
/** Resolves when the hub is there, after however many kills. */
let hubIsBack: Promise<void> = Promise.resolve();
const source = new CarefulSource(secret, seededRandom(seed));
/** The pages that are open. */
const tabs: Page[] = [];
/** What pages complained about. */
const troubles: string[] = [];
/** The pages that have opened a stream, the last one last. */
const leaders: Page[] = [];

beforeAll(async () => {
  database = await createPostgresDatabase();
  port = await freePort();
  hub = startHub();
  const [launched, page] = await Promise.all([launchBrowser(), bundlePage({ text }), hub.ready()]);
  browser = launched;
  otherProgram = new pg.Client({ connectionString: database.url });
  await otherProgram.connect();
  api = createClient({ baseUrl: hub.address, apiKey });
  const { data } = await api.connections.list();
  for (const { id } of data) await api.connections.update(id, { messages_per_minute: 1_000_000 });
  const makeToken = await makeTokenMaker();
  server = await startPageServer({ page: documentOf(page), hub: hub.address, makeToken });
  context = await browser.newContext();
  context.on("request", (request) => {
    if (request.headers()["accept"] === "text/event-stream") leaders.push(request.frame().page());
  });
});
afterAll(async () => {
  await closePages(browser);
  await server?.close();
  await hub?.kill();
  await otherProgram?.end();
  await database?.remove();
});

function startHub(): HubProcess {
  const settings = {
    DATABASE_URL: database.url,
    SLOTWIRE_MASTER_KEY: masterKey.toString("base64"),
    SLOTWIRE_API_KEY: apiKey,
    CALCOM_WEBHOOK_SECRET: secret,
  };
  return startHubProcess(port, settings, ["--inspect=127.0.0.1:0", hubProgram, "serve"]);
}

/** Makes tokens of the hub's own, but of a shorter life. */
async function makeTokenMaker(): Promise<() => Promise<string>> {
  const answer = await fetch(`${hub.address}/api/v1/stream-tokens`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json" },
    body: "{}",
  });
  const { token } = (await answer.json()) as StreamTokenResource;
  const signer = createStreamTokenSigner([masterKey], systemClock);
  const claims = (await signer.read("token", token)) ?? expect.fail("It is not the hub's.");
  return () => {
    const exp = Math.floor(Date.now() / 1000) + TOKEN_LIFE;
    return signer.sign("token", { ...claims, exp });
  };
}

/** Kills the hub in the middle of everything, and starts it again. */
function restart(): Promise<void> {
  hubIsBack = hub.kill().then(() => {
    hub = startHub();
    return hub.ready();
  });
  return hubIsBack;
}

/** Waits until so much, of 1, of what is being written has been taken. */
type Taken = (part: number) => Promise<void>;

/** Lets so much happen, about, as fast as the hub takes it, and something else meanwhile. */
async function write(
  events: number,
  meanwhile: (taken: Taken) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const before = source.receipts.size;
  source.live(Math.ceil((events * BY_WEBHOOK) / 100 / EVENTS_A_VISIT));
  const messages = source.distinct - before;
  const moves = events * (1 - BY_WEBHOOK / 100);
  let moved = 0;
  const answered = (): number => (source.receipts.size - before) / messages;
  const send = async (): Promise<void> => {
    while (source.waiting > 0) {
      await hubIsBack;
      await source.send(`${hub.address}/api/webhooks/calcom`, Infinity);
    }
  };
  const move = async (): Promise<void> => {
    while (moved < moves) {
      await until(() => moved / moves <= answered(), DEADLINE);
      moved += await moveSome();
    }
  };
  const taken: Taken = (part) => until(() => Math.min(answered(), moved / moves) >= part, DEADLINE);
  await Promise.all([send(), move(), meanwhile(taken)]);
}

/** The other program gives some bookings another room. @returns how many */
async function moveSome(): Promise<number> {
  try {
    const { rowCount } = await otherProgram.query(
      `UPDATE booking SET location = 'Room ' || version
        WHERE id IN (SELECT id FROM booking ORDER BY random() LIMIT $1 FOR UPDATE SKIP LOCKED)`,
      [AT_ONCE],
    );
    return rowCount ?? 0;
  } catch (error) {
    // Of those who wait for each other in a circle PostgreSQL turns one away, who tries again.
    if (error instanceof pg.DatabaseError && error.code === "40P01") return 0;
    throw error;
  }
}

async function openTab(): Promise<Page> {
  const page = await context.newPage();
  page.on("pageerror", (error) => troubles.push(error.message));
  await page.goto(server.address);
  await expect.poll(() => inTab(page, ({ start }) => start), { timeout: DEADLINE }).not.toBeNull();
  return page;
}

const inTab = <Result>(page: Page, look: (tab: Tab) => Result): Promise<Result> =>
  page.evaluate(`(${look.toString()})(tab)`);

/** The last position of the log. */
async function newest(): Promise<number> {
  const answer = await fetch(`${hub.address}/api/v1/booking-events?limit=1`, { headers });
  return Number(answer.headers.get(POSITION_HEADER) ?? expect.fail("no position"));
}

/** All events, as the hub tells them. */
async function readLog(): Promise<BookingEvent[]> {
  const events: BookingEvent[] = [];
  for (;;) {
    const { data } = await api.bookingEvents.list({ after: events.at(-1)?.seq ?? 0, limit: 1000 });
    if (data.length === 0) return events;
    events.push(...data);
  }
}

/** Every tab has exactly the log, from where it began, and shows its end. */
async function expectLog(): Promise<void> {
  const log = await readLog();
  const all = log.map(({ seq }) => seq);
  expect(all).toEqual(all.map((_, index) => index + 1));
  const end = log
    .slice(-SHOWN)
    .map(({ occurred_at: at, booking_number: booking }) => `${booking} ${at}`);
  for (const tab of tabs) {
    await expect
      .poll(() => inTab(tab, ({ seqs }) => seqs.at(-1)), { timeout: DEADLINE })
      .toBe(log.length);
    const { start, seqs, faults } = await inTab(tab, (held) => ({ ...held, client: null }));
    expect(faults, `seed ${seed}`).toEqual([]);
    expect(seqs).toEqual(all.slice(start ?? Infinity));
    await expect.poll(() => rowsOf(tab), { timeout: DEADLINE }).toEqual(end.toReversed());
  }
}

/** What the component shows: of which booking each event is, and when it was. */
const rowsOf = (page: Page): Promise<string[]> =>
  page.locator(".sw-event").evaluateAll((rows) =>
    rows.map((row) => {
      const [number = ""] = /(?<=#)\d+/.exec(row.textContent) ?? [];
      return `${number} ${row.querySelector("time")?.dateTime ?? ""}`;
    }),
  );

/** How many bytes of objects the page holds. */
async function heapOfPage(page: Page): Promise<number> {
  const session = await context.newCDPSession(page);
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}

const leader = (): Page => leaders.at(-1) ?? expect.fail("no page has opened a stream");
/** One of those that listen to it. */
const listener = (): Page =>
  tabs.find((tab) => tab !== leader()) ?? expect.fail("there is one tab");

/**
 * What happens, one after the other, while people book. The hub is killed soon, so that the last one
 * lives long enough to be seen growing.
 */
const calamities: readonly ((taken: Taken) => Promise<void>)[] = [
  async function theNetworkGoes(taken) {
    await context.setOffline(true);
    await taken(0.6);
    await context.setOffline(false);
  },
  async function theHubIsKilled(taken) {
    await taken(0.3);
    await restart();
  },
  async function theHubIsKilledWhileATabThatListensIsFrozen(taken) {
    const thaw = await freezePage(listener());
    await taken(0.3);
    await restart();
    await taken(0.8);
    await thaw();
  },
  async function theTabWithTheConnectionFreezes(taken) {
    const frozen = leader();
    const looked = listener();
    const thaw = await freezePage(frozen);
    await taken(0.3);
    // Somebody looks at another one.
    await looked.evaluate(() => dispatchEvent(new Event("pageshow")));
    await until(() => leader() !== frozen, DEADLINE);
    await taken(0.8);
    await thaw();
    // It has let go: tokens end one after the other, and the same page renews its stream each time.
    const isOne = (): boolean => new Set(leaders.slice(-3)).size === 1;
    const before = leaders.length;
    await until(() => leaders.length >= before + 3 && isOne(), DEADLINE);
  },
  async function connectionsBreak(taken) {
    for (const part of [0.2, 0.4, 0.6, 0.8]) {
      await taken(part);
      server.cut();
    }
  },
  async function theLaptopSleepsForLongerThanTokensLive(taken) {
    const thaws = await Promise.all(tabs.map(freezePage));
    const wakesAt = Date.now() + TOKEN_LIFE * 1000;
    await taken(0.3);
    server.cut();
    await taken(0.8);
    await until(() => Date.now() > wakesAt, DEADLINE);
    await Promise.all(thaws.map((thaw) => thaw()));
  },
  async function theTabWithTheConnectionIsClosedAndAnotherOneOpened(taken) {
    await taken(0.3);
    const closing = leader();
    tabs.splice(tabs.indexOf(closing), 1);
    await closing.close();
    await taken(0.6);
    tabs.push(await openTab());
  },
];

/** So many events pass while one of them lasts. */
const EVENTS_A_CALAMITY = (EVENTS - FIRST_EVENTS) / calamities.length;

describe.runIf(postgresServer !== undefined)("three tabs of a browser", () => {
  test(
    "have the log, in order and once, and stay small, through everything",
    { timeout: 300_000 },
    async () => {
      for (let open = 0; open < 3; open += 1) tabs.push(await openTab());
      while ((await newest()) < FIRST_EVENTS) await write(100);
      await expectLog();
      const heaps = new Map<Page, number>();
      for (const tab of tabs) heaps.set(tab, await heapOfPage(tab));
      const heapOfHub = await heapOfProcess(hub.output());

      for (const calamity of calamities) await write(EVENTS_A_CALAMITY, calamity);
      while ((await newest()) < EVENTS) await write(100);

      await expectLog();
      const stayed = tabs.filter((tab) => heaps.has(tab));
      expect(stayed).toHaveLength(2);
      for (const tab of stayed) {
        expect((await heapOfPage(tab)) - (heaps.get(tab) ?? 0)).toBeLessThan(MOST_GROWTH);
      }
      // It closes connections, and lets go of what they held, in its own time.
      await expect
        .poll(async () => (await heapOfProcess(hub.output())) - heapOfHub, { timeout: DEADLINE })
        .toBeLessThan(MOST_GROWTH_OF_HUB);
      expect(troubles).toEqual([]);
      // It was not for want of trouble.
      expect(tabs.includes(leader())).toBe(true);
      expect(server.renewals()).toBeGreaterThan(2);
      expect(source.unanswered).toBeGreaterThan(0);
    },
  );
});
