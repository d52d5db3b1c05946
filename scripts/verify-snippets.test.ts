import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import {
  snippetLanguages,
  verifySnippets,
} from "../apps/dashboard/src/screens/destinations/verify-snippets.ts";

const packageFile = createRequire(import.meta.url).resolve("typescript/package.json");
const compiler = join(dirname(packageFile), "bin/tsc");

/** A program of somebody who took the snippet over, and asks their compiler for all it can find. */
const caller = `
import { createServer } from "node:http";
import { verify } from "./verify.js";
createServer((request) => verify("", request.headers));
export const ofFetch = (request: Request) =>
  request.text().then((body) => verify(body, Object.fromEntries(request.headers)));
`;

/** What the strictest settings say of some files; empty when nothing is wrong. */
function compilerSays(files: Readonly<Record<string, string>>): string {
  // Below this folder, so that the compiler finds the packages that the snippet asks for.
  const folder = mkdtempSync(join(import.meta.dirname, ".snippet-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const compilerOptions = {
      strict: true,
      noEmit: true,
      target: "es2024",
      lib: ["es2024", "dom", "dom.iterable"],
      module: "nodenext",
      types: ["node"],
      skipLibCheck: true,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    execFileSync(process.execPath, [compiler, "-p", folder], { encoding: "utf8" });
    return "";
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it(
  "gives receivers a snippet in TypeScript that compiles as it stands",
  { timeout: 60_000 },
  () => {
    expect(compilerSays({ "verify.ts": verifySnippets.TypeScript, "caller.ts": caller })).toBe("");
    // The compiler did look.
    expect(compilerSays({ "wrong.ts": "export const wrong = (body) => body;" })).toContain(
      "TS7006",
    );
  },
);

it.each(snippetLanguages)("names the secret in %s as the guides do", (language) => {
  expect(verifySnippets[language].match(/SLOTWIRE_\w+/g)).toContain("SLOTWIRE_WEBHOOK_SECRET");
  expect(verifySnippets[language]).not.toMatch(/SLOTWIRE_SECRET/);
});
