import type { ReportedBooking } from "../connectors/connector.ts";
import type { SourceConnection } from "../inbox/connections/source-connection.ts";
import { lookUpBookings } from "../ledger/look-up-bookings.ts";
import { record } from "../ledger/record.ts";
import { bookingChange, compareBooking } from "../reconcile/compare-booking.ts";
import type { CommandDeps } from "./command-deps.ts";

/**
 * Records what a source's API tells of a booking, as far as the ledger does not say so, as the
 * connection's own change. A message that tells the same later changes nothing.
 */
export async function recordReport(
  deps: CommandDeps,
  connection: SourceConnection,
  report: ReportedBooking,
): Promise<void> {
  const { orgId, id, name, kind: sourceKind } = connection;
  const { refs } = report.change;
  if (refs === null) return;
  const [found = []] = await lookUpBookings(deps, orgId, id, [refs]);
  const now = deps.clock.now();
  const comparison = compareBooking(found, asOfItself(report, now), { connection, now });
  if (comparison.outcome === "same") return;
  const actor = { kind: "connection", id, name, mayCorrect: false } as const;
  for (const change of comparison.changes) {
    const asked = { ...bookingChange(change, connection), actor };
    await record(deps, { orgId, change: asked, sourceKind, message: null, named: report.named });
  }
}

/** An answer is not older than what it tells; the header that says how old it is, counts seconds. */
function asOfItself(report: ReportedBooking, now: Date): ReportedBooking {
  const { asOf = now.toISOString(), change } = report;
  const after = new Date(Date.parse(change.occurredAt) + 1).toISOString();
  return { ...report, asOf: after > asOf ? after : asOf };
}
