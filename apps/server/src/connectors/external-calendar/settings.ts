import { bookingStatuses } from "@slotwire/contract";
import { z } from "zod";

/** What can be adjusted of a connection to an external calendar. */
export const externalCalendarSettings = z.strictObject({
  statuses: z
    .record(z.string().trim().min(1).max(100), z.enum(bookingStatuses))
    .refine((statuses) => Object.keys(statuses).length <= 50, "At most 50 words.")
    .default({})
    .describe(
      "What the calendar's own words for a status mean, beside CONFIRMED and CANCELLED. A word that is not here changes no status.",
    ),
});
