import type { BookingListQuery } from "@slotwire/contract";
import { providerEmailsOf } from "../access/provider-emails.ts";
import { requireShownFilter } from "../access/require-shown-filter.ts";
import type { View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";
import type { BookingFilter } from "../ledger/list-bookings.ts";
import type { Hub } from "./app.types.ts";

/**
 * Which bookings a query asks for. A member becomes the address that they have as a provider.
 * @throws SlotwireError E_VALIDATION for a day and a range; E_FORBIDDEN for a filter by what whoever
 *   asks is not shown
 */
export async function readBookingFilter(
  hub: Pick<Hub, "db">,
  view: View,
  query: BookingListQuery,
): Promise<BookingFilter> {
  const { external_id: externalId, customer_id: customerId, provider, ...rest } = query;
  const { status, location, from, to, on } = rest;
  if (on !== undefined && (from ?? to) !== undefined) throw onAndRange();
  const isAddress = provider?.includes("@") === true;
  requireShownFilter(view, {
    members: provider !== undefined && !isAddress,
    addresses: isAddress,
    location: location ?? null,
  });
  const providersOf = async (): Promise<readonly string[] | undefined> => {
    if (provider === undefined) return undefined;
    return isAddress ? [provider] : providerEmailsOf(hub, view.orgId, [provider]);
  };
  return {
    externalId,
    status,
    customerId,
    location,
    providerEmails: await providersOf(),
    from,
    to,
    on,
  };
}

function onAndRange(): SlotwireError {
  const message = "Cannot be combined with `from` or `to`.";
  return new SlotwireError("E_VALIDATION", { errors: [{ path: "query.on", message }] });
}
