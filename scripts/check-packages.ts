/**
 * Checks the packages as other projects get them: built and packed, by publint and by "Are the types
 * wrong?", and their sizes against budgets. It ends with 1 when one of them complains.
 *
 *     npm run verify -- packages
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { checkPackage, createPackageFromTarballData, type Problem } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { build, minifySync } from "vite";

interface Budget {
  readonly what: string;
  /** A module that uses what is measured. @param exported what the React package exports, by name */
  readonly source: (exported: readonly string[]) => string;
  /** Modules that the page has anyway, or that have a budget of their own. */
  readonly external: readonly string[];
  /** Kilobytes (1,024 bytes) after minification and gzip. */
  readonly most: number;
  /** The same of what is loaded later, by pages that have a use for it; nothing, when absent. */
  readonly later?: number;
}

const names = ["contract", "client", "react"] as const;
const ofReact = ["react", "react/jsx-runtime", "react-dom"];
const root = join(import.meta.dirname, "..");

const ofClient =
  'export { bookingSubscriptionManager, createClient, subscribeToBookingEvents, subscribeToProviderBookingEvents, subscribeToUserBookingEvents } from "@slotwire/client";';
const ofEvents = ["RealTimeBookingEvents", "BookingEventMonitor", "UserEventMonitor"];

const budgets: readonly Budget[] = [
  {
    what: "client: createClient and the subscriptions",
    source: () => ofClient,
    external: [],
    most: 6,
    // All methods of the API, and what a connection needs: neither is waited for by what a page shows first.
    later: 5,
  },
  {
    what: "client: the same and <slotwire-events>",
    source: () => `${ofClient} export { SlotwireEvents } from "@slotwire/client/element";`,
    external: [],
    most: 10,
    later: 5,
  },
  {
    what: "react: hooks",
    source: () =>
      'export { useBooking, useBookingEvents, useLiveEvents, useLiveState, useLiveStatus, useOrgBookingEvents, useProviderBookingEvents, useToday, useUserBookingEvents } from "@slotwire/react";',
    external: [...ofReact, "@slotwire/client"],
    most: 4,
  },
  {
    what: "react: hooks that change something",
    source: () => 'export { useMarkTaskComplete, useReschedule } from "@slotwire/react";',
    external: [...ofReact, "@slotwire/client"],
    most: 3,
  },
  {
    // The sum: a page seldom has all, and who imports one has none of the others. Each of them drops what it
    // shows when the session ends, and says how old it is when the connection is lost.
    what: "react: all components together",
    source: (exported) =>
      `export { ${exported.filter((name) => /^[A-Z]/.test(name)).join(", ")} } from "@slotwire/react";`,
    external: [...ofReact, "@slotwire/client"],
    most: 24.25,
  },
  {
    what: "react: all other components",
    source: (exported) =>
      `export { ${exported.filter((name) => /^[A-Z]/.test(name) && !ofEvents.includes(name) && name !== "DayBoard").join(", ")} } from "@slotwire/react";`,
    external: [...ofReact, "@slotwire/client"],
    most: 14,
  },
  {
    what: "react: components of live events",
    source: () => `export { ${ofEvents.join(", ")} } from "@slotwire/react";`,
    external: [...ofReact, "@slotwire/client"],
    most: 8.25,
  },
  {
    // A page of its own, most often.
    what: "react: DayBoard",
    source: () => 'export { DayBoard } from "@slotwire/react";',
    external: [...ofReact, "@slotwire/client"],
    most: 11,
  },
];
/** All style sheets of the React package together, in kilobytes after gzip. */
const MOST_CSS = 5;

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const inKilobytes = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`;
const zipped = (text: string | Uint8Array): number => gzipSync(text, { level: 9 }).length;

function complain(text: string): void {
  print(text);
  process.exitCode = 1;
}

async function lint(name: string, folder: string): Promise<void> {
  const { messages, pkg } = await publint({ pkgDir: folder, pack: false, strict: true });
  for (const message of messages) {
    complain(`${name}: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
  }
}

/**
 * Whoever uses CommonJS on a Node that cannot `require` modules of ECMAScript is told so by Node, and
 * resolution of before Node 12.7 knows no `exports`: neither is promised.
 */
