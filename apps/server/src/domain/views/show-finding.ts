import type { ReconcileFindingResource } from "@slotwire/contract";
import type { Detail } from "./view.ts";

/** Members of a booking whose values name nobody. */
const bare: ReadonlySet<string> = new Set([
  "status",
  "starts_at",
  "ends_at",
  "time_zone",
  "payment_status",
  "price_minor",
  "currency",
  "seats",
]);

/**
 * A finding as somebody is shown it. Who may not see all of a booking hears which of its members
 * differed, and the values of those that name nobody.
 */
export function showFinding(
  finding: ReconcileFindingResource,
  detail: Detail,
): ReconcileFindingResource {
  if (detail === "full") return finding;
  return {
    ...finding,
    label: finding.booking_number === null ? "A booking" : `Booking #${finding.booking_number}`,
    fields: finding.fields.map((field) =>
      bare.has(field.name) ? field : { ...field, before: null, after: null },
    ),
  };
}
