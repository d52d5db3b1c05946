-- Destinations hear of events: one delivery row per event and destination, written in the
-- transaction of the event itself, whoever caused it.

CREATE TABLE destination (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL,
  name text NOT NULL,
  url text NOT NULL,
  profile text NOT NULL,
  event_types text[] NOT NULL,
  payload_mode text NOT NULL CHECK (payload_mode IN ('thin', 'full')),
  ordering text NOT NULL CHECK (ordering IN ('per_booking', 'none')),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'disabled')),
  disabled_reason text,
  origin text NOT NULL CHECK (origin IN ('environment', 'user', 'demo')),
  secret_sealed bytea NOT NULL,
  previous_secret_sealed bytea,
  previous_secret_until timestamptz,
  -- header that carries a key of the receiver's, for example a bearer token
  auth_header text,
  auth_value_sealed bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  PRIMARY KEY (org_id, id)
);
SELECT protect_tenant_table('destination');
CREATE UNIQUE INDEX destination_name ON destination (org_id, lower(name)) WHERE deleted_at IS NULL;

CREATE TABLE delivery (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuid7(),
  destination_id uuid NOT NULL,
  booking_event_id uuid NOT NULL,
  booking_id uuid NOT NULL,
  booking_version int NOT NULL,
  status text NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'sending', 'retrying', 'delivered', 'exhausted', 'cancelled',
                      'skipped')),
  skip_reason text,
  attempt_count int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  delivered_at timestamptz,
  last_status_code int,
  error_class text,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, destination_id, booking_event_id),
  FOREIGN KEY (org_id, destination_id) REFERENCES destination (org_id, id),
  FOREIGN KEY (org_id, booking_event_id) REFERENCES booking_event (org_id, id)
);
SELECT protect_tenant_table('delivery');
CREATE INDEX delivery_due ON delivery (next_attempt_at)
  WHERE status IN ('pending', 'sending', 'retrying');
CREATE INDEX delivery_open ON delivery (org_id, destination_id, booking_id, booking_version)
  WHERE status IN ('pending', 'sending', 'retrying');
CREATE INDEX delivery_latest ON delivery (org_id, id DESC);

CREATE TABLE delivery_attempt (
  org_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  no int NOT NULL,
  at timestamptz NOT NULL,
  status_code int,
  error_class text,
  error text,
  response_body text,
  total_ms double precision NOT NULL,
  PRIMARY KEY (org_id, delivery_id, no),
  FOREIGN KEY (org_id, delivery_id) REFERENCES delivery (org_id, id)
);
SELECT protect_tenant_table('delivery_attempt');

CREATE FUNCTION fan_out_deliveries() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  INSERT INTO delivery (org_id, destination_id, booking_event_id, booking_id, booking_version,
      next_attempt_at)
    SELECT NEW.org_id, d.id, NEW.id, NEW.booking_id, NEW.booking_version, now()
      FROM destination d
     WHERE d.org_id = NEW.org_id AND d.status <> 'disabled' AND d.deleted_at IS NULL
       AND d.event_types && ARRAY['*', NEW.event_type];
  RETURN NULL;
END $$;
CREATE TRIGGER booking_event_deliveries AFTER INSERT ON booking_event
  FOR EACH ROW WHEN (NOT NEW.backfill) EXECUTE FUNCTION fan_out_deliveries();

GRANT CREATE ON SCHEMA public TO slotwire_system;
ALTER FUNCTION fan_out_deliveries OWNER TO slotwire_system;
REVOKE CREATE ON SCHEMA public FROM slotwire_system;
