/**
 * `npm start`: from a fresh clone to a running hub. Installs the packages and builds the dashboard
 * when they are not up to date, then runs the hub in the foreground.
 *
 *     npm start                        npm start -- --demo
 *     npm run dev                      the hub restarts, and the dashboard reloads, on every change
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { join } from "node:path";
import { buildDashboard, vite } from "./build-dashboard.mjs";
import { forwardSignals } from "./forward-signals.mjs";
import { installPackages } from "./install.mjs";
import { fail, node, pathWithPrograms, root, say } from "./toolbox.mjs";

const args = process.argv.slice(2).filter((arg) => arg !== "--dev");
const guard = join(root, "scripts", "end-with-launcher.mjs");
const developing = process.argv.includes("--dev");

async function start() {
  await installPackages();
  const env = { ...process.env, PATH: pathWithPrograms() };
  const hub = ["apps/server/src/main.ts", "serve", ...args];
  if (!developing) {
    await buildDashboard();
    runUntilFirstEnds([{ args: hub, cwd: root, env }]);
    return;
  }
  say("Starting the hub and the dashboard; both follow your changes");
  runUntilFirstEnds([
    { args: [guard, "--watch", "--watch-preserve-output", ...hub], cwd: root, env },
    { args: [guard, vite, "--clearScreen", "false"], cwd: join(root, "apps", "dashboard"), env },
  ]);
}

/** Runs programs on Node 24 in the foreground. When one ends, all end, with its exit code. */
function runUntilFirstEnds(programs) {
  const children = programs.map((program) =>
    spawn(node, program.args, {
      cwd: program.cwd,
      env: program.env,
      // By the end of the channel a program hears that this process was killed, and stops too.
      stdio: ["inherit", "inherit", "inherit", "ipc"],
    }),
  );
  forwardSignals(children);
  let ended = false;
  for (const child of children) {
    child.once("error", fail);
    child.once("exit", (code, signal) => {
      if (ended) return;
      ended = true;
      process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
      for (const other of children) other.kill("SIGTERM");
    });
  }
}

await start().catch(fail);
