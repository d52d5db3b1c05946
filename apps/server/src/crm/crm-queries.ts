import type { View } from "../domain/views/view.ts";

/** Where a page of activities or tasks ends: its last one's time, with microseconds, and its id. */
export type CrmPosition = readonly [at: string, id: string];

/** Adds a value to a query. @returns its placeholder */
export type Bind = (value: unknown) => string;

/**
 * Narrows a query to what is about one's own bookings, as row-level security does behind it.
 * @param bookingId the expression of the booking's id
 */
export function ofOwnBooking({ own }: View, bookingId: string, bind: Bind): string[] {
  if (own === null) return [];
  return [
    `EXISTS (SELECT FROM booking ob WHERE ob.org_id = $1 AND ob.id = ${bookingId}
               AND lower(ob.provider_email) = ${bind(own.providerEmail)})`,
  ];
}

/**
 * The members `lead` and `contact` of what is selected as `t`, and whose contact data may be in it.
 * Staff see nothing of the sales, and so no lead.
 */
export function recordsOf(
  { own, detail }: View,
  t: "a" | "t",
): { lead: string; contact: string; people: string; joins: string } {
  const contacts = (customer: string): string =>
    `jsonb_build_object('email', customer_contact(${t}.org_id, ${customer}, 'email'),
                        'phone', customer_contact(${t}.org_id, ${customer}, 'phone'))`;
  const people = `jsonb_build_object(
      'booking', CASE WHEN b.id IS NOT NULL THEN booking_resource(b) END,
      'contacts', jsonb_build_array(${contacts(`${t}.customer_id`)}, ${contacts("l.customer_id")}))`;
  return {
    lead: "CASE WHEN l.id IS NOT NULL THEN jsonb_build_object('id', l.id, 'title', l.title) END",
    contact:
      "CASE WHEN c.id IS NOT NULL THEN jsonb_build_object('id', c.id, 'name', c.display_name) END",
    people: detail === "masked" ? people : "NULL::jsonb",
    joins: `LEFT JOIN lead l ON l.org_id = ${t}.org_id AND l.id = ${t}.lead_id
                             AND ${own === null ? "true" : "false"}
       LEFT JOIN customer c ON c.org_id = ${t}.org_id AND c.id = ${t}.customer_id
       LEFT JOIN booking b ON b.org_id = ${t}.org_id AND b.id = ${t}.booking_id`,
  };
}

/** An instant with microseconds, as a position has it. */
export const positionOf = (at: string): string =>
  `to_char(${at} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The first rows of what was read, and where the next page begins; null on the last one. */
export function pageOf<Row extends { readonly position: string }>(
  rows: readonly Row[],
  limit: number,
  idOf: (row: Row) => string,
): { shown: Row[]; next: CrmPosition | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { shown, next: hasMore ? [last.position, idOf(last)] : null };
}
