import type { FieldChange } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import { type Database, tenant } from "../db/database.ts";
import type { RecordAction } from "../domain/booking.ts";
import { fieldChanges } from "../domain/booking-differences.ts";
import { SlotwireError } from "../errors.ts";
import { ledgerSession } from "./queries.ts";
import { lookupOf, planOf, type RecordInput, withContacts } from "./record-group.ts";

/** What a change would make of the ledger as it is now. */
export interface ChangePreview {
  /** `unknown`: the booking that it speaks of has not arrived. */
  readonly action: RecordAction | "unknown";
  readonly reason: string | null;
  /** Null for a booking that would be created. */
  readonly bookingId: string | null;
  readonly bookingNumber: number | null;
  /** Empty when nothing would change. */
  readonly changes: readonly FieldChange[];
  /** When the booking would be, RFC 3339; null when unknown. */
  readonly startsAt: string | null;
}

/**
 * Decides a change as `record` would at this moment, and writes nothing.
 * @throws SlotwireError E_PRECONDITION as `record`
 */
export async function previewChange(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  input: RecordInput,
): Promise<ChangePreview> {
  return db.transaction(tenant(input.orgId), async (tx) => {
    const session = ledgerSession(tx, input.orgId);
    const [asked] = await withContacts(session, [{ input, clock }]);
    if (asked === undefined) throw new TypeError("the change was not looked at");
    const [found = []] = await session.find([lookupOf(asked)]);
    try {
      return previewOf(planOf(asked, found));
    } catch (error) {
      if (error instanceof SlotwireError && error.code === "E_BOOKING_UNKNOWN") {
        return { ...nothing, action: "unknown", reason: error.message };
      }
      throw error;
    }
  });
}

const nothing = {
  bookingId: null,
  bookingNumber: null,
  changes: [],
  startsAt: null,
} as const;

function previewOf({ decision, current }: ReturnType<typeof planOf>): ChangePreview {
  const about = {
    bookingId: current?.id ?? null,
    bookingNumber: current?.bookingNumber ?? null,
    startsAt: current?.startsAt ?? null,
  };
  if (decision.outcome !== "write") {
    return { ...about, action: decision.outcome, reason: decision.reason, changes: [] };
  }
  const { next } = decision;
  return {
    ...about,
    action: decision.action,
    reason: null,
    changes: fieldChanges(current, next),
    startsAt: next.startsAt,
  };
}
