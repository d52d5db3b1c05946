import { randomBytes } from "node:crypto";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { inject } from "vitest";
import { type HubOptions, type RunningHub, startHub } from "../src/cli/start-hub.ts";
import { type Environment, loadConfig } from "../src/config.ts";
import { databaseUrl, onServer } from "./database-template.ts";
import { testApiKey } from "./test-hub.ts";

/** The place of a hub's data, which outlives the hub. */
export interface HubHome {
  /** The settings of a hub that lives here. */
  readonly env: Environment;
  /** Removes the data. */
  readonly remove: () => Promise<void>;
}

/**
 * Makes a place for a whole hub: a data folder, and on PostgreSQL a database.
 * @param options `isNew` leaves it to the hub to make and migrate the database, which takes the
 *   embedded one some seconds; else it is there, and empty
 */
export async function createHubHome(options: { readonly isNew?: boolean } = {}): Promise<HubHome> {
  const folder = await mkdtemp(join(tmpdir(), "slotwire-hub-"));
  const template = inject("databaseTemplate");
  const env: Record<string, string> = {
    PORT: "0",
    SLOTWIRE_DATA_DIR: folder,
    SLOTWIRE_API_KEY: testApiKey,
    SLOTWIRE_TIME_ZONE: "Europe/Stockholm",
    SLOTWIRE_ALLOW_PRIVATE_DESTINATIONS: "true",
  };
  const removeFolder = (): Promise<void> => rm(folder, { recursive: true, force: true });
  if (template.engine === "pglite") {
    if (options.isNew !== true) await cp(template.home, folder, { recursive: true });
    return { env, remove: removeFolder };
  }
  const name = `hub_${randomBytes(6).toString("hex")}`;
  const copied = options.isNew === true ? "" : `TEMPLATE ${template.database}`;
  await onServer(template.url, `CREATE DATABASE ${name} ${copied}`);
  return {
    env: {
      ...env,
      DATABASE_URL: databaseUrl(template.url, name),
      SLOTWIRE_MASTER_KEY: randomBytes(32).toString("hex"),
    },
    async remove() {
      await onServer(template.url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await removeFolder();
    },
  };
}

/** Starts a whole hub in this process, silently, on a free port. */
export function startHubAt(
  home: HubHome,
  settings: Environment = {},
  options: HubOptions = {},
): Promise<RunningHub> {
  return startHub(loadConfig({ ...home.env, ...settings }), {
    log: pino({ level: "silent" }),
    dashboardFolder: "/no-dashboard",
    ...options,
  });
}
