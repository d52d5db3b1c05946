-- Customers and what they bring: pets, homes, cars. Ids of theirs come from many systems; each
-- names one customer.

-- Letters in words of any language. A database may have been made with a collation that knows
-- capitals of ASCII alone. From version 17 on PostgreSQL has one built in, before that by ICU.
DO $$
BEGIN
  CREATE COLLATION slotwire_words (provider = builtin, locale = 'C.UTF-8');
EXCEPTION WHEN OTHERS THEN
  BEGIN
    CREATE COLLATION slotwire_words (provider = icu, locale = 'und');
  EXCEPTION WHEN OTHERS THEN
    CREATE COLLATION slotwire_words FROM pg_catalog."C";
  END;
END $$;

CREATE TABLE customer (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL DEFAULT uuid7(),
  display_name text NOT NULL,
  first_name text,
  last_name text,
  tags text[] NOT NULL DEFAULT '{}',
  edited_fields text[] NOT NULL DEFAULT '{}', -- what a person filled or emptied: messages leave it
  version int NOT NULL DEFAULT 1,
  source text NOT NULL CHECK (source IN ('connection', 'user', 'import')),
  connection_id uuid, -- that told of them first
  merged_into uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  FOREIGN KEY (org_id, connection_id) REFERENCES connection (org_id, id)
);
SELECT protect_tenant_table('customer');
CREATE INDEX customer_name ON customer (org_id, lower(display_name), id);
-- After it, so that what looks for a customer takes its key: see 0002-ledger.sql.
ALTER TABLE customer ADD PRIMARY KEY (org_id, id),
  ADD FOREIGN KEY (org_id, merged_into) REFERENCES customer (org_id, id);

-- By what a customer is known. An e-mail address or an outside id is one customer's; a phone may be
-- a family's.
CREATE TABLE customer_identity (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuid7(),
  customer_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('email', 'phone', 'external')),
  connection_id uuid, -- for an outside id: whose it is; null for the organisation's own
  value_raw text NOT NULL,
  value_norm text NOT NULL, -- e-mail in lower case and ASCII domain, phone as E.164
  is_primary boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, customer_id) REFERENCES customer (org_id, id),
  FOREIGN KEY (org_id, connection_id) REFERENCES connection (org_id, id)
);
SELECT protect_tenant_table('customer_identity');
CREATE UNIQUE INDEX customer_identity_email ON customer_identity (org_id, value_norm)
  WHERE kind = 'email';
CREATE UNIQUE INDEX customer_identity_external
  ON customer_identity (org_id, value_norm, connection_id) NULLS NOT DISTINCT
  WHERE kind = 'external';
CREATE INDEX customer_identity_phone ON customer_identity (org_id, value_norm)
  WHERE kind = 'phone';
CREATE INDEX customer_identity_customer ON customer_identity (org_id, customer_id, kind);

-- What the work is done on.
CREATE TABLE subject (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuid7(),
  customer_id uuid NOT NULL,
  kind text NOT NULL DEFAULT 'pet' CHECK (kind IN ('pet', 'property', 'vehicle', 'person', 'other')),
  name text NOT NULL,
  breed text,
  allergies text[] NOT NULL DEFAULT '{}',
  external_id text, -- the organisation's own id for it
  inactive_at timestamptz,
  version int NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, customer_id) REFERENCES customer (org_id, id)
);
SELECT protect_tenant_table('subject');
CREATE INDEX subject_customer ON subject (org_id, customer_id);
CREATE UNIQUE INDEX subject_external ON subject (org_id, external_id)
  WHERE external_id IS NOT NULL;

ALTER TABLE booking
  ADD FOREIGN KEY (org_id, customer_id) REFERENCES customer (org_id, id);
CREATE INDEX booking_customer ON booking (org_id, customer_id, starts_at DESC)
  WHERE customer_id IS NOT NULL;

CREATE TABLE booking_subject (
  org_id uuid NOT NULL,
  booking_id uuid NOT NULL,
  subject_id uuid NOT NULL,
  PRIMARY KEY (org_id, booking_id, subject_id),
  FOREIGN KEY (org_id, booking_id) REFERENCES booking (org_id, id) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (org_id, subject_id) REFERENCES subject (org_id, id)
);
SELECT protect_tenant_table('booking_subject');
CREATE INDEX booking_subject_subject ON booking_subject (org_id, subject_id);

-- The contact of a customer that people use: the primary one, or the oldest.
CREATE FUNCTION customer_contact(p_org uuid, p_customer uuid, p_kind text) RETURNS text
  LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_contact text;
BEGIN
  SELECT i.value_raw INTO v_contact FROM customer_identity i
   WHERE i.org_id = p_org AND i.customer_id = p_customer AND i.kind = p_kind
   ORDER BY i.is_primary DESC, i.created_at, i.id LIMIT 1;
  RETURN v_contact;
END $$;

