import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { startProgram } from "../../test/child-program.ts";
import { type Database, system } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";
import { openPGlite } from "./pglite.ts";

const isEmbedded = inject("databaseTemplate").engine === "pglite";

describe.runIf(isEmbedded)("the embedded database on disk", () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), "slotwire-embedded-"));
  });
  afterEach(() => rm(dataDir, { recursive: true }));

  const writeRow = (db: Database): Promise<unknown> =>
    db.transaction(system, (tx) =>
      tx.query("INSERT INTO app_user (id, name) VALUES ($1, 'synced')", [randomUUID()]),
    );

  test("syncs to disk in every transaction that it commits", async () => {
    const db = await openPGlite(dataDir);
    try {
      await migrate(db);
      expect(await db.query("SHOW fsync")).toEqual([{ fsync: "on" }]);
      expect(await db.query("SHOW synchronous_commit")).toEqual([{ synchronous_commit: "on" }]);
      for (let i = 0; i < 20; i++) {
        const before = db.syncCount();
        await writeRow(db);
        expect(db.syncCount()).toBeGreaterThan(before);
      }
      const before = db.syncCount();
      await db.transaction(system, (tx) => tx.query("SELECT FROM app_user"));
      expect(db.syncCount()).toBe(before);
    } finally {
      await db.close();
    }
  });

  test("keeps every acknowledged row when its process is killed while it writes", async () => {
    const acknowledged = new Set<string>();
    for (let round = 1; round <= 3; round++) {
      const child = startProgram("./write-rows.ts", [dataDir]);
      const enough = acknowledged.size + 25 * round;
      for await (const id of child.lines) {
        acknowledged.add(id);
        if (acknowledged.size === enough) await child.kill();
      }
      expect(acknowledged.size, child.errors()).toBeGreaterThanOrEqual(enough);
    }
    const db = await openDatabase({ dataDir, databaseUrl: null });
    try {
      const rows = await db.transaction(system, (tx) =>
        tx.query<{ id: string }>("SELECT id FROM app_user"),
      );
      const found = new Set(rows.map((row) => row.id));
      expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
      // Each kill may have caught one row between its commit and its acknowledgement.
      expect(found.size - acknowledged.size).toBeLessThanOrEqual(3);
    } finally {
      await db.close();
    }
  });
});
