import pg from "pg";
import {
  beginScript,
  type Database,
  type Queryable,
  type Scope,
  type Session,
  type Statement,
  type Transaction,
} from "./database.ts";
import { kyselyOn } from "./kysely.ts";

const INT8 = 20;
const types = new pg.TypeOverrides();
types.setTypeParser(INT8, Number);

function queryableOn(client: pg.Pool | pg.ClientBase): Queryable {
  return {
    async query<Row>(statement: Statement | string, values: readonly unknown[] = []) {
      const config = typeof statement === "string" ? { text: statement } : statement;
      const result = await client.query({ ...config, values: [...values] });
      return result.rows as Row[];
    },
  };
}

function sessionOn(client: pg.ClientBase): Session {
  return {
    ...queryableOn(client),
    async script(sql) {
      await client.query(sql);
    },
  };
}

/**
 * Connects to PostgreSQL (15 or later).
 * @param url connection string
 * @param poolSize how many connections this process may hold
 */
export function openPostgres(url: string, poolSize: number): Database {
  const pool = new pg.Pool({ connectionString: url, max: poolSize, types });
  // A connection that breaks while idle is replaced at its next use; the pool only reports it.
  pool.on("error", () => {});

  const withClient = async <Result>(
    work: (client: pg.PoolClient) => Promise<Result>,
  ): Promise<Result> => {
    const client = await pool.connect();
    let broken = false;
    try {
      return await work(client);
    } catch (error) {
      broken = !(error instanceof pg.DatabaseError);
      throw error;
    } finally {
      client.release(broken);
    }
  };

  const transaction = <Result>(
    scope: Scope,
    work: (tx: Transaction) => Promise<Result>,
  ): Promise<Result> =>
    withClient(async (client) => {
      const session = queryableOn(client);
      await client.query(beginScript(scope));
      try {
        const result = await work({ ...session, kysely: kyselyOn(session) });
        await client.query("COMMIT");
        return result;
      } catch (error) {
        await client.query("ROLLBACK");
        throw error;
      }
    });

  return {
    engine: "postgres",
    ...queryableOn(pool),
    transaction,
    async script(sql) {
      await withClient((client) => client.query(sql));
    },
    exclusively: (key, work) =>
      withClient(async (client) => {
        await client.query("SELECT pg_advisory_lock($1)", [key]);
        try {
          return await work(sessionOn(client));
        } finally {
          await client.query("SELECT pg_advisory_unlock($1)", [key]);
        }
      }),
    close: () => pool.end(),
  };
}
