import type { Queryable, Statement } from "../db/database.ts";
import type { FoundBooking } from "./booking-from-resource.ts";

const findStatement: Statement = {
  name: "ledger_find",
  text: "SELECT ledger_find($1, $2, $3, $4, $5) AS found",
};

/** The bookings that a change may be about, the oldest first. */
export async function findBookings(
  session: Queryable,
  orgId: string,
  by: {
    readonly connectionId: string | null;
    readonly uids: readonly string[];
    readonly icalUid: string | null;
    readonly bookingId: string | null;
  },
): Promise<FoundBooking[]> {
  const rows = await session.query<{ found: FoundBooking }>(findStatement, [
    orgId,
    by.connectionId,
    by.uids,
    by.icalUid,
    by.bookingId,
  ]);
  return rows.map((row) => row.found);
}

const writeStatement: Statement = {
  name: "ledger_write",
  text: "SELECT ledger_write($1, $2::jsonb) AS written",
};

/** What `ledger_write` answers. */
export interface Written {
  readonly duplicate: boolean;
  readonly message_id: string | null;
  readonly message_status?: string;
  readonly booking_id?: string | null;
  readonly booking_number?: number;
  readonly version?: number;
  readonly seq?: number;
}

/** Writes one decision in one transaction. Fails with SQLSTATE SW409 when it lost a race. */
export async function write(session: Queryable, orgId: string, decision: object): Promise<Written> {
  const rows = await session.query<{ written: Written }>(writeStatement, [
    orgId,
    JSON.stringify(decision),
  ]);
  const written = rows[0]?.written;
  if (written === undefined) throw new TypeError("ledger_write answered nothing");
  return written;
}
