import type { BookingResource } from "@slotwire/contract";
import type { Actor, BookingChange } from "../domain/booking.ts";
import type { View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";
import type { ChangeOrigin } from "./change-origin.ts";
import type { LinkRequest } from "./link-booking.ts";
import { readBooking } from "./read-booking.ts";
import { record, type LedgerDeps, type RecordResult } from "./record.ts";

/** Who changes a booking by the API or the screen, and what they believe it to be. */
export interface HubCaller {
  /** What they see, and so what they may change. */
  readonly view: View;
  readonly actor: Actor;
  /** The version that they saw; the change is only made to that one. Null for any. */
  readonly expectedVersion: number | null;
  /** Where the request came from, for the audit log. */
  readonly origin: ChangeOrigin | null;
}

/** How often a change is made again to a booking that changed while it was looked at. */
const MAX_ATTEMPTS = 5;

/** What is particular to a change that is made in the hub. */
export type HubChange = Pick<BookingChange, "kind" | "status" | "fields"> &
  Partial<Pick<BookingChange, "statusReason" | "cancelledBy">>;

/**
 * Records a change that a person or a program makes in the hub, to a booking that they see.
 * @param link when the change is that the booking is linked: to whom and what
 * @returns the booking afterwards, as they see it
 * @throws SlotwireError E_NOT_FOUND, E_PRECONDITION (another version), E_NOT_OWNER, E_TRANSITION
 *   with the `allowed` states
 */
export async function recordHubChange(
  deps: LedgerDeps,
  caller: HubCaller,
  bookingId: string,
  change: HubChange,
  link?: LinkRequest,
): Promise<BookingResource> {
  for (let attempt = 1; ; attempt += 1) {
    const { deleted_at, version } = await readBooking(deps, caller.view, bookingId);
    if (deleted_at !== null) {
      throw new SlotwireError("E_NOT_FOUND", { detail: "The booking has been deleted." });
    }
    // The booking may become somebody else's in between: then it is no longer theirs to change.
    const seen = caller.view.own === null ? null : version;
    try {
      const result = await record(deps, {
        orgId: caller.view.orgId,
        change: bookingChange(deps, caller.actor, bookingId, change),
        sourceKind: null,
        message: null,
        expectedVersion: caller.expectedVersion ?? seen,
        origin: caller.origin,
        link,
      });
      requireAccepted(result);
      break;
    } catch (error) {
      const isOvertaken = error instanceof SlotwireError && error.code === "E_PRECONDITION";
      if (!isOvertaken || caller.expectedVersion !== null || attempt === MAX_ATTEMPTS) throw error;
    }
  }
  return readBooking(deps, caller.view, bookingId);
}

/** A hub's own change in the form that the ledger takes. */
export function bookingChange(
  { clock }: LedgerDeps,
  actor: Actor,
  bookingId: string,
  change: HubChange,
): BookingChange {
  return {
    statusReason: null,
    cancelledBy: null,
    ...change,
    refs: null,
    bookingId,
    connectionId: null,
    actor,
    occurredAt: clock.now().toISOString(),
    sourceSequence: null,
    sourceStatus: null,
    backfill: false,
  };
}

/** @throws SlotwireError E_NOT_OWNER, E_TRANSITION when the ledger refused the change */
function requireAccepted({ action, allowed, reason }: RecordResult): void {
  if (action !== "refused") return;
  const detail =
    reason === null ? {} : { detail: `${reason[0]?.toUpperCase()}${reason.slice(1)}.` };
  if (allowed === null) throw new SlotwireError("E_NOT_OWNER", detail);
  throw new SlotwireError("E_TRANSITION", { ...detail, extra: { allowed } });
}
