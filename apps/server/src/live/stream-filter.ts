import type { BookingEventType, StreamTokenFilters } from "@slotwire/contract";
import type { EventFrame } from "./frames.ts";

/** What a stream token narrows its stream to. */
export interface TokenFilter extends StreamTokenFilters {
  /** The addresses that the members of `user_ids` have as providers. */
  readonly userEmails: readonly string[];
}

/** Which events a reader wants; null for all. */
export interface StreamFilter {
  readonly types: readonly BookingEventType[] | null;
  readonly bookingId: string | null;
  /** What the reader's token is limited to; null without one. */
  readonly token: TokenFilter | null;
}

/** Whether the filter leaves anything out. */
export function isNarrow({ types, bookingId, token }: StreamFilter): boolean {
  return types !== null || bookingId !== null || token !== null;
}

export function wants(filter: StreamFilter, frame: EventFrame): boolean {
  if (filter.types !== null && !filter.types.includes(frame.type)) return false;
  if (filter.bookingId !== null && filter.bookingId !== frame.bookingId) return false;
  return filter.token === null || passes(filter.token, frame);
}

/** An event has to pass every list that is given. */
function passes(token: TokenFilter, frame: EventFrame): boolean {
  const { booking_ids: bookings, provider_emails: providers, types } = token;
  if (bookings?.includes(frame.bookingId) === false) return false;
  if (types?.includes(frame.type) === false) return false;
  if (providers !== undefined && !sharesOne(providers, frame.providerEmails)) return false;
  return isOfUsers(token, frame);
}

function isOfUsers({ user_ids: users, userEmails }: TokenFilter, frame: EventFrame): boolean {
  if (users === undefined) return true;
  if (frame.userId !== null && users.includes(frame.userId)) return true;
  return sharesOne(userEmails, frame.providerEmails);
}

function sharesOne(some: readonly string[], others: readonly string[]): boolean {
  return others.some((value) => some.includes(value));
}
