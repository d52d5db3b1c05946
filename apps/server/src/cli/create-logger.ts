import { type DestinationStream, type Logger, pino } from "pino";
import { loggableError } from "../db/loggable-error.ts";
import { terminalLog } from "./terminal-log.ts";

/** Members that must never be in the log, wherever somebody may put them by mistake. */
const secretNames = ["authorization", "cookie", "secret", "token", "password", "apiKey", "body"];

/** Standard error: readable in a terminal, JSON lines for whoever collects them. */
function standardError(): DestinationStream {
  return process.stderr.isTTY
    ? terminalLog((text) => void process.stderr.write(text))
    : pino.destination(2);
}

/**
 * Makes the hub's log. It goes to standard error, so that standard output is for people.
 * @param level of pino, or `silent`
 */
export function createLogger(level: string, stream: DestinationStream = standardError()): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
        censor: "[secret]",
      },
      serializers: { err: serializeError },
    },
    stream,
  );
}

/**
 * Whether an error's words repeat what was given: those of JSON.parse and zod do, the RangeErrors
 * of Temporal and Intl, what Node says of an argument, and what fetch says of an address.
 */
function quotesInput(error: Error): boolean {
  if (error instanceof TypeError && /\bURL\b/.test(error.message)) return true;
  if (error instanceof SyntaxError || error instanceof RangeError) return true;
  const ofArgument = "code" in error && /^ERR_INVALID_(ARG|URL)/.test(String(error.code));
  return ofArgument || error.name === "ZodError" || error.name === "$ZodError";
}

/** The error with its causes, none of which may quote rows of the database. */
function serializeError(error: unknown): unknown {
  const safe = loggableError(error);
  // What is no error may be anything, a text or a whole row.
  if (!(safe instanceof Error)) return { type: typeof safe };
  const { name, message, stack = "", cause } = safe;
  const frames = stack.slice(Math.max(0, stack.indexOf("\n    at ")));
  return {
    type: name,
    ...("code" in safe ? { code: safe.code } : {}),
    message: quotesInput(safe) ? "" : message,
    stack: quotesInput(safe) ? `${name}${frames}` : stack,
    ...(cause === undefined ? {} : { cause: serializeError(cause) }),
  };
}
