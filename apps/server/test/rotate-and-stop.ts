import { setInterval } from "node:timers";
import { rotateSecrets } from "../src/cli/rotate-secrets.ts";
import { loadConfig } from "../src/config.ts";

/* Rotates the secrets of the embedded database in the data folder that is its first argument, two
   rows at a time. At the step that is its second argument it says so, and stands still until it is
   killed. */

const [dataDir = "", stopAt = ""] = process.argv.slice(2);
await rotateSecrets(
  loadConfig({ SLOTWIRE_DATA_DIR: dataDir }),
  { print: () => {} },
  {
    batch: 2,
    async onStep(step) {
      if (step !== stopAt) return;
      process.stdout.write(`${step}\n`);
      setInterval(() => {}, 60_000);
      await new Promise(() => {});
    },
  },
);
