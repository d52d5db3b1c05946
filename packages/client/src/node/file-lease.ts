import { open, readFile, rm, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { hasCode } from "./has-code.ts";

/** Who took a lease. A number of a process means something on its own machine only. */
interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Wall clock, ms. */
  readonly since: number;
}

/**
 * Takes a lease, which is a file, also from a holder that is no more: its process has ended, or it has
 * held it for longer than `duration` (ms). When two take over from a third, both may have it.
 * @returns false when somebody else has it, or its folder is not there
 */
export async function takeLease(file: string, duration: number): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await createLease(file);
      return true;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return false;
      if (!hasCode(error, "EEXIST")) throw error;
    }
    if (await isHeld(file, duration)) return false;
    await rm(file, { force: true });
  }
  return false;
}

async function createLease(file: string): Promise<void> {
  const holder: Holder = { host: hostname(), pid: process.pid, since: Date.now() };
  const handle = await open(file, "wx", 0o600);
  try {
    await handle.writeFile(JSON.stringify(holder));
  } catch {
    // A full disk: it holds without words too, by its age alone.
  } finally {
    await handle.close();
  }
}

async function isHeld(file: string, duration: number): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs >= duration) return false;
    const holder = holderIn(await readFile(file, "utf8"));
    return holder === null || !hasEnded(holder);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return false;
    throw error;
  }
}

/** @returns null when it does not say, or not yet */
function holderIn(text: string): Holder | null {
  try {
    const { host, pid, since } = (JSON.parse(text) ?? {}) as Partial<Holder>;
    const isWhole = typeof host === "string" && typeof pid === "number" && pid > 0;
    return isWhole && typeof since === "number" ? { host, pid, since } : null;
  } catch {
    return null;
  }
}

function hasEnded({ host, pid, since }: Holder): boolean {
  if (host !== hostname()) return false;
  // A container's first process has the same number after every restart.
  if (pid === process.pid) return since < performance.timeOrigin;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return hasCode(error, "ESRCH");
  }
}
