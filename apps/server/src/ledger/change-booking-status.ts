import type { BookingResource, BookingStatus } from "@slotwire/contract";
import type { ChangeKind } from "../domain/booking.ts";
import { recordHubChange, type HubCaller } from "./hub-change.ts";
import type { LedgerDeps } from "./record.ts";

const kinds: Readonly<Record<BookingStatus, ChangeKind>> = {
  pending: "updated",
  confirmed: "updated",
  checked_in: "checked_in",
  in_progress: "started",
  completed: "completed",
  no_show: "no_show",
  cancelled: "cancelled",
  rejected: "rejected",
};

/**
 * Takes a booking to another state.
 * @throws SlotwireError as `recordHubChange`
 */
export function changeBookingStatus(
  deps: LedgerDeps,
  caller: HubCaller,
  bookingId: string,
  { status, reason }: { readonly status: BookingStatus; readonly reason?: string | undefined },
): Promise<BookingResource> {
  return recordHubChange(deps, caller, bookingId, {
    kind: kinds[status],
    status,
    fields: {},
    statusReason: reason ?? null,
    cancelledBy: status === "cancelled" ? caller.actor.name : null,
  });
}
