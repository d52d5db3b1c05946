import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import type { View } from "../domain/views/view.ts";

/** What the lists of unlinked bookings need. */
export interface UnlinkedDeps {
  readonly db: Database;
  readonly clock: Clock;
}

/** Bookings that began earlier are nobody's work any more. */
const DAYS_BACK = 90;

/**
 * Which bookings are unlinked: of no customer, or of a customer who has something, without saying
 * which. Not those that take no place, and none of which somebody said that it needs no link.
 * @param bind adds a value and answers its placeholder; $1 is the organisation
 */
export function unlinkedConditions(
  { own }: View,
  now: Date,
  bind: (value: unknown) => string,
): string[] {
  const since = new Date(now.getTime() - DAYS_BACK * 86_400_000);
  return [
    "b.org_id = $1",
    "b.deleted_at IS NULL",
    "b.link_dismissed_at IS NULL",
    "b.status NOT IN ('cancelled', 'rejected')",
    `b.starts_at >= ${bind(since)}::timestamptz`,
    `(b.customer_id IS NULL OR (
       EXISTS (SELECT FROM subject s WHERE s.org_id = $1 AND s.customer_id = b.customer_id
                 AND s.inactive_at IS NULL)
       AND NOT EXISTS (SELECT FROM booking_subject bs
                        WHERE bs.org_id = $1 AND bs.booking_id = b.id)))`,
    ...(own === null ? [] : [`lower(b.provider_email) = ${bind(own.providerEmail)}`]),
  ];
}
