/**
 * Checks the built dashboard against its budgets: what a browser loads before it can show Today.
 * Run it after `vite build`; it ends with 1 when a budget is broken.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

/** Budgets in bytes after gzip. */
const budgets = { js: 150 * 1024, css: 20 * 1024 } as const;

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
}

const dist = join(import.meta.dirname, "..", "apps", "dashboard", "dist");
const manifest = JSON.parse(readFileSync(join(dist, ".vite", "manifest.json"), "utf8")) as Readonly<
  Record<string, Chunk>
>;

/** The files of some entries and of everything that they import at once. */
function filesOf(entries: readonly string[]): Set<string> {
  const files = new Set<string>();
  const visit = (name: string): void => {
    const chunk = manifest[name];
    if (chunk === undefined) throw new Error(`The manifest does not know ${name}.`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const css of chunk.css ?? []) files.add(css);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  for (const entry of entries) visit(entry);
  return files;
}

const files = filesOf(["index.html", "src/screens/today/today-screen.tsx"]);
const sizeOf = (extension: string): number =>
  [...files]
    .filter((file) => file.endsWith(extension))
    .reduce((sum, file) => sum + gzipSync(readFileSync(join(dist, file)), { level: 9 }).length, 0);

for (const [kind, budget] of Object.entries(budgets)) {
  const size = sizeOf(`.${kind}`);
  const verdict = size <= budget ? "within" : "OVER";
  const inKb = (bytes: number) => `${(bytes / 1024).toFixed(1)} KB`;
  process.stdout.write(`${kind}: ${inKb(size)} gz, ${verdict} the budget of ${inKb(budget)}\n`);
  if (size > budget) process.exitCode = 1;
}
