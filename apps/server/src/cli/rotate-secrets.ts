import { hubAuthor, recordAudit } from "../access/record-audit.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { Config } from "../config.ts";
import { type Database, system } from "../db/database.ts";
import { addMasterKey, dropOldMasterKeys, type MasterKeys } from "../db/master-key.ts";
import { processesWithout } from "../db/hub-process.ts";
import { opensStored, sealKeyCheck } from "../db/key-check.ts";
import { migrate } from "../db/migrate.ts";
import { type ResealedColumn, resealSecrets } from "../db/reseal-secrets.ts";
import { createSecretBox, type KeyRing } from "../db/secret-box.ts";
import { SlotwireError } from "../errors.ts";
import { masterKeysOf } from "./master-keys.ts";
import { openAlone } from "./open-alone.ts";

/** Points that a rotation passes, in this order; `batch` once or often. */
export type RotationStep = "key added" | "batch" | "resealed" | "old keys dropped";

/** Tables of secrets that count for another while after they were replaced. */
const REPLACEABLE = ["connection", "destination"];

const AFTER_A_LOSS =
  "The master key is taken for the hub's own. Restart every process with it: that replaces the environment's secrets. What is still under an older key cannot be read again: give those connections, destinations and second factors new ones.\n";

export interface RotationOptions {
  readonly clock?: Clock;
  /** Rows per transaction. */
  readonly batch?: number;
  /** Although a process that runs does not know the new key. */
  readonly anyway?: boolean;
  /** Takes the newest key for the hub's own although the keys do not open what is stored. */
  readonly lostKey?: boolean;
  /** Called behind each step. */
  readonly onStep?: (step: RotationStep) => Promise<void>;
}

/**
 * Seals every stored secret under the newest master key. Keys of the settings are as the operator
 * set them. In a data folder it makes a new one first, and drops the old ones at the very end.
 * Killed at any point it leaves a hub that can read everything, and can be run again.
 * @returns what became of each column
 * @throws SlotwireError E_DATA_LOCKED while the hub runs on the data folder
 * @throws SlotwireError E_CONFIG while a process runs that does not know the newest key: it could
 *   read nothing of what is sealed under it
 * @throws SlotwireError E_MASTER_KEY when the keys do not open what is stored
 * @throws SlotwireError E_SECRET_UNREADABLE when something stays under another key: then no key
 *   may be dropped
 */
export async function rotateSecrets(
  config: Config,
  terminal: { print(text: string): void },
  options: RotationOptions = {},
): Promise<ResealedColumn[]> {
  const { clock = systemClock } = options;
  const db = await openAlone(
    config,
    "Stop the hub, run this again, and start it: secrets in the embedded database are rotated while nobody uses it.",
  );
  try {
    await migrate(db);
    if (options.lostKey !== true) await requireOpensStored(db, config);
    const ring = createSecretBox(await keysToSealWith(config));
    if (options.anyway !== true) await requireKnownByAll(db, ring);
    if (options.lostKey === true) await sealKeyCheck(db, ring);
    await options.onStep?.("key added");
    await forgetExpiredSecrets(db, clock);
    const results = await resealSecrets(db, ring, {
      ...(options.batch === undefined ? {} : { batch: options.batch }),
      onBatch: async () => options.onStep?.("batch"),
    });
    await options.onStep?.("resealed");
    terminal.print(counts(results));
    if (options.lostKey !== true) await requireAllResealed(db, results);
    await writeAudit(db, results, clock);
    if (keepsItsKey(config)) await dropOldMasterKeys(config.dataDir);
    await options.onStep?.("old keys dropped");
    terminal.print(options.lostKey === true ? AFTER_A_LOSS : whatNow(config));
    return results;
  } finally {
    await db.close();
  }
}

/** @throws SlotwireError E_MASTER_KEY */
async function requireOpensStored(db: Database, config: Config): Promise<void> {
  if (await opensStored(db, createSecretBox(await masterKeysOf(config)))) return;
  throw new SlotwireError("E_MASTER_KEY", {
    detail:
      "The master keys that are given do not open what is stored in this database. Nothing was changed",
    remedy:
      "Run this with the hub's own settings: the key that it runs with has to be SLOTWIRE_MASTER_KEY or among SLOTWIRE_PREVIOUS_MASTER_KEYS. If that key is lost for good, `secrets rotate --lost-key` goes on without it.",
  });
}

