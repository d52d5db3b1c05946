import type { BookingResource } from "@slotwire/contract";
import type { Heard } from "../domain/booking.ts";
import type { Candidates, CustomerCandidate } from "../domain/match-customer.ts";

/** What `ledger_find` answers for one booking. */
export interface FoundBooking {
  readonly booking: BookingResource;
  readonly source_sequence: number | null;
  readonly source_updated_at: string | null;
  readonly heard: Heard;
  readonly heard_count: number;
  /** A person linked it to a customer, or took the link away. */
  readonly is_link_decided: boolean;
  /** The source's time of the last word on each attendee, in their order. */
  readonly attendee_times: readonly (string | null)[];
}

interface FoundCustomer {
  readonly customer: {
    readonly id: string;
    readonly version: number;
    readonly by: CustomerCandidate["by"];
    readonly display_name: string;
    readonly first_name: string | null;
    readonly last_name: string | null;
    readonly has_email: boolean;
    readonly has_phone: boolean;
    readonly edited: readonly string[];
  };
}

interface FoundSubject {
  readonly subject: { readonly id: string; readonly customer_id: string };
}

/** A row of what `ledger_find` answers. */
export type FoundRow = FoundBooking | FoundCustomer | FoundSubject;

/** The bookings among what was found. */
export function foundBookings(rows: readonly FoundRow[]): FoundBooking[] {
  return rows.filter((row): row is FoundBooking => "booking" in row);
}

/** Whose the booking may be, among what was found. */
export function foundCandidates(rows: readonly FoundRow[]): Candidates {
  const customers = rows.filter((row): row is FoundCustomer => "customer" in row);
  const subjects = rows.filter((row): row is FoundSubject => "subject" in row);
  return {
    customers: customers.map(({ customer }) => ({
      id: customer.id,
      version: customer.version,
      by: customer.by,
      displayName: customer.display_name,
      firstName: customer.first_name,
      lastName: customer.last_name,
      hasEmail: customer.has_email,
      hasPhone: customer.has_phone,
      edited: customer.edited,
    })),
    subjects: subjects.map(({ subject }) => ({ id: subject.id, customerId: subject.customer_id })),
  };
}
