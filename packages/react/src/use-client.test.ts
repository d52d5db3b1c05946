import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

test("what runs in the browser alone says so to React Server Components", () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
  const sources = files.filter(
    (file) => /(\buse-[^/\\]+\.ts|\.tsx|-context\.ts)$/.test(file) && !file.includes(".test."),
  );
  expect(sources.length).toBeGreaterThan(40);
  const silent = sources.filter(
    (file) => !readFileSync(join(import.meta.dirname, file), "utf8").startsWith('"use client";\n'),
  );
  expect(silent).toEqual([]);
});
