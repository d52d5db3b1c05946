/**
 * Passes signals on, each once: npm repeats what the terminal has already sent. Ctrl-C in a
 * terminal reaches the whole group, so there the programs have it without us.
 */
export function forwardSignals(children) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    let forwarded = signal === "SIGINT" && process.stdin.isTTY;
    process.on(signal, () => {
      if (!forwarded) for (const child of children) child.kill(signal);
      forwarded = true;
    });
  }
}
