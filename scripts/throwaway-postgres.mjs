/** A PostgreSQL server of one's own, in a temporary folder, gone when it is stopped. */
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Advice } from "./toolbox.mjs";

const readyWithinMs = 30_000;

/**
 * Makes and starts a cluster on a free port of 127.0.0.1, with a generated password.
 *
 * @param {string} programs folder of `initdb` and `postgres`
 * @param {{ parent?: string, syncs?: boolean }} [options] where its folder is made, and whether its
 *   commits reach the disk: who measures wants that, tests need not wait for it
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} the superuser's URL, and `stop()`,
 *   which also removes the folder
 */
export async function startThrowawayPostgres(programs, { parent = tmpdir(), syncs = true } = {}) {
  const folder = mkdtempSync(join(parent, "slotwire-postgres-"));
  const password = randomBytes(16).toString("hex");
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  const identity = unprivilegedIdentity();
  if (identity.uid !== undefined) {
    for (const path of [folder, passwordFile]) chownSync(path, identity.uid, identity.gid);
  }
  try {
    initialise(programs, folder, passwordFile, identity);
    const port = await freePort();
    const server = await startServer(programs, folder, port, syncs, identity);
    return {
      url: `postgres://slotwire:${password}@127.0.0.1:${port}/postgres`,
      stop: () => stopServer(server, folder),
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** PostgreSQL refuses to run as root: root hands it to the account `postgres` or `nobody`. */
function unprivilegedIdentity() {
  if (process.getuid?.() !== 0) return {};
  for (const account of ["postgres", "nobody"]) {
    const [uid, gid] = ["-u", "-g"].map((flag) =>
      Number.parseInt(spawnSync("id", [flag, account], { encoding: "utf8" }).stdout, 10),
    );
    if (uid > 0 && gid > 0) return { uid, gid };
  }
  throw new Advice(
    "There is no account that PostgreSQL could run as: `useradd --system postgres`.",
  );
}

function initialise(programs, folder, passwordFile, identity) {
  const args = ["-D", join(folder, "data"), "-U", "slotwire", "--pwfile", passwordFile];
  const choices = ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-instructions"];
  const { status, stderr } = spawnSync(join(programs, "initdb"), [...args, ...choices], {
    cwd: folder,
    encoding: "utf8",
    ...identity,
  });
  if (status !== 0) throw new Advice(`initdb failed:\n\n${stderr}`);
}

function startServer(programs, folder, port, syncs, identity) {
  const settings = {
    listen_addresses: "127.0.0.1",
    port,
    unix_socket_directories: "",
    max_connections: 200,
    log_timezone: "UTC",
    timezone: "UTC",
    ...(syncs ? {} : { fsync: "off", full_page_writes: "off" }),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const server = spawn(join(programs, "postgres"), ["-D", join(folder, "data"), ...args], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
    ...identity,
  });
  return whenReady(server);
}

function whenReady(server) {
  return new Promise((resolve, reject) => {
    let log = "";
    const timer = setTimeout(() => giveUp("did not get ready in time"), readyWithinMs);
    const ended = () => giveUp("ended");
    const giveUp = (why) => {
      clearTimeout(timer);
      server.kill("SIGKILL");
      reject(new Advice(`The PostgreSQL server for the tests ${why}:\n\n${log}`));
    };
    const read = (chunk) => {
      log += chunk;
      if (!log.includes("ready to accept connections")) return;
      clearTimeout(timer);
      server.off("exit", ended);
      // The rest of the log is drained unread, or the server would block on a full pipe.
      server.stderr.off("data", read).resume();
      resolve(server);
    };
    server.once("exit", ended);
    server.stderr.on("data", read);
  });
}

async function stopServer(server, folder) {
  if (server.exitCode === null && server.signalCode === null) {
    await new Promise((resolve) => {
      server.once("exit", resolve);
      server.kill("SIGINT");
    });
  }
  rmSync(folder, { recursive: true, force: true });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
