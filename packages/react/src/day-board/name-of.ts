import type { BookingResource } from "@slotwire/contract";

/** Who comes: people at a desk look for a name. The title where nobody is named; empty for neither. */
export function nameOf({ customer, attendees, title }: BookingResource): string {
  const [first] = attendees.filter(({ status }) => status !== "cancelled");
  return customer?.name ?? first?.name ?? first?.email ?? first?.phone ?? title;
}
