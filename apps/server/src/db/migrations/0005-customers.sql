-- Customers and what they bring: pets, homes, cars. Ids of theirs come from many systems; each
-- names one customer.

CREATE TABLE customer (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL DEFAULT uuid7(),
  display_name text NOT NULL,
  first_name text,
  last_name text,
  tags text[] NOT NULL DEFAULT '{}',
  source text NOT NULL CHECK (source IN ('connection', 'user', 'import')),
  connection_id uuid, -- that told of them first
  merged_into uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, connection_id) REFERENCES connection (org_id, id),
  FOREIGN KEY (org_id, merged_into) REFERENCES customer (org_id, id)
);
SELECT protect_tenant_table('customer');
CREATE INDEX customer_name ON customer (org_id, lower(display_name), id);

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

-- What the hub calls the API of a source with, and what its connector has to know.
ALTER TABLE connection
  ADD COLUMN settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
  ADD COLUMN api_url text,
  ADD COLUMN api_key_sealed bytea;

-- Staff know the customers of their own bookings.
CREATE POLICY own_bookings ON customer AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = customer.org_id AND b.customer_id = customer.id));
CREATE POLICY own_bookings ON customer_identity AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = customer_identity.org_id AND b.customer_id = customer_identity.customer_id));
CREATE POLICY own_bookings ON subject AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = subject.org_id AND b.customer_id = subject.customer_id));
CREATE POLICY own_bookings ON booking_subject AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = booking_subject.org_id AND b.id = booking_subject.booking_id));
