/**
 * Runs a program of others, which takes no notice of its launcher: `node --watch`, Vite. When the
 * launcher is killed its channel ends, and with it the program.
 *
 *     node scripts/end-with-launcher.mjs PROGRAM [ARGUMENT …]      what follows is node's
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { forwardSignals } from "./forward-signals.mjs";

const child = spawn(process.execPath, process.argv.slice(2), { stdio: "inherit" });
forwardSignals([child]);
process.once("disconnect", () => child.kill("SIGTERM"));
// The channel alone keeps nobody alive.
process.channel?.unref();
child.once("exit", (code, signal) => {
  process.exitCode = code ?? 128 + (constants.signals[signal] ?? 0);
});
