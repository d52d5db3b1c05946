/**
 * Files are named after what they export: a file called `utils.ts` has no subject. A folder of the
 * server that is not in the table of rooms has no walls.
 */
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { report, repositoryFiles, root } from "./check-report.ts";
import { rooms } from "./rooms.ts";

const meaningless = /^(utils?|helpers?|common|misc|shared)\.(test\.)?[cm]?[jt]sx?$/;

const badNames = repositoryFiles()
  .filter((file) => meaningless.test(basename(file)))
  .map((file) => `${file}: name the file after what it exports`);

const strangers = readdirSync(new URL("apps/server/src/", root))
  .filter((entry) => !entry.endsWith(".test.ts"))
  .filter((entry) => !Object.hasOwn(rooms, entry.replace(/\.ts$/, "")))
  .map((entry) => `apps/server/src/${entry}: not in the table of rooms (scripts/rooms.ts)`);

report([...badNames, ...strangers]);
