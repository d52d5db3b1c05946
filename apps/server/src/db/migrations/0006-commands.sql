-- What the hub asks of the source that owns a booking: one row each, from the request to its end.

CREATE TABLE command (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuid7(),
  booking_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('cancel', 'reschedule', 'confirm', 'reject', 'no_show')),
  -- reschedule: starts_at, ends_at, and as from_starts_at where it was; no_show: absent
  payload jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(payload) = 'object'),
  reason text, -- the person's, for the source and its customer
  status text NOT NULL DEFAULT 'queued' CHECK (status IN
    ('queued', 'sending', 'accepted', 'confirmed', 'refused', 'expired', 'withdrawn')),
  expected_version int NOT NULL, -- of the booking, when it was asked for
  idempotency_key text NOT NULL,
  requested_by_kind text NOT NULL CHECK (requested_by_kind IN ('user', 'api_key')),
  requested_by_id text,
  requested_by_name text,
  result_uid text, -- the id that the source gave the booking by it
  event_id uuid, -- the event that confirmed it
  problem_code text, -- why it is not done, or not yet
  problem text,
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  -- until when it is tried; once it is accepted, until when its effect is awaited
  expires_at timestamptz NOT NULL,
  lease_until timestamptz,
  lease_token uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz, -- the last time
  accepted_at timestamptz,
  settled_at timestamptz,
  -- what is open has a time at which something is to be done, and nothing else has one
  CHECK ((next_attempt_at IS NOT NULL) = (status IN ('queued', 'sending', 'accepted'))),
  CHECK ((settled_at IS NULL) = (status IN ('queued', 'sending', 'accepted'))),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, idempotency_key),
  FOREIGN KEY (org_id, booking_id) REFERENCES booking (org_id, id),
  FOREIGN KEY (org_id, connection_id) REFERENCES connection (org_id, id)
);
SELECT protect_tenant_table('command');
-- A booking has one open command: what is asked next depends on what became of the one before.
CREATE UNIQUE INDEX command_open ON command (org_id, booking_id)
  WHERE status IN ('queued', 'sending', 'accepted');
CREATE INDEX command_due ON command (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
CREATE INDEX command_of_booking ON command (org_id, booking_id, id);

CREATE POLICY own_bookings ON command AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = command.org_id AND b.id = command.booking_id));

-- Whether a booking is as a command wants it. The only place that says so.
CREATE FUNCTION command_holds(p_kind text, p_payload jsonb, p_booking jsonb) RETURNS boolean
  LANGUAGE sql STABLE
  RETURN CASE p_kind
    WHEN 'cancel' THEN p_booking ->> 'status' = 'cancelled'
    WHEN 'reject' THEN p_booking ->> 'status' = 'rejected'
    WHEN 'confirm' THEN p_booking ->> 'status' NOT IN ('pending', 'rejected', 'cancelled')
    WHEN 'reschedule' THEN p_booking ->> 'status' NOT IN ('rejected', 'cancelled')
      AND (p_booking ->> 'starts_at')::timestamptz = (p_payload ->> 'starts_at')::timestamptz
      AND (p_booking ->> 'ends_at')::timestamptz = (p_payload ->> 'ends_at')::timestamptz
    WHEN 'no_show' THEN
      (p_booking ->> 'status' = 'no_show') = (p_payload ->> 'absent')::boolean
  END;

-- Whatever tells that the booking is as it was wanted confirms the command: the source's message,
-- its answer, a comparison with it. Whoever is at work on the command loses the lease.
CREATE FUNCTION confirm_commands() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE command c
     SET status = 'confirmed', event_id = NEW.id, settled_at = NEW.recorded_at,
         next_attempt_at = NULL, lease_until = NULL, lease_token = NULL,
         problem_code = NULL, problem = NULL
   WHERE c.org_id = NEW.org_id AND c.booking_id = NEW.booking_id
     AND c.status IN ('queued', 'sending', 'accepted')
     AND command_holds(c.kind, c.payload, NEW.booking);
  RETURN NULL;
END $$;
CREATE TRIGGER booking_event_commands AFTER INSERT ON booking_event
  FOR EACH ROW EXECUTE FUNCTION confirm_commands();

GRANT CREATE ON SCHEMA public TO slotwire_system;
ALTER FUNCTION confirm_commands OWNER TO slotwire_system;
REVOKE CREATE ON SCHEMA public FROM slotwire_system;
