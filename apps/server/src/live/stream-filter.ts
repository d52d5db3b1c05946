import type { BookingEventType, StreamTokenFilters } from "@slotwire/contract";
import type { EventSide } from "../domain/views/event-sides.ts";
import type { View } from "../domain/views/view.ts";
import type { EventFacts } from "./event-facts.ts";

/** What a stream token narrows its stream to. */
export interface TokenFilter extends StreamTokenFilters {
  /** The addresses that the members of `user_ids` have as providers. */
  readonly userEmails: readonly string[];
}

/** Whose events are wanted: those that they made, and those of bookings whose provider they are. */
export interface WantedUser {
  readonly id: string;
  /** Their addresses as a provider, in lower case; none of a stranger. */
  readonly emails: readonly string[];
}

/** Which events a reader wants, all ids and texts in lower case; null for all. */
export interface StreamFilter {
  readonly types: readonly BookingEventType[] | null;
  readonly bookingId: string | null;
  readonly customerId: string | null;
  readonly user: WantedUser | null;
  /** The provider's addresses: none of a member who there is not. */
  readonly providerEmails: readonly string[] | null;
  readonly location: string | null;
  /** What the reader's token is limited to; null without one. */
  readonly token: TokenFilter | null;
}

export const everything: StreamFilter = {
  types: null,
  bookingId: null,
  customerId: null,
  user: null,
  providerEmails: null,
  location: null,
  token: null,
};

/** Whether the filter leaves anything out. */
export function isNarrow(filter: StreamFilter): boolean {
  return Object.values(filter).some((part) => part !== null);
}

/** The bookings that the filter is about, each once; null for all. */
export function bookingsOf({ bookingId, token }: StreamFilter): readonly string[] | null {
  const ids = token?.booking_ids === undefined ? null : [...new Set(token.booking_ids)];
  if (bookingId === null) return ids;
  return ids === null || ids.includes(bookingId) ? [bookingId] : [];
}

/**
 * Whether an event passes every part of the filter: by what the booking is after it, or by what it
 * was before. To somebody whose bookings are their own, it counts by what they know of it: of one
 * that became somebody else's only what it was.
 */
export function wants(
  filter: StreamFilter,
  facts: EventFacts,
  { own }: Pick<View, "own">,
): boolean {
  const { types, bookingId, token } = filter;
  if (types !== null && !types.includes(facts.type)) return false;
  if (bookingId !== null && bookingId !== facts.bookingId) return false;
  // Most streams ask for no more, and each asks of each event.
  if (!asksForSides(filter)) return true;
  const isKnown = own === null || facts.after.providerEmail === own.providerEmail;
  const sides = isKnown ? [facts.after, facts.before] : [facts.before];
  return isAbout(filter, facts, sides) && (token === null || passes(token, facts, sides));
}

type Sides = readonly EventSide[];

function asksForSides({
  customerId,
  user,
  providerEmails,
  location,
  token,
}: StreamFilter): boolean {
  return (customerId ?? user ?? providerEmails ?? location ?? token) !== null;
}

function isAbout(filter: StreamFilter, facts: EventFacts, sides: Sides): boolean {
  const { customerId, user, providerEmails, location } = filter;
  if (customerId !== null && !sides.some((side) => side.customerId === customerId)) return false;
  if (location !== null && !sides.some((side) => side.location === location)) return false;
  if (providerEmails !== null && !isProvidedBy(providerEmails, sides)) return false;
  return user === null || isOfUsers([user.id], user.emails, facts, sides);
}

/** An event has to pass every list that is given. */
function passes(token: TokenFilter, facts: EventFacts, sides: Sides): boolean {
  const { booking_ids: bookings, provider_emails: providers, user_ids: users, types } = token;
  if (bookings?.includes(facts.bookingId) === false) return false;
  if (types?.includes(facts.type) === false) return false;
  if (providers !== undefined && !isProvidedBy(providers, sides)) return false;
  return users === undefined || isOfUsers(users, token.userEmails, facts, sides);
}

function isOfUsers(
  ids: readonly string[],
  emails: readonly string[],
  { userId }: EventFacts,
  sides: Sides,
): boolean {
  return (userId !== null && ids.includes(userId)) || isProvidedBy(emails, sides);
}

function isProvidedBy(emails: readonly string[], sides: Sides): boolean {
  return sides.some(
    ({ providerEmail }) => providerEmail !== null && emails.includes(providerEmail),
  );
}
