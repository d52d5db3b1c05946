import type { BookingEvent, BookingEventType, BookingResource } from "@slotwire/contract";
import type { Query } from "../transport.ts";

/** Which events a subscription is about: they have to pass everything that is given. */
export interface EventFilter {
  readonly bookingId?: string | undefined;
  /** Whose booking it is after the event, or was before it. */
  readonly customerId?: string | undefined;
  /** A member's id, or `me`: events that they made, and those of bookings whose provider they are. */
  readonly userId?: string | undefined;
  /** The provider's e-mail, or the id of the member who it is. */
  readonly provider?: string | undefined;
  /** Where the visit is after the event, or was before it, in any case of letters. */
  readonly location?: string | undefined;
  readonly types?: readonly BookingEventType[] | undefined;
}

/** What a filter's words stand for in events: only the hub knows. */
export interface FilterMeaning {
  /** The addresses that user and provider have as providers, in lower case. */
  readonly emails: readonly string[];
  /** The id behind `me`. */
  readonly userId: string | null | undefined;
}

/** The same in lower case, as ids and addresses are in events; whatever a page has given for it. */
export const inLowerCase = (filter?: EventFilter | null): EventFilter =>
  Object.fromEntries(
    Object.entries<string | readonly string[] | undefined>({ ...filter }).map(([name, word]) => {
      const text = word?.toString().toLowerCase();
      return [name, name === "types" ? text?.split(",") : text];
    }),
  );

/** The filter as the hub's stream takes it. What no filter is called is sent, too: the hub refuses it. */
export const filterQuery = (filter: EventFilter): Query =>
  Object.fromEntries(
    Object.entries<string | readonly string[] | undefined>({ ...filter }).map(([name, word]) => [
      name.replace(/[A-Z]/, (letter) => `_${letter.toLowerCase()}`),
      word?.toString(),
    ]),
  );

/** Whether it leaves anything out. */
export function isNarrow(filter: Query): boolean {
  return Object.values(filter).some((part) => part !== undefined);
}

/**
 * Whether an event passes a filter in lower case. One without its booking passes whatever asks about the booking: it says
 * that the booking is no longer the reader's to see.
 */
export function passes(filter: EventFilter, meaning: FilterMeaning, event: BookingEvent): boolean {
  const { bookingId, types } = filter;
  if (bookingId !== undefined && bookingId !== event.booking_id) return false;
  if (types?.includes(event.type) === false) return false;
  const { booking, previous = {} } = event.data;
  return booking === undefined || passesBooking(filter, meaning, event, [booking, previous]);
}

/** What a booking was, as far as it has changed. */
interface Before {
  readonly customer?: { readonly id?: unknown } | null;
  readonly customer_id?: unknown;
  readonly provider?: { readonly email?: unknown } | null;
  readonly provider_email?: unknown;
  readonly location?: unknown;
}

function passesBooking(
  { customerId, userId, provider, location }: EventFilter,
  { emails, userId: member }: FilterMeaning,
  { actor, changed_fields: changed }: BookingEvent,
  [booking, before]: [BookingResource, Before],
): boolean {
  const isOfProvider = (): boolean =>
    [booking.provider?.email, before.provider?.email, before.provider_email].some((email) =>
      emails.includes(lower(email)),
    );
  const places = [booking.location, before.location];
  const customers = [booking.customer?.id, before.customer?.id, before.customer_id];
  // Who is shown ids alone is not shown whose it was.
  const isHidden = changed.includes("customer") && !("customer" in before);
  return (
    (customerId === undefined || isHidden || customers.includes(customerId)) &&
    (userId === undefined || (actor.kind === "user" && actor.id === member) || isOfProvider()) &&
    (provider === undefined || isOfProvider()) &&
    (location === undefined || places.some((place) => lower(place) === location))
  );
}

const lower = (text: unknown): string => (typeof text === "string" ? text.toLowerCase() : "");
