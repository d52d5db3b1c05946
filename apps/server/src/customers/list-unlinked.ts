import type { BookingResource, UnlinkedBooking } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import { showBooking } from "../domain/views/show-booking.ts";
import { showCustomer } from "../domain/views/show-customer.ts";
import type { View } from "../domain/views/view.ts";
import type { BookingPosition } from "../ledger/list-bookings.ts";
import { suggestCustomers } from "./suggest-customers.ts";
import { unlinkedConditions, type UnlinkedDeps } from "./unlinked-bookings.ts";

/**
 * Lists bookings that are not linked, the latest first, each with whom it may be of.
 * @param seen the customers that may be suggested; null for none
 * @param after position of the last booking of the page before; null for the first page
 */
export async function listUnlinked(
  { db, clock }: UnlinkedDeps,
  view: View,
  seen: View | null,
  page: { readonly limit: number; readonly after: BookingPosition | null },
): Promise<{ bookings: UnlinkedBooking[]; next: BookingPosition | null }> {
  const values: unknown[] = [view.orgId];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const conditions = unlinkedConditions(view, clock.now(), bind);
  if (page.after !== null) {
    const [startsAt, id] = page.after;
    conditions.push(`(b.starts_at, b.id) < (${bind(startsAt)}::timestamptz, ${bind(id)}::uuid)`);
  }
  return db.transaction(tenant(view.orgId, view.own), async (tx) => {
    const rows = await tx.query<{ booking: BookingResource; position: string }>(
      `SELECT booking_resource(b) AS booking,
              to_char(b.starts_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS position
         FROM booking b
        WHERE ${conditions.join("\n          AND ")}
        ORDER BY b.starts_at DESC, b.id DESC
        LIMIT ${page.limit + 1}`,
      values,
    );
    const shown = rows.slice(0, page.limit);
    const bookings = shown.map(({ booking }) => booking);
    const suggestions = seen === null ? null : await suggestCustomers(tx, seen, bookings);
    const last = shown.at(-1);
    return {
      bookings: bookings.map((booking): UnlinkedBooking => ({
        booking: showBooking(booking, view.detail),
        missing: booking.customer === null ? "customer" : "subject",
        suggestions: (suggestions?.get(booking.id) ?? []).map(({ customer, because }) => ({
          customer: showCustomer(customer, seen?.detail ?? "ids"),
          because,
        })),
      })),
      next:
        rows.length > page.limit && last !== undefined ? [last.position, last.booking.id] : null,
    };
  });
}
