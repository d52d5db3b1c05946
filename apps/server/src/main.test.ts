import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { childEnvironment } from "../test/child-environment.ts";
import { createHubHome, type HubHome } from "../test/running-hub.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const bin = fileURLToPath(new URL("../bin/slotwire.mjs", import.meta.url));

let home: HubHome;
beforeAll(async () => {
  home = await createHubHome({ isNew: true });
});
afterAll(() => home.remove());

interface Program {
  readonly child: ChildProcess;
  readonly out: () => string;
  readonly errors: () => string;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const programs: Program[] = [];
afterEach(async () => {
  for (const { child, ended } of programs.splice(0)) {
    child.kill("SIGKILL");
    await ended;
  }
});

function run(args: readonly string[], env: Record<string, string> = {}, file = main): Program {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: home.env["SLOTWIRE_DATA_DIR"],
    env: { ...childEnvironment(), ...home.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(child, "close").then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  const program = { child, out: () => out, errors: () => errors, ended };
  programs.push(program);
  return program;
}

/** Starts the hub, and waits until it says where it is. */
async function serve(env: Record<string, string> = {}): Promise<Program & { address: string }> {
  const program = run(["serve"], env);
  await expect
    .poll(() => program.out() + program.errors(), { timeout: 60_000 })
    .toMatch(/Ctrl-C stops it|E_[A-Z]+/);
  const address = /running at (\S+)/.exec(program.out())?.[1];
  if (address === undefined) throw new Error(program.errors());
  return { ...program, address };
}

test("db migrate brings the database to this version, and has nothing to do the second time", async () => {
  const first = run(["db", "migrate"]);
  expect(await first.ended).toEqual({ code: 0, signal: null });
  expect(first.out()).toMatch(/^Migrated: 0001-/);
  const second = run(["db", "migrate"]);
  expect((await second.ended).code).toBe(0);
  expect(second.out()).toBe("Migrated: nothing to do\n");
}, 90_000);

test("the hub says where it is and how to sign in, and SIGTERM ends it in order", async () => {
  const hub = await serve();
  expect(hub.out()).toMatch(/Data {6}(embedded database in \/|PostgreSQL \(hub_)/);
  expect(hub.out()).toContain(`Sign in   ${hub.address}/sign-in#token=`);
  expect((await fetch(`${hub.address}/readyz`)).status).toBe(200);
  hub.child.kill("SIGTERM");
  expect(await hub.ended).toEqual({ code: 0, signal: null });
  const token = /#token=(\S+)/.exec(hub.out())?.[1];
  expect(hub.errors()).not.toContain(token);
  for (const line of hub.errors().trim().split("\n"))
    expect(() => void JSON.parse(line)).not.toThrow();
}, 90_000);

test("a second signal ends the hub at once", async () => {
  const hub = await serve();
  // A request that never ends keeps the drain waiting for its ten seconds.
  const waiting = fetch(`${hub.address}/api/v1/session`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    duplex: "half",
    body: new ReadableStream({ start: (body) => body.enqueue(new TextEncoder().encode("{")) }),
  }).catch(() => null);
  await fetch(`${hub.address}/livez`);
  hub.child.kill("SIGTERM");
  await expect.poll(hub.out).toContain("Stopping");
  hub.child.kill("SIGTERM");
  expect(await hub.ended).toEqual({ code: null, signal: "SIGTERM" });
  await waiting;
}, 90_000);

test("a port that is taken ends the start with one clear line", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  const hub = run(["serve"], { PORT: String(port) });
  expect((await hub.ended).code).toBe(1);
  expect(hub.errors()).toContain(`slotwire: PORT ${port} is taken by another program.`);
  expect(hub.errors()).not.toContain("    at ");
  await new Promise((resolve) => server.close(resolve));
}, 90_000);

test("a wrong setting ends the start with its name", async () => {
  const hub = run(["serve"], { PORT: "three thousand" });
  expect((await hub.ended).code).toBe(1);
  expect(hub.errors()).toBe("slotwire: PORT must be a whole number. (E_CONFIG)\n");
});

test("a command beside a hub on the embedded database says what can be done instead", async () => {
  const hub = await serve();
  if (hub.out().includes("embedded database")) {
    for (const [args, remedy] of [
      [["keys", "create", "--name=Shop", "--scopes=bookings:read"], /API keys.*stop the hub/],
      [["admin", "create", "--email=ada@example.com"], /Members.*--sign-in-link/],
      [
        ["organisations", "create", "--name=N", "--slug=n", "--owner-email=a@example.com"],
        /Stop the hub/,
      ],
      [["secrets", "rotate"], /Stop the hub/],
      [["db", "migrate"], /Nothing has to be done/],
    ] as const) {
      const command = run(args);
      expect((await command.ended).code, args.join(" ")).toBe(1);
      expect(command.errors()).toMatch(/^slotwire: The hub is running on .* \(E_DATA_LOCKED\)\n/);
      expect(command.errors()).toMatch(remedy);
      expect(command.errors()).not.toContain("another SLOTWIRE_DATA_DIR");
    }
  }
  hub.child.kill("SIGTERM");
  expect(await hub.ended).toEqual({ code: 0, signal: null });
}, 120_000);

test("the command explains itself, under any Node, and starts nothing unless it is told to", async () => {
  const bare = run([], {}, bin);
  expect((await bare.ended).code).toBe(0);
  const help = run(["--help"], {}, bin);
  expect((await help.ended).code).toBe(0);
  expect(help.out()).toContain("db migrate");
  expect(bare.out()).toBe(help.out());
  const version = run(["--version"]);
  await version.ended;
  const unknown = run(["keys", "crate"]);
  expect((await unknown.ended).code).toBe(2);
  const wrong = run(["keys", "create", "--name", "Shop", "--scopes", "bookings:delete"]);
  expect((await wrong.ended).code).toBe(2);
  expect(unknown.errors()).toContain("The nearest is `keys create`.");
  expect(version.out()).toMatch(/^\d+\.\d+\.\d+\n$/);
});
