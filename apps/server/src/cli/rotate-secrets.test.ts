import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from "vitest";
import { startProgram } from "../../test/child-program.ts";
import { createHubHome, type HubHome, startHubAt } from "../../test/running-hub.ts";
import { hubAuthor } from "../access/record-audit.ts";
import { type Config, type Environment, loadConfig } from "../config.ts";
import { type Database, system } from "../db/database.ts";
import { openDatabase } from "../db/open-database.ts";
import { createSecretBox, type KeyRing } from "../db/secret-box.ts";
import { rotateSecret } from "../destinations/rotate-secret.ts";
import { masterKeysOf } from "./master-keys.ts";
import { rotateSecrets } from "./rotate-secrets.ts";
import { runCommand } from "./run-command.ts";

const isEmbedded = inject("databaseTemplate").engine === "pglite";
const USERS = 5;
/** The connection's secret, and what processes check their keys by. */
const OTHERS = 2;
const secret = "the secret of Cal.com's webhook";

let home: HubHome;
beforeAll(async () => {
  home = await createHubHome();
});
afterAll(() => home.remove());

let printed = "";
const terminal = { print: (text: string) => void (printed += text) };
afterEach(() => {
  printed = "";
});

/** Runs `work` on the stopped hub's database. */
async function withDatabase<Result>(
  config: Config,
  work: (db: Database) => Promise<Result>,
): Promise<Result> {
  const db = await openDatabase(config);
  try {
    return await work(db);
  } finally {
    await db.close();
  }
}

const ringOf = async (config: Config): Promise<KeyRing> =>
  createSecretBox(await masterKeysOf(config));

async function addUsers(config: Config): Promise<void> {
  const ring = await ringOf(config);
  await withDatabase(config, (db) =>
    db.transaction(system, async (tx) => {
      for (let n = 0; n < USERS; n++) {
        const values = [randomUUID(), ring.seal(`totp ${n}`)];
        await tx.query(
          "INSERT INTO app_user (id, name, totp_sealed) VALUES ($1, 'A user', $2)",
          values,
        );
      }
    }),
  );
}

/** Everything that is sealed, opened by what a hub of these settings would have. */
async function openAll(config: Config): Promise<string[]> {
  const ring = await ringOf(config);
  const rows = await withDatabase(config, (db) =>
    db.transaction(system, (tx) =>
      tx.query<{ sealed: Uint8Array }>(
        `SELECT totp_sealed AS sealed FROM app_user WHERE totp_sealed IS NOT NULL
         UNION ALL SELECT secret_sealed FROM connection`,
      ),
    ),
  );
  return rows.map(({ sealed }) => ring.open(sealed)).toSorted();
}

const everything = [secret, ...Array.from({ length: USERS }, (_, n) => `totp ${n}`)].toSorted();

async function auditLines(config: Config): Promise<{ actor_kind: string; new: unknown }[]> {
  return withDatabase(config, (db) =>
    db.transaction(system, (tx) =>
      tx.query(
        "SELECT actor_kind, new FROM audit_log WHERE action = 'secrets.rotated' ORDER BY at",
      ),
    ),
  );
}

