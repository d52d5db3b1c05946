import { type Logger, pino } from "pino";

/** A hub's log of which its own mistakes are kept, and nothing else. */
export interface ErrorLog {
  readonly log: Logger;
  /** What was logged since the last call, as JSON lines. */
  readonly take: () => readonly string[];
}

/** Give its `log` to the hub. */
export function createErrorLog(): ErrorLog {
  const lines: string[] = [];
  const log = pino({ level: "error" }, { write: (line: string) => void lines.push(line) });
  return { log, take: () => lines.splice(0) };
}
