import type { SourceAnswer } from "../../call-source.ts";
import type { ReportedBooking } from "../../connector.ts";
import { SourceApiError } from "../../source-api-error.ts";
import { type Reader, reportBooking, type Unreadable } from "./report.ts";
import { envelopeSchema } from "./schema.ts";

/** Whether a booking could be read. */
export function isReport(report: ReportedBooking | Unreadable): report is ReportedBooking {
  return "change" in report;
}

/**
 * The bookings that an answer carries: one, or several of a series.
 * @throws SourceApiError when one of them cannot be read
 */
export function readBookings({ body, asOf }: SourceAnswer, reader: Reader): ReportedBooking[] {
  const envelope = envelopeSchema.safeParse(body);
  if (!envelope.success) throw notUnderstood();
  const { data } = envelope.data;
  return (Array.isArray(data) ? data : [data]).map((booking) => {
    const report = reportBooking(booking, asOf, reader);
    if (isReport(report)) return report;
    throw new SourceApiError("unavailable", `A booking cannot be read: ${report.reason}.`);
  });
}

/** An answer of 2xx that says something else than what is documented. */
export function notUnderstood(): SourceApiError {
  return new SourceApiError("unavailable", "The answer does not have the documented form.");
}
