import pg from "pg";
import { SlotwireError } from "../errors.ts";

/** The server is shutting down or starting (57P01–57P03), or has no connection left (53300). */
const unavailableStates: readonly string[] = ["57P01", "57P02", "57P03", "53300"];
const networkCodes = /^E(CONN|TIMEDOUT|PIPE|HOST|NET|NOTFOUND|AI_AGAIN)/;

/**
 * Passes on what a call of the driver answers.
 * @throws SlotwireError E_UNAVAILABLE when the call failed because the server is not there;
 *   any other error as it is
 */
export async function orUnavailable<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    if (isUnavailable(error)) throw new SlotwireError("E_UNAVAILABLE", { cause: error });
    throw error;
  }
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return unavailableStates.includes(error.code ?? "");
  if (!(error instanceof Error)) return false;
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (networkCodes.test(code)) return true;
  // Several addresses were tried, and none answered.
  if (error instanceof AggregateError) return error.errors.some(isUnavailable);
  // The driver's own errors have neither class nor code (pg 8.23).
  return /timeout exceeded when trying to connect|Connection terminated|not queryable/.test(
    error.message,
  );
}
