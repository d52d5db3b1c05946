import type { BookingEvent } from "@slotwire/contract";
import { fieldName, valueWords } from "../../parts/field-words.ts";

/** One field of a booking before and after an event, in words. */
export interface FieldChange {
  readonly field: string;
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

/**
 * What an event changed, field by field. Values that cannot be told apart in words are left out.
 * @param zone IANA zone in which times are told
 */
export function fieldChanges(event: BookingEvent, zone: string): FieldChange[] {
  const previous = event.data.previous ?? {};
  const booking = event.data.booking as Readonly<Record<string, unknown>> | undefined;
  return event.changed_fields
    .filter((field) => field in previous)
    .map((field) => ({
      field,
      name: fieldName(field),
      before: valueWords(field, previous[field], zone),
      after: valueWords(field, booking?.[field], zone),
    }))
    .filter((change) => change.before !== change.after);
}
