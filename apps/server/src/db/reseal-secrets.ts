import { SlotwireError } from "../errors.ts";
import { type Database, type Queryable, system } from "./database.ts";
import { type KeyRing, MARK } from "./secret-box.ts";

/** A column that holds sealed secrets. */
export interface SealedColumn {
  readonly table: string;
  readonly column: string;
}

/** What became of one column. */
export interface ResealedColumn extends SealedColumn {
  /** How many secrets were sealed anew. */
  readonly resealed: number;
  /** How many could not be, because they are damaged. */
  readonly damaged: number;
  /** How many are still not under the newest key, whatever the reason. */
  readonly remaining: number;
}

export interface ResealOptions {
  /** Rows per transaction. */
  readonly batch?: number;
  /** Called after each transaction. */
  readonly onBatch?: () => Promise<void>;
}

const BATCH = 100;

/** A table, its primary key, and its columns of secrets. */
interface SealedTable {
  readonly table: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

/**
 * Seals every stored secret anew that an older key of the ring sealed. Broken off at any point it
 * can be begun again: it looks for what is left. The hub may run meanwhile.
 *
 * The columns are those of type bytea whose names end in `_sealed`, as the database's catalogue
 * has them, so that none can be forgotten.
 */
export async function resealSecrets(
  db: Database,
  ring: KeyRing,
  options: ResealOptions = {},
): Promise<ResealedColumn[]> {
  const results: ResealedColumn[] = [];
  for (const table of await db.transaction(system, findSealedTables)) {
    const counts = await resealTable(db, ring, table, options);
    for (const column of table.columns) {
      const remaining = await db.transaction(system, (tx) =>
        countOthers(tx, table.table, column, ring),
      );
      const { resealed = 0, damaged = 0 } = counts.get(column) ?? {};
      results.push({ table: table.table, column, resealed, damaged, remaining });
    }
  }
  return results;
}

async function findSealedTables(tx: Queryable): Promise<SealedTable[]> {
  return tx.query<SealedTable>(
    `SELECT c.relname AS table,
            (SELECT coalesce(jsonb_agg(k.attname ORDER BY k.attnum), '[]')
               FROM pg_index i
               JOIN pg_attribute k ON k.attrelid = c.oid AND k.attnum = ANY (i.indkey)
              WHERE i.indrelid = c.oid AND i.indisprimary) AS key,
            jsonb_agg(a.attname ORDER BY a.attnum) AS columns
       FROM pg_class c
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        AND a.attname LIKE '%\\_sealed' AND a.atttypid = 'bytea'::regtype
      GROUP BY c.oid, c.relname ORDER BY c.relname`,
  );
}

type Counts = Map<string, { resealed: number; damaged: number }>;

async function resealTable(
  db: Database,
  ring: KeyRing,
  table: SealedTable,
  { batch = BATCH, onBatch }: ResealOptions,
): Promise<Counts> {
  const counts: Counts = new Map(table.columns.map((name) => [name, { resealed: 0, damaged: 0 }]));
  const skipped: string[] = [];
  if (ring.older.length === 0) return counts;
  for (;;) {
    const rows = await db.transaction(system, async (tx) => {
      const found = await lockRows(tx, table, ring, skipped, batch);
      for (const row of found) {
        const isWhole = await resealRow(tx, ring, table, row, counts);
        if (!isWhole) skipped.push(row["row_key"] as string);
      }
      return found.length;
    });
    if (rows === 0) return counts;
    await onBatch?.();
  }
}

type Row = Readonly<Record<string, unknown>>;

/** Takes some rows with something under an older key. Rows that refer to them stay writable. */
function lockRows(
  tx: Queryable,
  { table, key, columns }: SealedTable,
  ring: KeyRing,
  skipped: readonly string[],
  batch: number,
): Promise<Row[]> {
  const isOlder = columns.map((column) => `${markOf(column)} = ANY ($1::text[])`).join(" OR ");
  const rowKey = `ROW(${key.map(quoted).join(", ")})::text`;
  return tx.query<Row>(
    `SELECT ctid::text AS row_place, ${rowKey} AS row_key, ${columns.map(quoted).join(", ")}
       FROM ${quoted(table)}
      WHERE (${isOlder}) AND ${rowKey} <> ALL ($2::text[])
      LIMIT $3 FOR NO KEY UPDATE`,
    [ring.older.map((mark) => mark.toString("hex")), skipped, batch],
  );
}

/** @returns false when something in the row is damaged, and stays as it is */
async function resealRow(
  tx: Queryable,
  ring: KeyRing,
  { table, columns }: SealedTable,
  row: Row,
  counts: Counts,
): Promise<boolean> {
  const fresh = new Map<string, Uint8Array>();
  let isWhole = true;
  for (const column of columns) {
    const sealed = row[column] as Uint8Array | null;
    if (sealed === null || !isUnder(ring.older, sealed)) continue;
    const again = sealAnew(ring, sealed);
    const count = counts.get(column);
    if (again === null) isWhole = false;
    else fresh.set(column, again);
    if (count !== undefined) count[again === null ? "damaged" : "resealed"] += 1;
  }
  if (fresh.size === 0) return isWhole;
  const assignments = [...fresh.keys()].map((column, index) => `${quoted(column)} = $${index + 2}`);
  // The row is locked, so it stays where it is.
  await tx.query(`UPDATE ${quoted(table)} SET ${assignments.join(", ")} WHERE ctid = $1::tid`, [
    row["row_place"],
    ...fresh.values(),
  ]);
  return isWhole;
}

function isUnder(marks: readonly Buffer[], sealed: Uint8Array): boolean {
  return marks.some((mark) => mark.equals(Buffer.from(sealed).subarray(0, MARK)));
}

function sealAnew(ring: KeyRing, sealed: Uint8Array): Uint8Array | null {
  try {
    return ring.seal(ring.open(sealed));
  } catch (error) {
    if (error instanceof SlotwireError && error.code === "E_SECRET_UNREADABLE") return null;
    throw error;
  }
}

async function countOthers(
  tx: Queryable,
  table: string,
  column: string,
  ring: KeyRing,
): Promise<number> {
  const [row] = await tx.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${quoted(table)}
      WHERE ${quoted(column)} IS NOT NULL AND ${markOf(column)} <> $1`,
    [ring.newest.toString("hex")],
  );
  return row?.count ?? 0;
}

/** Whether a secret of any table but `except` is stored under a key that is not in the ring. */
export async function hasForeignSecrets(
  db: Database,
  ring: KeyRing,
  except: string,
): Promise<boolean> {
  const marks = [ring.newest, ...ring.older].map((mark) => mark.toString("hex"));
  return db.transaction(system, async (tx) => {
    for (const { table, columns } of await findSealedTables(tx)) {
      if (table === except) continue;
      const isForeign = columns.map((column) => `${markOf(column)} <> ALL ($1::text[])`);
      const [row] = await tx.query(
        `SELECT 1 FROM ${quoted(table)} WHERE ${isForeign.join(" OR ")} LIMIT 1`,
        [marks],
      );
      if (row !== undefined) return true;
    }
    return false;
  });
}

/** The first bytes of a sealed column as hex, which tell under which key it is. */
const markOf = (column: string): string =>
  `encode(substring(${quoted(column)} FROM 1 FOR ${MARK}), 'hex')`;

/** An identifier of the catalogue, as SQL writes it. */
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