const isPromised = (problem: Problem): boolean =>
  problem.kind !== "CJSResolvesToESM" &&
  !("resolutionKind" in problem && problem.resolutionKind === "node10");

async function checkTypes(name: string, tarball: string): Promise<void> {
  const packed = createPackageFromTarballData(readFileSync(tarball));
  const result = await checkPackage(packed, { excludeEntrypoints: [/\.css$/] });
  if (result.types === false) {
    complain(`${name}: there are no types in it`);
    return;
  }
  for (const problem of result.problems.filter(isPromised)) {
    complain(`${name}: ${problem.kind} ${JSON.stringify(problem)}`);
  }
}

interface Size {
  /** In bytes after gzip. */
  readonly now: number;
  readonly later: number;
}

/** How large a page becomes by it: at first, and by what is imported when it runs. */
async function bundled(source: string, external: readonly string[], from: string): Promise<Size> {
  const folder = mkdtempSync(join(from, "page-"));
  const entry = join(folder, "entry.js");
  writeFileSync(entry, source);
  const alias = names.map((name) => ({
    find: new RegExp(`^@slotwire/${name}$`),
    replacement: join(from, name, "dist", "index.js"),
  }));
  const element = join(from, "client", "dist", "element.js");
  alias.push({ find: /^@slotwire\/client\/element$/, replacement: element });
  const result = await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    resolve: { alias: alias.filter(({ find }) => !external.some((id) => find.test(id))) },
    build: {
      write: false,
      target: "es2023",
      // A library's build, without what Vite adds to pages; it keeps white space, so that is taken out.
      lib: { entry, formats: ["es"] },
      rolldownOptions: { external: [...external] },
    },
  });
  const outputs = [result].flat().flatMap((one) => ("output" in one ? one.output : []));
  const chunks = outputs.filter((file) => file.type === "chunk");
  const first = new Set<string>();
  const visit = (file: string): void => {
    if (first.has(file)) return;
    first.add(file);
    chunks.find(({ fileName }) => fileName === file)?.imports.forEach(visit);
  };
  for (const { isEntry, fileName } of chunks) if (isEntry) visit(fileName);
  const sizeOf = (isFirst: boolean): number =>
    chunks
      .filter(({ fileName }) => first.has(fileName) === isFirst)
      .reduce((sum, { fileName, code }) => sum + zipped(minifySync(fileName, code).code), 0);
  return { now: sizeOf(true), later: sizeOf(false) };
}

/** The names that a module of re-exports has. */
function exportsOf(code: string): string[] {
  const lists = [...code.matchAll(/export \{([^}]*)\}/g)].map(([, list = ""]) => list);
  const parts = lists.flatMap((list) => list.split(","));
  return parts.map((name) => name.split(" as ").at(-1)?.trim() ?? "").filter((name) => name !== "");
}

function compare(what: string, size: number, most: number): void {
  const line = `${what}: ${inKilobytes(size)} gz of ${most} KB`;
  if (size <= most * 1024) print(line);
  else complain(`${line}: OVER the budget`);
}

const out = mkdtempSync(join(tmpdir(), "slotwire-packed-"));
try {
  const script = join(root, "scripts", "build-packages.mjs");
  await promisify(execFile)(process.execPath, [script, "--out", out]);
  const tarballs = readdirSync(out).filter((file) => file.endsWith(".tgz"));
  for (const name of names) {
    const tarball = tarballs.find((file) => file.startsWith(`slotwire-${name}-`));
    if (tarball === undefined) throw new Error(`There is no tarball of ${name}.`);
    await lint(name, join(out, name));
    await checkTypes(name, join(out, tarball));
  }
  const exported = exportsOf(readFileSync(join(out, "react", "dist", "index.js"), "utf8"));
  for (const { what, source, external, most, later = 0 } of budgets) {
    const size = await bundled(source(exported), external, out);
    compare(what, size.now, most);
    if (size.later > 0) compare(`${what}, what is loaded later`, size.later, later);
  }
  const styles = readdirSync(join(out, "react", "dist")).filter((file) => file.endsWith(".css"));
  const css = styles.map((file) => readFileSync(join(out, "react", "dist", file), "utf8"));
  compare("react: style sheets", zipped(css.join("\n")), MOST_CSS);
} finally {
  rmSync(out, { recursive: true, force: true });
}
