import type { BookingResource, CustomerResource, LinkSuggestion } from "@slotwire/contract";
import type { Transaction } from "../db/database.ts";
import { normaliseEmail } from "../domain/normalise-email.ts";
import { normalisePhone } from "../domain/normalise-phone.ts";
import type { View } from "../domain/views/view.ts";
import { phoneCountryOf } from "../ledger/queries.ts";
import { ownCustomer } from "./customer-queries.ts";

/** How many are offered for one booking. */
const MOST = 3;
/** How many customers are looked at for a page of bookings. */
const MOST_FOUND = 500;

interface Found {
  readonly customer: CustomerResource;
  readonly because: LinkSuggestion["because"];
  readonly value: string;
}

/** By what the people of a booking may be known, in the order in which it counts. */
interface Clue {
  readonly because: LinkSuggestion["because"];
  readonly value: string;
}

/**
 * Whom bookings may be of: the customer who is linked, then those who share an address, a number or
 * a name with somebody who comes. Whether it is so is for a person to say. Who is not shown contact
 * data is told of nobody by it.
 * @param tx in the scope of `seen`
 * @returns by the booking's id
 */
export async function suggestCustomers(
  tx: Transaction,
  seen: View,
  bookings: readonly BookingResource[],
): Promise<ReadonlyMap<string, LinkSuggestion[]>> {
  const country = await phoneCountryOf(tx, seen.orgId);
  const clues = new Map(bookings.map((booking) => [booking.id, cluesOf(booking, country, seen)]));
  const found = await findByClues(tx, seen, [...clues.values()].flat());
  return new Map([...clues].map(([id, own]) => [id, suggestionsFor(own, found)] as const));
}

function cluesOf(
  { customer, attendees }: BookingResource,
  country: string | null,
  { detail }: View,
): Clue[] {
  if (customer !== null) return [{ because: "linked", value: customer.id }];
  const come = attendees.filter(({ status }) => status !== "cancelled");
  const clue = (because: Clue["because"], value: string | null | undefined): Clue[] =>
    value == null || value === "" ? [] : [{ because, value }];
  const names = come.flatMap(({ name }) => clue("name", name?.trim().toLowerCase()));
  // A name may be an address or a number.
  if (detail !== "full") return names.filter(({ value }) => !/[@0-9]/.test(value));
  return [
    ...come.flatMap(({ email }) => clue("email", normaliseEmail(email))),
    ...come.flatMap(({ phone }) => clue("phone", normalisePhone(phone, country))),
    ...names,
  ];
}

function findByClues(tx: Transaction, seen: View, clues: readonly Clue[]): Promise<Found[]> {
  const values: unknown[] = [seen.orgId];
  const bind = (value: unknown): string => `$${values.push(value)}`;
  const known = (because: Clue["because"]): string =>
    bind(clues.filter((clue) => clue.because === because).map(({ value }) => value));
  const own = ownCustomer(seen, "c.id", bind).map((condition) => `AND ${condition}`);
  return tx.query<Found>(
    `SELECT customer_resource(c) AS customer, found.because, found.value
       FROM (SELECT id AS customer_id, 'linked' AS because, id::text AS value FROM customer
              WHERE org_id = $1 AND id = ANY (${known("linked")}::uuid[])
             UNION ALL
             SELECT customer_id, kind, value_norm FROM customer_identity
              WHERE org_id = $1 AND kind = 'email' AND value_norm = ANY (${known("email")}::text[])
             UNION ALL
             SELECT customer_id, kind, value_norm FROM customer_identity
              WHERE org_id = $1 AND kind = 'phone' AND value_norm = ANY (${known("phone")}::text[])
             UNION ALL
             SELECT id, 'name', lower(display_name) FROM customer
              WHERE org_id = $1 AND lower(display_name) = ANY (${known("name")}::text[])
             LIMIT ${MOST_FOUND}) found
       JOIN customer c ON c.org_id = $1 AND c.id = found.customer_id AND c.merged_into IS NULL
      WHERE true ${own.join(" ")}
      ORDER BY c.created_at, c.id`,
    values,
  );
}

function suggestionsFor(clues: readonly Clue[], found: readonly Found[]): LinkSuggestion[] {
  const chosen = new Map<string, LinkSuggestion>();
  for (const { because, value } of clues) {
    for (const each of found) {
      if (each.because !== because || each.value !== value) continue;
      if (!chosen.has(each.customer.id)) {
        chosen.set(each.customer.id, { customer: each.customer, because });
      }
    }
  }
  return [...chosen.values()].slice(0, MOST);
}
