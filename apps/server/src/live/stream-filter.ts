import type { BookingEventType } from "@slotwire/contract";
import type { EventFrame } from "./frames.ts";

/** Which events a reader wants; null for all. */
export interface StreamFilter {
  readonly types: readonly BookingEventType[] | null;
  readonly bookingId: string | null;
}

/** Whether the filter leaves anything out. */
export function isNarrow(filter: StreamFilter): boolean {
  return filter.types !== null || filter.bookingId !== null;
}

export function wants(filter: StreamFilter, frame: EventFrame): boolean {
  if (filter.types !== null && !filter.types.includes(frame.type)) return false;
  return filter.bookingId === null || filter.bookingId === frame.bookingId;
}
