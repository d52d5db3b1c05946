import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../apps/server/test/child-environment.ts";
import { until } from "../apps/server/test/until.ts";

const main = fileURLToPath(new URL("../apps/server/src/main.ts", import.meta.url));
const START_DEADLINE = 60_000;

/** A hub in a process of its own, as people run it. */
export interface HubProcess {
  readonly address: string;
  /** Resolves when it answers, migrated; rejects when it ends before that. */
  readonly ready: () => Promise<void>;
  /** SIGKILL: nothing of it gets to tidy up. Resolves when the process is gone. */
  readonly kill: () => Promise<void>;
  /** SIGTERM, and the end of its work. @returns the exit code */
  readonly stop: () => Promise<number | null>;
  /** Resolves when it has ended by itself. @returns the exit code */
  readonly ended: () => Promise<number | null>;
  /** What it has printed on both outputs. */
  readonly output: () => string;
}

/**
 * Starts `slotwire serve`.
 * @param settings the environment's, beside the port
 * @param program what else to run, with its arguments
 */
export function startHubProcess(
  port: number,
  settings: Readonly<Record<string, string>>,
  program: readonly string[] = [main, "serve"],
): HubProcess {
  const child = spawn(process.execPath, program, {
    // Away from a developer's own .env.
    cwd: tmpdir(),
    env: { ...childEnvironment(), PORT: String(port), LOG_LEVEL: "warn", ...settings },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  }
  const address = `http://127.0.0.1:${port}`;
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    address,
    output: () => output,
    async ready() {
      await until(async () => hasEnded() || (await answers(`${address}/readyz`)), START_DEADLINE);
      if (hasEnded()) throw new Error(`the hub ended with code ${child.exitCode}: ${output}`);
    },
    async kill() {
      await end(child, "SIGKILL");
    },
    stop: () => end(child, "SIGTERM"),
    async ended() {
      await until(hasEnded, START_DEADLINE);
      return child.exitCode;
    },
  };
}

/** Whether somebody answers there, and with 2xx. */
export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
  return child.exitCode;
}

/** A port that is free at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
