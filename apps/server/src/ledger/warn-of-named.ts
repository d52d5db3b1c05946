import { type Database, tenant } from "../db/database.ts";
import { warnOfRejection } from "../domain/link-warning.ts";
import { matchCustomer, namedOrNull, type NamedRecords } from "../domain/match-customer.ts";
import { foundCandidates } from "./found-rows.ts";
import { ledgerSession, type Lookup } from "./queries.ts";

const nothing: Lookup = {
  connection_id: null,
  uid: null,
  previous_uid: null,
  ical_uid: null,
  booking_id: null,
  customer: null,
  subject: null,
  email: null,
  phone: null,
};

/**
 * What people are told of the records that a message names while its booking has not arrived.
 * @returns null when it names none, or only such as its booking may be linked to
 */
export async function warnOfNamed(
  { db }: { readonly db: Database },
  source: {
    readonly orgId: string;
    readonly connectionId: string;
    readonly named: NamedRecords | undefined;
  },
): Promise<string | null> {
  const named = namedOrNull(source.named);
  if (named === null) return null;
  const lookup: Lookup = {
    ...nothing,
    connection_id: source.connectionId,
    customer: named.customerId,
    subject: named.subjectId,
  };
  const [rows] = await db.transaction(tenant(source.orgId), (tx) =>
    ledgerSession(tx, source.orgId).find([lookup]),
  );
  const match = matchCustomer(foundCandidates(rows ?? []), named, null);
  return match.outcome === "rejected" ? warnOfRejection(match.rejection) : null;
}
