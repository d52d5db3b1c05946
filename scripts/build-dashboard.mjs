import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Advice, hashOf, node, pathWithPrograms, root, run, say } from "./toolbox.mjs";

const dashboard = join(root, "apps", "dashboard");
/** Lies in the folder that a build empties, so a build that failed leaves none. */
const stamp = join(dashboard, "dist", ".sources");
const sources = ["apps/dashboard", "packages/contract", "packages/client", "packages/react"];

export const vite = join(root, "node_modules", "vite", "bin", "vite.js");

/** Builds the dashboard unless it was built from exactly these sources. */
export async function buildDashboard() {
  const hash = hashOf(sources);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  say("Building the dashboard");
  const { code, output } = await run(node, [vite, "build", "--logLevel", "warn"], {
    cwd: dashboard,
    env: { ...process.env, PATH: pathWithPrograms(), NODE_ENV: "production", NO_COLOR: "1" },
  });
  if (code !== 0) throw new Advice(`The dashboard could not be built:\n\n${output.trim()}`);
  writeFileSync(stamp, hash);
}
