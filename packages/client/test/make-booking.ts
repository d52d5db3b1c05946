import type { BookingEvent, BookingResource } from "@slotwire/contract";

/** What of a booking decides whether an event about it passes a filter. */
export interface VisitFacts {
  readonly customer?: string;
  readonly provider?: string;
  readonly location?: string;
}

/** The data of an event about a booking, as it is after it. */
export function visit({ customer, provider, location }: VisitFacts): BookingEvent["data"] {
  const booking: Partial<BookingResource> = {
    title: "Grooming",
    customer:
      customer === undefined ? null : { id: customer, name: "Jan", email: null, phone: null },
    provider: provider === undefined ? null : { id: null, name: "Anna", email: provider },
    location: location ?? null,
  };
  return { booking: booking as BookingResource };
}
