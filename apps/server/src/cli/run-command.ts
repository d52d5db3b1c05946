import { readFileSync } from "node:fs";
import { type Config, loadConfig, readEnvironment } from "../config.ts";
import { migrate } from "../db/migrate.ts";
import { openDatabase } from "../db/open-database.ts";
import { errorTable, SlotwireError } from "../errors.ts";
import { createAdminByCommand } from "./create-admin.ts";
import { createKey } from "./create-key.ts";
import { createOrganisationByCommand } from "./create-organisation.ts";
import { parseCommand, usage } from "./parse-command.ts";
import { rotateSecrets } from "./rotate-secrets.ts";
import { serve, type Terminal } from "./serve.ts";

/**
 * Runs one command line to its end.
 * @param args what follows the program's name
 * @param folder where `.env` may lie
 * @returns the exit code: 0, or 1 when it failed; what went wrong has been printed
 */
export async function runCommand(
  args: readonly string[],
  folder: string,
  terminal: Terminal & { printError(text: string): void },
): Promise<number> {
  try {
    const command = parseCommand(args);
    if (command.name === "help") terminal.print(usage);
    else if (command.name === "version") terminal.print(`${version()}\n`);
    else {
      const config = loadConfig(readEnvironment(folder), command.name === "serve" ? command : {});
      if (command.name === "serve") {
        await serve(config, terminal, { signInLink: command.signInLink });
      } else if (command.name === "admin create") {
        await createAdminByCommand(config, command.admin, terminal);
      } else if (command.name === "organisations create") {
        await createOrganisationByCommand(config, command.organisation, terminal);
      } else if (command.name === "keys create") await createKey(config, command.key, terminal);
      else if (command.name === "secrets rotate") await rotateSecrets(config, terminal);
      else await migrateOnly(config, terminal);
    }
    return 0;
  } catch (error) {
    terminal.printError(`slotwire: ${explain(error)}\n`);
    return 1;
  }
}

async function migrateOnly(config: Config, terminal: Terminal): Promise<void> {
  const db = await openDatabase(config);
  try {
    const applied = await migrate(db);
    const what = applied.length === 0 ? "nothing to do" : applied.join(", ");
    terminal.print(`Migrated: ${what}\n`);
  } finally {
    await db.close();
  }
}

/** A known error in two lines, with what to do; an unknown one with its stack. */
function explain(error: unknown): string {
  if (!(error instanceof SlotwireError)) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const remedy = error.code === "E_CONFIG" ? "" : `\n${errorTable[error.code][2]}`;
  return `${error.message} (${error.code})${remedy}`;
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
