import type { BookingResource } from "@slotwire/contract";
import type { ConnectorChange, ReportedBooking } from "../connectors/connector.ts";
import type { SourceConnection } from "../inbox/connections/source-connection.ts";
import { record } from "../ledger/record.ts";
import type { CommandDeps } from "./command-deps.ts";

/** What a booking of the hub has reached by itself on its day; the source knows nothing of it. */
const stepsOfTheDay: readonly BookingResource["status"][] = [
  "checked_in",
  "in_progress",
  "completed",
];

/**
 * Records what a source's API tells of a booking, as the connection's own change. A message that
 * tells the same later changes nothing.
 * @param booking as the hub has it
 */
export async function recordReport(
  deps: CommandDeps,
  connection: SourceConnection,
  booking: BookingResource,
  report: ReportedBooking,
): Promise<void> {
  await record(deps, {
    orgId: connection.orgId,
    change: {
      ...changeOf(report, booking),
      connectionId: connection.id,
      bookingId: null,
      backfill: false,
      actor: { kind: "connection", id: connection.id, name: connection.name, mayCorrect: false },
    },
    sourceKind: connection.kind,
    message: null,
    named: report.named,
  });
}

function changeOf(report: ReportedBooking, { status }: BookingResource): ConnectorChange {
  const { change, fillsOnly = [] } = report;
  const kept = Object.entries(change.fields).filter(
    // They would only fill blanks, and the messages have said them.
    ([name]) => !(fillsOnly as readonly string[]).includes(name),
  );
  return {
    ...change,
    ...(change.status === "confirmed" ? standing(status) : {}),
    ...(report.nextUid === null ? {} : onItsWay),
    fields: Object.fromEntries(kept),
    occurredAt: latest(change.occurredAt, report.asOf),
  };
}

/** What it means that the source has the booking as standing, by what the hub knows beyond that. */
function standing(
  status: BookingResource["status"],
): Pick<ConnectorChange, "kind" | "status"> | {} {
  if (stepsOfTheDay.includes(status)) return { kind: "updated", status: null };
  // Nobody is marked as absent any more.
  return status === "no_show" ? { kind: "no_show_cleared", status: null } : {};
}

/** A booking that was moved on is cancelled at its source under this id: it goes on under the next. */
const onItsWay = { kind: "rescheduled", status: null, cancelledBy: null } as const;

/** What is told now counts from now on, by the source's clock. */
function latest(changedAt: string, asOf: string | undefined): string {
  return asOf !== undefined && Date.parse(asOf) > Date.parse(changedAt) ? asOf : changedAt;
}
