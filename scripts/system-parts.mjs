/**
 * Programs that the suites need and npm cannot bring: where to find them, and how to get them.
 * A later suite adds a line to `parts`.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { run, say } from "./toolbox.mjs";

const oldestPostgres = 15;

/** Name → the Debian packages that bring it, and where it is, or null. */
export const parts = {
  postgresql: {
    name: `PostgreSQL ${oldestPostgres} or newer`,
    packages: ["postgresql", "postgresql-contrib"],
    find: findPostgres,
  },
  chromium: {
    name: "Chromium",
    packages: ["chromium", "fonts-liberation"],
    find: () => onPath(["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]),
  },
};

/**
 * Finds the parts, and installs what is missing where that can be done without asking.
 *
 * @param {readonly (keyof typeof parts)[]} names
 * @returns {Promise<Record<string, string | null>>} the place of each part, or null for one that
 *   cannot be had
 */
export async function provideParts(names) {
  const missing = names.filter((name) => parts[name].find() === null);
  if (missing.length > 0) await installWithApt(missing);
  return Object.fromEntries(names.map((name) => [name, parts[name].find()]));
}

/**
 * What a person has to do to get a part.
 *
 * @param {keyof typeof parts} name
 * @returns {string}
 */
export function howToGet(name) {
  return `apt-get install ${parts[name].packages.join(" ")}`;
}

async function installWithApt(missing) {
  const apt = aptCommand();
  if (apt === null) return;
  const packages = missing.flatMap((name) => parts[name].packages);
  say(`Installing ${packages.join(", ")} (apt-get)`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const update = await runApt(apt, ["update", "-qq"], env);
  const install = await runApt(
    apt,
    ["install", "-y", "-qq", "--no-install-recommends", ...packages],
    env,
  );
  if (install.code !== 0) console.error(`${update.output}${install.output}`.trim());
}

function runApt([command, ...before], args, env) {
  return run(command, [...before, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
}

/** apt-get when it may be used without a password, else null. */
function aptCommand() {
  if (onPath(["apt-get"]) === null) return null;
  if (process.getuid?.() === 0) return ["apt-get"];
  if (spawnSync("sudo", ["-n", "true"]).status !== 0) return null;
  return ["sudo", "-n", "--preserve-env=DEBIAN_FRONTEND", "apt-get"];
}

/** The folder that holds `postgres`, `initdb` and `pgbench` of the newest version, or null. */
function findPostgres() {
  return (
    [...debianPostgresFolders(), ...pathFolders()]
      .filter((folder) =>
        ["postgres", "initdb", "pgbench"].every((program) => existsSync(join(folder, program))),
      )
      .find((folder) => postgresVersion(folder) >= oldestPostgres) ?? null
  );
}

function debianPostgresFolders() {
  const home = "/usr/lib/postgresql";
  if (!existsSync(home)) return [];
  return readdirSync(home)
    .toSorted((a, b) => Number(b) - Number(a))
    .map((version) => join(home, version, "bin"));
}

function postgresVersion(folder) {
  const { stdout } = spawnSync(join(folder, "postgres"), ["--version"], { encoding: "utf8" });
  return Number(/ (\d+)/.exec(stdout ?? "")?.[1] ?? 0);
}

function onPath(programs) {
  for (const program of programs) {
    const folder = pathFolders().find((candidate) => existsSync(join(candidate, program)));
    if (folder !== undefined) return join(folder, program);
  }
  return null;
}

function pathFolders() {
  return (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
}
