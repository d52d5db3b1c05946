/**
 * Writes `docs/settings.md` from the table in `apps/server/src/config/settings.ts`.
 *
 *     node scripts/generate-settings.ts            writes it
 *     node scripts/generate-settings.ts --check    fails when it is not what it would write
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Setting, settings } from "../apps/server/src/config/settings.ts";
import { report, root } from "./check-report.ts";

const file = new URL("docs/settings.md", root);

const introduction = `# Settings

Generated from \`apps/server/src/config/settings.ts\` by \`npm run docs:settings\`: change them there.

Settings come from the environment, or from a file \`.env\` in the folder where the hub is started;
the environment wins. An empty value counts as not set. Behind a number, a list or a word, a
\`# comment\` is left out; a secret is taken as it is. A wrong value stops the start with a message
that names the setting.
`;

const row = ([name, { doc, otherwise }]: [string, Setting]): string =>
  `| \`${name}\` | ${doc} | ${otherwise} |`;

const text = [
  introduction,
  "| Setting | What it does | When it is not set |",
  "| --- | --- | --- |",
  ...Object.entries(settings).map(row),
  "",
].join("\n");

if (process.argv.includes("--check")) {
  const current = existsSync(file) ? readFileSync(file, "utf8") : "";
  report(current === text ? [] : ["docs/settings.md is out of date: run `npm run docs:settings`"]);
} else {
  writeFileSync(file, text);
}
