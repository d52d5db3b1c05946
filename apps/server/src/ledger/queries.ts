import type { Queryable, Statement } from "../db/database.ts";
import type { FoundBooking } from "./booking-from-resource.ts";

/** By which ids a booking is looked up; null for an id that the change does not have. */
export interface Lookup {
  readonly connection_id: string | null;
  readonly uid: string | null;
  readonly previous_uid: string | null;
  readonly ical_uid: string | null;
  readonly booking_id: string | null;
}

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

/** The two statements of the ledger, on a session. */
export interface LedgerSession {
  /** For each look-up the bookings that it may be about, in no order. */
  find(lookups: readonly Lookup[]): Promise<FoundBooking[][]>;
  /**
   * Writes decisions in one transaction. One that fails among several is answered by its error, a
   * single one rejects; SQLSTATE SW409 says that it lost a race.
   */
  write(documents: readonly object[]): Promise<(Written | Error)[]>;
}

const findStatement: Statement = {
  name: "ledger_find",
  text: "SELECT ledger_find($1, $2, $3, $4, $5, $6) AS found",
};
const writeStatement: Statement = {
  name: "ledger_write",
  text: "SELECT ledger_write($1, $2::jsonb) AS written",
};
const writeFromStatement: Statement = {
  name: "ledger_write_from",
  text: "SELECT ledger_write_from($1, $2::jsonb) AS written",
};
const findAllStatement: Statement = {
  name: "ledger_find_all",
  text: "SELECT lookup, found FROM ledger_find_all($1, $2::jsonb)",
};
const writeAllStatement: Statement = {
  name: "ledger_write_all",
  text: "SELECT ledger_write_all($1, $2::jsonb) AS written",
};

/** The ledger's statements for one organisation. */
export function ledgerSession(session: Queryable, orgId: string): LedgerSession {
  return {
    async find(lookups) {
      const [only] = lookups;
      if (only !== undefined && lookups.length === 1) return [await findOne(session, orgId, only)];
      return findAll(session, orgId, lookups);
    },
    async write(documents) {
      const [only] = documents;
      if (only === undefined) return [];
      if (documents.length === 1) return [await writeOne(session, orgId, only)];
      return writeAll(session, orgId, documents);
    },
  };
}

async function findOne(session: Queryable, orgId: string, lookup: Lookup): Promise<FoundBooking[]> {
  const { connection_id, uid, previous_uid, ical_uid, booking_id } = lookup;
  const values = [orgId, connection_id, uid, previous_uid, ical_uid, booking_id];
  const rows = await session.query<{ found: FoundBooking }>(findStatement, values);
  return rows.map((row) => row.found);
}

async function findAll(
  session: Queryable,
  orgId: string,
  lookups: readonly Lookup[],
): Promise<FoundBooking[][]> {
  const rows = await session.query<{ lookup: number; found: FoundBooking }>(findAllStatement, [
    orgId,
    JSON.stringify(lookups),
  ]);
  const found = lookups.map((): FoundBooking[] => []);
  for (const row of rows) found[row.lookup - 1]?.push(row.found);
  return found;
}

async function writeOne(session: Queryable, orgId: string, document: object): Promise<Written> {
  const statement = "origin" in document ? writeFromStatement : writeStatement;
  const rows = await session.query<{ written: Written }>(statement, [
    orgId,
    JSON.stringify(document),
  ]);
  const written = rows[0]?.written;
  if (written === undefined) throw new TypeError("ledger_write answered nothing");
  return written;
}

type WrittenOrNot = Written | { readonly sql_state: string; readonly error: string };

async function writeAll(
  session: Queryable,
  orgId: string,
  documents: readonly object[],
): Promise<(Written | Error)[]> {
  const rows = await session.query<{ written: WrittenOrNot[] }>(writeAllStatement, [
    orgId,
    JSON.stringify(documents),
  ]);
  return (rows[0]?.written ?? []).map((written) =>
    "sql_state" in written ? new LedgerWriteError(written.error, written.sql_state) : written,
  );
}

/** The failure of one write among several; `code` is its SQLSTATE, as on the drivers' errors. */
class LedgerWriteError extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = "LedgerWriteError";
    this.code = code;
  }
}
