-- Access: passwords, second factors, sessions that can be listed, invitations, keys, the audit log.

ALTER TABLE app_user
  -- When the e-mail was shown to be its holder's; null while anybody may have claimed it.
  ADD COLUMN email_verified_at timestamptz,
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
    CHECK (purpose IN ('sign_in', 'setup', 'password_reset', 'email_change')),
  -- The address that it was mailed to: whoever uses it reads that mailbox. Of `email_change` it is
  -- the account's next one.
  ADD COLUMN mailed_to text CHECK (mailed_to = lower(mailed_to)),
  ADD CHECK (purpose <> 'email_change' OR mailed_to IS NOT NULL);
-- One change at a time.
CREATE UNIQUE INDEX sign_in_link_email_change ON sign_in_link (user_id)
  WHERE purpose = 'email_change';

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
  -- Of the link in the mail, which nobody else is shown: who comes by it reads the mailbox.
  mailed_hash bytea,
  invited_by uuid REFERENCES app_user (id),
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  revoked_at timestamptz,
  PRIMARY KEY (org_id, id)
);
SELECT protect_tenant_table('invitation');
CREATE INDEX invitation_token ON invitation (token_hash);
CREATE INDEX invitation_mailed ON invitation (mailed_hash);
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
  -- The person who made it; of a key that a key made, the person behind that.
  created_by uuid REFERENCES app_user (id),
  -- The key that made it: it is revoked with it.
  created_by_key uuid,
  created_at timestamptz NOT NULL,
  revoked_at timestamptz
);
SELECT protect_tenant_table('api_key');
CREATE INDEX api_key_hash ON api_key (key_hash);
CREATE INDEX api_key_made_by ON api_key (org_id, created_by_key);
-- After it, so that references to a key are checked by it: see 0002-ledger.sql.
ALTER TABLE api_key ADD PRIMARY KEY (org_id, id),
  ADD FOREIGN KEY (org_id, created_by_key) REFERENCES api_key (org_id, id);

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
-- The log is read from its end, all of it or by one of these; further filters are tried on the rows.
CREATE INDEX audit_log_latest ON audit_log (org_id, at, id);
CREATE INDEX audit_log_entity ON audit_log (org_id, entity, at, id);
CREATE INDEX audit_log_entity_id ON audit_log (org_id, entity_id, at, id);
CREATE INDEX audit_log_actor ON audit_log (org_id, actor_id, at, id);
CREATE INDEX audit_log_action ON audit_log (org_id, action, at, id);

CREATE FUNCTION refuse_audit_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

-- A booking that a person or a program changed through the hub: one line, in the transaction of the
-- event. Rows cannot be removed from the log, so nothing personal of a customer goes into it: of the
-- fields that are not listed here it only keeps that they changed. Messages of sources, which come
-- by the thousand, do not get here.
CREATE FUNCTION audit_booking_event() RETURNS trigger
  LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
  v_origin jsonb := nullif(current_setting('app.origin', true), '')::jsonb;
  v_fields text[] := '{status,starts_at,ends_at,time_zone,service_key,service_name,provider,deleted_at}';
  v_changed text[];
  v_others text[];
  v_old jsonb;
  v_new jsonb;
