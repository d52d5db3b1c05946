import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openPostgres } from "../apps/server/src/db/postgres.ts";
import { provideParts } from "../scripts/system-parts.mjs";
import { startThrowawayPostgres } from "../scripts/throwaway-postgres.mjs";
import { type HubProcess, startHubProcess } from "./hub-process.ts";
import { heapOf } from "./inspector.ts";
import { openReceiver } from "./open-receiver.ts";
import { openStreams } from "./open-streams.ts";
import { closedLoop, openLoop } from "./load.ts";
import { notifyFloor } from "./notify-floor.ts";
import { percentile } from "./percentile.ts";
import { profiled } from "./profile.ts";
import { pgbenchAtRate, runEmbedded, runPgbench } from "./pgbench.ts";

/**
 * `npm run bench`: whole hubs in processes of their own, on a database of their own, over HTTP.
 * Sender, hub and database share the machine, so read the shares and not the absolute figures.
 *
 *     npm run bench                     everything, about two minutes
 *     npm run bench -- --only embedded  one engine: postgres or embedded
 *     npm run bench -- --seconds 5      shorter measurements (10 unless given)
 *     npm run bench -- --streams 1      other than 100 live streams
 *     npm run bench -- --profile        steady rates only, with a CPU profile of the hub for each;
 *                                       sampling costs time too, so take latencies from a run without
 *     npm run bench -- --keep folder    with --profile: keep the profiles, for a browser's DevTools
 */
const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    seconds: { type: "string", default: "10" },
    profile: { type: "boolean", default: false },
    keep: { type: "string" },
    streams: { type: "string", default: "100" },
  },
});
const seconds = Number(options.seconds);
/** Readers share the machine with the hub: with one, the figures are the hub's; with more, the cores'. */
const STREAMS = Number(options.streams);
const PROFILE_ROWS = 16;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const row = (...cells: (string | number)[]): void =>
  print(cells.map((cell, index) => String(cell).padEnd(index === 0 ? 44 : 14)).join(""));
const ms = (value: number): string => `${value.toFixed(1)} ms`;
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const held = (ok: boolean): string => (ok ? "held" : "NOT HELD");

async function benchPostgres(): Promise<void> {
  const { postgresql } = await provideParts(["postgresql"]);
  if (!postgresql) {
    print("PostgreSQL is not on this machine: left out.");
    return;
  }
  process.env["PATH"] = `${postgresql}:${process.env["PATH"] ?? ""}`;
  const server = await startThrowawayPostgres(postgresql);
  try {
    const masterKey = Buffer.alloc(32, 7).toString("base64");
    const settings = { DATABASE_URL: server.url, SLOTWIRE_MASTER_KEY: masterKey };
    const hub = await startHubProcess(settings, options.profile);
    const db = openPostgres(server.url, 2);
    try {
      if (options.profile) {
        print("\nPostgreSQL");
        await closedLoop(hub.url, 8, 3);
        await benchLatency(hub, 200, 25);
        return;
      }
      print("\nPostgreSQL: webhooks into the ledger\n");
      row("", "per second", "p50", "p99");
      await closedLoop(hub.url, 8, 3);
      let best = 0;
      for (const connections of [1, 8, 32]) {
        const result = await closedLoop(hub.url, connections, seconds);
        best = Math.max(best, result.perSecond);
        row(
          `signed webhooks, ${connections} senders`,
          Math.round(result.perSecond),
          ms(result.p50),
          ms(result.p99),
        );
      }
      let limit = 0;
      for (const clients of [1, 8, 32]) {
        const result = await runPgbench(db, server.url, clients, seconds);
        limit = Math.max(limit, result.perSecond);
        row(`pgbench with the same writes, ${clients} clients`, Math.round(result.perSecond));
      }
      const share = best / limit;
      row("share of the limit", `${Math.round(share * 100)} %`, "goal 50 %", held(share >= 0.5));
      await benchLatency(hub, 200, 25);
      const peer = await pgbenchAtRate(db, server.url, 200, seconds);
      row("pgbench with the same writes, 200/s", 200 * seconds, ms(peer.p50), ms(peer.p99));
      await benchBrowsers(hub, server.url);
      await benchStreamMemory(settings);
      await benchDeliveries(hub);
    } finally {
      await db.close();
      await hub.stop();
    }
  } finally {
    await server.stop();
  }
}