describe.runIf(isEmbedded)("the key in a data folder", () => {
  const keyLines = async (): Promise<string[]> => {
    const text = await readFile(join(home.env["SLOTWIRE_DATA_DIR"] ?? "", "master.key"), "utf8");
    return text.trim().split("\n");
  };

  test("is not rotated while the hub runs, in words that say what to do", async () => {
    const running = await startHubAt(home, { CALCOM_WEBHOOK_SECRET: secret });
    const before = await keyLines();
    await expect(rotateSecrets(running.hub.config, terminal)).rejects.toMatchObject({
      code: "E_DATA_LOCKED",
      remedy: expect.stringContaining("Stop the hub"),
    });
    expect(await keyLines()).toEqual(before);
    await running.stop();
  });

  test("can be rotated again after a kill at any step, and nothing is lost meanwhile", async () => {
    const config = loadConfig(home.env);
    await addUsers(config);
    const [oldKey = ""] = await keyLines();
    let newKey = "";
    for (const step of ["key added", "batch", "resealed"] as const) {
      const child = startProgram("./rotate-and-stop.ts", [config.dataDir, step]);
      const said = (await child.lines.next()).value as string | undefined;
      expect(said, child.errors()).toBe(step);
      await child.kill();
      const lines = await keyLines();
      newKey ||= lines[0] ?? "";
      expect(lines).toEqual([newKey, oldKey]);
      // Some are under either key: both are needed.
      if (step === "batch") expect(await openAll(config)).toEqual(everything);
    }
    await rotateSecrets(config, terminal);
    expect(await keyLines()).toEqual([newKey]);
    expect(printed).toContain("Still under an older key: 0");
    expect(await openAll(config)).toEqual(everything);
    expect(await readdir(config.dataDir)).not.toContain("master.key.draft");
  });

  test("a hub starts on what a rotation left, and on one that is half done", async () => {
    const config = loadConfig(home.env);
    const [before = ""] = await keyLines();
    const path = join(config.dataDir, "master.key");
    await writeFile(path, `${"ab".repeat(32)}\n${before}\n`);
    const running = await startHubAt(home, { CALCOM_WEBHOOK_SECRET: secret });
    await running.stop();
    expect(await openAll(config)).toEqual(everything);
    const results = await rotateSecrets(config, terminal);
    expect(results).toContainEqual(
      expect.objectContaining({ table: "app_user", resealed: USERS, remaining: 0 }),
    );
    expect(await keyLines()).toEqual(["ab".repeat(32)]);
    expect((await auditLines(config)).at(-1)).toEqual({
      actor_kind: "system",
      new: { resealed: USERS + OTHERS },
    });
  });
});

describe.runIf(!isEmbedded)("the key in the settings", () => {
  const newKey = "cd".repeat(32);

  test("is changed by restarting with both, rotating, and leaving the old one out", async () => {
    const first = await startHubAt(home, { CALCOM_WEBHOOK_SECRET: secret });
    const old = first.hub.config;
    await first.stop();
    await addUsers(old);
    const oldKey = home.env["SLOTWIRE_MASTER_KEY"] ?? "";
    const both = {
      ...home.env,
      SLOTWIRE_MASTER_KEY: newKey,
      SLOTWIRE_PREVIOUS_MASTER_KEYS: oldKey,
    };
    const running = await startHubAt({ ...home, env: both });
    expect(await openAll(loadConfig(both))).toEqual(everything);
    // The hub goes on meanwhile.
    await rotateSecrets(loadConfig(both), terminal);
    await running.stop();
    expect(printed).toContain("Still under an older key: 0");
    const alone = loadConfig({ ...home.env, SLOTWIRE_MASTER_KEY: newKey });
    expect(await openAll(alone)).toEqual(everything);
    expect(await auditLines(alone)).toEqual([
      { actor_kind: "system", new: { resealed: USERS + OTHERS } },
    ]);
    await expect(openAll(old)).rejects.toMatchObject({ code: "E_SECRET_UNREADABLE" });
  });

  test("is not changed while a process runs that does not know it, unless it is asked for", async () => {
    const env = { ...home.env, SLOTWIRE_MASTER_KEY: newKey };
    const running = await startHubAt({ ...home, env });
    const newest = "12".repeat(32);
    const both = { ...env, SLOTWIRE_MASTER_KEY: newest, SLOTWIRE_PREVIOUS_MASTER_KEYS: newKey };
    const statusOf = async (path: string) => (await running.app.inject({ url: path })).statusCode;
    try {
      await expect(rotateSecrets(loadConfig(both), terminal)).rejects.toMatchObject({
        code: "E_CONFIG",
        message: expect.stringMatching(
          /process \d+, running since [\s\S]*SLOTWIRE_PREVIOUS_MASTER_KEYS[\s\S]*--anyway/,
        ),
      });
      expect(printed).toBe("");
      expect([await statusOf("/readyz"), await statusOf("/health")]).toEqual([200, 200]);
      await rotateSecrets(loadConfig(both), terminal, { anyway: true });
      const ready = await running.app.inject({ url: "/readyz" });
      expect(ready.json()).toMatchObject({
        status: 503,
        code: "E_MASTER_KEY",
        title: expect.stringContaining("master key"),
      });
      expect(await statusOf("/health")).toBe(503);
    } finally {
      await running.stop();
    }
    // One with a wrong key starts, and says so; one that knows both is ready, and gone when stopped.
    for (const [settings, status] of [
      [env, 503],
      [both, 200],
    ] as const) {
      const hub = await startHubAt({ ...home, env: settings });
      expect((await hub.app.inject({ url: "/readyz" })).statusCode).toBe(status);
      await hub.stop();
    }
    const back = { ...env, SLOTWIRE_PREVIOUS_MASTER_KEYS: newest };
    await rotateSecrets(loadConfig(back), terminal);
  });

  test("a wrong key is told, and everything stays as it is", async () => {
    const wrong = loadConfig({ ...home.env, SLOTWIRE_MASTER_KEY: "ef".repeat(32) });
    await expect(rotateSecrets(wrong, terminal)).rejects.toMatchObject({
      code: "E_MASTER_KEY",
      message: expect.stringContaining("do not open what is stored"),
    });
    expect(printed).toBe("");
    const right = loadConfig({ ...home.env, SLOTWIRE_MASTER_KEY: newKey });
    expect(await openAll(right)).toEqual(everything);
    expect(await auditLines(right)).toHaveLength(3);
  });
});

