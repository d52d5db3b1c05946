import type { FieldChange } from "@slotwire/contract";
import { HIDDEN } from "./mask-contact.ts";
import type { Detail } from "./view.ts";

/** Members that say nothing personal. */
const bare: readonly string[] = [
  "status",
  "starts_at",
  "ends_at",
  "time_zone",
  "deleted_at",
  "external_refs",
  "payment_status",
];

/** What changed of a booking, as somebody is shown it: of what may be personal, only that it did. */
export function showChanges(changes: readonly FieldChange[], detail: Detail): FieldChange[] {
  if (detail === "full") return [...changes];
  return changes.map((change) =>
    bare.includes(change.field) ? change : { field: change.field, old: HIDDEN, new: HIDDEN },
  );
}
