import { runCommand } from "./cli/run-command.ts";

/**
 * The first signal drains the hub. A second one ends the process at once, by the signal itself,
 * because nobody handles it any more.
 */
const stopRequested = new Promise<void>((resolve) => {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const stop = (): void => {
    for (const signal of signals) process.removeListener(signal, stop);
    resolve();
  };
  for (const signal of signals) process.on(signal, stop);
  // Whoever started us by a channel was killed: a hub that nobody holds would keep port and data.
  process.once("disconnect", stop);
  process.channel?.unref();
});

process.exitCode = await runCommand(process.argv.slice(2), process.cwd(), {
  print: (text) => void process.stdout.write(text),
  printError: (text) => void process.stderr.write(text),
  stopRequested,
});