-- A subject and a customer as everybody is shown them (`subjectSchema`, `customerSchema` of the
-- contract).
CREATE FUNCTION subject_resource(s subject) RETURNS jsonb
  LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN jsonb_build_object(
    'id', s.id, 'version', s.version, 'customer_id', s.customer_id, 'kind', s.kind,
    'name', s.name, 'breed', s.breed, 'allergies', s.allergies, 'external_id', s.external_id,
    'inactive_at', rfc3339(s.inactive_at), 'created_at', rfc3339(s.created_at),
    'updated_at', rfc3339(s.updated_at));
END $$;

CREATE FUNCTION customer_resource(c customer) RETURNS jsonb
  LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN jsonb_build_object(
    'id', c.id, 'version', c.version, 'name', c.display_name, 'first_name', c.first_name,
    'last_name', c.last_name,
    'email', customer_contact(c.org_id, c.id, 'email'),
    'phone', customer_contact(c.org_id, c.id, 'phone'),
    'external_id', (
      SELECT i.value_raw FROM customer_identity i
       WHERE i.org_id = c.org_id AND i.customer_id = c.id AND i.kind = 'external'
         AND i.connection_id IS NULL
       ORDER BY i.created_at, i.id LIMIT 1),
    'tags', c.tags, 'source', c.source,
    'subjects', (
      SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'kind', s.kind, 'name', s.name,
               'breed', s.breed, 'allergies', s.allergies) ORDER BY s.name, s.id), '[]')
        FROM subject s
       WHERE s.org_id = c.org_id AND s.customer_id = c.id AND s.inactive_at IS NULL),
    'created_at', rfc3339(c.created_at), 'updated_at', rfc3339(c.updated_at));
END $$;

-- The customers and the subject that a change may be of. The organisation's own ids come before
-- those that a connection gave. Single values on whole keys, as in ledger_find.
CREATE FUNCTION find_customers(
  p_org uuid, p_connection uuid, p_customer text, p_subject text, p_email text, p_phone text
) RETURNS SETOF jsonb
  LANGUAGE plpgsql STABLE AS $$
DECLARE
  c_uuid constant text := '^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$';
  v_found record;
  v_subject uuid := CASE WHEN lower(p_subject) ~ c_uuid THEN p_subject::uuid END;
  v_customer uuid := CASE WHEN lower(p_customer) ~ c_uuid THEN p_customer::uuid END;
BEGIN
  FOR v_found IN
    SELECT 'name' AS way, v_customer AS id
    UNION ALL
    SELECT 'name', i.customer_id FROM customer_identity i
     WHERE i.org_id = p_org AND i.value_norm = p_customer AND i.connection_id IS NULL
       AND i.kind = 'external'
    UNION ALL
    SELECT 'name', i.customer_id FROM customer_identity i
     WHERE i.org_id = p_org AND i.value_norm = p_customer AND i.connection_id = p_connection
       AND i.kind = 'external'
    UNION ALL
    SELECT 'subject', s.customer_id FROM subject s WHERE s.org_id = p_org AND s.id = v_subject
    UNION ALL
    SELECT 'subject', s.customer_id FROM subject s
     WHERE s.org_id = p_org AND s.external_id = p_subject
    UNION ALL
    SELECT 'email', i.customer_id FROM customer_identity i
     WHERE i.org_id = p_org AND i.value_norm = p_email AND i.kind = 'email'
    UNION ALL
    (SELECT 'phone', i.customer_id FROM customer_identity i
      WHERE i.org_id = p_org AND i.value_norm = p_phone AND i.kind = 'phone' LIMIT 50)
  LOOP
    RETURN QUERY
      SELECT jsonb_build_object('customer', jsonb_build_object(
               'id', c.id, 'version', c.version, 'by', v_found.way, 'display_name', c.display_name,
               'first_name', c.first_name, 'last_name', c.last_name,
               'has_email', customer_contact(p_org, c.id, 'email') IS NOT NULL,
               'has_phone', customer_contact(p_org, c.id, 'phone') IS NOT NULL,
               'edited', c.edited_fields))
        FROM customer c WHERE c.org_id = p_org AND c.id = v_found.id;
  END LOOP;
  RETURN QUERY
    SELECT jsonb_build_object('subject', jsonb_build_object('id', s.id,
             'customer_id', s.customer_id))
      FROM subject s WHERE s.org_id = p_org AND s.id = v_subject;
  RETURN QUERY
    SELECT jsonb_build_object('subject', jsonb_build_object('id', s.id,
             'customer_id', s.customer_id))
      FROM subject s WHERE s.org_id = p_org AND s.external_id = p_subject;
END $$;

-- Writes a customer that is new (`creates`), or fills the blanks of one that is known. Under the
-- locks of its addresses and numbers it looks again: raises SW409 when somebody else was faster.
CREATE FUNCTION write_customer(p_org uuid, p_customer jsonb, p_alone boolean) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE
  v_id uuid := (p_customer ->> 'id')::uuid;
  v_creates boolean := (p_customer ->> 'creates')::boolean;
  v_kind text;
  v_value text;
  v_raw text;
  v_key bigint;
