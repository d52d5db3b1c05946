-- Roles, scope and the organisations: what every other table stands on.
-- slotwire_app sees one organisation's rows, and is slotwire_ledger while it writes bookings;
-- slotwire_system sees all. None of them owns a table or bypasses row-level security: what the
-- system role may see is a policy, so that the schema also installs where nobody is superuser.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'slotwire_app') THEN
    CREATE ROLE slotwire_app NOLOGIN NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'slotwire_system') THEN
    CREATE ROLE slotwire_system NOLOGIN NOBYPASSRLS;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'slotwire_ledger') THEN
    CREATE ROLE slotwire_ledger NOLOGIN NOBYPASSRLS IN ROLE slotwire_app;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- another database of the cluster is being migrated at this moment
END $$;

DO $$
BEGIN
  GRANT slotwire_app, slotwire_system, slotwire_ledger TO CURRENT_USER;
EXCEPTION
  WHEN unique_violation THEN
    NULL; -- another database of the cluster, as above
  WHEN insufficient_privilege THEN
    -- Whoever may not create roles can be given them beforehand.
    IF NOT (pg_has_role('slotwire_app', 'MEMBER') AND pg_has_role('slotwire_system', 'MEMBER')
            AND pg_has_role('slotwire_ledger', 'MEMBER')) THEN
      RAISE;
    END IF;
END $$;
GRANT USAGE ON SCHEMA public TO slotwire_app, slotwire_system;

-- The organisation that the transaction works for, or null.
CREATE FUNCTION app_org() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.org_id', true), '')::uuid;

-- A UUID of version 7 (RFC 9562): 48 bits of milliseconds, never one that has not begun, then random.
-- PostgreSQL has its own only from version 18 on.
CREATE FUNCTION uuid7() RETURNS uuid
  LANGUAGE sql VOLATILE PARALLEL SAFE
  RETURN encode(
    set_byte(
      substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
        || substring(uuid_send(gen_random_uuid()) FROM 7),
      6,
      (get_byte(uuid_send(gen_random_uuid()), 6) & 15) | 112
    ),
    'hex'
  )::uuid;

-- Gives a table of an organisation its policies: call it once, after creating the table.
CREATE FUNCTION protect_tenant_table(name regclass) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name);
  EXECUTE format(
    'CREATE POLICY tenant ON %s TO slotwire_app
       USING (org_id = (SELECT app_org())) WITH CHECK (org_id = (SELECT app_org()))', name);
  EXECUTE format('CREATE POLICY every_organisation ON %s TO slotwire_system
       USING (true) WITH CHECK (true)', name);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO slotwire_app, slotwire_system', name);
END $$;

-- Gives a table that belongs to no organisation to the system role alone.
CREATE FUNCTION protect_system_table(name regclass) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', name);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', name);
  EXECUTE format('CREATE POLICY system_only ON %s TO slotwire_system
       USING (true) WITH CHECK (true)', name);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO slotwire_system', name);
END $$;

CREATE TABLE organisation (
  id uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  name text NOT NULL,
  time_zone text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
SELECT protect_system_table('organisation');
GRANT SELECT ON organisation TO slotwire_app;
CREATE POLICY own ON organisation FOR SELECT TO slotwire_app USING (id = (SELECT app_org()));

-- Numbers that an organisation hands out without gaps. The row's lock makes commit order equal
-- to seq order, so it is the last lock that a transaction takes.
CREATE TABLE org_counter (
  org_id uuid PRIMARY KEY REFERENCES organisation (id),
  seq bigint NOT NULL DEFAULT 0,
  booking_number bigint NOT NULL DEFAULT 1000
) WITH (fillfactor = 10);
SELECT protect_tenant_table('org_counter');

CREATE FUNCTION create_org_counter() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO org_counter (org_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER organisation_counter AFTER INSERT ON organisation
  FOR EACH ROW EXECUTE FUNCTION create_org_counter();

CREATE TABLE app_user (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  email text,
  created_at timestamptz NOT NULL DEFAULT now()
);
SELECT protect_system_table('app_user');
CREATE UNIQUE INDEX app_user_email ON app_user (lower(email));

CREATE TABLE membership (
  org_id uuid NOT NULL REFERENCES organisation (id),
  user_id uuid NOT NULL REFERENCES app_user (id),
  role text NOT NULL
    CHECK (role IN ('owner','admin','manager','staff','viewer','accountant','developer')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, user_id)
);
SELECT protect_tenant_table('membership');

-- Sessions and one-time links are found by the hash of a random token; the token is not stored.
CREATE TABLE session (
  token_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user (id),
  org_id_active uuid NOT NULL REFERENCES organisation (id),
  created_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
SELECT protect_system_table('session');

CREATE TABLE sign_in_link (
  token_hash bytea PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES app_user (id),
  org_id_active uuid NOT NULL REFERENCES organisation (id),
  expires_at timestamptz NOT NULL
);
SELECT protect_system_table('sign_in_link');

-- Work that comes round by the clock: claimed like any other row.
CREATE TABLE schedule (
  name text PRIMARY KEY,
  cron text NOT NULL,
  next_run_at timestamptz NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  lease_until timestamptz,
  lease_token uuid,
  last_started_at timestamptz,
  last_finished_at timestamptz,
  last_error text
);
SELECT protect_system_table('schedule');

-- What connects an organisation to one outside system.
CREATE TABLE connection (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL,
  kind text NOT NULL,
  name text NOT NULL,
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused')),
  origin text NOT NULL CHECK (origin IN ('environment', 'user', 'demo')),
  secret_sealed bytea,
  previous_secret_sealed bytea,
  previous_secret_until timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id)
);
SELECT protect_tenant_table('connection');
-- A webhook's address names only the connection; ids are random and unique over the hub.
CREATE INDEX connection_id ON connection (id);
