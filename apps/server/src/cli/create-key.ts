import { createApiKeySchema, scopes as allScopes } from "@slotwire/contract";
import { createApiKey, type ApiKeyDraft } from "../access/create-api-key.ts";
import { ensureDefaultOrganisation } from "../access/ensure-default-organisation.ts";
import { operator } from "../access/key-maker.ts";
import { commandLine, noOrigin } from "../access/record-audit.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { type Database, system } from "../db/database.ts";
import { migrate } from "../db/migrate.ts";
import { SlotwireError } from "../errors.ts";
import { openAlone } from "./open-alone.ts";
import type { KeyRequest } from "./parse-command.ts";
import { WrongOption } from "./wrong-option.ts";

/** Where a command writes: `print` what a program reads, `printError` what a person does. */
interface Output {
  print(text: string): void;
  printError(text: string): void;
}

const HOUR = 60 * 60 * 1000;
const units: Readonly<Record<string, number>> = { h: HOUR, d: 24 * HOUR };

/**
 * Makes an API key of an organisation and prints it alone, so that a script can take it.
 * @throws SlotwireError E_DATA_LOCKED while a hub runs on the embedded database
 * @throws SlotwireError E_CONFIG when the request is not valid, or names an unknown organisation
 */
export async function createKey(
  config: Config,
  request: KeyRequest,
  output: Output,
  clock: Clock = systemClock,
): Promise<void> {
  const draft = draftOf(request, clock.now());
  const db = await openAlone(
    config,
    "Make the key in the dashboard (API keys) or by POST /api/v1/api-keys, or stop the hub, run this again, and start it.",
  );
  try {
    await migrate(db);
    const organisation = await findOrganisation(db, config, request.organisation);
    const author = { orgId: organisation.id, actor: commandLine, origin: noOrigin };
    const { key, name } = await createApiKey({ db, clock }, author, operator, draft);
    output.printError(`The key "${name}" of ${organisation.name}. It is shown this once:\n`);
    output.print(`${key}\n`);
  } finally {
    await db.close();
  }
}

function draftOf({ keyName, scopes, expires }: KeyRequest, now: Date): ApiKeyDraft {
  const given = scopes.split(",").map((scope) => scope.trim());
  requireScopes(given);
  const parsed = createApiKeySchema.safeParse({
    name: keyName,
    scopes: given,
    expires_at: expires === null ? null : endOf(expires, now).toISOString(),
  });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const option = issue?.path[0]?.toString() ?? "";
  throw new WrongOption(`--${option}: ${issue?.message ?? "is not valid"}`);
}

/** @throws WrongOption that says which scopes there are, one per line */
function requireScopes(given: readonly string[]): void {
  const unknown = given.filter((scope) => !(allScopes as readonly string[]).includes(scope));
  if (unknown.length === 0) return;
  const named = unknown
    .map((scope) => (scope === "" ? "an empty name" : `\`${scope}\``))
    .join(", ");
  const known = allScopes.map((scope) => `\n  ${scope}`).join("");
  throw new WrongOption(`--scopes: There is no scope ${named}. There are:${known}`);
}

function endOf(expires: string, now: Date): Date {
  const [, count, unit = ""] = /^([1-9]\d{0,4})([dh])$/.exec(expires) ?? [];
  const length = units[unit];
  if (count === undefined || length === undefined) {
    throw new WrongOption("--expires: A number of days or hours, like 90d or 12h");
  }
  return new Date(now.getTime() + Number(count) * length);
}

async function findOrganisation(
  db: Database,
  { timeZone }: Config,
  slug: string | null,
): Promise<{ id: string; name: string }> {
  const { orgId } = await ensureDefaultOrganisation({ db }, timeZone);
  const [organisation] = await db.transaction(system, (tx) =>
    tx.query<{ id: string; name: string }>(
      "SELECT id, name FROM organisation WHERE CASE WHEN $1::text IS NULL THEN id = $2 ELSE slug = $1 END",
      [slug, orgId],
    ),
  );
  if (organisation === undefined)
    throw new SlotwireError("E_CONFIG", { detail: `There is no organisation ${slug}` });
  return organisation;
}
