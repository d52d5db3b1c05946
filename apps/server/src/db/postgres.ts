import pg from "pg";
import {
  beginScript,
  type Database,
  type Scope,
  type Session,
  type Statement,
  type Transaction,
} from "./database.ts";
import { kyselyOn } from "./kysely.ts";
import { orUnavailable } from "./unavailable.ts";

/** How long a caller waits for a connection, in milliseconds. */
const CONNECT_TIMEOUT = 10_000;

const INT8 = 20;
const types = new pg.TypeOverrides();
types.setTypeParser(INT8, Number);

function sessionOn(client: pg.ClientBase): Session {
  return {
    async query<Row>(statement: Statement | string, values: readonly unknown[] = []) {
      const config = typeof statement === "string" ? { text: statement } : statement;
      const result = await orUnavailable(client.query({ ...config, values: [...values] }));
      return result.rows as Row[];
    },
    async script(sql) {
      await orUnavailable(client.query(sql));
    },
  };
}

/**
 * Connects to PostgreSQL (15 or later).
 * Every call rejects with SlotwireError E_UNAVAILABLE when the server cannot be reached or goes away.
 * @param url connection string
 * @param poolSize how many connections this process may hold
 */
export function openPostgres(url: string, poolSize: number): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    types,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
  });
  // A connection that breaks while idle is replaced at its next use; the pool only reports it.
  pool.on("error", () => {});

  const withSession = <Result>(work: (session: Session) => Promise<Result>): Promise<Result> =>
    withClient(pool, (client) => work(sessionOn(client)));

  return {
    engine: "postgres",
    query: (statement, values) => withSession((session) => session.query(statement, values)),
    script: (sql) => withSession((session) => session.script(sql)),
    transaction: (scope, work) => withSession((session) => transactionOn(session, scope, work)),
    exclusively: (key, work) => withSession((session) => underLock(session, key, work)),
    close: () => pool.end(),
  };
}

async function transactionOn<Result>(
  session: Session,
  scope: Scope,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  await session.script(beginScript(scope));
  try {
    const result = await work({ ...session, kysely: kyselyOn(session) });
    await session.script("COMMIT");
    return result;
  } catch (error) {
    // Fails only when the connection is lost, and the transaction with it.
    await session.script("ROLLBACK").catch(() => {});
    throw error;
  }
}

async function underLock<Result>(
  session: Session,
  key: number,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  await session.query("SELECT pg_advisory_lock($1)", [key]);
  try {
    return await work(session);
  } finally {
    // Fails only when the connection is lost, and the lock with it.
    await session.query("SELECT pg_advisory_unlock($1)", [key]).catch(() => {});
  }
}

/** Lends a connection of the pool. One that broke meanwhile is not given back to it. */
async function withClient<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await orUnavailable(pool.connect());
  let isBroken = false;
  // Without a listener, a connection that is cut while it is lent would end the process.
  const onError = (): void => {
    isBroken = true;
  };
  client.on("error", onError);
  try {
    return await work(client);
  } finally {
    client.off("error", onError);
    client.release(isBroken);
  }
}
