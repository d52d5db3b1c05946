import { startHub } from "../src/cli/start-hub.ts";
import { loadConfig } from "../src/config.ts";

/*
 * A whole hub in a process of its own, to be killed. Its only argument is its settings as JSON; it
 * prints its address when it listens.
 */
const settings = JSON.parse(process.argv[2] ?? "{}") as Record<string, string>;
const { address } = await startHub(loadConfig(settings), { dashboardFolder: "/no-dashboard" });
console.log(address);
