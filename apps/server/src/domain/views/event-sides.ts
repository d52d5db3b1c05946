import type { BookingEvent } from "@slotwire/contract";
import { isRecord } from "../is-record.ts";
import { providersOf } from "./own-event.ts";

/** Whose a booking was, and where, on one side of an event. */
export interface EventSide {
  /** In lower case. */
  readonly providerEmail: string | null;
  readonly customerId: string | null;
  /** In lower case. */
  readonly location: string | null;
}

/** A booking after an event, and before it: as after, in all that the event did not change. */
export interface EventSides {
  readonly after: EventSide;
  readonly before: EventSide;
}

/** What an event says of both sides, whichever of the two writers it is from. */
export function sidesOf(event: Pick<BookingEvent, "data">): EventSides {
  const providers = providersOf(event);
  const customers = customersOf(event);
  const locations = locationsOf(event);
  const side = (name: "after" | "before"): EventSide => ({
    providerEmail: providers[name]?.toLowerCase() ?? null,
    customerId: customers[name],
    location: locations[name]?.toLowerCase() ?? null,
  });
  return { after: side("after"), before: side("before") };
}

interface Both {
  readonly after: string | null;
  readonly before: string | null;
}

/** The ledger keeps the customer as it was, plain SQL the column. */
function customersOf({ data: { booking, previous = {} } }: Pick<BookingEvent, "data">): Both {
  const after = booking?.customer?.id ?? null;
  if ("customer" in previous) {
    const { customer } = previous;
    return { after, before: textOrNull(isRecord(customer) ? customer["id"] : null) };
  }
  const isColumn = "customer_id" in previous;
  return { after, before: isColumn ? textOrNull(previous["customer_id"]) : after };
}

function locationsOf({ data: { booking, previous = {} } }: Pick<BookingEvent, "data">): Both {
  const after = booking?.location ?? null;
  return { after, before: "location" in previous ? textOrNull(previous["location"]) : after };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
