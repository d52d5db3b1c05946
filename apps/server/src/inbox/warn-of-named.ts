import type { NamedRecords } from "../connectors/connector.ts";

/**
 * What people are told of records that a message names and that were not linked to its booking.
 * The hub knows no customers or pets yet, so none of them can be this organisation's own: all are
 * treated as another's. The ids themselves stay in the message: they are not the reader's to see.
 * @returns null when it names none
 */
export function warnOfNamed(named: NamedRecords | undefined): string | null {
  if (named === undefined) return null;
  const kinds = [
    ...(named.customerId === null ? [] : ["a customer"]),
    ...(named.subjectId === null ? [] : ["a pet"]),
  ];
  if (kinds.length === 0) return null;
  return `It names ${kinds.join(" and ")} that this organisation does not have. Nothing was linked to the booking.`;
}
