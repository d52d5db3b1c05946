import type { SourceApi } from "../connectors/connector.ts";
import type { SourceConnection } from "../inbox/connections/source-connection.ts";
import { asFormerBooking, readChain } from "../reconcile/read-chain.ts";
import type { CommandDeps } from "./command-deps.ts";
import type { DueCommand } from "./command-queue.ts";
import { recordReport } from "./record-report.ts";
import { readTarget, type Target } from "./target.ts";

/** What is looked at, and by whom. */
export interface Look {
  readonly connection: SourceConnection;
  readonly api: SourceApi;
  readonly command: DueCommand;
}

/**
 * Asks the source how the booking is, follows it to the id that it goes by now, and records what
 * the source says.
 * @returns the booking afterwards
 * @throws SourceApiError
 */
export async function lookAtSource(
  deps: CommandDeps,
  { connection, api, command }: Look,
  target: Target,
): Promise<Target> {
  if (target.uid === null) return target;
  const now = await api.getBooking(target.uid);
  if (now === null) return target;
  const known = new Set(target.booking.external_refs.map((ref) => ref.external_id));
  const { bookings } = await readChain(api, now, (uid) => known.has(uid), new Map());
  for (const [at, booking] of bookings.entries()) {
    const isLast = at === bookings.length - 1;
    // Where the booking was under an id that it had is known.
    if (!isLast && known.has(booking.change.refs?.uid ?? "")) continue;
    await recordReport(deps, connection, isLast ? booking : asFormerBooking(booking));
  }
  return readTarget(deps, command);
}
