import { sqlStateOf } from "../db/sql-state.ts";
import { SlotwireError } from "../errors.ts";

const UNIQUE_VIOLATION = "23505";

/**
 * Runs a write whose only unique key is the destination's name.
 * @throws SlotwireError E_DESTINATION_NAME when another destination has that name
 */
export async function nameIsFree<Result>(
  name: string | undefined,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write();
  } catch (error) {
    if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error;
    throw new SlotwireError("E_DESTINATION_NAME", {
      detail: `There is a destination "${name ?? ""}" already.`,
      cause: error,
    });
  }
}
