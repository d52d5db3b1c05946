/** Documents name files that exist: relative links, and paths in backticks. */
import { existsSync, readFileSync } from "node:fs";
import { report, repositoryFiles, root } from "./check-report.ts";

const documents = repositoryFiles().filter((file) => /^([^/]+|docs\/.+)\.md$/.test(file));
const link = /\]\(\s*<?([^)\s>]+)>?[^)]*\)/g;
const mention = /`((?:apps|packages|scripts|bench|docs|e2e|examples|\.ci)\/[^`\s]*)`/g;

report(documents.flatMap(missingIn));

function missingIn(document: string): string[] {
  return withoutFences(readFileSync(new URL(document, root), "utf8"))
    .split("\n")
    .flatMap((line, index) => [
      ...brokenLinks(document, line).map(
        (name) => `${document}:${index + 1}: no such file ${name}`,
      ),
      ...brokenMentions(line).map((name) => `${document}:${index + 1}: no such path ${name}`),
    ]);
}

/** Blanks fenced code and keeps the line numbers. */
function withoutFences(markdown: string): string {
  return markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, (fence) => fence.replaceAll(/[^\n]/g, ""));
}

function brokenLinks(document: string, line: string): string[] {
  return [...line.matchAll(link)]
    .map((match) => match[1] ?? "")
    .filter((target) => !/^([a-z][a-z0-9+.-]*:|#|\/)/i.test(target))
    .filter(
      (target) => !existsSync(new URL(target.replace(/[?#].*$/, ""), new URL(document, root))),
    );
}

/** A path with a placeholder (`<kind>`, `*`, `…`) stands for many and is not looked up. */
function brokenMentions(line: string): string[] {
  return [...line.matchAll(mention)]
    .map((match) => (match[1] ?? "").replace(/[#:].*$/, ""))
    .filter((path) => !/[<>*{}…]|\.\.\./.test(path))
    .filter((path) => !existsSync(new URL(path, root)));
}
