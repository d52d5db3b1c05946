import type { Config } from "../config.ts";
import type { Database } from "../db/database.ts";
import { openDatabase } from "../db/open-database.ts";
import { SlotwireError } from "../errors.ts";

/**
 * Opens the database for a command that works beside the hub. On PostgreSQL that is no matter; the
 * embedded database has one process only.
 * @param remedy what to do while the hub has it
 * @throws SlotwireError E_DATA_LOCKED with that remedy, and as `openDatabase`
 */
export async function openAlone(config: Config, remedy: string): Promise<Database> {
  try {
    return await openDatabase(config);
  } catch (error) {
    if (!(error instanceof SlotwireError) || error.code !== "E_DATA_LOCKED") throw error;
    throw new SlotwireError("E_DATA_LOCKED", {
      detail: `The hub is running on the data folder ${config.dataDir}`,
      remedy,
      cause: error,
    });
  }
}
