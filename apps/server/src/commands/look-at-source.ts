import type { ReportedBooking, SourceApi } from "../connectors/connector.ts";
import type { SourceConnection } from "../inbox/connections/source-connection.ts";
import type { CommandDeps } from "./command-deps.ts";
import type { DueCommand } from "./command-queue.ts";
import { recordReport } from "./record-report.ts";
import { readTarget, type Target } from "./target.ts";

/** A booking that was moved more often while nobody told of it is left to the comparison. */
const MAX_MOVES = 5;

/** What is looked at, and by whom. */
export interface Look {
  readonly connection: SourceConnection;
  readonly api: SourceApi;
  readonly command: DueCommand;
}

/**
 * Asks the source how the booking is, follows it to its newest id, and records what it says.
 * @returns the booking afterwards
 * @throws SourceApiError
 */
export async function lookAtSource(
  deps: CommandDeps,
  { connection, api, command }: Look,
  target: Target,
): Promise<Target> {
  if (target.uid === null) return target;
  let report = await api.getBooking(target.uid);
  for (let moves = 0; report?.nextUid != null && moves < MAX_MOVES; moves += 1) {
    const next: ReportedBooking | null = await api.getBooking(report.nextUid);
    // Without its predecessor the hub would not know whose it is.
    if (next !== null && moves > 0) await recordReport(deps, connection, target.booking, report);
    report = next;
  }
  if (report !== null) await recordReport(deps, connection, target.booking, report);
  return readTarget(deps, command);
}
