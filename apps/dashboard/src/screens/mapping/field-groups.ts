import type { MappedField } from "@slotwire/contract";
import type { MappingMessages } from "../../messages/mapping.ts";

/** Our fields in the order in which people think of them. */
export const fieldGroups: readonly {
  readonly group: keyof MappingMessages["groups"];
  readonly fields: readonly MappedField[];
}[] = [
  { group: "what", fields: ["event", "uid", "previous_uid", "status", "reason", "occurred_at"] },
  { group: "when", fields: ["start", "end", "duration", "time_zone"] },
  { group: "who", fields: ["attendee_name", "attendee_email", "attendee_phone", "customer_ref"] },
  {
    group: "which",
    fields: ["title", "service_name", "service_key", "description", "location", "meeting_url"],
  },
  { group: "more", fields: ["provider_name", "provider_email", "price", "currency", "pet_ref"] },
];
