import type { DestinationStream } from "pino";
import { levels } from "pino";

interface LogLine {
  readonly level: number;
  readonly time: string;
  readonly msg?: string;
  readonly err?: { readonly message?: string; readonly stack?: string };
  readonly [name: string]: unknown;
}

/**
 * Shows log lines to a person: time (UTC), level, message, and the rest as `name=value`.
 * @param print where to; a terminal's standard error
 */
export function terminalLog(print: (text: string) => void): DestinationStream {
  return { write: (line) => print(`${readable(line)}\n`) };
}

function readable(line: string): string {
  const { level, time, msg = "", err, reqId: _reqId, ...rest } = JSON.parse(line) as LogLine;
  const name = levels.labels[level] ?? String(level);
  const values = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === "string" ? value : JSON.stringify(value)}`,
  );
  const trouble = err === undefined ? [] : [`\n${err.stack ?? err.message ?? ""}`];
  return [time.slice(11, 19), name.padEnd(5), msg, ...values, ...trouble].join(" ");
}