describe.runIf(!isEmbedded)("a hub with a wrong key beside one that runs", () => {
  const settings = {
    CALCOM_WEBHOOK_SECRET: secret,
    CALCOM_API_KEY: "the key of Cal.com's API",
    MAKE_WEBHOOK_URL: "http://127.0.0.1:9/make",
    MAKE_WEBHOOK_SECRET: "the key of Make.com",
  };
  let own: HubHome;
  beforeAll(async () => {
    own = await createHubHome();
  });
  afterAll(() => own.remove());

  /** Every row that has secrets, as it is stored. */
  const stored = (config: Config): Promise<unknown[]> =>
    withDatabase(config, (db) =>
      db.transaction(system, (tx) =>
        tx.query(
          `SELECT to_jsonb(c) AS row FROM connection c UNION ALL SELECT to_jsonb(d) FROM destination d
           UNION ALL SELECT to_jsonb(k) FROM key_check k ORDER BY 1`,
        ),
      ),
    );

  test("leaves every secret and all work as it is, and says so", async () => {
    const healthy = await startHubAt(own, settings);
    const lines: string[] = [];
    try {
      const before = await stored(healthy.hub.config);
      const { db } = healthy.hub;
      await db.transaction(system, (tx) => tx.query("DELETE FROM schedule"));
      const wrong = await startHubAt(
        own,
        { ...settings, CALCOM_API_KEY: "another", SLOTWIRE_MASTER_KEY: "ef".repeat(32) },
        { log: pino({ level: "warn" }, { write: (line) => void lines.push(line) }) },
      );
      try {
        expect(await stored(healthy.hub.config)).toEqual(before);
        expect(lines.join("")).toContain("SLOTWIRE_MASTER_KEY");
        // Workers would have planned theirs.
        expect(await db.transaction(system, (tx) => tx.query("SELECT name FROM schedule"))).toEqual(
          [],
        );
        const ready = await wrong.app.inject({ url: "/readyz" });
        expect(ready.json()).toMatchObject({ status: 503, code: "E_MASTER_KEY" });
        expect(() => wrong.hub.secretBox.seal("anything")).toThrow(
          expect.objectContaining({ code: "E_MASTER_KEY" }),
        );
      } finally {
        await wrong.stop();
      }
      const found = await healthy.hub.connections.find(
        { orgId: healthy.hub.defaultOrgId, kind: "calcom" },
        { fresh: true },
      );
      expect(found).toMatchObject({ secret, apiKey: settings.CALCOM_API_KEY });
      expect((await healthy.app.inject({ url: "/readyz" })).statusCode).toBe(200);
    } finally {
      await healthy.stop();
    }
  });
});

