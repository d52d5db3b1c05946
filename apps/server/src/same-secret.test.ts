import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { sameSecret } from "./same-secret.ts";

test("secrets are equal when all of them is, as text or as bytes", () => {
  expect(sameSecret("a secret", "a secret")).toBe(true);
  expect(sameSecret(Buffer.from("a secret"), "a secret")).toBe(true);
  for (const other of ["", "a secre", "a secret ", "A secret", "another"]) {
    expect(sameSecret(other, "a secret")).toBe(false);
  }
});

const secretName = String.raw`[\w.?]*(?:[sS]ecret|[tT]oken|[sS]ignature|[pP]assword|[dD]igest|[hH]ash|[hH]mac)`;
/** What a secret may be compared with openly: nothing is learnt from its being absent. */
const absent = String.raw`(?:null|undefined|true|false|""|'')`;
const forwards = new RegExp(
  String.raw`(?<!typeof )(?<![\w.?])${secretName}\s*[!=]==?(?![!=])(?!\s*${absent})`,
);
const backwards = new RegExp(String.raw`(?<!${absent})\s[!=]==?\s+${secretName}(?![\w.?(])`);

/** Lines that look like it, and are none. */
const harmless: readonly string[] = [
  // The letters by which kinds of keys are told apart.
  "letter === letters.secret",
  // What Cal.com writes instead of a signature.
  "signature === NO_SECRET",
];

/** Whether a line compares a secret so that the time it takes tells where it differs. */
const comparesOpenly = (line: string): boolean =>
  (forwards.test(line) || backwards.test(line)) && !harmless.some((part) => line.includes(part));

test("an open comparison of a secret is recognised, and of nothing else", () => {
  for (const line of [
    "if (given === secret) return true;",
    "return apiToken !== expected;",
    "const same = body.password == other;",
    "if (row?.key_hash === hash) {",
    "x.signature === `${y}`",
  ]) {
    expect(comparesOpenly(line), line).toBe(true);
  }
  for (const line of [
    "if (secret === null) return;",
    'if (secret === "") continue;',
    "return token !== undefined && ok;",
    'typeof password === "string"',
    "if (null === token) return;",
    'if (kind === "secret") return;',
    "const secret = given;",
    "hashOf(key) === 1",
    "secretNames.length === 0",
  ]) {
    expect(comparesOpenly(line), line).toBe(false);
  }
});

test("no secret is compared but by sameSecret", () => {
  const root = fileURLToPath(new URL("./", import.meta.url));
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "same-secret.ts",
  );
  expect(files.length).toBeGreaterThan(200);
  const found = files.flatMap((file) =>
    readFileSync(`${root}${file}`, "utf8")
      .split("\n")
      .map((line, index) => ({ line, where: `${file}:${index + 1}: ${line.trim()}` }))
      .filter(({ line }) => comparesOpenly(line) || line.includes("timingSafeEqual"))
      .map(({ where }) => where),
  );
  expect(found).toEqual([]);
});
