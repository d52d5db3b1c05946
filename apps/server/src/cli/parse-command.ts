import { parseArgs } from "node:util";
import { SlotwireError } from "../errors.ts";

/** What the command line asks for. */
export type Command =
  | { readonly name: "serve"; readonly demo: boolean; readonly signInLink: boolean }
  | { readonly name: "db migrate" }
  | { readonly name: "secrets rotate" }
  | { readonly name: "help" }
  | { readonly name: "version" };

/** What `slotwire --help` prints. */
export const usage = `slotwire: the self-hosted booking sync hub

  slotwire serve            runs the hub: dashboard, API and workers
    --demo                  adds a demo organisation whose sources keep booking
    --sign-in-link          prints a new one-time sign-in link
  slotwire db migrate       brings the database to this version, and ends
  slotwire secrets rotate   encrypts every stored secret with the newest master key, and ends
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
  const name = positionals.join(" ");
  const { demo = false, "sign-in-link": signInLink = false } = values;
  if (name === "" || name === "serve") return { name: "serve", demo, signInLink };
  if (name !== "db migrate" && name !== "secrets rotate") {
    throw notUnderstood(`There is no command \`${name}\`.`);
  }
  if (demo || signInLink) throw notUnderstood(`\`${name}\` takes no options.`);
  return { name };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        demo: { type: "boolean" },
        "sign-in-link": { type: "boolean" },
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
