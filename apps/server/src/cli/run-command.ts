import { readFileSync } from "node:fs";
import { type Config, loadConfig, readEnvironment } from "../config.ts";
import { migrate } from "../db/migrate.ts";
import { SlotwireError } from "../errors.ts";
import { createAdminByCommand } from "./create-admin.ts";
import { createKey } from "./create-key.ts";
import { createOrganisationByCommand } from "./create-organisation.ts";
import { explainCommand, overview } from "./command-table.ts";
import { openAlone } from "./open-alone.ts";
import { type Command, parseCommand } from "./parse-command.ts";
import { rotateSecrets } from "./rotate-secrets.ts";
import { serve, type Terminal } from "./serve.ts";
import { WrongOption } from "./wrong-option.ts";

/** Exit codes: it failed, and the command line was not understood. */
const FAILED = 1;
const NOT_UNDERSTOOD = 2;

interface Console extends Terminal {
  printError(text: string): void;
}

/**
 * Runs one command line to its end.
 * @param args what follows the program's name
 * @param folder where `.env` may lie
 * @returns the exit code: 0, 1 when it failed or 2 when the line was not understood; what went
 *   wrong has been printed
 */
export async function runCommand(
  args: readonly string[],
  folder: string,
  terminal: Console,
): Promise<number> {
  let isUnderstood = false;
  try {
    const command = parseCommand(args);
    isUnderstood = true;
    if (command.name === "help") {
      terminal.print(command.about === null ? overview() : explainCommand(command.about));
    } else if (command.name === "version") terminal.print(`${version()}\n`);
    else await runWithSettings(command, folder, terminal);
    return 0;
  } catch (error) {
    terminal.printError(`slotwire: ${explain(error)}\n`);
    return isUnderstood && !(error instanceof WrongOption) ? FAILED : NOT_UNDERSTOOD;
  }
}

async function runWithSettings(
  command: Exclude<Command, { readonly name: "help" | "version" }>,
  folder: string,
  terminal: Console,
): Promise<void> {
  const config = loadConfig(readEnvironment(folder), command.name === "serve" ? command : {});
  switch (command.name) {
    case "serve":
      return serve(config, terminal, { signInLink: command.signInLink });
    case "admin create":
      return createAdminByCommand(config, command.admin, terminal);
    case "organisations create":
      return createOrganisationByCommand(config, command.organisation, terminal);
    case "keys create":
      return createKey(config, command.key, terminal);
    case "secrets rotate":
      return void (await rotateSecrets(config, terminal, command));
    case "db migrate":
      return migrateOnly(config, terminal);
  }
}

async function migrateOnly(config: Config, terminal: Terminal): Promise<void> {
  const db = await openAlone(
    config,
    "Nothing has to be done: the hub migrated it at its start. To migrate before the next start, stop the hub and run this again.",
  );
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
  const remedy = error.code === "E_CONFIG" ? "" : `\n${error.remedy}`;
  return `${error.message} (${error.code})${remedy}`;
}

function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
