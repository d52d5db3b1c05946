import { type Database, system } from "./database.ts";
import { hasForeignSecrets } from "./reseal-secrets.ts";
import { type KeyRing, openedOrNull, type SecretBox } from "./secret-box.ts";

const VALUE = "slotwire";
const TABLE = "key_check";

/**
 * Keeps one small secret by which every process finds out whether its master key is the one that
 * everything is sealed under. Where it cannot be opened and nothing else is under another key, the
 * old key is gone for good, and it is sealed anew.
 * @returns whether this process can open what is stored; one that cannot must seal nothing
 */
export async function ensureKeyCheck(db: Database, ring: KeyRing): Promise<boolean> {
  await db.transaction(system, (tx) =>
    tx.query("INSERT INTO key_check (value_sealed) VALUES ($1) ON CONFLICT DO NOTHING", [
      ring.seal(VALUE),
    ]),
  );
  if (await opensStored(db, ring)) return true;
  if (await hasForeignSecrets(db, ring, TABLE)) return false;
  await sealKeyCheck(db, ring);
  return true;
}

/** Makes the newest key of the ring the one that every process is asked for. */
export async function sealKeyCheck(db: Database, ring: KeyRing): Promise<void> {
  await db.transaction(system, (tx) =>
    tx.query("UPDATE key_check SET value_sealed = $1", [ring.seal(VALUE)]),
  );
}

/** Whether this process can open what is stored. Reads one row. */
export async function opensStored(db: Database, box: SecretBox): Promise<boolean> {
  const [row] = await db.transaction(system, (tx) =>
    tx.query<{ value_sealed: Uint8Array }>("SELECT value_sealed FROM key_check"),
  );
  if (row === undefined) return true;
  return openedOrNull(box, row.value_sealed) === VALUE;
}