/** Clears replaced secrets that count no longer, so that nothing has to be kept for them. */
async function forgetExpiredSecrets(db: Database, clock: Clock): Promise<void> {
  await db.transaction(system, async (tx) => {
    for (const table of REPLACEABLE) {
      await tx.query(
        `UPDATE ${table} SET previous_secret_sealed = NULL, previous_secret_until = NULL
          WHERE previous_secret_until <= $1`,
        [clock.now()],
      );
    }
  });
}

/** @throws SlotwireError E_CONFIG */
async function requireKnownByAll(db: Database, ring: KeyRing): Promise<void> {
  const processes = await processesWithout(db, ring);
  if (processes.length === 0) return;
  const named = processes.map(
    ({ name, startedAt }) => `  ${name}, running since ${startedAt.toISOString()}\n`,
  );
  throw new SlotwireError("E_CONFIG", {
    detail: `Processes of the hub run that do not know the new master key, and could open nothing any more:\n${named.join("")}Restart each with the new key as SLOTWIRE_MASTER_KEY and the old one in SLOTWIRE_PREVIOUS_MASTER_KEYS, and run this again. One that crashed is forgotten after two minutes; \`secrets rotate --anyway\` does not wait. Nothing was changed`,
  });
}

/** Whether the hub keeps its own master key, in the data folder. */
const keepsItsKey = ({ masterKey }: Config): boolean => masterKey === null;

async function keysToSealWith(config: Config): Promise<MasterKeys> {
  // The key must be on the disk before anything is sealed under it.
  if (keepsItsKey(config)) await addMasterKey(config.dataDir);
  return masterKeysOf(config);
}

/** @throws SlotwireError E_SECRET_UNREADABLE */
async function requireAllResealed(db: Database, results: readonly ResealedColumn[]): Promise<void> {
  const left = results.filter(({ remaining }) => remaining > 0);
  if (left.length === 0) return;
  const where = left.map(({ table, column, remaining }) => `${table}.${column}: ${remaining}`);
  throw new SlotwireError("E_SECRET_UNREADABLE", {
    detail: `Secrets are still under another key, or damaged (${where.join(", ")}). Keep every master key${await whenReplacedEnd(db, left)}`,
  });
}

/** What to do when a replaced secret is among those that are left. */
async function whenReplacedEnd(db: Database, left: readonly ResealedColumn[]): Promise<string> {
  if (!left.some(({ column }) => column === "previous_secret_sealed")) return "";
  const [row] = await db.transaction(system, (tx) =>
    tx.query<{ until: Date | null }>(
      `SELECT max(until) AS until FROM (${REPLACEABLE.map(
        (table) => `SELECT previous_secret_until AS until FROM ${table}`,
      ).join(" UNION ALL ")}) replaced`,
    ),
  );
  const until = row?.until ?? null;
  if (until === null) return "";
  return `. Those in previous_secret_sealed were replaced by newer ones: run this again after ${until.toISOString()}, when they count no longer and are cleared`;
}

/** The keys are the hub's, so every organisation's log tells of it. */
async function writeAudit(
  db: Database,
  results: readonly ResealedColumn[],
  clock: Clock,
): Promise<void> {
  const resealed = total(results);
  await db.transaction(system, async (tx) => {
    const organisations = await tx.query<{ id: string }>("SELECT id FROM organisation ORDER BY id");
    for (const { id } of organisations) {
      await recordAudit(tx, {
        ...hubAuthor(id),
        at: clock.now(),
        action: "secrets.rotated",
        entityId: null,
        new: { resealed },
      });
    }
  });
}

const total = (results: readonly ResealedColumn[]): number =>
  results.reduce((sum, { resealed }) => sum + resealed, 0);

function counts(results: readonly ResealedColumn[]): string {
  const lines = results.map(({ table, column, resealed }) => `  ${table}.${column}: ${resealed}\n`);
  const remaining = results.reduce((sum, result) => sum + result.remaining, 0);
  return `Sealed anew: ${total(results)}\n${lines.join("")}Still under an older key: ${remaining}\n`;
}

function whatNow(config: Config): string {
  return keepsItsKey(config)
    ? `The new key is in ${config.dataDir}/master.key; the old one is gone from it.\n`
    : "When every hub runs with the new SLOTWIRE_MASTER_KEY, run this once more. If nothing is sealed anew then, SLOTWIRE_PREVIOUS_MASTER_KEYS can be removed.\n";
}
