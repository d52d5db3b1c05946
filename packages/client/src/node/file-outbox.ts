import { createHash, randomUUID } from "node:crypto";
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { BookingOutbox } from "../send-booking-to-crm/booking-outbox.ts";
import type { OutboxEntry } from "../send-booking-to-crm/site-booking.ts";

/** Longer than a try can take. Whoever holds a message for longer is no more. */
const LEASE = 60_000;

/**
 * Keeps messages in files of a folder, one each: `<hash>.json` is a message, `<hash>.lease` says that
 * somebody sends it, `refused/` holds what the hub does not understand. Several processes can share
 * it. What was added is on the disk, also after a power cut.
 * @param options `lease`: after how many ms a message that somebody holds is anybody's; 60,000
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
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await addFile(folder, fileOf(entry.key), JSON.stringify(entry));
    },
    list: () => readEntries(folder),
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

async function readEntries(folder: string): Promise<OutboxEntry[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  });
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

/** When two take over from a third, both may send: the hub has one effect of it. */
async function takeLease(file: string, lease: number): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      await (await open(file, "wx", 0o600)).close();
      return true;
    } catch (error) {
      if (hasCode(error, "ENOENT")) return false;
      if (!hasCode(error, "EEXIST")) throw error;
    }
    const held = await stat(file).catch(() => null);
    if (held !== null && Date.now() - held.mtimeMs < lease) return false;
    await rm(file, { force: true });
  }
  return false;
}

async function exists(file: string): Promise<boolean> {
  return (await stat(file).catch(() => null)) !== null;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
