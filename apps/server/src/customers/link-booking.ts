import type { BookingResource, LinkBooking } from "@slotwire/contract";
import { tenant } from "../db/database.ts";
import { type Contact, newCustomer } from "../domain/match-customer.ts";
import type { View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";
import { type HubCaller, recordHubChange } from "../ledger/hub-change.ts";
import type { LinkRequest } from "../ledger/link-booking.ts";
import { readBooking } from "../ledger/read-booking.ts";
import type { LedgerDeps } from "../ledger/record.ts";
import { readCustomer } from "./customer-queries.ts";
import { readContact } from "./identities.ts";
import { requireContacts } from "./require-contacts.ts";

/** A link changes nothing else of a booking. */
const linkOnly = { kind: "updated", status: null, fields: {} } as const;

/**
 * Links a booking to a customer and what it is about, or to a customer that is made with it. From
 * then on messages leave the link alone.
 * @throws SlotwireError as `recordHubChange`; E_FORBIDDEN for contact data of which they are
 *   shown none; E_VALIDATION for a customer that there is not, for
 *   subjects that are not theirs, and for a number that cannot be; E_CUSTOMER_EXISTS when the new
 *   customer's address is somebody's
 */
export async function linkBooking(
  deps: LedgerDeps,
  caller: HubCaller,
  bookingId: string,
  input: LinkBooking,
): Promise<BookingResource> {
  const link =
    "customer" in input
      ? await toNew(deps, caller.view, input.customer)
      : await toKnown(deps, caller.view, await readBooking(deps, caller.view, bookingId), input);
  return recordHubChange(deps, caller, bookingId, linkOnly, link);
}

/**
 * Takes a booking's link away; messages do not make it again.
 * @throws SlotwireError as `recordHubChange`
 */
export function unlinkBooking(
  deps: LedgerDeps,
  caller: HubCaller,
  bookingId: string,
): Promise<BookingResource> {
  const link = { customerId: null, subjectIds: [], newCustomer: null };
  return recordHubChange(deps, caller, bookingId, linkOnly, link);
}

type ToKnown = Extract<LinkBooking, { customer_id: string }>;

async function toKnown(
  { db }: LedgerDeps,
  seen: View,
  booking: BookingResource,
  { customer_id: customerId, subject_ids: given }: ToKnown,
): Promise<LinkRequest> {
  const customer = await db
    .transaction(tenant(seen.orgId, seen.own), (tx) => readCustomer(tx, seen, customerId))
    .catch(() => null);
  if (customer === null) throw invalid("customer_id", "There is no such customer.");
  const kept = booking.customer?.id === customerId ? booking.subjects.map(({ id }) => id) : [];
  const subjectIds = [...new Set(given ?? kept)];
  // What is inactive stays with the bookings that it is linked to.
  const allowed = new Set([...customer.subjects.map(({ id }) => id), ...kept]);
  if (!subjectIds.every((id) => allowed.has(id))) {
    throw invalid("subject_ids", "Not all of them are this customer's.");
  }
  return { customerId, subjectIds, newCustomer: null };
}

type ToNew = Extract<LinkBooking, { customer: object }>["customer"];

async function toNew({ db }: LedgerDeps, seen: View, input: ToNew): Promise<LinkRequest> {
  requireContacts(seen, input);
  const { orgId } = seen;
  const given = await db.transaction(tenant(orgId), (tx) =>
    readContact(tx, orgId, input, "body.customer"),
  );
  const contact: Contact = {
    name: input.name,
    email: given.email ?? null,
    phone: given.phone ?? null,
  };
  return { customerId: null, subjectIds: [], newCustomer: newCustomer(contact, null) };
}

function invalid(field: "customer_id" | "subject_ids", message: string): SlotwireError {
  return new SlotwireError("E_VALIDATION", { errors: [{ path: `body.${field}`, message }] });
}
