import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { databaseUrl } from "../../test/database-template.ts";
import { openTestDatabase } from "../../test/test-database.ts";
import { loadMasterKeys } from "./master-key.ts";
import { openDatabase, refuseOldVersion } from "./open-database.ts";
import { system } from "./database.ts";

const template = inject("databaseTemplate");
let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "slotwire-open-"));
});
afterEach(() => rm(dataDir, { recursive: true }));

describe("opening the embedded database", () => {
  test("locks its folder until it is closed", async () => {
    const settings = { dataDir, databaseUrl: null };
    const db = await openDatabase(settings);
    await expect(openDatabase(settings)).rejects.toMatchObject({ code: "E_DATA_LOCKED" });
    await db.close();
    const again = await openDatabase(settings);
    expect(again.engine).toBe("pglite");
    await again.close();
  });
});

describe("opening PostgreSQL", () => {
  const open = (url: string): Promise<unknown> => openDatabase({ dataDir, databaseUrl: url });

  test("says which server it cannot reach, and not the password", async () => {
    await expect(open("postgres://me:hush@127.0.0.1:1/hub")).rejects.toMatchObject({
      code: "E_UNAVAILABLE",
      message: "Cannot reach the server at 127.0.0.1:1/hub",
    });
  });

  test("does the same when the server hangs up at once", async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    await expect(open(`postgres://me@127.0.0.1:${port}/hub`)).rejects.toMatchObject({
      code: "E_UNAVAILABLE",
    });
    await new Promise((resolve) => server.close(resolve));
  });

  test("refuses an address that is none", async () => {
    await expect(open("not an address")).rejects.toMatchObject({ code: "E_CONFIG" });
  });

  test("refuses a server older than 15", () => {
    expect(() => refuseOldVersion(140_022, "the server at db/hub")).toThrow(
      "PostgreSQL 15 or later is needed; the server at db/hub runs 14",
    );
    expect(() => refuseOldVersion(150_000, "the server at db/hub")).not.toThrow();
  });

  test.runIf(template.engine === "postgres")("says when the database does not exist", async () => {
    const url = template.engine === "postgres" ? template.url : "";
    await expect(open(databaseUrl(url, "slotwire_nowhere"))).rejects.toMatchObject({
      code: "E_CONFIG",
      message: expect.stringContaining("slotwire_nowhere"),
    });
  });
});

describe.runIf(template.engine === "postgres")("a PostgreSQL connection that is cut", () => {
  test("fails what was running on it, and nothing after", async () => {
    const { db, close } = await openTestDatabase(2);
    try {
      const cut = db.transaction(system, async (tx) => {
        const [session] = await tx.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
        await db.query("SELECT pg_terminate_backend($1)", [session?.pid]);
        await tx.query("SELECT 1");
      });
      await expect(cut).rejects.toMatchObject({ code: "E_UNAVAILABLE" });
      for (let i = 0; i < 4; i++) {
        expect(await db.transaction(system, (tx) => tx.query("SELECT 1 AS one"))).toHaveLength(1);
      }
    } finally {
      await close();
    }
  });

  test("an error of the caller costs no connection", async () => {
    const { db, close } = await openTestDatabase(1);
    const pid = (): Promise<unknown> =>
      db.transaction(system, (tx) => tx.query("SELECT pg_backend_pid()"));
    try {
      const before = await pid();
      const refused = db.transaction(system, () => Promise.reject(new Error("refused")));
      await expect(refused).rejects.toThrow("refused");
      await expect(db.transaction(system, (tx) => tx.query("SELECT 1/0"))).rejects.toThrow();
      expect(await pid()).toEqual(before);
    } finally {
      await close();
    }
  });
});

describe("the master key", () => {
  test("is made once, readable by its owner alone, and stays the same", async () => {
    const inner = join(dataDir, "data");
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadMasterKeys(inner)));
    expect(new Set(keys.map(([key]) => key.toString("hex"))).size).toBe(1);
    expect(keys[0]?.map(({ length }) => length)).toEqual([32]);
    expect(await readdir(inner)).toEqual(["master.key"]);
    expect((await stat(join(inner, "master.key"))).mode & 0o777).toBe(0o600);
    expect(await loadMasterKeys(inner)).toEqual(keys[0]);
  });

  test("that is damaged is refused and left as it is", async () => {
    const path = join(dataDir, "master.key");
    await writeFile(path, "short\n");
    await expect(loadMasterKeys(dataDir)).rejects.toMatchObject({ code: "E_CONFIG" });
    expect(await readFile(path, "utf8")).toBe("short\n");
  });
});
