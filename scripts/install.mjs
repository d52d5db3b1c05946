import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Advice, machinePath, node, root, run, say } from "./toolbox.mjs";

const oldestNode = 20;
const lockFile = join(root, "package-lock.json");
const npmsOwnRecord = join(root, "node_modules", ".package-lock.json");
const stamp = join(root, "node_modules", ".slotwire-installed");

/** Installs the packages of the lock file unless exactly these are there. */
export async function installPackages() {
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    throw new Advice(`Slotwire needs Node ${oldestNode} or newer; this is ${process.version}.`);
  }
  if (isInstalled()) return;
  say("Installing packages (npm ci)");
  // npm runs on the machine's Node: the one in node_modules disappears while it works.
  const { code, output } = await run(
    "npm",
    ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"],
    {
      env: { ...process.env, PATH: machinePath(), npm_config_update_notifier: "false" },
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    },
  );
  if (code !== 0) throw new Advice(adviceFor(output));
  if (!existsSync(node)) {
    throw new Advice(
      "The packages are installed, but Node 24 is not among them: npm did not run the install\n" +
        "script of the package `node`. Allow install scripts (`npm config get ignore-scripts`),\n" +
        "then delete node_modules and repeat the command.",
    );
  }
  writeFileSync(stamp, lockHash());
}

/** Whoever ran npm by hand after the last change of the lock file has installed it as well. */
function isInstalled() {
  if (!existsSync(node)) return false;
  if (existsSync(stamp))
    return readFileSync(stamp, "utf8") === lockHash() || installedByHand(stamp);
  return installedByHand(lockFile);
}

function installedByHand(since) {
  if (!existsSync(npmsOwnRecord)) return false;
  const installedAt = statSync(npmsOwnRecord).mtimeMs;
  if (installedAt < statSync(since).mtimeMs || installedAt < statSync(lockFile).mtimeMs)
    return false;
  writeFileSync(stamp, lockHash());
  return true;
}

function lockHash() {
  return createHash("sha256").update(readFileSync(lockFile)).digest("hex");
}

function adviceFor(output) {
  const said = output.replaceAll(/^npm error\s+at .*\n/gm, "").trim();
  const told = `npm could not install the packages. It said:\n\n${said}\n\n`;
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET/.test(output)) {
    return `${told}The package registry cannot be reached. Check the network (and \`npm config get registry\`),\nthen repeat the command.`;
  }
  if (/ENOSPC/.test(output)) return `${told}The disk is full. Make room, then repeat the command.`;
  if (/EACCES|EPERM/.test(output)) {
    return `${told}Files in node_modules belong to somebody else. Delete node_modules, then repeat the command.`;
  }
  return `${told}Repeat the command after correcting this.`;
}
