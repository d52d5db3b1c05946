/**
 * `npm test`: from a fresh clone to a verdict. Installs the packages and the system's parts that are
 * missing, starts a PostgreSQL server of its own, runs every suite, and removes what it started.
 *
 *     npm test                                 everything
 *     npm test -- --only pglite                one suite (repeatable): verify, unit, pglite, postgres, e2e
 *     npm test -- --only unit decide           only test files with "decide" in their path
 *
 * The last line is `N passed, N failed`. With CI=true a suite whose part is missing is a failure.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statfsSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { buildDashboard } from "./build-dashboard.mjs";
import { installPackages } from "./install.mjs";
import { howToGet, parts, provideParts } from "./system-parts.mjs";
import { startThrowawayPostgres } from "./throwaway-postgres.mjs";
import { Advice, fail, node, pathWithPrograms, root, run, say } from "./toolbox.mjs";

/** The suites in the order in which they run; `needs` names parts of `system-parts.mjs`. */
const suites = {
  verify: { title: "Checks without a database", needs: [], run: runVerify },
  unit: { title: "Unit and contract tests", needs: [], run: vitest("unit", {}) },
  pglite: {
    title: "Server on the embedded database",
    needs: [],
    run: vitest("server", { SLOTWIRE_TEST_ENGINE: "pglite" }),
  },
  postgres: {
    title: "Server on PostgreSQL",
    needs: ["postgresql"],
    run: vitest("server", { SLOTWIRE_TEST_ENGINE: "postgres" }),
  },
  e2e: { title: "End to end", needs: ["postgresql", "chromium"], run: runEndToEnd },
};

/** Bytes of memory that must be free for the tests' files to lie in it. */
const PLENTY = 6 * 1024 ** 3;

const scratch = mkdtempSync(join(quickestFolder(), "slotwire-test-"));
let postgres = null;
let currentChild = null;
let interrupted = false;

/** Memory, where there is plenty: an embedded hub syncs to disk, and tests start dozens of them. */
function quickestFolder() {
  const shared = "/dev/shm";
  if (!existsSync(shared)) return tmpdir();
  const { bavail, bsize } = statfsSync(shared);
  return Math.min(bavail * bsize, freemem()) > PLENTY ? shared : tmpdir();
}

async function test() {
  const { names, filters } = readArguments();
  await installPackages();
  const needed = [...new Set(names.flatMap((name) => suites[name].needs))];
  const places = await provideParts(needed);
  const env = await environment(places);

  const results = [];
  for (const name of names) {
    const missing = suites[name].needs.filter((part) => places[part] === null);
    if (interrupted) break;
    results.push({ name, ...(await runSuite(name, missing, env, filters)) });
  }
  return results;
}

function readArguments() {
  const { values, positionals } = parseArgs({
    options: { only: { type: "string", multiple: true } },
    allowPositionals: true,
  });
  const known = Object.keys(suites);
  const unknown = values.only?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Advice(`There is no suite "${unknown}". There are: ${known.join(", ")}.`);
  }
  const chosen =
    values.only === undefined ? known : known.filter((name) => values.only.includes(name));
  // A filter speaks of test files, so the checks have nothing to do with it.
  const names = positionals.length > 0 ? chosen.filter((name) => name !== "verify") : chosen;
  return { names, filters: positionals };
}

/** What the test processes are told about the machine. */
async function environment(places) {
  // What an interrupted test leaves in its temporary folder goes with ours.
  const env = { ...process.env, PATH: pathWithPrograms(), TMPDIR: join(scratch, "tmp") };
  mkdirSync(env.TMPDIR);
  // Hundreds of processes load the same code.
  env.NODE_COMPILE_CACHE = join(scratch, "compiled");
  if (!process.stdout.isTTY) env.NO_COLOR ??= "1";
  if (places.chromium) env.SLOTWIRE_TEST_CHROMIUM = places.chromium;
  if (!places.postgresql) return env;
  env.SLOTWIRE_TEST_POSTGRES_PROGRAMS = places.postgresql;
  if (!env.SLOTWIRE_TEST_POSTGRES_URL) {
    say("Starting a PostgreSQL server for the tests");
    const options = { parent: quickestFolder(), syncs: false };
    postgres = await startThrowawayPostgres(places.postgresql, options);
    env.SLOTWIRE_TEST_POSTGRES_URL = postgres.url;
  }
  return env;
}

