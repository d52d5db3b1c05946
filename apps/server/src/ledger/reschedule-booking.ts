import type { BookingResource } from "@slotwire/contract";
import { recordHubChange, type HubCaller } from "./hub-change.ts";
import type { LedgerDeps } from "./record.ts";
import { timesOf } from "./times-of.ts";

/**
 * Moves a booking to other times; it keeps its id.
 * @param times instants, RFC 3339 with any offset; the zone stays as it is unless given
 * @throws SlotwireError E_TIME_ORDER when it would end before it starts; else as
 *   `recordHubChange`
 */
export async function rescheduleBooking(
  deps: LedgerDeps,
  caller: HubCaller,
  bookingId: string,
  times: {
    readonly starts_at: string;
    readonly ends_at: string;
    readonly time_zone?: string | undefined;
  },
): Promise<BookingResource> {
  const { time_zone: timeZone } = times;
  return recordHubChange(deps, caller, bookingId, {
    kind: "rescheduled",
    status: null,
    fields: { ...timesOf(times), ...(timeZone === undefined ? {} : { timeZone }) },
  });
}
