-- Access: passwords, second factors, sessions that can be listed, invitations, keys, the audit log.

ALTER TABLE app_user
  ADD COLUMN password_hash text,                 -- PHC string
  ADD COLUMN password_changed_at timestamptz,
  ADD COLUMN totp_sealed bytea,                  -- secret of the second factor, encrypted
  ADD COLUMN totp_confirmed_at timestamptz,      -- null while it is being set up
  ADD COLUMN totp_last_step bigint,              -- a code counts once
  ADD COLUMN disabled_at timestamptz;

-- Codes for whoever lost the second factor: each works once.
CREATE TABLE recovery_code (
  user_id uuid NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  PRIMARY KEY (user_id, code_hash)
);
SELECT protect_system_table('recovery_code');

-- Who a user is at an OpenID Connect provider.
CREATE TABLE user_identity (
  issuer text NOT NULL,
  subject text NOT NULL,
  user_id uuid NOT NULL REFERENCES app_user (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (issuer, subject)
);
SELECT protect_system_table('user_identity');
CREATE INDEX user_identity_user ON user_identity (user_id);

-- A staff member's own bookings are those whose provider has this address; null takes the user's own.
ALTER TABLE membership
  ADD COLUMN provider_email text CHECK (provider_email = lower(provider_email)),
  ADD COLUMN hide_contacts boolean NOT NULL DEFAULT false;

-- The id is what a list shows; the token's hash stays inside.
ALTER TABLE session
  ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
  ADD COLUMN method text NOT NULL DEFAULT 'link'
    CHECK (method IN ('link', 'password', 'oidc', 'invitation')),
  ADD COLUMN address text,
  ADD COLUMN user_agent text,
  -- When the person last proved who they are: sensitive work asks for it again after a while.
  ADD COLUMN authenticated_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX session_of_user ON session (user_id);

-- What else a one-time link is for.
ALTER TABLE sign_in_link
  ADD COLUMN purpose text NOT NULL DEFAULT 'sign_in'
    CHECK (purpose IN ('sign_in', 'setup', 'password_reset'));

-- Failed attempts by account and by address, over all nodes. The key is a hash, so that the table
-- tells nobody which addresses and accounts were tried.
CREATE TABLE attempt_throttle (
  key bytea PRIMARY KEY,
  failures integer NOT NULL,
  last_failure_at timestamptz NOT NULL,
  blocked_until timestamptz NOT NULL
);
SELECT protect_system_table('attempt_throttle');

CREATE TABLE invitation (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL,
  email text NOT NULL CHECK (email = lower(email)),
  role text NOT NULL
    CHECK (role IN ('owner','admin','manager','staff','viewer','accountant','developer')),
  provider_email text CHECK (provider_email = lower(provider_email)),
  hide_contacts boolean NOT NULL DEFAULT false,
  token_hash bytea NOT NULL,
  invited_by uuid REFERENCES app_user (id),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (org_id, id)
);
SELECT protect_tenant_table('invitation');
CREATE INDEX invitation_token ON invitation (token_hash);
CREATE UNIQUE INDEX invitation_open ON invitation (org_id, email)
  WHERE accepted_at IS NULL AND revoked_at IS NULL;

CREATE TABLE api_key (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL,
  name text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('secret', 'publishable')),
  -- The key's first characters, by which people recognise it.
  prefix text NOT NULL,
  key_hash bytea NOT NULL,
  -- A key never may more than this role, whatever its scopes.
  role text NOT NULL CHECK (role IN ('admin', 'developer')),
  scopes text[] NOT NULL,
  allowed_ranges text[],
  allowed_origins text[],
  requests_per_minute integer NOT NULL CHECK (requests_per_minute BETWEEN 1 AND 100000),
  expires_at timestamptz,
  last_used_at timestamptz,
  last_used_address text,
  created_by uuid REFERENCES app_user (id),
  created_at timestamptz NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (org_id, id)
);
SELECT protect_tenant_table('api_key');
CREATE INDEX api_key_hash ON api_key (key_hash);

-- A stream's permission for whoever cannot send a header: found by its hash, burnt by its use.
CREATE TABLE stream_ticket (
  token_hash bytea PRIMARY KEY,
  org_id_of uuid NOT NULL REFERENCES organisation (id),
  claims jsonb NOT NULL,
  expires_at timestamptz NOT NULL
);
SELECT protect_system_table('stream_ticket');

-- Who did what, from where. Rows are only ever added: nobody has the right to change or remove
-- one, and a trigger refuses it to the owner of the table too.
CREATE TABLE audit_log (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('user', 'api_key', 'connection', 'system')),
  actor_id text,
  actor_name text NOT NULL,
  action text NOT NULL,
  entity text NOT NULL,
  entity_id text,
  entity_name text,
  old jsonb,
  new jsonb,
  address text,
  user_agent text,
  request_id text,
  PRIMARY KEY (org_id, id)
);
SELECT protect_tenant_table('audit_log');
REVOKE UPDATE, DELETE ON audit_log FROM slotwire_app, slotwire_system;
CREATE INDEX audit_log_entity ON audit_log (org_id, entity, entity_id, id);

CREATE FUNCTION refuse_audit_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

ALTER TABLE connection
  -- How a message may prove that it is the source's; any of them is enough.
  ADD COLUMN auth_modes text[] NOT NULL DEFAULT '{source_signature}'
    CHECK (cardinality(auth_modes) > 0 AND auth_modes <@ ARRAY[
      'source_signature', 'standard_webhooks', 'shared_secret', 'bearer', 'url_token']),
  ADD COLUMN url_token_hash bytea,
  ADD COLUMN allowed_ranges text[],
  ADD COLUMN messages_per_minute integer NOT NULL DEFAULT 6000
    CHECK (messages_per_minute BETWEEN 1 AND 1000000),
  ADD COLUMN last_refused_at timestamptz,
  ADD COLUMN last_refusal text,
  ADD COLUMN removed_at timestamptz;
