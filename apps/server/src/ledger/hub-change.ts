import type { BookingResource } from "@slotwire/contract";
import type { Actor, BookingChange } from "../domain/booking.ts";
import { SlotwireError } from "../errors.ts";
import type { ChangeOrigin } from "./change-origin.ts";
import { readBooking } from "./read-booking.ts";
import { record, type LedgerDeps, type RecordResult } from "./record.ts";

/** Who changes a booking by the API or the screen, and what they believe it to be. */
export interface HubCaller {
  readonly orgId: string;
  readonly actor: Actor;
  /** The version that they saw; the change is only made to that one. Null for any. */
  readonly expectedVersion: number | null;
  /** Where the request came from, for the audit log. */
  readonly origin: ChangeOrigin | null;
}

/** What is particular to a change that is made in the hub. */
export type HubChange = Pick<BookingChange, "kind" | "status" | "fields"> &
  Partial<Pick<BookingChange, "statusReason" | "cancelledBy">>;

/**
 * Records a change that a person or a program makes in the hub, to a booking that exists.
 * @returns the booking afterwards
 * @throws SlotwireError E_NOT_FOUND, E_PRECONDITION (another version), E_NOT_OWNER, E_TRANSITION
 *   with the `allowed` states
 */
export async function recordHubChange(
  deps: LedgerDeps,
  caller: HubCaller,
  bookingId: string,
  change: HubChange,
): Promise<BookingResource> {
  const { deleted_at } = await readBooking(deps, caller.orgId, bookingId);
  if (deleted_at !== null) {
    throw new SlotwireError("E_NOT_FOUND", { detail: "The booking has been deleted." });
  }
  const result = await record(deps, {
    orgId: caller.orgId,
    change: bookingChange(deps, caller.actor, bookingId, change),
    sourceKind: null,
    message: null,
    expectedVersion: caller.expectedVersion,
    origin: caller.origin,
  });
  requireAccepted(result);
  return readBooking(deps, caller.orgId, bookingId);
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
