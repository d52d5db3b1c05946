-- Calendars that other systems read at an address of their own, which nobody can guess.
CREATE TABLE calendar_feed (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL,
  name text NOT NULL,
  scope text NOT NULL CHECK (scope IN ('organisation', 'provider', 'customer')),
  provider_email text CHECK (provider_email = lower(provider_email)),
  customer_id uuid,
  shows_names boolean NOT NULL,
  days_back int NOT NULL CHECK (days_back >= 0),
  days_ahead int NOT NULL CHECK (days_ahead > 0),
  token_hash bytea NOT NULL,
  created_by uuid REFERENCES app_user (id),
  -- The person made it of their own bookings: it ends with the membership, and follows its provider.
  is_own boolean NOT NULL DEFAULT false,
  -- The key that made it: it ends with it.
  created_by_key uuid,
  created_at timestamptz NOT NULL,
  last_read_at timestamptz,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, customer_id) REFERENCES customer (org_id, id),
  FOREIGN KEY (org_id, created_by_key) REFERENCES api_key (org_id, id),
  CHECK ((scope = 'customer') = (customer_id IS NOT NULL)),
  CHECK (scope <> 'provider' OR is_own OR provider_email IS NOT NULL),
  CHECK (NOT is_own OR (scope = 'provider' AND created_by IS NOT NULL))
);
SELECT protect_tenant_table('calendar_feed');
-- Whoever reads one does not say which organisation's it is.
CREATE INDEX calendar_feed_token ON calendar_feed (token_hash);
