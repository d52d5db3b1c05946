import { setInterval } from "node:timers";
import { lockDataFolder } from "../src/db/data-lock.ts";

/* Locks the data folder that is its argument, says so, and keeps it until it is killed. */

try {
  await lockDataFolder(process.argv[2] ?? "");
  process.stdout.write("locked\n");
  setInterval(() => {}, 60_000);
} catch (error) {
  process.stdout.write(`${(error as { code?: string }).code} ${(error as Error).message}\n`);
}
