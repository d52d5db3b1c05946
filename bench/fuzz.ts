import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startHub } from "../apps/server/src/cli/start-hub.ts";
import { loadConfig } from "../apps/server/src/config.ts";
import { createErrorLog } from "../apps/server/test/fuzz/error-log.ts";
import { type FuzzReport, fuzzSettings, runFuzz } from "../apps/server/test/fuzz/run-fuzz.ts";
import { provideParts } from "../scripts/system-parts.mjs";
import { startThrowawayPostgres } from "../scripts/throwaway-postgres.mjs";

/**
 * `npm run fuzz`: mutated messages of every kind of source, validly proven, over HTTP to a whole hub
 * on a PostgreSQL server of its own. It ends with 1 when anything was found.
 *
 *     npm run fuzz                       100,000 bodies
 *     npm run fuzz -- --bodies 5000      fewer
 *     npm run fuzz -- --seed 7           the bodies of an earlier run
 *     npm run fuzz -- --embedded         on the embedded database
 */
const { values: options } = parseArgs({
  options: {
    bodies: { type: "string", default: "100000" },
    seed: { type: "string" },
    embedded: { type: "boolean", default: false },
  },
});
const bodies = Number(options.bodies);
const seed = Number(options.seed ?? Math.floor(Math.random() * 1e9));
if (!Number.isInteger(bodies) || bodies < 1 || !Number.isInteger(seed)) {
  throw new TypeError("--bodies and --seed take whole numbers");
}
const apiKey = "key-of-the-fuzzing-0123456789";
const MEGABYTE = 1024 ** 2;
/** What the heap may grow by between the middle and the end: a leak of 0.4 kB a body is more. */
const MAX_GROWTH = 20 * MEGABYTE;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** The memory that is in use after everything unused was freed. */
function memory(): { readonly heap: number; readonly external: number; readonly rss: number } {
  if (globalThis.gc === undefined)
    throw new Error("run it with --expose-gc, as `npm run fuzz` does");
  globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed, external, rss };
}

function printOutcomes({ outcomes }: FuzzReport): void {
  for (const [name, counts] of outcomes) {
    const total = [...counts.values()].reduce((sum, one) => sum + one, 0);
    const parts = [...counts]
      .toSorted(([, a], [, b]) => b - a)
      .map(([outcome, times]) => `${outcome} ${times}`);
    print(`${name.padEnd(24)}${String(total).padStart(7)}  ${parts.join(", ")}`);
  }
}

async function fuzz(env: Record<string, string>): Promise<boolean> {
  const errors = createErrorLog();
  const settings = { PORT: "0", SLOTWIRE_API_KEY: apiKey, SLOTWIRE_TIME_ZONE: "Europe/Stockholm" };
  const running = await startHub(loadConfig({ ...settings, ...fuzzSettings, ...env }), {
    log: errors.log,
    dashboardFolder: "/no-dashboard",
  });
  const marks: { readonly sent: number; readonly used: ReturnType<typeof memory> }[] = [];
  try {
    const began = performance.now();
    const onBatch = (sent: number): void => {
      const third = Math.min(3, Math.floor((sent * 3) / bodies));
      if (third > marks.length - 1 || marks.length === 0) marks.push({ sent, used: memory() });
    };
    const report = await runFuzz(running, errors, { apiKey, bodies, seed, onBatch });
    const seconds = (performance.now() - began) / 1000;
    print(`\n${bodies} bodies, seed ${seed}, ${Math.round(seconds)} s, ${report.events} events\n`);
    printOutcomes(report);
    print("");
    for (const { sent, used } of marks) {
      const [heap, external, rss] = [used.heap, used.external, used.rss].map((bytes) =>
        (bytes / MEGABYTE).toFixed(1),
      );
      print(`memory after ${sent}: heap ${heap} MB, external ${external} MB, resident ${rss} MB`);
    }
    const [, middle] = marks;
    const grown = (marks.at(-1)?.used.heap ?? 0) - (middle?.used.heap ?? 0);
    const isFlat = marks.length < 3 || grown < MAX_GROWTH;
    if (!isFlat) print(`NOT FLAT: the heap grew by ${(grown / MEGABYTE).toFixed(1)} MB`);
    for (const { what, source, detail, body } of report.findings) {
      print(`\nFOUND: ${what}${source === null ? "" : ` (${source})`}\n${detail}`);
      if (body !== null) print(`body: ${body}`);
    }
    print(`\n${report.findings.length} findings`);
    return isFlat && report.findings.length === 0;
  } finally {
    await running.stop();
  }
}

async function main(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), "slotwire-fuzz-"));
  try {
    const data = { SLOTWIRE_DATA_DIR: folder };
    if (options.embedded) return await fuzz(data);
    const { postgresql } = await provideParts(["postgresql"]);
    if (!postgresql) {
      print("PostgreSQL is not on this machine: add --embedded.");
      return false;
    }
    const server = await startThrowawayPostgres(postgresql, { syncs: false });
    try {
      const masterKey = Buffer.alloc(32, 7).toString("base64");
      return await fuzz({ ...data, DATABASE_URL: server.url, SLOTWIRE_MASTER_KEY: masterKey });
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = (await main()) ? 0 : 1;
