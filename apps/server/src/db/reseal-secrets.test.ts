import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import {
  createTestConnection,
  createTestOrganisation,
  openTestDatabase,
  type TestDatabase,
} from "../../test/test-database.ts";
import { system } from "./database.ts";
import { resealSecrets } from "./reseal-secrets.ts";
import { createSecretBox, type SecretBox } from "./secret-box.ts";

const [newKey, oldKey, strangeKey] = [1, 2, 3].map((n) => Buffer.alloc(32, n)) as [
  Buffer,
  Buffer,
  Buffer,
];
const ring = createSecretBox([newKey, oldKey]);
const newBox = createSecretBox(newKey);
const oldBox = createSecretBox(oldKey);

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());
beforeEach(async () => {
  for (const table of ["destination_pace", "destination", "connection", "app_user"]) {
    await opened.db.script(`DELETE FROM ${table}`);
  }
});

const query = <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
  opened.db.transaction(system, (tx) => tx.query<Row>(text, values));

async function addUser(sealed: Uint8Array | null): Promise<string> {
  const id = randomUUID();
  await query("INSERT INTO app_user (id, name, totp_sealed) VALUES ($1, 'A user', $2)", [
    id,
    sealed,
  ]);
  return id;
}

async function totpOf(id: string): Promise<Uint8Array> {
  const [row] = await query<{ sealed: Uint8Array }>(
    "SELECT totp_sealed AS sealed FROM app_user WHERE id = $1",
    [id],
  );
  return row?.sealed ?? Buffer.of();
}

async function addSecrets(box: SecretBox): Promise<void> {
  const { orgId } = await createTestOrganisation(opened.db);
  const { connectionId } = await createTestConnection(opened.db, orgId);
  await query(
    "UPDATE connection SET secret_sealed = $2, previous_secret_sealed = $3 WHERE id = $1",
    [connectionId, box.seal("connection"), box.seal("connection before")],
  );
  await query(
    `INSERT INTO destination (org_id, id, name, url, profile, event_types, payload_mode, ordering,
       origin, secret_sealed, previous_secret_sealed, auth_header, auth_value_sealed, created_at)
     VALUES ($1, $2, 'D', 'https://d.example/', 'standard', '{*}', 'thin', 'none', 'user', $3, $4,
       'x-key', $5, now())`,
    [orgId, randomUUID(), box.seal("destination"), box.seal("d before"), box.seal("d key")],
  );
  await addUser(box.seal("totp"));
}

/** Every sealed value of the database, opened. */
async function openAll(box: SecretBox): Promise<string[]> {
  const rows = await query<{ sealed: Uint8Array }>(
    `SELECT unnest(ARRAY[secret_sealed, previous_secret_sealed]) AS sealed FROM connection
     UNION ALL
     SELECT unnest(ARRAY[secret_sealed, previous_secret_sealed, auth_value_sealed]) FROM destination
     UNION ALL
     SELECT totp_sealed FROM app_user WHERE totp_sealed IS NOT NULL`,
  );
  return rows.map(({ sealed }) => box.open(sealed)).toSorted();
}

const everything = ["connection", "connection before", "d before", "d key", "destination", "totp"];
const sumOf = (rows: readonly { resealed: number }[]): number =>
  rows.reduce((sum, { resealed }) => sum + resealed, 0);

