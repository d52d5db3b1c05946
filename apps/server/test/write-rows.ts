import { randomUUID } from "node:crypto";
import { system } from "../src/db/database.ts";
import { migrate } from "../src/db/migrate.ts";
import { openDatabase } from "../src/db/open-database.ts";

/* Writes rows into the embedded database in the data folder that is its argument, one transaction
   each, and prints the id of each row after its commit, until it is killed. */

const db = await openDatabase({ dataDir: process.argv[2] ?? "", databaseUrl: null });
await migrate(db);
for (;;) {
  const id = randomUUID();
  await db.transaction(system, (tx) =>
    tx.query("INSERT INTO app_user (id, name) VALUES ($1, 'written')", [id]),
  );
  process.stdout.write(`${id}\n`);
}
