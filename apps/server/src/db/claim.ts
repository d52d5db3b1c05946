import { createHash, randomUUID } from "node:crypto";
import type { Statement, Transaction } from "./database.ts";

/*
 * Work that is done after a commit is rows of our own tables. A worker claims due rows under a
 * lease, works outside any transaction, and settles them; a lease that runs out (the worker died)
 * makes its row due again.
 *
 * Glossary. A row is *waiting* while it has work to be done, and *due* when in addition its time
 * has come and nobody holds a lease on it. To *settle* a row is to write what became of it and end
 * the lease; to *release* it is to give the lease back as if it had never been claimed.
 */

/** Values of columns, by name. */
export type Changes = Readonly<Record<string, unknown>>;

/** What every claimed row carries, beside its own columns. */
export interface Lease {
  /** Proof of the claim: a settlement under another token is refused. */
  readonly lease_token: string;
  /** How often the row has been claimed, this time included. */
  readonly attempts: number;
}

/**
 * How a table serves as a queue. It needs the columns `lease_until timestamptz`, `lease_token uuid`
 * and `attempts int NOT NULL DEFAULT 0`, and an index that finds its waiting rows.
 */
export interface QueueDefinition<Row> {
  readonly table: string;
  /** Columns of the primary key; rows carry them. */
  readonly key: readonly (keyof Row & string)[];
  /** Further columns that a claimed row carries. */
  readonly columns: readonly (keyof Row & string)[];
  /** Which rows are waiting: SQL over the alias `due`, for example `due.status = 'received'`. */
  readonly waiting: string;
  /** The column with the instant from which a row is due; null there means at once. */
  readonly dueAt: string;
  /**
   * A row that has been claimed so often and is still waiting is poison, for example because it
   * takes its worker down each time: it is given up instead of being claimed again.
   */
  readonly maxAttempts: number;
  /** What is written into a row that is given up; it must leave `waiting` or be due later. */
  readonly giveUp: (row: Row & Lease, now: Date) => Changes;
}

export interface ClaimOptions {
  /** At most so many rows. */
  readonly limit: number;
  /** How long the worker may take before somebody else gets the row. */
  readonly leaseSeconds: number;
  readonly now: Date;
}

/** A table whose rows are claimed, worked on, and settled. */
export interface Queue<Row> {
  /** Claims due rows, longest due first. Two workers never hold the same row. */
  claim(tx: Transaction, options: ClaimOptions): Promise<(Row & Lease)[]>;
  /**
   * Writes what became of a row, and ends its lease.
   * @returns false when the lease had been lost meanwhile; then nothing was written
   */
  settle(tx: Transaction, row: Row & Lease, changes: Changes): Promise<boolean>;
  /** Gives the row back: it is due again at once, and the attempt does not count. */
  release(tx: Transaction, row: Row & Lease): Promise<boolean>;
}

/** Makes a queue of a table. Its claims are one prepared statement. */
export function createQueue<Row extends object>(definition: QueueDefinition<Row>): Queue<Row> {
  const statement = claimStatement(definition);
  const queue: Queue<Row> = {
    async claim(tx, { limit, leaseSeconds, now }) {
      const until = new Date(now.getTime() + leaseSeconds * 1000);
      const rows = await tx.query<Row & Lease>(statement, [now, limit, randomUUID(), until]);
      const poison = rows.filter((row) => row.attempts > definition.maxAttempts);
      for (const row of poison) await queue.settle(tx, row, definition.giveUp(row, now));
      return rows.filter((row) => row.attempts <= definition.maxAttempts);
    },
    settle: (tx, row, changes) => writeUnderLease(tx, definition, row, changes),
    release: (tx, row) =>
      writeUnderLease(tx, definition, row, { attempts: Math.max(0, row.attempts - 1) }),
  };
  return queue;
}

/**
 * Finds rows by `ctid = ANY (ARRAY(…))`: the planner has no choice there, where a join fell to a
 * twentieth when the statistics said that the queue is empty. A row that somebody else wrote
 * between the snapshot and the lock is left for the next claim.
 */
function claimStatement<Row>(definition: QueueDefinition<Row>): Statement {
  const { table, dueAt, waiting } = definition;
  const columns = [...definition.key, ...definition.columns, "lease_token", "attempts"];
  const text = `
    WITH claimed AS (
      UPDATE ${table}
         SET lease_token = $3::uuid, lease_until = $4::timestamptz, attempts = attempts + 1
       WHERE ctid = ANY (ARRAY(
         SELECT due.ctid FROM ${table} due
          WHERE ${waiting}
            AND (due.${dueAt} IS NULL OR due.${dueAt} <= $1::timestamptz)
            AND (due.lease_until IS NULL OR due.lease_until <= $1::timestamptz)
          ORDER BY due.${dueAt} NULLS FIRST
          LIMIT $2
            FOR UPDATE OF due SKIP LOCKED))
      RETURNING *)
    SELECT ${columns.join(", ")} FROM claimed ORDER BY ${dueAt} NULLS FIRST`;
  // Two queues on one table differ in their conditions; so do two versions of one.
  const digest = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return { name: `claim_${table}_${digest}`, text };
}

async function writeUnderLease<Row>(
  tx: Transaction,
  { table, key }: QueueDefinition<Row>,
  row: Row & Lease,
  changes: Changes,
): Promise<boolean> {
  const columns = Object.keys(changes);
  const set = columns.map((column, i) => `${column} = $${i + 1}`);
  const where = [...key, "lease_token"].map((column, i) => {
    return `${column} = $${columns.length + i + 1}`;
  });
  const written = await tx.query(
    `UPDATE ${table} SET ${[...set, "lease_token = NULL", "lease_until = NULL"].join(", ")}
      WHERE ${where.join(" AND ")} RETURNING 1`,
    [...Object.values(changes), ...key.map((column) => row[column]), row.lease_token],
  );
  return written.length > 0;
}