describe("a master key that is lost", () => {
  const settings = {
    CALCOM_WEBHOOK_SECRET: secret,
    MAKE_WEBHOOK_URL: "http://127.0.0.1:9/make",
    MAKE_WEBHOOK_SECRET: "the key of Make.com",
  };
  const keyed = (byte: string): Environment => ({ SLOTWIRE_MASTER_KEY: byte.repeat(32) });
  let own: HubHome;
  beforeAll(async () => {
    own = await createHubHome();
  });
  afterAll(() => own.remove());

  const sql = <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
    withDatabase(loadConfig({ ...own.env, ...keyed("ab") }), (db) =>
      db.transaction(system, (tx) => tx.query<Row>(text, values)),
    );

  test("is left behind when that is asked for, and the environment's secrets are stored anew", async () => {
    await (await startHubAt(own, { ...settings, ...keyed("ef") })).stop();
    const config = loadConfig({ ...own.env, ...keyed("ab") });
    await expect(rotateSecrets(config, terminal)).rejects.toMatchObject({
      code: "E_MASTER_KEY",
      remedy: expect.stringContaining("--lost-key"),
    });
    await rotateSecrets(config, terminal, { lostKey: true });
    expect(printed).toContain("Restart every process");
    const running = await startHubAt(own, { ...settings, ...keyed("ab") });
    try {
      const { hub, app } = running;
      expect((await app.inject({ url: "/readyz" })).statusCode).toBe(200);
      const address = { orgId: hub.defaultOrgId, kind: "calcom" };
      // The old one cannot be opened, and so is not kept.
      expect(await hub.connections.find(address)).toMatchObject({ secret, previous: null });
      const [destination] = await hub.db.transaction(system, (tx) =>
        tx.query<{ id: string; key: Uint8Array }>(
          "SELECT id, auth_value_sealed AS key FROM destination",
        ),
      );
      expect(hub.secretBox.open(destination?.key ?? Buffer.of())).toBe("the key of Make.com");
      await rotateSecret(hub, hubAuthor(hub.defaultOrgId), destination?.id ?? "");
    } finally {
      await running.stop();
    }
    expect(
      await sql(
        `SELECT previous_secret_sealed, previous_secret_until FROM connection
         UNION ALL SELECT previous_secret_sealed, previous_secret_until FROM destination`,
      ),
    ).toEqual([
      { previous_secret_sealed: null, previous_secret_until: null },
      { previous_secret_sealed: null, previous_secret_until: null },
    ]);
  });

  test("keeps a rotation from its end only as long as a replaced secret counts", async () => {
    const lost = createSecretBox(Buffer.alloc(32, 1)).seal("replaced");
    const until = new Date("2030-01-01T12:00:00Z");
    await sql("UPDATE connection SET previous_secret_sealed = $1, previous_secret_until = $2", [
      lost,
      until,
    ]);
    const config = loadConfig({ ...own.env, ...keyed("ab") });
    const rotateAt = (now: Date) => rotateSecrets(config, terminal, { clock: { now: () => now } });
    await expect(rotateAt(new Date(until.getTime() - 1))).rejects.toMatchObject({
      code: "E_SECRET_UNREADABLE",
      message: expect.stringContaining("run this again after 2030-01-01T12:00:00.000Z"),
    });
    await rotateAt(until);
    expect(await sql("SELECT previous_secret_sealed FROM connection")).toEqual([
      { previous_secret_sealed: null },
    ]);
  });
});

test.runIf(isEmbedded)("the command ends with 0, or with 1 and what was wrong", async () => {
  const folder = await mkdtemp(join(tmpdir(), "slotwire-rotate-"));
  let errors = "";
  const process = {
    ...terminal,
    printError: (text: string) => void (errors += text),
    stopRequested: Promise.resolve(),
  };
  try {
    const { dataDir } = loadConfig(home.env);
    await writeFile(join(folder, ".env"), `SLOTWIRE_DATA_DIR=${dataDir}\nLOG_LEVEL=silent\n`);
    expect(await runCommand(["secrets", "rotate"], folder, process)).toBe(0);
    expect(printed).toContain("Still under an older key: 0");
    await writeFile(join(folder, ".env"), `SLOTWIRE_DATA_DIR=${join(folder, "data")}\n`);
    await writeFile(join(folder, "data"), "no folder");
    expect(await runCommand(["secrets", "rotate"], folder, process)).toBe(1);
    expect(errors).toContain("slotwire: ");
  } finally {
    await rm(folder, { recursive: true });
  }
});
