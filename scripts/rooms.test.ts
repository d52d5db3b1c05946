import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { roomRules } from "./room-rules.ts";

const oxlint = fileURLToPath(new URL("../node_modules/oxlint/bin/oxlint", import.meta.url));

/** Importing file, imported module. */
const forbidden: readonly (readonly [string, string])[] = [
  ["apps/server/src/domain/decide.ts", "../db/database.ts"],
  ["apps/server/src/domain/decide.ts", "../config.ts"],
  ["apps/server/src/domain/decide.ts", "node:fs"],
  ["apps/server/src/domain/decide.ts", "pg"],
  ["apps/server/src/domain/decide.test.ts", "../db/database.ts"],
  ["apps/server/src/domain/deeper/merge.ts", "../../ledger/record.ts"],
  ["apps/server/src/ledger/record.ts", "../inbox/receive.ts"],
  ["apps/server/src/ledger/record.ts", "pg"],
  ["apps/server/src/inbox/receive.ts", "../destinations/deliver.ts"],
  ["apps/server/src/inbox/receive.ts", "../config.ts"],
  ["apps/server/src/db/database.ts", "../domain/booking.ts"],
  ["apps/server/src/jobs/loops.ts", "../http/app.ts"],
  ["apps/server/src/jobs/loops.ts", "fastify"],
  ["apps/server/src/access/sign-in.ts", "../mail/mailer.ts"],
  ["apps/server/src/http/app.ts", "nodemailer"],
  ["apps/server/src/errors.ts", "./db/database.ts"],
  ["apps/server/src/clock.ts", "./config.ts"],
  ["apps/server/src/config.ts", "./db/database.ts"],
  ["apps/server/src/config/settings.ts", "../db/database.ts"],
  ["apps/server/src/inbox/receive.ts", "../config/settings.ts"],
  ["apps/server/src/connectors/calcom/interpret.ts", "../../db/database.ts"],
  ["apps/server/src/connectors/calcom/interpret.ts", "../../config.ts"],
  ["apps/server/src/connectors/calcom/interpret.ts", "../google/client.ts"],
  ["apps/server/src/connectors/calcom/interpret.ts", "../../connectors/google/client.ts"],
  ["apps/server/src/connectors/calcom/interpret.test.ts", "../google/client.ts"],
  ["apps/server/src/connectors/calcom/interpret.ts", "kysely"],
  ["apps/server/src/http/app.ts", "@slotwire/client"],
  ["apps/server/src/http/app.ts", "../../../../packages/contract/src/index.ts"],
  ["apps/server/src/http/app.ts", "../main.ts"],
  ["packages/contract/src/booking.ts", "kysely"],
  ["packages/contract/src/booking.ts", "node:crypto"],
  ["packages/contract/src/booking.ts", "@slotwire/server"],
  ["packages/client/src/client.ts", "zod"],
  ["packages/client/src/client.ts", "node:fs/promises"],
  ["packages/client/src/node/file-outbox.ts", "node:net"],
  ["packages/client/src/client.ts", "react"],
  ["packages/react/src/hook.ts", "@slotwire/dashboard"],
  ["apps/dashboard/src/app.tsx", "@slotwire/server"],
  ["apps/dashboard/src/app.tsx", "../../server/src/db/database.ts"],
];

const allowed: readonly (readonly [string, string])[] = [
  ["apps/server/src/main.ts", "./db/database.ts"],
  ["apps/server/src/config.ts", "./config/settings.ts"],
  ["apps/server/src/config/settings.ts", "../errors.ts"],
  ["apps/server/src/cli/serve.ts", "../http/app.ts"],
  ["apps/server/src/demo/sources.ts", "../connectors/memory/connector.ts"],
  ["apps/server/src/domain/decide.ts", "../errors.ts"],
  ["apps/server/src/domain/decide.ts", "../clock.ts"],
  ["apps/server/src/domain/decide.ts", "@slotwire/contract"],
  ["apps/server/src/domain/deeper/merge.ts", "../booking.ts"],
  ["apps/server/src/ledger/record.ts", "../domain/decide.ts"],
  ["apps/server/src/ledger/record.ts", "kysely"],
  ["apps/server/src/ledger/record.test.ts", "../inbox/receive.ts"],
  ["apps/server/src/db/postgres.ts", "pg"],
  ["apps/server/src/connectors/calcom/interpret.ts", "../connector.ts"],
  ["apps/server/src/connectors/calcom/interpret.ts", "../../domain/booking.ts"],
  ["apps/server/src/connectors/calcom/interpret.ts", "./errors.ts"],
  ["apps/server/src/http/app.ts", "../jobs/loops.ts"],
  ["packages/contract/src/booking.ts", "zod"],
  ["packages/contract/src/booking.ts", "./list.ts"],
  ["packages/client/src/client.ts", "@slotwire/contract"],
  ["packages/client/src/node/file-outbox.ts", "node:fs/promises"],
  ["packages/client/src/node/file-lease.ts", "node:os"],
  ["packages/react/src/hook.ts", "react"],
  ["apps/dashboard/src/app.tsx", "@slotwire/react"],
];

/** The forms in which a module can be imported, each on one line. */
const forms: readonly ((module: string, name: string) => string)[] = [
  (module, name) => `import { ${name} } from "${module}";`,
  (module, name) => `import type { ${name} } from "${module}";`,
  (module, name) => `export { ${name} } from "${module}";`,
  (module, name) => `export const ${name} = import("${module}");`,
];

let folder: string;
/** Lines that the linter reported, as `file:line`. */
let reported: ReadonlySet<string>;
const lines = new Map<string, string[]>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "slotwire-rooms-"));
  const config = {
    plugins: [],
    categories: { correctness: "off" },
    overrides: roomRules(["calcom", "google", "memory"]),
  };
  await writeFile(join(folder, ".oxlintrc.json"), JSON.stringify(config));
  for (const [file, module] of [...forbidden, ...allowed]) addImports(file, module);
  for (const [file, text] of lines) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text.join("\n"));
  }
  reported = await reportedLines();
}, 30_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(forbidden)("%s may not import %s, in no form", (file, module) => {
  expect(reportedForms(file, module)).toEqual(forms.map(() => true));
});

test.each(allowed)("%s may import %s", (file, module) => {
  expect(reportedForms(file, module)).toEqual(forms.map(() => false));
});

function addImports(file: string, module: string): void {
  const text = lines.get(file) ?? [];
  for (const form of forms) text.push(form(module, `name${text.length}`));
  lines.set(file, text);
}

function reportedForms(file: string, module: string): boolean[] {
  return (lines.get(file) ?? [])
    .map((text, index) => ({ text, at: `${file}:${index + 1}` }))
    .filter(({ text }) => text.includes(`"${module}"`))
    .map(({ at }) => reported.has(at));
}

async function reportedLines(): Promise<ReadonlySet<string>> {
  const output = await new Promise<string>((resolve) => {
    // The linter exits with 1 when it finds something.
    execFile(process.execPath, [oxlint, "-f", "unix"], { cwd: folder }, (_, stdout) =>
      resolve(stdout),
    );
  });
  return new Set(output.split("\n").map((line) => line.split(":").slice(0, 2).join(":")));
}
