/**
 * What `npm start` and `npm test` share. Plain JavaScript without dependencies: it runs on the
 * machine's own Node (20 or newer), before anything is installed.
 */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../", import.meta.url));

/** Node 24, which the packages bring along whatever the machine has. */
export const node = join(root, "node_modules", "node", "bin", "node");

/** A failure whose message tells the person in front of the screen what to do. */
export class Advice extends Error {}

/** Prints one step. */
export function say(text) {
  console.log(`· ${text}`);
}

/** `PATH` with the repository's own programs, Node 24 among them, before the machine's. */
export function pathWithPrograms() {
  return [join(root, "node_modules", ".bin"), machinePath()].join(delimiter);
}

/** `PATH` without any `node_modules/.bin`, which an installation replaces under the feet of npm. */
export function machinePath() {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => !/node_modules[/\\]/.test(folder))
    .join(delimiter);
}

/**
 * Runs a program to its end and returns its exit code and all that it printed. With
 * `stdio: "inherit"` it prints for itself.
 */
export function run(command, args, options = {}) {
  const { onChild, ...spawnOptions } = options;
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, ...spawnOptions });
    onChild?.(child);
    let output = "";
    child.stdout?.on("data", (chunk) => (output += chunk));
    child.stderr?.on("data", (chunk) => (output += chunk));
    child.once("error", (error) => resolve({ code: 127, output: error.message }));
    child.once("close", (code, signal) => resolve({ code: code ?? 1, signal, output }));
  });
}

/** One hash over the names and contents of files and folders; paths are relative to the root. */
export function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of filesBelow(path)) {
      hash
        .update(`${file}\0`)
        .update(readFileSync(join(root, file)))
        .update("\0");
    }
  }
  return hash.digest("hex");
}

function filesBelow(path) {
  if (!existsSync(join(root, path))) return [];
  const entries = readdirSync(join(root, path), { withFileTypes: true });
  return entries
    .filter((entry) => entry.name !== "node_modules" && entry.name !== "dist")
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inside = `${path}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(inside) : [inside];
    });
}

/** Ends the program with the advice of an error, or with the whole error when it is unexpected. */
export function fail(error) {
  console.error(error instanceof Advice ? `\n✗ ${error.message}` : error);
  process.exitCode = 1;
}
