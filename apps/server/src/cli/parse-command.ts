import { parseArgs } from "node:util";
import { SlotwireError } from "../errors.ts";

/** What the command line asks for. */
export type Command =
  | { readonly name: "serve"; readonly demo: boolean; readonly signInLink: boolean }
  | { readonly name: "db migrate" }
  | { readonly name: "secrets rotate" }
  | { readonly name: "keys create"; readonly key: KeyRequest }
  | { readonly name: "admin create"; readonly admin: AdminOptions }
  | { readonly name: "organisations create"; readonly organisation: OrganisationOptions }
  | { readonly name: "help" }
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

/** What `slotwire --help` prints. */
export const usage = `slotwire: the self-hosted booking sync hub

  slotwire serve            runs the hub: dashboard, API and workers
    --demo                  adds a demo organisation whose sources keep booking
    --sign-in-link          prints a one-time sign-in link even though an owner has a password
  slotwire db migrate       brings the database to this version, and ends
  slotwire secrets rotate   encrypts every stored secret with the newest master key, and ends
  slotwire admin create     makes somebody an owner, and prints a one-time link to sign in
    --email, --name         who it is; somebody known keeps the account
    --role                  instead of owner
  slotwire organisations create
                            opens another organisation, and prints a one-time link for its owner
    --name, --slug          what it is called, for people and in addresses: "North", north
    --owner-email           who owns it; somebody known keeps the account
  slotwire keys create      makes an API key, and prints it this once
    --name, --scopes        what it is for, and what it may: bookings:read,events:read
    --expires               when it ends: 90d, 12h; never unless given
    --organisation          whose it is; the default organisation's unless given
  slotwire --help           prints this
  slotwire --version        prints the version

Settings come from the environment and from .env: see docs/settings.md.
`;

/**
 * Understands the command line. Without a command it is `serve`.
 * @param args what follows the program's name
 * @throws SlotwireError E_CONFIG when it cannot be understood
 */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help === true || positionals[0] === "help") return { name: "help" };
  if (values.version === true) return { name: "version" };
  const name = positionals.join(" ") || "serve";
  const taken = optionsOf.get(name);
  if (taken === undefined) throw notUnderstood(`There is no command \`${name}\`.`);
  const surplus = Object.keys(values).find((option) => !taken.includes(option));
  if (surplus !== undefined) throw notUnderstood(`\`${name}\` takes no option --${surplus}.`);
  if (name === "keys create") return { name, key: keyRequest(values) };
  if (name === "admin create") return { name, admin: adminOptions(values) };
  if (name === "organisations create") return { name, organisation: organisationOptions(values) };
  if (name === "db migrate" || name === "secrets rotate") return { name };
  const { demo = false, "sign-in-link": signInLink = false } = values;
  return { name: "serve", demo, signInLink };
}

/** The commands, and the options that each of them takes. */
const optionsOf: ReadonlyMap<string, readonly string[]> = new Map([
  ["serve", ["demo", "sign-in-link"]],
  ["db migrate", []],
  ["secrets rotate", []],
  ["admin create", ["email", "name", "role"]],
  ["organisations create", ["name", "slug", "owner-email"]],
  ["keys create", ["name", "scopes", "expires", "organisation"]],
]);

type Values = ReturnType<typeof parse>["values"];

function adminOptions({ email, name, role }: Values): AdminOptions {
  if (email === undefined) throw notUnderstood("`admin create` needs --email.");
  return { email, name: name ?? null, role: role ?? "owner" };
}

function organisationOptions(values: Values): OrganisationOptions {
  const { name, slug, "owner-email": ownerEmail } = values;
  if (name === undefined || slug === undefined || ownerEmail === undefined) {
    throw notUnderstood("`organisations create` needs --name, --slug and --owner-email.");
  }
  return { name, slug, ownerEmail };
}

function keyRequest({ name, scopes, expires, organisation }: Values): KeyRequest {
  if (name === undefined || scopes === undefined) {
    throw notUnderstood("`keys create` needs --name and --scopes.");
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

function notUnderstood(problem: string): SlotwireError {
  return new SlotwireError("E_CONFIG", { detail: `${problem} See \`slotwire --help\`.` });
}
