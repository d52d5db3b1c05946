import type { BookingResource } from "@slotwire/contract";
import { uuid7 } from "../db/uuid7.ts";
import type { WriteDecision } from "../domain/decision.ts";
import { warnOfOthers, warnOfRejection } from "../domain/link-warning.ts";
import type { Match } from "../domain/match-bookings.ts";
import {
  type Candidates,
  type Contact,
  type CustomerBlanks,
  matchCustomer,
  type NamedRecords,
  type NewCustomer,
} from "../domain/match-customer.ts";
import { SlotwireError } from "../errors.ts";
import type { FoundBooking } from "./found-rows.ts";

/** To whom and what a person links a booking. */
export interface LinkRequest {
  /** Null for nobody, and when `newCustomer` says who. */
  readonly customerId: string | null;
  /** All of them; subjects of that customer. */
  readonly subjectIds: readonly string[];
  readonly newCustomer: NewCustomer | null;
}

/** A customer as `write_customer` takes it. */
export type CustomerToWrite =
  | { readonly id: string; readonly creates: true; readonly customer: NewCustomer }
  | { readonly id: string; readonly creates: false; readonly customer: CustomerBlanks };

/** What becomes of a booking's link. */
export interface Linking {
  readonly customerId: string | null;
  /** Null leaves them as they are. */
  readonly subjectIds: readonly string[] | null;
  /** A customer to write with the booking. */
  readonly customer: CustomerToWrite | null;
  /** A person decided it. */
  readonly isDecided: boolean;
  /** What people are told of the message; null for nothing. */
  readonly warning: string | null;
}

/** How a booking is linked. */
interface Link {
  readonly customer: BookingResource["customer"];
  readonly subjects: BookingResource["subjects"];
  readonly isDecided: boolean;
}

const unlinked: Link = { customer: null, subjects: [], isDecided: false };

/** What a message says of its customer, and what was found by it. */
export interface LinkFacts {
  readonly named: NamedRecords | null;
  readonly contact: Contact | null;
  readonly candidates: Candidates;
}

/**
 * Links a booking to the customer that a message speaks of, unless it is linked or a person has
 * decided. A booking that absorbs another takes over its link.
 */
export function linkByMessage(
  bookings: readonly FoundBooking[],
  match: Match,
  facts: LinkFacts,
): Linking {
  const current = linkOf(bookings, match.current?.id);
  const absorbed = linkOf(bookings, match.absorbed?.id);
  const takesOver = current.customer === null && !current.isDecided && absorbed.customer !== null;
  const link = takesOver ? absorbed : current;
  const kept: Linking = {
    customerId: link.customer?.id ?? null,
    subjectIds: takesOver ? idsOf(link) : null,
    customer: null,
    isDecided: takesOver && link.isDecided,
    warning: null,
  };
  if (link.isDecided) return kept;
  return link.customer === null ? linkFirst(kept, facts) : linkFurther(kept, link, facts);
}

function linkFirst(kept: Linking, { candidates, named, contact }: LinkFacts): Linking {
  const match = matchCustomer(candidates, named, contact);
  switch (match.outcome) {
    case "none":
      return kept;
    case "rejected":
      return { ...kept, warning: warnOfRejection(match.rejection) };
    case "new": {
      const id = uuid7();
      return { ...kept, customerId: id, customer: { id, creates: true, customer: match.customer } };
    }
    case "found": {
      const { customerId, subjectIds, blanks } = match;
      return {
        ...kept,
        customerId,
        subjectIds: subjectIds.length === 0 ? kept.subjectIds : subjectIds,
        customer: blanks && { id: customerId, creates: false, customer: blanks },
      };
    }
  }
}

/** A linked booking may still learn what it is about. */
function linkFurther(kept: Linking, link: Link, { candidates, named }: LinkFacts): Linking {
  if (named === null) return kept;
  const match = matchCustomer(candidates, named, null);
  if (match.outcome === "rejected") return { ...kept, warning: warnOfRejection(match.rejection) };
  if (match.outcome !== "found") return kept;
  if (match.customerId !== kept.customerId) return { ...kept, warning: warnOfOthers(named) };
  const isNews = link.subjects.length === 0 && match.subjectIds.length > 0;
  return isNews ? { ...kept, subjectIds: match.subjectIds } : kept;
}

/**
 * Links a booking as a person wants it.
 * @throws SlotwireError E_NOT_FOUND for a customer that there is not; E_CUSTOMER_EXISTS when the new
 *   one's address is somebody's
 */
export function linkByRequest(request: LinkRequest, { customers }: Candidates): Linking {
  const { customerId, subjectIds, newCustomer } = request;
  const rest = { isDecided: true, warning: null };
  if (newCustomer !== null) {
    if (customers.some(({ by }) => by === "email")) throw new SlotwireError("E_CUSTOMER_EXISTS");
    const id = uuid7();
    const customer = { id, creates: true, customer: newCustomer } as const;
    return { ...rest, customerId: id, subjectIds: [], customer };
  }
  if (customerId !== null && !customers.some(({ id }) => id === customerId)) {
    throw new SlotwireError("E_NOT_FOUND");
  }
  return { ...rest, customerId, subjectIds, customer: null };
}

/** What differs between a booking's link now and next, as the values before, by their wire names. */
export function linkDifferences(
  found: FoundBooking | undefined,
  linking: Linking,
): Record<string, unknown> {
  if (found === undefined) return {};
  const { customer, subjects } = found.booking;
  const before = idsOf({ subjects });
  const after = linking.subjectIds ?? before;
  const isSameSubjects = before.length === after.length && before.every((id) => after.includes(id));
  return {
    ...((customer?.id ?? null) === linking.customerId ? {} : { customer }),
    ...(isSameSubjects ? {} : { subjects }),
  };
}

/** The decision with what changes in the link. */
export function withLink(
  decision: WriteDecision,
  previous: Record<string, unknown>,
): WriteDecision {
  const { event } = decision;
  return {
    ...decision,
    event: {
      ...event,
      changedFields: [...event.changedFields, ...Object.keys(previous)],
      previous: { ...event.previous, ...previous },
    },
  };
}

function linkOf(bookings: readonly FoundBooking[], id: string | undefined): Link {
  const found = bookings.find(({ booking }) => booking.id === id);
  if (found === undefined) return unlinked;
  const { customer, subjects } = found.booking;
  return { customer, subjects, isDecided: found.is_link_decided };
}

const idsOf = ({ subjects }: Pick<Link, "subjects">): string[] => subjects.map(({ id }) => id);