BEGIN
  FOR v_kind, v_value IN
    SELECT i ->> 'kind', i ->> 'norm' FROM jsonb_array_elements(p_customer -> 'identities') i
     ORDER BY 1, 2
  LOOP
    v_key := hashtextextended(p_org || ' ' || v_kind || ' ' || v_value, 2);
    IF p_alone THEN
      PERFORM pg_advisory_xact_lock(v_key);
    ELSIF NOT pg_try_advisory_xact_lock(v_key) THEN
      RAISE EXCEPTION 'somebody else writes this customer' USING ERRCODE = 'SW409';
    END IF;
    IF v_kind = 'email' AND EXISTS (
      SELECT FROM customer_identity i
       WHERE i.org_id = p_org AND i.value_norm = v_value AND i.kind = 'email'
    ) THEN
      RAISE EXCEPTION 'the address is a customer''s by now' USING ERRCODE = 'SW409';
    END IF;
    IF v_kind = 'phone' AND v_creates AND (p_customer ->> 'seen_with_phone')::int <> (
      SELECT count(*) FROM (SELECT FROM customer_identity i
       WHERE i.org_id = p_org AND i.value_norm = v_value AND i.kind = 'phone' LIMIT 50) seen
    ) THEN
      RAISE EXCEPTION 'somebody else has the number by now' USING ERRCODE = 'SW409';
    END IF;
  END LOOP;

  IF v_creates THEN
    INSERT INTO customer (org_id, id, display_name, first_name, last_name, source, connection_id)
      VALUES (p_org, v_id, p_customer ->> 'display_name', p_customer ->> 'first_name',
        p_customer ->> 'last_name', p_customer ->> 'source',
        (p_customer ->> 'connection_id')::uuid);
  ELSE
    IF NOT p_alone THEN
      PERFORM FROM customer WHERE org_id = p_org AND id = v_id FOR NO KEY UPDATE NOWAIT;
    END IF;
    UPDATE customer SET first_name = coalesce(first_name, p_customer ->> 'first_name'),
        last_name = coalesce(last_name, p_customer ->> 'last_name'),
        display_name = coalesce(p_customer ->> 'display_name', display_name),
        version = version + 1, updated_at = now()
      WHERE org_id = p_org AND id = v_id
        AND version = (p_customer ->> 'expected_version')::int;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the customer changed meanwhile' USING ERRCODE = 'SW409';
    END IF;
  END IF;
  FOR v_kind, v_value, v_raw IN
    SELECT i ->> 'kind', i ->> 'norm', i ->> 'raw'
      FROM jsonb_array_elements(p_customer -> 'identities') i
  LOOP
    CONTINUE WHEN NOT v_creates AND customer_contact(p_org, v_id, v_kind) IS NOT NULL;
    INSERT INTO customer_identity (org_id, customer_id, kind, value_raw, value_norm, is_primary)
      VALUES (p_org, v_id, v_kind, v_raw, v_value, true);
  END LOOP;
END $$;

-- What a booking is about: subjects of its customer, and of nobody else.
CREATE FUNCTION write_booking_subjects(
  p_org uuid, p_booking uuid, p_customer uuid, p_subjects jsonb
) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE
  v_subject uuid;
BEGIN
  DELETE FROM booking_subject WHERE org_id = p_org AND booking_id = p_booking;
  FOR v_subject IN SELECT value::uuid FROM jsonb_array_elements_text(p_subjects) LOOP
    INSERT INTO booking_subject (org_id, booking_id, subject_id)
      SELECT p_org, p_booking, s.id FROM subject s
       WHERE s.org_id = p_org AND s.id = v_subject AND s.customer_id = p_customer;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the customer has no such subject' USING ERRCODE = 'SW409';
    END IF;
  END LOOP;
END $$;

-- The country of phone numbers that do not tell theirs; null takes that of the time zone.
ALTER TABLE organisation ADD COLUMN default_country text CHECK (default_country ~ '^[A-Z]{2}$');

-- What the hub calls the API of a source with, and what its connector has to know.
ALTER TABLE connection
  ADD COLUMN settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
  ADD COLUMN api_url text,
  ADD COLUMN api_key_sealed bytea;

-- Staff know the customers of their own bookings; of those that they made themselves, while they
-- take place. The same is said in customers/customer-queries.ts.
CREATE POLICY own_bookings ON customer AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = customer.org_id AND b.customer_id = customer.id
      AND NOT (b.made_for_self AND (b.occupancy = 'free' OR b.deleted_at IS NOT NULL))));
CREATE POLICY own_bookings ON customer_identity AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = customer_identity.org_id AND b.customer_id = customer_identity.customer_id
      AND NOT (b.made_for_self AND (b.occupancy = 'free' OR b.deleted_at IS NOT NULL))));
CREATE POLICY own_bookings ON subject AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = subject.org_id AND b.customer_id = subject.customer_id
      AND NOT (b.made_for_self AND (b.occupancy = 'free' OR b.deleted_at IS NOT NULL))));
CREATE POLICY own_bookings ON booking_subject AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = booking_subject.org_id AND b.id = booking_subject.booking_id));
