import type { BookingResource, BookingStatus } from "@slotwire/contract";
import type { Clock } from "../clock.ts";
import { tenant, type Database, type Transaction } from "../db/database.ts";
import { dateIn, dayBounds } from "../domain/day-bounds.ts";
import { showBooking } from "../domain/views/show-booking.ts";
import type { View } from "../domain/views/view.ts";

/** Which bookings to list. A field that is absent does not narrow the list. */
export interface BookingFilter {
  /** Any id that the booking ever had at a source. It finds deleted bookings too. */
  readonly externalId?: string | undefined;
  readonly status?: BookingStatus | undefined;
  readonly customerId?: string | undefined;
  /** Where the visit is, in any case of letters. */
  readonly location?: string | undefined;
  /** Addresses of providers in lower case; the booking's is one of them. */
  readonly providerEmails?: readonly string[] | undefined;
  /** Instant, RFC 3339: those that start then or later … */
  readonly from?: string | undefined;
  /** … and before this one. */
  readonly to?: string | undefined;
  /** A date in the organisation's zone, or `today`: those that start on that day. */
  readonly on?: string | undefined;
}

/** Where a page of bookings ends: start of the last one, with microseconds, and its id. */
export type BookingPosition = readonly [startsAt: string, id: string];

interface Row {
  readonly booking: BookingResource;
  readonly position: string;
}

/**
 * Lists bookings by their start, earliest first, as the view shows them. A search by an outside id
 * finds what shows that id: it does not tell whose hidden address it is.
 * @param after position of the last booking of the page before; null for the first page
 * @returns at most `limit` bookings, and the position to go on from, or null on the last page
 */
export async function listBookings(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  view: View,
  filter: BookingFilter,
  page: { readonly limit: number; readonly after: BookingPosition | null },
): Promise<{ bookings: BookingResource[]; next: BookingPosition | null }> {
  const { orgId, own } = view;
  const rows = await db.transaction(tenant(orgId, own), async (tx) => {
    const day = filter.on === undefined ? null : await spanOf(tx, orgId, filter.on, clock.now());
    const { conditions, values } = conditionsOf(view, { ...filter, ...day }, page.after);
    return tx.query<Row>(
      `SELECT booking_resource(b) AS booking,
              to_char(b.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS position
         FROM booking b
        WHERE ${conditions.join("\n          AND ")}
        ORDER BY b.starts_at, b.id
        LIMIT ${page.limit + 1}`,
      values,
    );
  });
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  const next =
    rows.length > page.limit && last !== undefined
      ? ([last.position, last.booking.id] as const)
      : null;
  const bookings = shown.map(({ booking }) => showBooking(booking, view.detail));
  return { bookings: bookings.filter((booking) => shows(booking, filter.externalId)), next };
}

function shows({ external_refs: refs }: BookingResource, externalId: string | undefined): boolean {
  return externalId === undefined || refs.some((ref) => ref.external_id === externalId);
}

async function spanOf(
  tx: Transaction,
  orgId: string,
  on: string,
  now: Date,
): Promise<{ from: string; to: string }> {
  const timeZone = await organisationTimeZone(tx, orgId);
  const { start, end } = dayBounds(on === "today" ? dateIn(timeZone, now) : on, timeZone);
  return { from: start.toISOString(), to: end.toISOString() };
}

/** The IANA zone in which the organisation's days begin. */
export async function organisationTimeZone(tx: Transaction, orgId: string): Promise<string> {
  const [row] = await tx.query<{ time_zone: string }>(
    "SELECT time_zone FROM organisation WHERE id = $1",
    [orgId],
  );
  return row?.time_zone ?? "UTC";
}

function conditionsOf(
  { orgId, own }: View,
  { externalId, status, customerId, location, providerEmails, from, to }: BookingFilter,
  after: BookingPosition | null,
): { conditions: string[]; values: unknown[] } {
  const values: unknown[] = [orgId];
  const conditions = ["b.org_id = $1"];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  if (own !== null) conditions.push(`lower(b.provider_email) = ${bind(own.providerEmail)}`);
  if (externalId === undefined) {
    conditions.push("b.deleted_at IS NULL");
  } else {
    conditions.push(
      `b.id IN (SELECT r.booking_id FROM booking_external_ref r
                 WHERE r.org_id = $1 AND r.external_id = ${bind(externalId)})`,
    );
  }
  if (status !== undefined) conditions.push(`b.status = ${bind(status)}`);
  if (customerId !== undefined) conditions.push(`b.customer_id = ${bind(customerId)}`);
  if (location !== undefined) {
    conditions.push(
      `lower(b.location COLLATE slotwire_words) = lower(${bind(location)}::text COLLATE slotwire_words)`,
    );
  }
  if (providerEmails !== undefined) {
    conditions.push(`lower(b.provider_email) = ANY (${bind(providerEmails)}::text[])`);
  }
  // A position implies `from`. With both, the scan of the index could begin at the earlier one.
  if (after !== null) {
    conditions.push(
      `(b.starts_at, b.id) > (${bind(after[0])}::timestamptz, ${bind(after[1])}::uuid)`,
    );
  } else if (from !== undefined) {
    conditions.push(`b.starts_at >= ${bind(from)}::timestamptz`);
  }
  if (to !== undefined) conditions.push(`b.starts_at < ${bind(to)}::timestamptz`);
  return { conditions, values };
}
