import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { SlotwireError } from "../errors.ts";

/** SQLITE_BUSY: somebody else holds the lock (https://sqlite.org/rescode.html#busy). */
const SQLITE_BUSY = 5;

/** A held lock on a data folder; it ends with `release` or with the process, however that ends. */
export interface DataLock {
  release(): void;
}

/**
 * Makes sure that this is the only process that uses the data folder: two on one embedded database
 * silently destroy each other's rows. The lock is one of the operating system's, taken through
 * SQLite: it cannot be left behind by a killed process, and names no process id, which in
 * containers is the same for everybody.
 * @param dataDir is created when it is missing
 * @throws SlotwireError E_DATA_LOCKED when another process has it, or this one twice
 */
export async function lockDataFolder(dataDir: string): Promise<DataLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = new DatabaseSync(join(dataDir, "lock.sqlite"), { timeout: 0 });
  try {
    file.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (error) {
    file.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new SlotwireError("E_DATA_LOCKED", {
      detail: `Another Slotwire process uses the data folder ${dataDir}`,
      cause: error,
    });
  }
  return { release: () => file.close() };
}