async function runSuite(name, missing, env, filters) {
  if (missing.length > 0) {
    const advice = missing.map((part) => `${parts[part].name} is missing (${howToGet(part)})`);
    return {
      passed: 0,
      failed: process.env.CI === "true" ? 1 : 0,
      note: `not run: ${advice.join("; ")}`,
    };
  }
  console.log(`\n━━ ${suites[name].title} ━━`);
  const start = performance.now();
  const result = await suites[name]
    .run({ env, filters, report: join(scratch, `${name}.json`) })
    .catch(failedSuite);
  return { ...result, seconds: (performance.now() - start) / 1000 };
}

async function runVerify({ env, report }) {
  const { code } = await runVisibly(["scripts/verify.ts", "--report", report], env);
  const counts = readReport(report);
  return counts ?? crashed(code);
}

/** The end-to-end suite drives the dashboard as it is shipped, so its size is checked first. */
async function runEndToEnd(context) {
  await buildDashboard();
  const { code, output } = await run(node, ["scripts/check-dashboard-size.ts"]);
  if (code !== 0) throw new Advice(`The dashboard is larger than its budget:\n\n${output.trim()}`);
  return vitest("e2e", {})(context);
}

/** A suite that is a project of vitest, with additions to its environment. */
function vitest(project, additions) {
  return async ({ env, filters, report }) => {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const program = join(root, "node_modules", "vitest", "vitest.mjs");
    const args = [
      program,
      "run",
      "--project",
      project,
      ...reporters,
      "--passWithNoTests",
      ...filters,
    ];
    const { code } = await runVisibly(args, { ...env, ...additions });
    const counts = readReport(report);
    return counts === null ? crashed(code) : countTests(counts, code, filters);
  };
}

/**
 * Counts what vitest reports. A file that cannot be loaded has no tests that could fail, and an
 * error outside of any test shows only in the exit code: both count as one failure.
 */
function countTests(counts, code, filters) {
  const brokenFiles = counts.testResults.filter(
    (file) =>
      file.status === "failed" && !file.assertionResults.some((one) => one.status === "failed"),
  ).length;
  const failed = counts.numFailedTests + brokenFiles;
  const skipped = counts.numPendingTests + counts.numTodoTests;
  const empty = counts.numPassedTests + failed === 0 && filters.length === 0;
  return {
    passed: counts.numPassedTests,
    failed: failed === 0 && (code !== 0 || empty) ? 1 : failed,
    note: [skipped > 0 ? `${skipped} skipped` : "", empty ? "no tests found" : ""]
      .filter(Boolean)
      .join(", "),
  };
}

/** A suite that could not even begin. */
function failedSuite(error) {
  if (!(error instanceof Advice)) throw error;
  console.error(error.message);
  return { passed: 0, failed: 1, note: error.message.split("\n")[0] };
}

function crashed(code) {
  return { passed: 0, failed: 1, note: `ended with code ${code} before it could report` };
}

async function runVisibly(args, env) {
  const onChild = (child) => (currentChild = child);
  const result = await run(node, args, { env, stdio: ["ignore", "inherit", "inherit"], onChild });
  currentChild = null;
  return result;
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

/** Prints a line per suite and, alone on the last line, the sums. */
function summarise(results) {
  console.log("");
  for (const { name, passed, failed, note, seconds } of results) {
    const counts =
      seconds === undefined ? "" : `${passed} passed, ${failed} failed, ${seconds.toFixed(1)} s`;
    console.log(`${suites[name].title.padEnd(33)} ${[counts, note].filter(Boolean).join("; ")}`);
  }
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const passed = sum("passed");
  const failed = sum("failed");
  if (passed + failed === 0) console.log("No test has run.");
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
}

async function tearDown() {
  await postgres?.stop();
  postgres = null;
  rmSync(scratch, { recursive: true, force: true });
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => {
    interrupted = true;
    process.exitCode = 130;
    currentChild?.kill("SIGTERM");
  });
}

try {
  const results = await test();
  await tearDown();
  if (interrupted)
    console.error("\n✗ Interrupted; what the tests had started is stopped and removed.");
  else summarise(results);
} catch (error) {
  await tearDown();
  fail(error);
  console.log("0 passed, 1 failed");
}
