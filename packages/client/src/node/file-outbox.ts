import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { takeLease } from "./file-lease.ts";
import { hasCode } from "./has-code.ts";
import type { BookingOutbox } from "../send-booking-to-crm/booking-outbox.ts";
import type { OutboxEntry } from "../send-booking-to-crm/site-booking.ts";

/** Longer than a try takes. Whoever holds a message for longer is no more. */
const LEASE = 60_000;
/** What dead processes leave half-done is removed after so many ms. */
const HOUR = 3_600_000;

/**
 * Keeps messages in files of a folder, one each: `<hash>.json` is a message, `<hash>.lease` says who
 * sends it, `refused/` holds what the hub does not understand. Several processes can share it. What
 * was added is on the disk, also after a power cut. When two take a message over from a process that
 * ended, both may send it: the hub has one effect of it.
 * @param options `lease`: after how many ms a message that somebody holds is anybody's; 60,000. What
 *   a process of this machine held when it ended is anybody's at once.
 */
export function createFileOutbox(
  folder: string,
  options: { readonly lease?: number } = {},
): BookingOutbox {
  const lease = options.lease ?? LEASE;
  const fileOf = (key: string): string => join(folder, `${nameOf(key)}.json`);
  const leaseOf = (key: string): string => join(folder, `${nameOf(key)}.lease`);
  const release = (key: string): Promise<void> => rm(leaseOf(key), { force: true });
  return {
    async add(entry) {
      await makeFolder(folder);
      await addFile(folder, fileOf(entry.key), JSON.stringify(entry));
    },
    async list() {
      const names = await namesIn(folder);
      await removeLitter(folder, names);
      return readEntries(folder, names);
    },
    async claim(key) {
      const isOurs = await takeLease(leaseOf(key), lease);
      if (isOurs && !(await exists(fileOf(key)))) {
        await release(key);
        return false;
      }
      return isOurs;
    },
    release,
    async remove(key) {
      await rm(fileOf(key), { force: true });
      await release(key);
    },
    async putAside(key, reason) {
      const aside = join(folder, "refused");
      await mkdir(aside, { recursive: true, mode: 0o700 });
      const name = nameOf(key);
      await writeWhole(join(aside, `${name}.reason.json`), reason);
      await rename(fileOf(key), join(aside, `${name}.json`));
      await syncFolder(aside);
      await syncFolder(folder);
      await release(key);
    },
  };
}

const nameOf = (key: string): string => createHash("sha256").update(key).digest("hex");

/** A new folder is safe when the one that names it is. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  let made = resolve(folder);
  while (made.length >= resolve(first).length) {
    made = dirname(made);
    await syncFolder(made);
  }
}

/** A name appears with all of its content or not at all, and never in another's place. */
async function addFile(folder: string, file: string, content: string): Promise<void> {
  const draft = join(folder, `${randomUUID()}.draft`);
  try {
    await writeWhole(draft, content);
    await link(draft, file);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(folder);
}

async function writeWhole(file: string, content: string): Promise<void> {
  const handle = await open(file, "w", 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A name is safe when its folder is; where folders cannot be synced, the system does it by itself. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  try {
    await handle?.sync();
  } catch (error) {
    if (!["EPERM", "EINVAL", "ENOTSUP", "EISDIR"].some((code) => hasCode(error, code))) throw error;
  } finally {
    await handle?.close();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  });
}

/** Removes drafts, and leases of messages that are gone: only who died leaves them for long. */
async function removeLitter(folder: string, names: readonly string[]): Promise<void> {
  const all = new Set(names);
  for (const name of names) {
    const isAlone = name.endsWith(".lease") && !all.has(name.replace(/\.lease$/, ".json"));
    if (!isAlone && !name.endsWith(".draft")) continue;
    const file = join(folder, name);
    const found = await stat(file).catch(() => null);
    if (found !== null && Date.now() - found.mtimeMs > HOUR) await rm(file, { force: true });
  }
}

async function readEntries(folder: string, names: readonly string[]): Promise<OutboxEntry[]> {
  const entries: OutboxEntry[] = [];
  for (const name of names.filter((one) => one.endsWith(".json"))) {
    const entry = await readEntry(join(folder, name));
    if (entry !== null) entries.push(entry);
  }
  return entries.toSorted((one, other) => one.addedAt - other.addedAt);
}

/** @returns null for what has been sent meanwhile, and for what is no message */
async function readEntry(file: string): Promise<OutboxEntry | null> {
  try {
    const entry = JSON.parse(await readFile(file, "utf8")) as Partial<OutboxEntry> | null;
    const { key, body, addedAt } = entry ?? {};
    if (typeof key !== "string" || typeof body !== "string") return null;
    return { key, body, addedAt: typeof addedAt === "number" ? addedAt : 0 };
  } catch (error) {
    if (error instanceof SyntaxError || hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}
