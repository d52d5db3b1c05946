/**
 * Runs every check that needs no database, side by side, and prints one line for each.
 *
 *     npm run verify                  all checks
 *     npm run verify -- types lint    some of them
 *
 * `--report <file>` also writes `{ passed, failed }` as JSON.
 */
import { spawn } from "node:child_process";
import { globSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs, stripVTControlCharacters } from "node:util";

interface Check {
  readonly what: string;
  /** Commands run one after the other; each is a program of `node_modules` or a script, and arguments. */
  readonly commands: readonly (readonly string[])[];
}

interface Outcome {
  readonly name: string;
  readonly passed: boolean;
  readonly output: string;
  readonly milliseconds: number;
}

const root = fileURLToPath(new URL("../", import.meta.url));

const program = {
  tsc: "node_modules/typescript/bin/tsc",
  oxlint: "node_modules/oxlint/bin/oxlint",
  oxfmt: "node_modules/oxfmt/bin/oxfmt",
  knip: "node_modules/knip/bin/knip.js",
};

/** One TypeScript program for each world: Node, both, the browser. */
const typePrograms: readonly { readonly folder: string; readonly sources: string }[] = [
  { folder: ".", sources: "scripts/*.ts" },
  { folder: "packages/client", sources: "packages/client/src/**/*.ts" },
  { folder: "packages/react", sources: "packages/react/src/**/*.{ts,tsx}" },
  { folder: "apps/dashboard", sources: "apps/dashboard/src/**/*.{ts,tsx}" },
  { folder: "e2e", sources: "e2e/**/*.ts" },
];

const checks: Readonly<Record<string, Check>> = {
  types: {
    what: "TypeScript",
    commands: typePrograms
      .filter(({ sources }) => globSync(sources, { cwd: root }).length > 0)
      .map(({ folder }) => [program.tsc, "--noEmit", "--pretty", "false", "-p", folder]),
  },
  lint: { what: "oxlint, with the walls between rooms", commands: [[program.oxlint]] },
  format: { what: "oxfmt", commands: [[program.oxfmt, "--check"]] },
  unused: { what: "knip: dead files, exports, dependencies", commands: [[program.knip]] },
  names: { what: "file and room names", commands: [["scripts/check-names.ts"]] },
  docs: { what: "files that documents name", commands: [["scripts/check-docs.ts"]] },
  settings: {
    what: "the page of settings against their table",
    commands: [["scripts/generate-settings.ts", "--check"]],
  },
  packages: {
    what: "packages as they are published: publint, types, sizes",
    commands: [["scripts/check-packages.ts"]],
  },
  lockfile: {
    what: "no download hosts in the lock file",
    commands: [["scripts/check-lockfile.ts"]],
  },
};

async function verify(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { report: { type: "string" } },
    allowPositionals: true,
  });
  const outcomes = await Promise.all(chosenChecks(positionals).map(runCheck));
  const failed = outcomes.filter((outcome) => !outcome.passed);
  for (const outcome of failed) console.log(`\n── ${outcome.name} ──\n${outcome.output.trim()}`);
  if (failed.length > 0) console.log("");
  console.log(`verify: ${outcomes.length - failed.length} passed, ${failed.length} failed`);
  if (values.report !== undefined) {
    const counts = { passed: outcomes.length - failed.length, failed: failed.length };
    writeFileSync(values.report, JSON.stringify(counts));
  }
  if (failed.length > 0) process.exitCode = 1;
}

function chosenChecks(names: readonly string[]): string[] {
  const known = Object.keys(checks);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new Error(`There is no check "${unknown}". There are: ${known.join(", ")}.`);
  }
  return names.length === 0 ? known : [...names];
}

async function runCheck(name: string): Promise<Outcome> {
  const check = checks[name];
  if (check === undefined) throw new Error(`There is no check "${name}".`);
  const start = performance.now();
  const results = await Promise.all(check.commands.map(run));
  const outcome = {
    name,
    passed: results.every((result) => result.passed),
    output: results.map((result) => (result.passed ? "" : result.output)).join(""),
    milliseconds: Math.round(performance.now() - start),
  };
  const sign = outcome.passed ? "✓" : "✗";
  console.log(
    `${sign} ${name.padEnd(9)} ${`${outcome.milliseconds} ms`.padStart(8)}  ${check.what}`,
  );
  return outcome;
}

async function run(command: readonly string[]): Promise<{ passed: boolean; output: string }> {
  const child = spawn(process.execPath, [...command], { cwd: root });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({ passed: code === 0, output: stripVTControlCharacters(output) }),
    );
  });
}

await verify();
