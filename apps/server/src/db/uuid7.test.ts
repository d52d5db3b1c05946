import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestDatabase, type TestDatabase } from "../../test/test-database.ts";
import { system } from "./database.ts";
import { firstUuid7At } from "./first-uuid7-at.ts";

let opened: TestDatabase;
beforeAll(async () => {
  opened = await openTestDatabase(1);
});
afterAll(() => opened.close());

test("an id that the database makes is of a millisecond that has begun", async () => {
  const rows = await opened.db.transaction(system, (tx) =>
    tx.query<{ id: string; now: number }>(
      `SELECT made.id, floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now
         FROM generate_series(1, 2000) n, LATERAL (SELECT uuid7() AS id, n OFFSET 0) made`,
    ),
  );
  expect(rows).toHaveLength(2000);
  const early = rows.filter(({ id, now }) => id >= firstUuid7At(new Date(now + 1)));
  expect(early).toEqual([]);
  expect(new Set(rows.map(({ id }) => id[14]))).toEqual(new Set(["7"]));
});
