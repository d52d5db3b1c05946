import type { NamedRecords, Rejection } from "./match-customer.ts";

/**
 * What people are told of records that a message names and that were not linked to its booking. The
 * ids themselves stay in the message: they are not the reader's to see.
 */
export function warnOfRejection(rejection: Rejection): string {
  if (rejection.why === "not_theirs") {
    return "It names a pet that is not the named customer's. Nothing was linked to the booking.";
  }
  const kinds = [
    ...(rejection.customer ? ["a customer"] : []),
    ...(rejection.subject ? ["a pet"] : []),
  ];
  return `It names ${kinds.join(" and ")} that this organisation does not have. Nothing was linked to the booking.`;
}

/** What people are told when a message names others than the booking is linked to. */
export function warnOfOthers({ customerId }: NamedRecords): string {
  const what = customerId === null ? "the pet of another customer" : "another customer";
  return `It names ${what} than the booking is linked to. The link was left as it is.`;
}
