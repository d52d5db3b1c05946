import type { Statement } from "../db/database.ts";

/**
 * The bookings of a feed, in the order of their starts.
 * $1 organisation, $2 from, $3 to, $4 cancelled or deleted not before, $5 today, $6 how many,
 * $7 scope, $8 the provider's address, $9 the customer. Of more than that those nearest to today.
 */
export const feedBookings: Statement = {
  name: "feed_bookings",
  text: `
    WITH RECURSIVE same_customer AS (
      SELECT id FROM customer WHERE org_id = $1 AND id = $9::uuid
      UNION
      SELECT c.id FROM customer c JOIN same_customer s ON c.merged_into = s.id WHERE c.org_id = $1),
    chosen AS (
      SELECT b.*
        FROM booking b
       WHERE b.org_id = $1 AND b.starts_at >= $2 AND b.starts_at < $3
         AND ((b.deleted_at IS NULL AND b.status NOT IN ('cancelled', 'rejected'))
              OR b.updated_at >= $4)
         AND CASE $7::text
               WHEN 'provider' THEN lower(b.provider_email) = $8::text
               WHEN 'customer' THEN b.customer_id IN (SELECT id FROM same_customer)
               ELSE true END
       ORDER BY abs(extract(epoch FROM b.starts_at - $5::timestamptz)), b.id
       LIMIT $6)
    SELECT b.id, b.booking_number, b.version, b.status, b.starts_at, b.ends_at, b.title,
           b.description, b.location, b.meeting_url, b.provider_name, b.service_name,
           b.created_at, b.updated_at, b.deleted_at IS NOT NULL AS is_deleted,
           coalesce(
             (SELECT json_agg(a.name ORDER BY a.position)
                FROM booking_attendee a
               WHERE a.org_id = b.org_id AND a.booking_id = b.id
                 AND a.status <> 'cancelled' AND a.name IS NOT NULL), '[]') AS people
      FROM chosen b
     ORDER BY b.starts_at, b.id`,
};
