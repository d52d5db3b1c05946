-- What the planning system knows of each booking. Run it once.
CREATE TABLE IF NOT EXISTS external_booking (
  booking_id uuid PRIMARY KEY,
  status text NOT NULL,
  booking_version int,
  changed_at timestamptz NOT NULL,
  change jsonb NOT NULL
);

-- Takes a change over if it is newer than what is known. Answers whether it was.
CREATE OR REPLACE FUNCTION apply_booking_change(change jsonb) RETURNS boolean
LANGUAGE sql AS $$
  WITH written AS (
    INSERT INTO external_booking AS known (booking_id, status, booking_version, changed_at, change)
    VALUES ((change ->> 'booking_id')::uuid, change ->> 'new_status',
            (change ->> 'booking_version')::int, (change ->> 'timestamp')::timestamptz, change)
    ON CONFLICT (booking_id) DO UPDATE
      SET status = excluded.status, booking_version = excluded.booking_version,
          changed_at = excluded.changed_at, change = excluded.change
      WHERE CASE WHEN excluded.booking_version IS NULL OR known.booking_version IS NULL
                 THEN excluded.changed_at > known.changed_at
                 ELSE excluded.booking_version > known.booking_version END
    RETURNING 1)
  SELECT EXISTS (SELECT FROM written)
$$;
