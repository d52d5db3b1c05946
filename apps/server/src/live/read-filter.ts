import type { StreamPage, StreamQuery } from "@slotwire/contract";
import { providerEmailsOf } from "../access/provider-emails.ts";
import { requireShownFilter } from "../access/require-shown-filter.ts";
import type { StreamPass } from "../access/stream-pass.ts";
import type { Database } from "../db/database.ts";
import type { View } from "../domain/views/view.ts";
import { SlotwireError } from "../errors.ts";
import type { StreamFilter, TokenFilter, WantedUser } from "./stream-filter.ts";

/** Who asks for a stream. */
export interface StreamAsker {
  readonly view: View;
  /** The person who asks, or who made the token; null when it was a key. */
  readonly userId: string | null;
  readonly pass: Pick<StreamPass, "filters" | "userEmails"> | null;
}

export type FilterQuery = Pick<
  StreamQuery,
  "types" | "booking_id" | "customer_id" | "user_id" | "provider" | "location"
>;

/**
 * The filter that a query and the reader's token ask for together. Members become the addresses that
 * they have as providers at this moment.
 * @throws SlotwireError E_FORBIDDEN for a filter by what the reader is not shown
 * @throws SlotwireError E_VALIDATION when a key asks for `me`
 */
export async function readFilter(
  deps: { readonly db: Database },
  { view, userId, pass }: StreamAsker,
  query: FilterQuery,
): Promise<StreamFilter> {
  const { provider, location = null } = query;
  const isAddress = provider?.includes("@") === true;
  requireShownFilter(view, {
    members: query.user_id !== undefined || (provider !== undefined && !isAddress),
    addresses: isAddress,
    location,
  });
  const emailsOf = (id: string): Promise<string[]> => providerEmailsOf(deps, view.orgId, [id]);
  const wantedUser = async (id: string): Promise<WantedUser> => ({
    id,
    emails: await emailsOf(id),
  });
  const wantedProviders = async (named: string): Promise<string[]> =>
    isAddress ? [named.toLowerCase()] : emailsOf(named);
  const { user_id: user } = query;
  return {
    types: query.types ?? null,
    bookingId: query.booking_id?.toLowerCase() ?? null,
    customerId: query.customer_id?.toLowerCase() ?? null,
    user: user === undefined ? null : await wantedUser(idOf(user, userId)),
    providerEmails: provider === undefined ? null : await wantedProviders(provider),
    location: location?.toLowerCase() ?? null,
    token: pass && tokenFilterOf(pass),
  };
}

function idOf(wanted: string, asker: string | null): string {
  if (wanted !== "me") return wanted.toLowerCase();
  if (asker !== null) return asker;
  const message = "A key is nobody's: name a member by id instead of `me`.";
  throw new SlotwireError("E_VALIDATION", { errors: [{ path: "query.user_id", message }] });
}

function tokenFilterOf({ filters, userEmails }: NonNullable<StreamAsker["pass"]>): TokenFilter {
  const { booking_ids: bookings, user_ids: users, ...rest } = filters;
  return {
    ...rest,
    ...(bookings === undefined ? {} : { booking_ids: bookings.map((id) => id.toLowerCase()) }),
    ...(users === undefined ? {} : { user_ids: users.map((id) => id.toLowerCase()) }),
    userEmails,
  };
}

/** Whom `user_id` and `provider` of a filter stand for; see the page of a stream. */
export type FilteredPeople = Pick<StreamPage, "provider_emails" | "user_id">;

/**
 * Whom `user_id` and `provider` of a filter stand for, as far as its reader is shown them: an own view
 * and a limited token are not told which address somebody else has.
 */
export function shownPeople(
  { detail, own }: View,
  filter: StreamFilter,
  query: FilterQuery,
): FilteredPeople {
  const { user, providerEmails, token } = filter;
  if ((user === null && providerEmails === null) || detail !== "full") {
    return { provider_emails: null, user_id: null };
  }
  const emails = [...new Set([...(user?.emails ?? []), ...(providerEmails ?? [])])];
  const isLimited = own !== null || isPersonal(token);
  const known = [own?.providerEmail, query.provider?.toLowerCase()];
  return {
    provider_emails: isLimited ? emails.filter((email) => known.includes(email)) : emails,
    user_id: user?.id ?? null,
  };
}

function isPersonal(token: TokenFilter | null): boolean {
  return [token?.booking_ids, token?.user_ids, token?.provider_emails].some(
    (list) => list !== undefined,
  );
}
