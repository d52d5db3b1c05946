import type { BookingStatus } from "@slotwire/contract";

/** Whether a booking in a state takes its slot: as the column `booking.occupancy` says it. */
export type Occupancy = "free" | "tentative" | "busy";

export const occupancyOf: Readonly<Record<BookingStatus, Occupancy>> = {
  pending: "tentative",
  confirmed: "busy",
  checked_in: "busy",
  in_progress: "busy",
  completed: "busy",
  no_show: "busy",
  cancelled: "free",
  rejected: "free",
};
