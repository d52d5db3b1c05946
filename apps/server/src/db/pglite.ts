import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { PGlite, types } from "@electric-sql/pglite";
import {
  beginScript,
  type Database,
  type Queryable,
  type Scope,
  type Session as DatabaseSession,
  type Statement,
  type Transaction,
} from "./database.ts";
import { DurableNodeFS, durableStartParams } from "./durable-node-fs.ts";
import { kyselyOn } from "./kysely.ts";

/** What both a PGlite and one of its transactions can do. */
interface Session {
  query<Row>(text: string, values?: unknown[]): Promise<{ rows: Row[] }>;
}

function queryableOn(session: Session): Queryable {
  return {
    async query<Row>(statement: Statement | string, values: readonly unknown[] = []) {
      const text = typeof statement === "string" ? statement : statement.text;
      return (await session.query<Row>(text, [...values])).rows;
    },
  };
}

/**
 * Gives a turn to sockets and timers after each piece of work: the engine answers on microtasks
 * alone, so whoever reads in a loop would keep them waiting until the end of it.
 */
async function withTurn<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } finally {
    await setImmediate();
  }
}

/** Makes callers of `exclusively` wait for each other: there is no other process, but this one. */
function oneAtATime(
  run: <Result>(work: (session: DatabaseSession) => Promise<Result>) => Promise<Result>,
): Database["exclusively"] {
  let last: Promise<unknown> = Promise.resolve();
  return (_key, work) => {
    const result = last.then(() => run(work));
    last = result.catch(() => {});
    return result;
  };
}

/** The embedded database, with what only it can tell. */
export interface EmbeddedDatabase extends Database {
  /** How often it has synced to disk since it was opened. */
  readonly syncCount: () => number;
  /** The whole database as a tar archive that `openPGlite` can start from. */
  readonly dump: () => Promise<Blob>;
}

/**
 * Opens the embedded database, synced to disk at every commit.
 * @param dataDir folder of the hub's data; the database lives in `database` below it.
 *   `memory` keeps everything in memory, for tests.
 * @param dump a database to start from instead of an empty one (PGlite's `dumpDataDir`)
 */
export async function openPGlite(dataDir: string, dump?: Blob): Promise<EmbeddedDatabase> {
  // PGlite makes only the last folder of the path.
  if (dataDir !== "memory") await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const fs = dataDir === "memory" ? null : new DurableNodeFS(join(dataDir, "database"));
  const pg = await PGlite.create({
    ...(fs === null ? {} : { fs, startParams: [...durableStartParams] }),
    ...(dump === undefined ? {} : { loadDataDir: dump }),
    parsers: { [types.INT8]: Number },
  });

  const transaction = <Result>(
    scope: Scope,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result> =>
    withTurn(
      pg.transaction(async (tx) => {
        await tx.exec(beginScript(scope).replace("BEGIN; ", ""));
        const session = queryableOn(tx);
        return work({ ...session, kysely: kyselyOn(session) });
      }),
    );

  const script = async (sql: string): Promise<void> => {
    await pg.exec(sql);
  };

  const session = queryableOn(pg);
  return {
    engine: "pglite",
    query: (statement, values) => withTurn(session.query(statement, values)),
    transaction,
    script,
    exclusively: oneAtATime((work) => work({ ...queryableOn(pg), script })),
    close: () => pg.close(),
    syncCount: () => fs?.syncs ?? 0,
    dump: () => pg.dumpDataDir("none"),
  };
}
