import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { createClient } from "@slotwire/client";
import { secret } from "./booking-message.ts";

const main = fileURLToPath(new URL("../apps/server/src/main.ts", import.meta.url));
const START_DEADLINE_MS = 60_000;

/** A whole hub in a process of its own, as people run it. */
export interface HubProcess {
  readonly url: string;
  readonly apiKey: string;
  /** Where V8's profiler listens. Throws when the hub was started without it. */
  readonly inspectorUrl: () => string;
  /** Its resident memory in bytes; not a number where the system does not tell. */
  readonly memory: () => number;
  readonly stop: () => Promise<void>;
  /** Ends it without a word, as a power cut does. */
  readonly kill: () => Promise<void>;
}

/**
 * Starts a hub and waits until it is ready.
 * @param settings `DATABASE_URL` or `SLOTWIRE_DATA_DIR`, and what else differs
 * @param inspect whether V8's profiler may be attached, on a free port of loopback
 */
export async function startHubProcess(
  settings: Record<string, string>,
  inspect = false,
): Promise<HubProcess> {
  const port = await freePort();
  const apiKey = "key-of-the-benchmark-0123456789";
  const child = spawn(
    process.execPath,
    [...(inspect ? ["--inspect=127.0.0.1:0"] : []), main, "serve"],
    {
      env: {
        ...process.env,
        NODE_ENV: "production",
        PORT: String(port),
        LOG_LEVEL: "warn",
        SLOTWIRE_API_KEY: apiKey,
        CALCOM_WEBHOOK_SECRET: secret,
        SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS: "127.0.0.1/32",
        ...settings,
      },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  let inspector: string | null = null;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    inspector ??= /Debugger listening on (ws:\S+)/.exec(text)?.[1] ?? null;
    if (!/^(Debugger |For help, )/.test(text)) process.stderr.write(text);
  });
  const url = `http://127.0.0.1:${port}`;
  await untilReady(child, url);
  await liftMessageLimits(url, apiKey);
  const inspectorUrl = (): string => {
    if (inspector === null) throw new Error("the hub was started without an inspector");
    return inspector;
  };
  return {
    url,
    apiKey,
    inspectorUrl,
    memory: () => residentMemory(child.pid),
    stop: () => stop(child, "SIGTERM"),
    kill: () => stop(child, "SIGKILL"),
  };
}

function residentMemory(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
  } catch {
    return Number.NaN;
  }
}

/** What keeps a source that has gone wild at bay would keep the benchmark at bay. */
async function liftMessageLimits(url: string, apiKey: string): Promise<void> {
  const client = createClient({ baseUrl: url, apiKey });
  const { data } = await client.connections.list();
  await Promise.all(
    data.map(({ id }) => client.connections.update(id, { messages_per_minute: 1_000_000 })),
  );
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the hub ended with code ${child.exitCode}`);
    const ready = await fetch(`${url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  child.kill("SIGKILL");
  throw new Error("the hub did not become ready in time");
}

async function stop(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill(signal);
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