BEGIN
  -- In an event the service is one member, and among the changed fields it is two.
  v_new := NEW.booking || jsonb_build_object('service_key', NEW.booking #> '{service,key}',
    'service_name', NEW.booking #> '{service,name}');
  v_changed := CASE WHEN NEW.booking_version = 1 THEN v_fields ELSE NEW.changed_fields END;
  SELECT coalesce(array_agg(f), '{}') INTO v_others
    FROM unnest(v_changed) f WHERE f <> ALL (v_fields);
  SELECT jsonb_object_agg(key, value) INTO v_old
    FROM jsonb_each(NEW.previous) WHERE key = ANY (v_fields);
  SELECT jsonb_object_agg(key, value) INTO v_new
    FROM jsonb_each(v_new) WHERE key = ANY (v_changed) AND key = ANY (v_fields)
     AND (NEW.booking_version > 1 OR value <> 'null');
  IF v_others <> '{}' THEN
    v_new := coalesce(v_new, '{}') || jsonb_build_object('other_fields', v_others);
  END IF;
  INSERT INTO audit_log (org_id, id, at, actor_kind, actor_id, actor_name, action, entity,
      entity_id, entity_name, old, new, address, user_agent, request_id)
    VALUES (NEW.org_id, uuid7(), NEW.occurred_at, NEW.actor_kind, NEW.actor_id,
      coalesce(NEW.actor_name, ''), NEW.event_type, 'booking', NEW.booking_id,
      '#' || (NEW.booking ->> 'booking_number'), v_old, v_new, v_origin ->> 'address',
      v_origin ->> 'user_agent', v_origin ->> 'request_id');
  RETURN NULL;
END $$;
CREATE TRIGGER booking_event_audit AFTER INSERT ON booking_event
  FOR EACH ROW WHEN (NEW.actor_kind IN ('user', 'api_key'))
  EXECUTE FUNCTION audit_booking_event();

-- As ledger_write, for a change whose origin the audit log is to keep.
CREATE FUNCTION ledger_write_from(p_org uuid, p_write jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.origin', coalesce(p_write ->> 'origin', ''), true);
  RETURN ledger_write(p_org, p_write);
END $$;
REVOKE EXECUTE ON FUNCTION ledger_write_from FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_write_from TO slotwire_app;

ALTER TABLE connection
  -- How a message may prove that it is the source's; any of them is enough.
  ADD COLUMN auth_modes text[] NOT NULL DEFAULT '{source_signature}'
    CHECK (cardinality(auth_modes) > 0 AND auth_modes <@ ARRAY[
      'source_signature', 'standard_webhooks', 'shared_secret', 'bearer', 'url_token']),
  ADD COLUMN url_token_hash bytea,
  ADD COLUMN previous_url_token_hash bytea,
  ADD COLUMN previous_url_token_until timestamptz,
  ADD COLUMN allowed_ranges text[],
  ADD COLUMN messages_per_minute integer NOT NULL DEFAULT 6000
    CHECK (messages_per_minute BETWEEN 1 AND 1000000),
  ADD COLUMN last_refused_at timestamptz,
  ADD COLUMN last_refusal text,
  ADD COLUMN removed_at timestamptz;

-- Sealed under the key that everything is sealed under: who cannot open it has another one.
CREATE TABLE key_check (
  id boolean PRIMARY KEY DEFAULT true CHECK (id),
  value_sealed bytea NOT NULL
);
SELECT protect_system_table('key_check');

-- Processes that serve on this database, as long as they are seen, and the master keys that each
-- knows: a rotation asks whether all of them know the new one.
CREATE TABLE hub_process (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  key_ids text[] NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now()
);
SELECT protect_system_table('hub_process');

-- slotwire_staff is slotwire_app, narrowed to the bookings of one provider: the second fence behind
-- what the hub's own queries leave out. It is a role of its own, so that nobody else's queries carry
-- the condition, and so that whoever has no provider sees nothing.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'slotwire_staff') THEN
    CREATE ROLE slotwire_staff NOLOGIN NOBYPASSRLS IN ROLE slotwire_app;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
  NULL; -- another database of the cluster is being migrated at this moment
END $$;
DO $$
BEGIN
  GRANT slotwire_staff TO CURRENT_USER;
EXCEPTION
  WHEN unique_violation THEN
    NULL; -- another database of the cluster, as above
  WHEN insufficient_privilege THEN
    IF NOT pg_has_role('slotwire_staff', 'MEMBER') THEN RAISE; END IF;
END $$;

-- The provider whose bookings the transaction is narrowed to, in lower case, or null.
CREATE FUNCTION app_provider() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN nullif(current_setting('app.provider_email', true), '');

-- A policy also counts for whoever inherits the role that it names: the owner of the schema, where
-- that is no superuser, is a member of all of them and must not be narrowed.
CREATE FUNCTION narrowed() RETURNS boolean
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN current_user = 'slotwire_staff';

CREATE POLICY own_bookings ON booking AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR lower(provider_email) = (SELECT app_provider()));
CREATE POLICY own_bookings ON booking_attendee AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = booking_attendee.org_id AND b.id = booking_attendee.booking_id));
CREATE POLICY own_bookings ON booking_external_ref AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = booking_external_ref.org_id AND b.id = booking_external_ref.booking_id));
CREATE POLICY own_bookings ON inbound_message AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = inbound_message.org_id AND b.id = inbound_message.booking_id));
-- Of a booking that is theirs, that was theirs at the event, or that left them by it. The same is
-- said in domain/views/own-event.ts.
CREATE POLICY own_bookings ON booking_event AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR lower(booking #>> '{provider,email}') = (SELECT app_provider())
    OR lower(coalesce(previous #>> '{provider,email}', previous ->> 'provider_email'))
       = (SELECT app_provider())
    OR EXISTS (SELECT FROM booking b
      WHERE b.org_id = booking_event.org_id AND b.id = booking_event.booking_id));
CREATE POLICY own_bookings ON delivery AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()));
CREATE POLICY own_bookings ON delivery_attempt AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()));
