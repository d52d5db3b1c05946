import type { Queryable, Statement } from "../db/database.ts";
import { countryOfZone } from "../domain/country-of-zone.ts";
import type { FoundRow } from "./found-rows.ts";

/** By which ids a booking is looked up; null for an id that the change does not have. */
export interface Lookup {
  readonly connection_id: string | null;
  readonly uid: string | null;
  readonly previous_uid: string | null;
  readonly ical_uid: string | null;
  readonly booking_id: string | null;
  /** Ids of a customer and a subject that it names, of whatever kind. */
  readonly customer: string | null;
  readonly subject: string | null;
  /** How its customer is recognised, in normal form. */
  readonly email: string | null;
  readonly phone: string | null;
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
  /** For each look-up the bookings that it may be about, in no order, and whose they may be. */
  find(lookups: readonly Lookup[]): Promise<FoundRow[][]>;
  /**
   * Writes decisions in one transaction. One that fails among several is answered by its error, a
   * single one rejects; SQLSTATE SW409 says that it lost a race.
   */
  write(documents: readonly object[]): Promise<(Written | Error)[]>;
  /** The country of phone numbers that do not tell theirs, ISO 3166; null when it is not known. */
  phoneCountry(): Promise<string | null>;
}

const findStatement: Statement = {
  name: "ledger_find",
  text: "SELECT ledger_find($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) AS found",
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
    phoneCountry: () => phoneCountryOf(session, orgId),
  };
}

/** In an organisation that says nothing else, the country of its time zone. */
export async function phoneCountryOf(session: Queryable, orgId: string): Promise<string | null> {
  const [row] = await session.query<{ default_country: string | null; time_zone: string }>(
    "SELECT default_country, time_zone FROM organisation WHERE id = $1",
    [orgId],
  );
  return row === undefined ? null : (row.default_country ?? countryOfZone(row.time_zone));
}

async function findOne(session: Queryable, orgId: string, lookup: Lookup): Promise<FoundRow[]> {
  const { connection_id, uid, previous_uid, ical_uid, booking_id } = lookup;
  const { customer, subject, email, phone } = lookup;
  const ofBooking = [connection_id, uid, previous_uid, ical_uid, booking_id];
  const values = [orgId, ...ofBooking, customer, subject, email, phone];
  const rows = await session.query<{ found: FoundRow }>(findStatement, values);
  return rows.map((row) => row.found);
}

async function findAll(
  session: Queryable,
  orgId: string,
  lookups: readonly Lookup[],
): Promise<FoundRow[][]> {
  const rows = await session.query<{ lookup: number; found: FoundRow }>(findAllStatement, [
    orgId,
    JSON.stringify(lookups),
  ]);
  const found = lookups.map((): FoundRow[] => []);
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
