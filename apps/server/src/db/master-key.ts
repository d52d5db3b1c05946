import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { SlotwireError } from "../errors.ts";

const KEY_BYTES = 32;

/** Master keys, the newest first. */
export type MasterKeys = readonly [Buffer, ...Buffer[]];

/**
 * Reads the master keys of a data folder, and makes one first when there is none. Whoever has this
 * file and the database can read every secret; without it nobody can. There are several only
 * while a rotation is under way.
 * @param dataDir the keys are in `master.key` in it: 64 hexadecimal digits a line, the newest
 *   first, readable by its owner
 * @throws SlotwireError E_CONFIG when the file holds no key
 */
export async function loadMasterKeys(dataDir: string): Promise<MasterKeys> {
  const path = pathOf(dataDir);
  let text = await readIfThere(path);
  if (text === null) {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await writeOnce(path, textOf([randomBytes(KEY_BYTES)]));
    text = await readFile(path, "utf8");
  }
  return parseKeys(text, path);
}

/**
 * Puts a new master key in front of those of the data folder, which stay. When a rotation was
 * broken off, its new key is there already. The caller holds the data folder's lock.
 * @returns the keys as they are in the file from now on
 */
export async function addMasterKey(dataDir: string): Promise<MasterKeys> {
  const keys = await loadMasterKeys(dataDir);
  if (keys.length > 1) return keys;
  const added: MasterKeys = [randomBytes(KEY_BYTES), ...keys];
  await replaceFile(dataDir, textOf(added));
  return added;
}

/**
 * Drops all master keys of the data folder but the newest. The caller holds the data folder's
 * lock, and has made sure that nothing is sealed under the others any more.
 */
export async function dropOldMasterKeys(dataDir: string): Promise<void> {
  const [newest] = await loadMasterKeys(dataDir);
  await replaceFile(dataDir, textOf([newest]));
}

const pathOf = (dataDir: string): string => join(dataDir, "master.key");
const textOf = (keys: readonly Buffer[]): string =>
  keys.map((key) => `${key.toString("hex")}\n`).join("");

function parseKeys(text: string, path: string): MasterKeys {
  const [first, ...others] = text
    .trim()
    .split(/\s+/)
    .map((line) => {
      if (/^[0-9a-f]{64}$/i.test(line)) return Buffer.from(line, "hex");
      const detail = `${path} does not hold a master key (64 hexadecimal digits)`;
      throw new SlotwireError("E_CONFIG", { detail });
    });
  // Splitting gives at least one part.
  return [first as Buffer, ...others];
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/**
 * Writes a file that nobody ever sees half-written and that is never written twice: a link to a
 * finished file fails where the name is taken, so of two processes the first one's key counts.
 */
async function writeOnce(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}`;
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
    await link(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await file.close();
    await rm(draft, { force: true });
  }
}

/**
 * Replaces the key file at one stroke: a process that is killed leaves the one before or the one
 * after. It is on the disk when this returns, because a key must be there before what it seals.
 */
async function replaceFile(dataDir: string, text: string): Promise<void> {
  const draft = `${pathOf(dataDir)}.draft`;
  // What an earlier attempt left behind may have been readable by others.
  await rm(draft, { force: true });
  const file = await open(draft, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, pathOf(dataDir));
  await syncFolder(dataDir);
}

/** A new name in a folder is durable once the folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
