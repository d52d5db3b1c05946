import { afterAll, beforeAll, expect, it } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { type Queryable, system } from "./database.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase(1);
});
afterAll(() => test.close());

/** What foreign keys refer to: a table, and the columns of one of its keys. */
interface Referenced {
  readonly table: string;
  readonly columns: readonly string[];
  readonly types: readonly string[];
}

const referenced = `
  SELECT DISTINCT c.confrelid::regclass::text AS table,
         ARRAY(SELECT a.attname::text FROM unnest(c.confkey) WITH ORDINALITY k (no, place)
                 JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.no
                ORDER BY place) AS columns,
         ARRAY(SELECT format_type(a.atttypid, NULL)
                 FROM unnest(c.confkey) WITH ORDINALITY k (no, place)
                 JOIN pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.no
                ORDER BY place) AS types
    FROM pg_constraint c
   WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace`;

/** The index by which the database looks for a row that is referred to, while its table is empty. */
async function indexFor(tx: Queryable, { table, columns, types }: Referenced): Promise<string> {
  const condition = columns.map((column, no) => `"${column}" = $${no + 1}`).join(" AND ");
  await tx.query(
    `PREPARE reference (${types.join(", ")}) AS
       SELECT 1 FROM ONLY ${table} x WHERE ${condition} FOR KEY SHARE OF x`,
  );
  const plan = await tx.query<Record<"QUERY PLAN", string>>(
    `EXPLAIN EXECUTE reference (${types.map((type) => `NULL::${type}`).join(", ")})`,
  );
  await tx.query("DEALLOCATE reference");
  const text = plan.map((row) => row["QUERY PLAN"]).join("\n");
  return /Index(?: Only)? Scan using (\w+)/.exec(text)?.[1] ?? text;
}

// A session keeps the plan until the table is analysed. By an index that shares only the first column
// each check walks through all that the organisation has.
it("looks for the row that a foreign key names by a unique key, though its plan was made on an empty table", async () => {
  await test.db.transaction(system, async (tx) => {
    await tx.query("SET LOCAL plan_cache_mode = force_generic_plan");
    const whole = await tx.query<{ name: string; columns: string[] }>(
      `SELECT i.indexrelid::regclass::text AS name,
              ARRAY(SELECT a.attname::text FROM pg_attribute a
                     WHERE a.attrelid = i.indexrelid ORDER BY a.attnum) AS columns
         FROM pg_index i`,
    );
    const indexes = new Map(whole.map(({ name, columns }) => [name, columns]));
    const wrong: string[] = [];
    for (const key of await tx.query<Referenced>(referenced)) {
      const index = await indexFor(tx, key);
      const isWhole = indexes.get(index)?.every((column) => key.columns.includes(column)) ?? false;
      if (!isWhole) wrong.push(`${key.table} (${key.columns.join(", ")}) by ${index}`);
    }
    expect(wrong).toEqual([]);
  });
});
