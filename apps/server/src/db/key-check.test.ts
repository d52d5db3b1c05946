import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { system } from "./database.ts";
import { ensureKeyCheck, opensStored } from "./key-check.ts";
import { createSecretBox } from "./secret-box.ts";

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase();
});
afterAll(() => opened.close());

test("a process with another master key finds out, until nothing is left that needs the first", async () => {
  const { db } = opened;
  const [first, second] = [randomBytes(32), randomBytes(32)];
  const [one, other] = [createSecretBox(first), createSecretBox(second)];
  const both = createSecretBox([second, first]);
  expect(await opensStored(db, other)).toBe(true);
  await ensureKeyCheck(db, one);
  await db.transaction(system, (tx) =>
    tx.query("INSERT INTO app_user (id, name, totp_sealed) VALUES (uuid7(), 'A user', $1)", [
      one.seal("secret"),
    ]),
  );
  await ensureKeyCheck(db, other);
  expect(await opensStored(db, other)).toBe(false);
  expect(await opensStored(db, one)).toBe(true);
  expect(await opensStored(db, both)).toBe(true);
  await db.transaction(system, (tx) => tx.query("UPDATE app_user SET totp_sealed = NULL"));
  await ensureKeyCheck(db, other);
  expect(await opensStored(db, other)).toBe(true);
});
