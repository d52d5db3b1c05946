import { parseArgs } from "node:util";
import { SlotwireError } from "../errors.ts";
import { type CommandName, commandNames, commandTable, program } from "./command-table.ts";
import { nearestCommand } from "./nearest-command.ts";

/** What the command line asks for. */
export type Command =
  | { readonly name: "serve"; readonly demo: boolean; readonly signInLink: boolean }
  | { readonly name: "db migrate" }
  | { readonly name: "secrets rotate"; readonly anyway: boolean; readonly lostKey: boolean }
  | { readonly name: "keys create"; readonly key: KeyRequest }
  | { readonly name: "admin create"; readonly admin: AdminOptions }
  | { readonly name: "organisations create"; readonly organisation: OrganisationOptions }
  | { readonly name: "help"; readonly about: CommandName | null }
  | { readonly name: "version" };

/** The key that `keys create` is asked for, as it was typed. */
export interface KeyRequest {
  readonly keyName: string;
  /** Separated by commas. */
  readonly scopes: string;
  /** A time from now, like `90d` or `12h`; null for a key without an end. */
  readonly expires: string | null;
  /** An organisation's slug; null for the default one. */
  readonly organisation: string | null;
}

/** Whom `admin create` is to let in, as it was typed. */
export interface AdminOptions {
  readonly email: string;
  readonly name: string | null;
  readonly role: string;
}

/** The organisation that `organisations create` is to open, as it was typed. */
export interface OrganisationOptions {
  readonly slug: string;
  readonly name: string;
  readonly ownerEmail: string;
}

/**
 * Understands the command line. Without a command it explains itself.
 * @param args what follows the program's name
 * @throws SlotwireError E_CONFIG when it cannot be understood
 */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  const isQuestion = values.help === true || positionals[0] === "help";
  const words = positionals[0] === "help" ? positionals.slice(1) : positionals;
  if (isQuestion) return { name: "help", about: subjectOf(words) };
  if (values.version === true) return { name: "version" };
  if (args.length === 0) return { name: "help", about: null };
  const name = commandIn(words);
  const surplus = Object.keys(values).find((option) => !(option in commandTable[name].options));
  if (surplus !== undefined) throw notUnderstood(`\`${name}\` takes no option --${surplus}.`, name);
  return commandOf(name, values);
}

/** What help is asked for: null for all of it, which is also what `keys --help` is told. */
function subjectOf(words: readonly string[]): CommandName | null {
  const begun = words.join(" ");
  return words.length === 0 || commandNames.some((name) => name.startsWith(`${begun} `))
    ? null
    : commandIn(words);
}

function commandIn(words: readonly string[]): CommandName {
  const typed = words.join(" ");
  if (typed === "") throw notUnderstood("Name a command, for example `serve`.");
  const known = commandNames.find((name) => typed === name || typed.startsWith(`${name} `));
  if (known === undefined) {
    const nearest = nearestCommand(typed);
    const unknown = `There is no command \`${typed}\`.`;
    if (nearest === null) throw notUnderstood(unknown);
    throw notUnderstood(`${unknown} The nearest is \`${nearest}\`.`, nearest);
  }
  if (typed === known) return known;
  throw notUnderstood(`\`${known}\` takes no \`${typed.slice(known.length + 1)}\`.`, known);
}

function commandOf(name: CommandName, values: Values): Command {
  switch (name) {
    case "serve":
      return { name, demo: values.demo ?? false, signInLink: values["sign-in-link"] ?? false };
    case "keys create":
      return { name, key: keyRequest(values) };
    case "admin create":
      return { name, admin: adminOptions(values) };
    case "organisations create":
      return { name, organisation: organisationOptions(values) };
    case "secrets rotate":
      return { name, anyway: values.anyway ?? false, lostKey: values["lost-key"] ?? false };
    case "db migrate":
      return { name };
  }
}

type Values = ReturnType<typeof parse>["values"];

function adminOptions({ email, name, role }: Values): AdminOptions {
  if (email === undefined) throw notUnderstood("`admin create` needs --email.", "admin create");
  return { email, name: name ?? null, role: role ?? "owner" };
}

function organisationOptions(values: Values): OrganisationOptions {
  const { name, slug, "owner-email": ownerEmail } = values;
  if (name === undefined || slug === undefined || ownerEmail === undefined) {
    throw notUnderstood(
      "`organisations create` needs --name, --slug and --owner-email.",
      "organisations create",
    );
  }
  return { name, slug, ownerEmail };
}

function keyRequest({ name, scopes, expires, organisation }: Values): KeyRequest {
  if (name === undefined || scopes === undefined) {
    throw notUnderstood("`keys create` needs --name and --scopes.", "keys create");
  }
  return {
    keyName: name,
    scopes,
    expires: expires ?? null,
    organisation: organisation ?? null,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        demo: { type: "boolean" },
        "sign-in-link": { type: "boolean" },
        anyway: { type: "boolean" },
        "lost-key": { type: "boolean" },
        email: { type: "string" },
        role: { type: "string" },
        name: { type: "string" },
        slug: { type: "string" },
        "owner-email": { type: "string" },
        scopes: { type: "string" },
        expires: { type: "string" },
        organisation: { type: "string" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean", short: "v" },
      },
    });
  } catch (error) {
    throw notUnderstood(error instanceof Error ? error.message : String(error));
  }
}

function notUnderstood(problem: string, command?: CommandName): SlotwireError {
  const help = [program, command, "--help"].filter((word) => word !== undefined).join(" ");
  return new SlotwireError("E_CONFIG", { detail: `${problem} See \`${help}\`.` });
}
