import { randomBytes } from "node:crypto";
import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { SlotwireError } from "../errors.ts";

const KEY_BYTES = 32;

/**
 * Reads the master key of a data folder, and makes one first when there is none. Whoever has this
 * file and the database can read every secret; without it nobody can.
 * @param dataDir the key is in `master.key` in it: 64 hexadecimal digits, readable by its owner
 * @throws SlotwireError E_CONFIG when the file holds no key
 */
export async function loadMasterKey(dataDir: string): Promise<Buffer> {
  const path = join(dataDir, "master.key");
  let text = await readIfThere(path);
  if (text === null) {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await writeOnce(path, `${randomBytes(KEY_BYTES).toString("hex")}\n`);
    text = await readFile(path, "utf8");
  }
  const hex = text.trim();
  if (!/^[0-9a-f]{64}$/i.test(hex)) {
    throw new SlotwireError("E_CONFIG", {
      detail: `${path} does not hold a master key (64 hexadecimal digits)`,
    });
  }
  return Buffer.from(hex, "hex");
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