describe("sealing everything anew", () => {
  test("leaves nothing that needs the old key, and the secrets as they were", async () => {
    await addSecrets(oldBox);
    const results = await resealSecrets(opened.db, ring);
    expect(sumOf(results)).toBe(everything.length);
    expect(results.map(({ remaining }) => remaining)).toEqual(results.map(() => 0));
    expect(await openAll(newBox)).toEqual(everything);
  });

  test("does nothing to what the newest key sealed", async () => {
    const sealed = newBox.seal("totp");
    const id = await addUser(sealed);
    expect(sumOf(await resealSecrets(opened.db, ring))).toBe(0);
    expect(Buffer.from(await totpOf(id))).toEqual(Buffer.from(sealed));
  });

  test("takes many rows in batches, and goes on where it was broken off", async () => {
    for (let n = 0; n < 7; n++) await addUser(oldBox.seal(`totp ${n}`));
    let batches = 0;
    const brokenOff = resealSecrets(opened.db, ring, {
      batch: 2,
      onBatch: async () => {
        if ((batches += 1) === 2) throw new Error("broken off");
      },
    });
    await expect(brokenOff).rejects.toThrow("broken off");
    expect(await openAll(ring)).toHaveLength(7);
    expect(sumOf(await resealSecrets(opened.db, ring, { batch: 2 }))).toBe(3);
    expect(await openAll(newBox)).toHaveLength(7);
  });

  test("leaves what is damaged or under an unknown key, and says how much", async () => {
    const damaged = Buffer.from(oldBox.seal("damaged"));
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    const ids = [await addUser(damaged), await addUser(createSecretBox(strangeKey).seal("s"))];
    const before = await Promise.all(ids.map(totpOf));
    for (let n = 0; n < 3; n++) await addUser(oldBox.seal("whole"));
    const results = await resealSecrets(opened.db, ring, { batch: 1 });
    expect(results).toContainEqual({
      table: "app_user",
      column: "totp_sealed",
      resealed: 3,
      damaged: 1,
      remaining: 2,
    });
    expect(await Promise.all(ids.map(totpOf))).toEqual(before);
  });

  test("does not lose a secret that is replaced at the same time", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => addUser(oldBox.seal("old"))));
    const replace = (id: string): Promise<unknown> =>
      query("UPDATE app_user SET totp_sealed = $2 WHERE id = $1", [id, newBox.seal("new")]);
    await Promise.all([
      resealSecrets(opened.db, ring, { batch: 3 }),
      ...ids.slice(0, 10).map(replace),
    ]);
    const secrets = (await Promise.all(ids.map(totpOf))).map((sealed) => newBox.open(sealed));
    expect(secrets).toEqual(ids.map((_id, index) => (index < 10 ? "new" : "old")));
  });
});

describe("which columns are sealed", () => {
  test("a column that a later version adds is found by its name", async () => {
    await opened.db.script(`
      CREATE TABLE later (a text, b int, token_sealed bytea, other_sealed bytea, PRIMARY KEY (b, a));
      SELECT protect_system_table('later');`);
    try {
      await query("INSERT INTO later VALUES ('x', 1, $1, NULL), ('y', 1, NULL, $2)", [
        oldBox.seal("token"),
        oldBox.seal("other"),
      ]);
      const results = await resealSecrets(opened.db, ring);
      expect(results.filter(({ table }) => table === "later")).toEqual([
        { table: "later", column: "token_sealed", resealed: 1, damaged: 0, remaining: 0 },
        { table: "later", column: "other_sealed", resealed: 1, damaged: 0, remaining: 0 },
      ]);
      const rows = await query<{ sealed: Uint8Array }>(
        "SELECT coalesce(token_sealed, other_sealed) AS sealed FROM later ORDER BY a",
      );
      expect(rows.map(({ sealed }) => newBox.open(sealed))).toEqual(["token", "other"]);
    } finally {
      await opened.db.script("DROP TABLE later");
    }
  });

  test("no column hides secrets under another name or type", async () => {
    const columns = await query<{ name: string }>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
        WHERE table_schema = 'public'
          AND (data_type = 'bytea' AND column_name NOT LIKE '%\\_sealed'
               AND column_name NOT LIKE '%\\_hash'
            OR data_type <> 'bytea' AND column_name LIKE '%sealed%')
        ORDER BY 1`,
    );
    expect(columns.map(({ name }) => name)).toEqual([
      "attempt_throttle.key",
      "inbound_message.body",
      "inbound_message.dedupe_key",
      "inbound_message.event_key",
    ]);
  });
});
