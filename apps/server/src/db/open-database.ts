import pg from "pg";
import { SlotwireError } from "../errors.ts";
import type { Database } from "./database.ts";
import { lockDataFolder } from "./data-lock.ts";
import { openPGlite } from "./pglite.ts";
import { openPostgres } from "./postgres.ts";

/** Where the data is, as the settings say it. */
export interface DatabaseSettings {
  readonly dataDir: string;
  /** Connection string of PostgreSQL; null for the embedded database. */
  readonly databaseUrl: string | null;
}

/** As PostgreSQL writes it: 15.3 is 150003. */
const OLDEST_VERSION = 150_000;
const DEFAULT_POOL_SIZE = 16;

/**
 * Opens the database that the settings name, and proves that it answers.
 * @param poolSize how many connections to PostgreSQL this process may hold
 * @throws SlotwireError E_DATA_LOCKED when another process uses the data folder
 * @throws SlotwireError E_CONFIG when the address is wrong or PostgreSQL is older than 15
 * @throws SlotwireError E_UNAVAILABLE when PostgreSQL cannot be reached
 */
export function openDatabase(
  settings: DatabaseSettings,
  poolSize = DEFAULT_POOL_SIZE,
): Promise<Database> {
  return settings.databaseUrl === null
    ? openEmbedded(settings.dataDir)
    : openServer(settings.databaseUrl, poolSize);
}

async function openEmbedded(dataDir: string): Promise<Database> {
  const lock = await lockDataFolder(dataDir);
  try {
    const db = await openPGlite(dataDir);
    const close = async (): Promise<void> => {
      try {
        await db.close();
      } finally {
        lock.release();
      }
    };
    return { ...db, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openServer(url: string, poolSize: number): Promise<Database> {
  const server = serverName(url);
  const db = openPostgres(url, poolSize);
  try {
    const rows = await db.query<{ version: number }>(
      "SELECT current_setting('server_version_num')::int AS version",
    );
    refuseOldVersion(rows[0]?.version ?? 0, server);
    return db;
  } catch (error) {
    await db.close();
    throw explain(error, server);
  }
}

/** @param version as in `server_version_num` */
export function refuseOldVersion(version: number, server: string): void {
  if (version >= OLDEST_VERSION) return;
  throw new SlotwireError("E_CONFIG", {
    detail: `PostgreSQL 15 or later is needed; ${server} runs ${Math.floor(version / 10_000)}`,
  });
}

/** Host, port and database, without user or password. */
function serverName(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `the server at ${host === "" ? "the local socket" : host}${pathname}`;
  } catch (error) {
    throw new SlotwireError("E_CONFIG", {
      detail: "DATABASE_URL is not a connection string (postgres://user:password@host/database)",
      cause: error,
    });
  }
}

/** The user or database does not exist, or the password is wrong. */
const wrongAddressStates: readonly string[] = ["28000", "28P01", "3D000"];

function explain(error: unknown, server: string): unknown {
  if (error instanceof SlotwireError && error.code === "E_UNAVAILABLE") {
    return new SlotwireError("E_UNAVAILABLE", { detail: `Cannot reach ${server}`, cause: error });
  }
  if (error instanceof pg.DatabaseError && wrongAddressStates.includes(error.code ?? "")) {
    return new SlotwireError("E_CONFIG", {
      detail: `${server} refuses DATABASE_URL: ${error.message}`,
      cause: error,
    });
  }
  return error;
}
