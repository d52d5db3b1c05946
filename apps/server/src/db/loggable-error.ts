import { sqlStateOf } from "./sql-state.ts";

/**
 * What the log may keep of an error. The words of a database error quote the values of rows,
 * which are people's data: its SQLSTATE and the stack say enough.
 */
export function loggableError(error: unknown): unknown {
  const state = sqlStateOf(error);
  if (state === null || !(error instanceof Error)) return error;
  const safe = new Error(`database error ${state}`);
  const stack = error.stack?.split("\n    at ").slice(1) ?? [];
  safe.stack = [`Error: ${safe.message}`, ...stack].join("\n    at ");
  return safe;
}
