import type { BookingEvent } from "@slotwire/contract";

/** A member of the flaky hub's organisation, who provides visits under one address. */
export interface HubMember {
  readonly id: string;
  /** In lower case. */
  readonly email: string;
}

/** What an event says of a booking, after it and before it. */
interface Sides {
  readonly customers: readonly unknown[];
  readonly providers: readonly unknown[];
  readonly places: readonly unknown[];
}

/** The stream's filters as the contract describes them. A thin event passes what is about bookings. */
export function makeFilter(
  query: URLSearchParams,
  members: readonly HubMember[],
): (event: BookingEvent) => boolean {
  const word = (name: string): string | null => query.get(name)?.toLowerCase() ?? null;
  const types = query.get("types")?.split(",");
  const member = (id: string): HubMember | undefined =>
    id === "me" ? members[0] : members.find((one) => one.id === id);
  const user = word("user_id");
  const provider = word("provider");
  const address = provider?.includes("@") === false ? member(provider)?.email : provider;
  const isOfUser = (event: BookingEvent, { providers }: Sides): boolean => {
    const one = user === null ? undefined : member(user);
    return event.actor.id === (one?.id ?? user) || providers.includes(one?.email);
  };
  return (event) => {
    if (types?.includes(event.type) === false) return false;
    if (query.has("booking_id") && query.get("booking_id") !== event.booking_id) return false;
    if (event.data.booking === undefined) return true;
    const sides = sidesOf(event);
    return (
      (!query.has("customer_id") || sides.customers.includes(query.get("customer_id"))) &&
      (!query.has("location") || sides.places.includes(word("location"))) &&
      (provider === null || sides.providers.includes(address)) &&
      (user === null || isOfUser(event, sides))
    );
  };
}

function sidesOf({ data: { booking, previous = {} } }: BookingEvent): Sides {
  const before = previous as {
    readonly customer?: { readonly id: string } | null;
    readonly provider?: { readonly email: string } | null;
    readonly location?: string | null;
  };
  return {
    customers: [booking?.customer?.id, before.customer?.id],
    providers: [booking?.provider?.email?.toLowerCase(), before.provider?.email.toLowerCase()],
    places: [booking?.location?.toLowerCase(), before.location?.toLowerCase()],
  };
}