async function benchEmbedded(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), "slotwire-bench-"));
  try {
    const hub = await startHubProcess({ SLOTWIRE_DATA_DIR: dataDir }, options.profile);
    try {
      if (options.profile) {
        print("\nEmbedded");
        await closedLoop(hub.url, 4, 3);
        await benchLatency(hub, 50, 25);
        return;
      }
      print("\nEmbedded, synced to disk: webhooks into the ledger\n");
      row("", "per second", "p50", "p99");
      await closedLoop(hub.url, 4, 3);
      let best = 0;
      for (const connections of [1, 8]) {
        const result = await closedLoop(hub.url, connections, seconds);
        best = Math.max(best, result.perSecond);
        row(
          `signed webhooks, ${connections} senders`,
          Math.round(result.perSecond),
          ms(result.p50),
          ms(result.p99),
        );
      }
      row("against the goal", Math.round(best), "goal 500", held(best >= 500));
      const limit = await runEmbedded(seconds);
      row("the same statements on the bare engine", Math.round(limit));
      row("share of that", `${Math.round((best / limit) * 100)} %`);
      await benchLatency(hub, 50, 25);
      await benchDeliveries(hub);
    } finally {
      await hub.stop();
    }
  } finally {
    rmSync(dataDir, { recursive: true });
  }
}

/** Steady load: from the post to the answer, to every open stream, and to a receiver's socket. */
async function benchLatency(hub: HubProcess, perSecond: number, ackGoal: number): Promise<void> {
  print(`\n  at ${perSecond} webhooks per second, nobody listening\n`);
  row("", "arrived", "p50", "p99", "goal p99");
  const quiet = await withProfile(hub, `${perSecond}-quiet`, () =>
    openLoop(hub.url, perSecond, seconds, () => {}),
  );
  const goal = `${ackGoal} ms ${held(quiet.p99 < ackGoal)}`;
  row("post → answer", perSecond * seconds, ms(quiet.p50), ms(quiet.p99), goal);
  print(`\n  at ${perSecond} webhooks per second, ${STREAMS} live streams, one destination\n`);
  const streams = await openStreams(hub, STREAMS);
  const receiver = await openReceiver(hub);
  const sent = new Map<string, number>();
  const ack = await withProfile(hub, `${perSecond}-listened`, () =>
    openLoop(hub.url, perSecond, seconds, (uid, due) => sent.set(uid, due)),
  );
  await settled(
    () => streams.received() >= sent.size * STREAMS && receiver.arrivals.size >= sent.size,
  );
  const { arrivals, sinceRecorded } = await streams.close();
  const toStreams = latencies(sent, arrivals);
  const toReceiver = latencies(sent, receiver.arrivals);
  row("", "arrived", "p50", "p99", "goal p99");
  row("post → answer", sent.size, ms(ack.p50), ms(ack.p99));
  arrived("post → stream event", toStreams, 50);
  arrived("written → stream event", sinceRecorded, 50);
  arrived("post → receiver's socket", toReceiver, 100);
  arrived("written → receiver's socket", receiver.sinceRecorded, 100);
  await receiver.close();
}

/** How many events a second are told to so many browsers. */
const TOLD = [
  { streams: 100, perSecond: 50 },
  { streams: 100, perSecond: 200 },
  { streams: 2000, perSecond: 5 },
  { streams: 2000, perSecond: 20 },
] as const;

/** From the writing of an event to the browsers, what each of them costs, and the floor under it. */
async function benchBrowsers(hub: HubProcess, url: string): Promise<void> {
  print("\n  written → browser\n");
  row("", "arrived", "p50", "p99");
  for (const { streams: count, perSecond } of TOLD) {
    const streams = await openStreams(hub, count);
    let sent = 0;
    await openLoop(hub.url, perSecond, seconds, () => (sent += 1));
    await settled(() => streams.received() >= sent * count);
    const { sinceRecorded } = await streams.close();
    arrivedAt(`${count} streams, ${perSecond}/s`, sinceRecorded);
  }
  for (const { perSecond } of TOLD) {
    arrivedAt(`raw LISTEN/NOTIFY, ${perSecond}/s`, await notifyFloor(url, perSecond, seconds));
  }
}

