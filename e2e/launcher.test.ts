import { type ChildProcess, spawn } from "node:child_process";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { childEnvironment } from "../apps/server/test/child-environment.ts";
import { until } from "../apps/server/test/until.ts";
import { makeHubFolder } from "./hub-folder.ts";
import { answers, freePort, type HubProcess, startHubProcess } from "./hub-process.ts";

/** What `npm start` runs: it starts the hub in a process of its own. */
const program = fileURLToPath(new URL("../scripts/start.mjs", import.meta.url));
const MINUTE = 60_000;

/** The launcher with all that it starts. */
interface Launched {
  readonly launcher: ChildProcess;
  /** Whether none of its processes is left: the hub writes to the same outputs. */
  readonly isGone: () => boolean;
  readonly output: () => string;
}

let folder: string;
let launched: Launched | null = null;
let next: HubProcess | null = null;
beforeEach(async () => {
  folder = await makeHubFolder();
});
afterEach(async () => {
  if (launched !== null) await removeGroup(launched);
  await next?.kill();
  await rm(folder, { recursive: true });
});

function launch(port: number, args: readonly string[] = []): Launched {
  const launcher = spawn(process.execPath, [program, ...args], {
    cwd: tmpdir(),
    env: {
      ...childEnvironment(),
      PORT: String(port),
      LOG_LEVEL: "warn",
      SLOTWIRE_DATA_DIR: folder,
    },
    stdio: ["ignore", "pipe", "pipe"],
    // A group of its own, so that a hub which outlives its launcher does not outlive the test.
    detached: true,
  });
  let output = "";
  for (const stream of [launcher.stdout, launcher.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  let isGone = false;
  launcher.once("close", () => (isGone = true));
  return { launcher, isGone: () => isGone, output: () => output };
}

async function removeGroup({ launcher, isGone }: Launched): Promise<void> {
  if (isGone() || launcher.pid === undefined) return;
  process.kill(-launcher.pid, "SIGKILL");
  await until(isGone);
}

test(
  "kill -9 of the launcher stops the hub, and frees its port and its data folder",
  async () => {
    const port = await freePort();
    launched = launch(port);
    const { launcher, isGone, output } = launched;
    await until(
      async () => isGone() || (await answers(`http://127.0.0.1:${port}/readyz`)),
      2 * MINUTE,
    );
    expect(isGone(), output()).toBe(false);

    launcher.kill("SIGKILL");
    await until(isGone, MINUTE);
    expect(launcher.signalCode).toBe("SIGKILL");
    expect(output()).toContain("Stopping");

    next = startHubProcess(port, { SLOTWIRE_DATA_DIR: folder });
    await next.ready();
    expect(await next.stop()).toBe(0);
  },
  4 * MINUTE,
);

test(
  "kill -9 of the launcher of `npm run dev` leaves neither watcher nor hub nor dev server behind",
  async () => {
    const port = await freePort();
    launched = launch(port, ["--dev"]);
    const { launcher, isGone, output } = launched;
    const isUp = async () =>
      output().includes("Local:") && (await answers(`http://127.0.0.1:${port}/readyz`));
    await until(async () => isGone() || (await isUp()), 2 * MINUTE);
    expect(isGone(), output()).toBe(false);

    launcher.kill("SIGKILL");
    // All of them write to the launcher's outputs, which close with the last.
    await until(isGone, MINUTE);
    next = startHubProcess(port, { SLOTWIRE_DATA_DIR: folder });
    await next.ready();
    expect(await next.stop()).toBe(0);
  },
  4 * MINUTE,
);