function arrivedAt(what: string, times: readonly number[]): void {
  row(what, times.length, ms(percentile(times, 0.5)), ms(percentile(times, 0.99)));
}

const MANY_STREAMS = 2000;
/** So many have been told of before anything is measured: whatever is made once is there. */
const FIRST_STREAMS = 100;

/** What open streams add to a hub that does nothing else, while they are told of bookings. */
async function benchStreamMemory(settings: Record<string, string>): Promise<void> {
  const hub = await startHubProcess(settings, true);
  try {
    const told = async (count: number): Promise<{ heap: number; resident: number }> => {
      const streams = await openStreams(hub, count);
      let sent = 0;
      await openLoop(hub.url, 20, 2, () => (sent += 1));
      await settled(() => streams.received() >= sent * count);
      const used = { heap: await heapOf(hub), resident: hub.memory() };
      await streams.close();
      return used;
    };
    const few = await told(FIRST_STREAMS);
    const many = await told(MANY_STREAMS);
    const each = (part: "heap" | "resident"): string =>
      `${((many[part] - few[part]) / (MANY_STREAMS - FIRST_STREAMS) / 1024).toFixed(0)} KiB`;
    print("\n  memory of a stream\n");
    row("objects and buffers, garbage collected", each("heap"));
    row("of the process, as the system counts it", each("resident"));
  } finally {
    await hub.stop();
  }
}

/** How fast a backlog goes out to one receiver that answers at once, with nothing else to do. */
async function benchDeliveries(hub: HubProcess): Promise<void> {
  const receiver = await openReceiver(hub);
  await receiver.turn("pause");
  const { count: backlog } = await closedLoop(hub.url, 8, seconds);
  const started = performance.now();
  await receiver.turn("resume");
  await settled(() => receiver.arrivals.size >= backlog, 120_000);
  const drained = (performance.now() - started) / 1000;
  await receiver.close();
  print(`\n  a backlog of ${backlog} deliveries to one receiver\n`);
  row("", "per second", "arrived");
  row("deliveries", Math.round(receiver.arrivals.size / drained), receiver.arrivals.size);
}

/** Runs as it is, or with a profile of the hub whose summary is printed. */
async function withProfile<T>(hub: HubProcess, name: string, run: () => Promise<T>): Promise<T> {
  if (!options.profile) return run();
  const { result, summary } = await profiled(hub, run);
  print(
    `\n  the hub's main thread: ${percent(summary.idle)} idle; the rest by owner and by function\n`,
  );
  for (let index = 0; index < PROFILE_ROWS; index += 1) {
    const [owner, fn] = [summary.owners[index], summary.functions[index]];
    row(
      fn === undefined
        ? ""
        : `  ${percent(fn.share).padStart(6)}  ${fn.name}`.slice(0, 66).padEnd(68),
      owner === undefined ? "" : `${percent(owner.share).padStart(6)}  ${owner.name}`,
    );
  }
  print("");
  if (options.keep !== undefined) {
    mkdirSync(options.keep, { recursive: true });
    writeFileSync(join(options.keep, `${name}.cpuprofile`), JSON.stringify(summary.profile));
  }
  return result;
}

function arrived(what: string, times: readonly number[], goal: number): void {
  const p99 = percentile(times, 0.99);
  row(what, times.length, ms(percentile(times, 0.5)), ms(p99), `${goal} ms ${held(p99 < goal)}`);
}

/** @param sent when each was due, on the clock of `performance`; arrivals are milliseconds of the epoch */
function latencies(
  sent: ReadonlyMap<string, number>,
  arrivals: ReadonlyMap<string, readonly number[]>,
): number[] {
  return [...sent].flatMap(([uid, due]) =>
    (arrivals.get(uid) ?? []).map((at) => at - performance.timeOrigin - due),
  );
}

/** Waits for the last arrivals, ten seconds unless given: what is missing then shows in the counts. */
async function settled(done: () => boolean, milliseconds = 10_000): Promise<void> {
  const deadline = Date.now() + milliseconds;
  while (!done() && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 20));
}

if (options.only !== "embedded") await benchPostgres();
if (options.only !== "postgres") await benchEmbedded();
