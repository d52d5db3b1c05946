-- The ledger: messages as they came, bookings as they are, events as they happened.

-- An instant as RFC 3339 in UTC with milliseconds, whatever the session's zone is.
CREATE FUNCTION rfc3339(at timestamptz) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"');

CREATE TABLE inbound_message (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  connection_id uuid NOT NULL,
  dedupe_key bytea NOT NULL, -- SHA-256 of the raw body
  event_key bytea, -- SHA-256 of what it tells; deliveries of one event have the same
  trigger text,
  -- received: to be processed; waiting: speaks of a booking that has not arrived yet
  status text NOT NULL
    CHECK (status IN ('received', 'waiting', 'processed', 'unchanged', 'ignored', 'failed')),
  action text,
  summary text NOT NULL DEFAULT '',
  -- Something that people should see, although the message was processed.
  warning text,
  -- By what it proved itself: the source's own signature (`valid`) or another mode's name.
  signature_state text NOT NULL CHECK (signature_state IN (
    'valid', 'not_required', 'standard_webhooks', 'shared_secret', 'bearer', 'url_token')),
  headers jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(headers) = 'object'),
  body bytea NOT NULL,
  -- After the organisation's time the body is emptied: its hash and the names of its fields stay.
  body_removed_at timestamptz,
  body_keys jsonb CHECK (jsonb_typeof(body_keys) = 'array'),
  waiting_for text,
  -- no foreign key: a message is written before the booking that it creates
  booking_id uuid,
  error_code text,
  error text,
  duplicate_count int NOT NULL DEFAULT 0,
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  received_at timestamptz NOT NULL,
  processed_at timestamptz,
  UNIQUE (org_id, connection_id, dedupe_key),
  FOREIGN KEY (org_id, connection_id) REFERENCES connection (org_id, id)
);
SELECT protect_tenant_table('inbound_message');
CREATE INDEX inbound_message_latest ON inbound_message (org_id, received_at DESC, id DESC);
CREATE INDEX inbound_message_connection
  ON inbound_message (org_id, connection_id, received_at DESC, id DESC);
-- After the indexes that only share its first column: while a table is empty they all look equally good,
-- and the planner takes the newest. References are checked by plans of that time.
ALTER TABLE inbound_message ADD PRIMARY KEY (org_id, id);
CREATE INDEX inbound_message_waiting ON inbound_message (org_id, connection_id, waiting_for)
  WHERE status = 'waiting';
CREATE INDEX inbound_message_due ON inbound_message (next_attempt_at) WHERE status = 'received';
CREATE INDEX inbound_message_event
  ON inbound_message (org_id, connection_id, event_key, received_at) WHERE event_key IS NOT NULL;
CREATE INDEX inbound_message_failed ON inbound_message (org_id, connection_id, processed_at)
  WHERE status = 'failed';
CREATE INDEX inbound_message_overtaken ON inbound_message (org_id, booking_id)
  WHERE action = 'stale';
CREATE INDEX inbound_message_body ON inbound_message (org_id, received_at)
  WHERE body_removed_at IS NULL;

-- What a message asks for beside the change of its booking: written in its transaction, done after.
CREATE TABLE message_ask (
  org_id uuid NOT NULL,
  message_id uuid NOT NULL,
  no int NOT NULL,
  connection_id uuid NOT NULL,
  ask jsonb NOT NULL CHECK (jsonb_typeof(ask) = 'object'), -- `Ask` of connectors/connector.ts
  created_at timestamptz NOT NULL,
  handled_at timestamptz,
  error text,
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  PRIMARY KEY (org_id, message_id, no),
  FOREIGN KEY (org_id, message_id) REFERENCES inbound_message (org_id, id)
);
SELECT protect_tenant_table('message_ask');
CREATE INDEX message_ask_due ON message_ask (next_attempt_at) WHERE handled_at IS NULL;

CREATE TABLE booking (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL DEFAULT uuid7(),
  booking_number bigint NOT NULL,
  version int NOT NULL DEFAULT 0, -- how many events it has
  status text NOT NULL DEFAULT 'confirmed'
    CHECK (status IN ('pending', 'confirmed', 'checked_in', 'in_progress', 'completed',
                      'no_show', 'cancelled', 'rejected')),
  source_status text,
  status_reason text,
  cancelled_by text,
  occupancy text NOT NULL GENERATED ALWAYS AS (
    CASE WHEN status = 'pending' THEN 'tentative'
         WHEN status IN ('cancelled', 'rejected') THEN 'free'
         ELSE 'busy' END) STORED,
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  during tstzrange NOT NULL GENERATED ALWAYS AS (tstzrange(starts_at, ends_at)) STORED,
  duration_minutes int NOT NULL GENERATED ALWAYS AS (
    (extract(epoch FROM (ends_at - starts_at)) / 60)::int) STORED,
  time_zone text NOT NULL DEFAULT 'UTC',
  title text NOT NULL DEFAULT '',
  description text,
  location text,
  meeting_url text,
  provider_name text,
  provider_email text,
  service_key text,
  service_name text,
  metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
  payment_status text NOT NULL DEFAULT 'none'
    CHECK (payment_status IN ('none', 'initiated', 'paid', 'refunded')),
  price_minor bigint, -- in the smallest unit of the currency
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  seats int CHECK (seats > 0), -- how many a class takes; null where the visit is not shared
  series_ref text, -- what the occurrences of a series have in common at their source
  customer_id uuid, -- its foreign key comes with the table, in 0005
  link_dismissed_at timestamptz, -- somebody said that it needs no customer or no pet
  link_decided_at timestamptz, -- a person linked it, or took the link away: messages leave it alone
  -- Made by its provider, who has only bookings of their own. While it takes no place, it makes no
  -- customer theirs: else anybody's would be, for an address and a click.
  made_for_self boolean NOT NULL DEFAULT false,
  owner_connection_id uuid,
  source_sequence int,
  source_updated_at timestamptz,
  -- What the source said beyond what the booking shows: `Heard` in domain/booking.ts.
  heard jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(heard) = 'object'),
  heard_count int NOT NULL DEFAULT 0, -- what was kept in it without an event
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  UNIQUE (org_id, booking_number),
  CHECK (ends_at >= starts_at),
  FOREIGN KEY (org_id, owner_connection_id) REFERENCES connection (org_id, id)
);
SELECT protect_tenant_table('booking');
CREATE INDEX booking_starts_at ON booking (org_id, starts_at, id);
CREATE INDEX booking_status ON booking (org_id, status, starts_at, id);
ALTER TABLE booking ADD PRIMARY KEY (org_id, id); -- last, as above

CREATE TABLE booking_attendee (
  org_id uuid NOT NULL,
  booking_id uuid NOT NULL,
  position int NOT NULL,
  name text,
  email text,
  phone text,
  status text NOT NULL DEFAULT 'accepted' CHECK (status IN ('accepted', 'cancelled', 'no_show')),
  seat_ref text,
  -- The source's time of the last word on this person: seats are told of one by one.
  source_updated_at timestamptz,
  PRIMARY KEY (org_id, booking_id, position),
  FOREIGN KEY (org_id, booking_id) REFERENCES booking (org_id, id) DEFERRABLE INITIALLY DEFERRED
);
SELECT protect_tenant_table('booking_attendee');

CREATE TABLE booking_external_ref (
  org_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('uid', 'event', 'ical_uid', 'number')),
  external_id text NOT NULL,
  booking_id uuid NOT NULL,
  superseded_at timestamptz,
  PRIMARY KEY (org_id, external_id, connection_id, kind),
  FOREIGN KEY (org_id, connection_id) REFERENCES connection (org_id, id),
  -- deferred: ledger_write takes the counter, and with it the number, after all but the booking
  FOREIGN KEY (org_id, booking_id) REFERENCES booking (org_id, id) DEFERRABLE INITIALLY DEFERRED
);
SELECT protect_tenant_table('booking_external_ref');
CREATE INDEX booking_external_ref_booking ON booking_external_ref (org_id, booking_id);

CREATE TABLE booking_event (
  org_id uuid NOT NULL,
  seq bigint NOT NULL, -- contiguous per organisation, in commit order
  id uuid NOT NULL,
  booking_id uuid NOT NULL,
  booking_version int NOT NULL,
  event_type text NOT NULL CHECK (event_type LIKE 'booking.%'),
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  actor_kind text NOT NULL
    CHECK (actor_kind IN ('user', 'api_key', 'connection', 'system', 'customer')),
  actor_id text,
  actor_name text,
  connection_id uuid,
  source_kind text,
  inbound_message_id uuid,
  old_status text,
  new_status text NOT NULL,
  changed_fields text[] NOT NULL,
  previous jsonb NOT NULL CHECK (jsonb_typeof(previous) = 'object'),
  booking jsonb NOT NULL CHECK (jsonb_typeof(booking) = 'object'),
  irregular boolean NOT NULL DEFAULT false,
  backfill boolean NOT NULL DEFAULT false,
  PRIMARY KEY (org_id, seq),
  UNIQUE (org_id, booking_id, booking_version),
  UNIQUE (org_id, id), -- last, as above
  FOREIGN KEY (org_id, booking_id) REFERENCES booking (org_id, id)
);
SELECT protect_tenant_table('booking_event');
REVOKE UPDATE, DELETE ON booking_event FROM slotwire_app;

-- A booking as everybody is shown it (`bookingSchema` of the contract). Events keep this form,
-- so that the log, the stream, webhooks and the API cannot disagree.
-- In plpgsql because only there its plan is cached: as an SQL function it would be planned anew at
-- every call.
CREATE FUNCTION booking_resource(b booking) RETURNS jsonb
  LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN jsonb_build_object(
    'id', b.id,
    'booking_number', b.booking_number,
    'version', b.version,
    'status', b.status,
    'source_status', b.source_status,
    'status_reason', b.status_reason,
    'cancelled_by', b.cancelled_by,
    'starts_at', rfc3339(b.starts_at),
    'ends_at', rfc3339(b.ends_at),
    'time_zone', b.time_zone,
    -- as the generated column, which a row that is not stored yet does not have
    'duration_minutes', (extract(epoch FROM (b.ends_at - b.starts_at)) / 60)::int,
    'title', b.title,
    'description', b.description,
    'location', b.location,
    'meeting_url', b.meeting_url,
    'customer', (
      SELECT jsonb_build_object('id', c.id, 'name', c.display_name,
               'email', customer_contact(c.org_id, c.id, 'email'),
               'phone', customer_contact(c.org_id, c.id, 'phone'))
        FROM customer c WHERE c.org_id = b.org_id AND c.id = b.customer_id),
    'attendees', (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
               'name', a.name, 'email', a.email, 'phone', a.phone,
               'status', a.status, 'seat_ref', a.seat_ref) ORDER BY a.position), '[]')
        FROM booking_attendee a WHERE a.org_id = b.org_id AND a.booking_id = b.id),
    'subjects', (
      SELECT coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'kind', s.kind, 'name', s.name,
               'breed', s.breed, 'allergies', s.allergies) ORDER BY s.name, s.id), '[]')
        FROM booking_subject bs
        JOIN subject s ON s.org_id = bs.org_id AND s.id = bs.subject_id
       WHERE bs.org_id = b.org_id AND bs.booking_id = b.id),
    'provider', CASE WHEN b.provider_name IS NULL AND b.provider_email IS NULL THEN NULL
      ELSE jsonb_build_object('id', NULL, 'name', b.provider_name, 'email', b.provider_email) END,
    'service', CASE WHEN b.service_key IS NULL THEN NULL
      ELSE jsonb_build_object('id', NULL, 'key', b.service_key, 'name', b.service_name) END,
    'metadata', b.metadata,
    'payment_status', b.payment_status,
    'price_minor', b.price_minor,
    'currency', b.currency,
    'seats', b.seats,
    'series_ref', b.series_ref,
    'owner_connection_id', b.owner_connection_id,
    'external_refs', (
      SELECT coalesce(jsonb_agg(jsonb_build_object(
               'connection_id', r.connection_id, 'kind', r.kind, 'external_id', r.external_id,
               'superseded_at', rfc3339(r.superseded_at))
               ORDER BY r.superseded_at NULLS FIRST, r.kind DESC, r.external_id), '[]')
        FROM booking_external_ref r WHERE r.org_id = b.org_id AND r.booking_id = b.id),
    'created_at', rfc3339(b.created_at),
    'updated_at', rfc3339(b.updated_at),
    'deleted_at', rfc3339(b.deleted_at)
  );
END $$;

-- Reads what a change may be about: by the hub's id, by the source's ids, or by the iCalendar
-- UID under which the same or another connection reported the visit; in no order. Behind them come
-- the customers and subjects that it may be of (`find_customers`).
-- Each step compares single values on whole keys. A join or an array here gets a plan that was made
-- while the tables were small, and then reads all bookings or refs at every look-up.
CREATE FUNCTION ledger_find(
  p_org uuid, p_connection uuid, p_uid text, p_previous_uid text, p_ical_uid text, p_booking uuid,
  p_customer text, p_subject text, p_email text, p_phone text
) RETURNS SETOF jsonb
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_id uuid;
  v_seen uuid[] := '{}';
BEGIN
  PERFORM set_config('app.org_id', p_org::text, true);
  FOR v_id IN
    SELECT p_booking
    UNION ALL
    SELECT r.booking_id FROM booking_external_ref r
     WHERE r.org_id = p_org AND r.external_id = p_uid
       AND r.connection_id = p_connection AND r.kind = 'uid'
    UNION ALL
    SELECT r.booking_id FROM booking_external_ref r
     WHERE r.org_id = p_org AND r.external_id = p_previous_uid
       AND r.connection_id = p_connection AND r.kind = 'uid'
    UNION ALL
    SELECT r.booking_id FROM booking_external_ref r
     WHERE r.org_id = p_org AND r.external_id = p_ical_uid AND r.kind = 'ical_uid'
  LOOP
    CONTINUE WHEN v_id IS NULL OR v_id = ANY (v_seen);
    v_seen := v_seen || v_id;
    RETURN QUERY
      SELECT jsonb_build_object(
               'booking', booking_resource(b),
               'source_sequence', b.source_sequence,
               'source_updated_at', rfc3339(b.source_updated_at),
               'heard', b.heard,
               'heard_count', b.heard_count,
               'is_link_decided', b.link_decided_at IS NOT NULL,
               'attendee_times', (
                 SELECT coalesce(jsonb_agg(rfc3339(a.source_updated_at) ORDER BY a.position), '[]')
                   FROM booking_attendee a WHERE a.org_id = b.org_id AND a.booking_id = b.id))
        FROM booking b WHERE b.org_id = p_org AND b.id = v_id;
  END LOOP;
  IF coalesce(p_customer, p_subject, p_email, p_phone) IS NOT NULL THEN
    RETURN QUERY SELECT * FROM find_customers(p_org, p_connection, p_customer, p_subject, p_email,
      p_phone);
  END IF;
END $$;

-- Writes the attendees of a booking that has none.
CREATE FUNCTION write_attendees(p_org uuid, p_booking uuid, p_attendees jsonb) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO booking_attendee (org_id, booking_id, position, name, email, phone, status, seat_ref,
      source_updated_at)
    SELECT p_org, p_booking, a.no, a.it ->> 'name', a.it ->> 'email', a.it ->> 'phone',
           a.it ->> 'status', a.it ->> 'seat_ref', (a.it ->> 'source_updated_at')::timestamptz
      FROM jsonb_array_elements(p_attendees) WITH ORDINALITY a (it, no);
END $$;

-- Keeps what a message said that changed nothing visible: it decides about what comes later.
CREATE FUNCTION keep_word(p_org uuid, p_keeps jsonb, p_alone boolean) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE
  v_id uuid := (p_keeps ->> 'id')::uuid;
BEGIN
  IF NOT p_alone THEN
    PERFORM FROM booking WHERE org_id = p_org AND id = v_id FOR UPDATE NOWAIT;
  END IF;
  UPDATE booking SET heard = p_keeps -> 'heard', heard_count = heard_count + 1,
      source_sequence = (p_keeps ->> 'source_sequence')::int,
      source_updated_at = (p_keeps ->> 'source_updated_at')::timestamptz
    WHERE org_id = p_org AND id = v_id AND version = (p_keeps ->> 'expected_version')::int
      AND heard_count = (p_keeps ->> 'expected_heard')::int;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the booking changed meanwhile' USING ERRCODE = 'SW409';
  END IF;
  IF jsonb_typeof(p_keeps -> 'attendees') = 'array' THEN
    DELETE FROM booking_attendee WHERE org_id = p_org AND booking_id = v_id;
    PERFORM write_attendees(p_org, v_id, p_keeps -> 'attendees');
  END IF;
END $$;

-- Writes one decision: the message, the booking, its event. One call is one transaction, and
-- locks are taken in one order everywhere: message, outside ids, customer, booking, counter.
-- Raises SW409 when somebody else was faster: read again and decide again.
-- One of several in a transaction does not wait for locks: whoever holds one may be waiting for the
-- counter, which the first of them has taken. It fails instead, and is tried alone.
CREATE FUNCTION ledger_write(p_org uuid, p_write jsonb, p_alone boolean DEFAULT true)
  RETURNS jsonb
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_message record;
  v_new booking;
  v_event jsonb := p_write -> 'event';
  v_keeps jsonb := p_write -> 'keeps';
  -- Compared as a variable: next to an expression the planner prefers a shorter key.
  v_absorbs_id uuid := (p_write #>> '{absorbs,id}')::uuid;
  v_absorbed booking;
  v_seq bigint;
  v_creates boolean := coalesce((p_write ->> 'creates')::boolean, false);
  v_connection uuid := (p_write #>> '{event,connection_id}')::uuid;
  v_message_lock bigint := hashtextextended(concat_ws(' ', 'message',
    p_write #>> '{message,connection_id}', p_write #>> '{message,dedupe_key}'), 0);
  v_uids text[];
  v_uid text;
  v_ical_uid text;
  v_resource jsonb;
BEGIN
  PERFORM set_config('app.org_id', p_org::text, true);

  SELECT NULL::uuid AS id INTO v_message;
  IF jsonb_typeof(p_write -> 'message') = 'object' THEN
    -- The same message, sent again while the first is being written, would wait at the unique key.
    IF p_alone THEN
      PERFORM pg_advisory_xact_lock(v_message_lock);
    ELSIF NOT pg_try_advisory_xact_lock(v_message_lock) THEN
      RAISE EXCEPTION 'somebody else writes this message' USING ERRCODE = 'SW409';
    END IF;
    SELECT * INTO v_message FROM keep_message(p_org, p_write -> 'message');
    IF v_message.duplicate THEN
      RETURN jsonb_build_object('duplicate', true, 'message_id', v_message.id,
        'message_status', v_message.status, 'booking_id', v_message.booking_id);
    END IF;
  ELSE
    v_message.id := (p_write ->> 'message_id')::uuid;
  END IF;
  IF v_event IS NULL OR jsonb_typeof(v_event) = 'null' THEN
    IF jsonb_typeof(v_keeps) = 'object' THEN
      PERFORM keep_word(p_org, v_keeps, p_alone);
    END IF;
    PERFORM write_leaving(p_org, p_write -> 'leaves', v_message.id);
    RETURN jsonb_build_object('duplicate', false, 'message_id', v_message.id);
  END IF;

  v_new := jsonb_populate_record(NULL::booking, p_write -> 'booking');
  SELECT coalesce(array_agg(r ->> 'external_id' ORDER BY r ->> 'external_id'), '{}') INTO v_uids
    FROM jsonb_array_elements(p_write -> 'refs') r WHERE r ->> 'kind' = 'uid';
  SELECT r ->> 'external_id' INTO v_ical_uid
    FROM jsonb_array_elements(p_write -> 'refs') r WHERE r ->> 'kind' = 'ical_uid';
  FOREACH v_uid IN ARRAY v_uids || v_ical_uid LOOP
    CONTINUE WHEN v_uid IS NULL;
    IF p_alone THEN
      PERFORM pg_advisory_xact_lock(hashtextextended(v_connection || ' ' || v_uid, 0));
    ELSIF NOT pg_try_advisory_xact_lock(hashtextextended(v_connection || ' ' || v_uid, 0)) THEN
      RAISE EXCEPTION 'somebody else writes this id' USING ERRCODE = 'SW409';
    END IF;
  END LOOP;
  -- A booking with the same iCalendar UID that came meanwhile may be the same visit.
  IF EXISTS (
    SELECT FROM booking_external_ref r
     WHERE r.org_id = p_org AND r.external_id = v_ical_uid AND r.connection_id = v_connection
       AND r.kind = 'ical_uid' AND r.booking_id <> v_new.id
       AND NOT p_write -> 'considered' ? r.booking_id::text
  ) THEN
    RAISE EXCEPTION 'another booking has the iCalendar UID by now' USING ERRCODE = 'SW409';
  END IF;
  FOREACH v_uid IN ARRAY v_uids LOOP
    -- An id that meanwhile became another booking's: whoever gave it that is to be heard first.
    IF EXISTS (
      SELECT FROM booking_external_ref r
       WHERE r.org_id = p_org AND r.external_id = v_uid AND r.connection_id = v_connection
         AND r.kind = 'uid' AND r.booking_id <> v_new.id
         AND r.booking_id IS DISTINCT FROM v_absorbs_id
    ) THEN
      RAISE EXCEPTION 'the id belongs to another booking by now' USING ERRCODE = 'SW409';
    END IF;
    -- What spoke of this booking under an id that was unknown until now can be understood.
    UPDATE inbound_message SET status = 'received', next_attempt_at = NULL
     WHERE org_id = p_org AND status = 'waiting'
       AND connection_id = v_connection AND waiting_for = v_uid;
  END LOOP;

  IF jsonb_typeof(p_write -> 'customer') = 'object' THEN
    PERFORM write_customer(p_org, p_write -> 'customer', p_alone);
  END IF;

  IF v_creates THEN
    v_new.org_id := p_org;
    v_new.version := 1;
    v_new.created_at := now();
    v_new.updated_at := now();
  ELSE
    IF NOT p_alone THEN
      PERFORM FROM booking WHERE org_id = p_org AND id = v_new.id FOR UPDATE NOWAIT;
    END IF;
    UPDATE booking SET version = version + 1, status = v_new.status,
        source_status = v_new.source_status, status_reason = v_new.status_reason,
        cancelled_by = v_new.cancelled_by, starts_at = v_new.starts_at, ends_at = v_new.ends_at,
        time_zone = v_new.time_zone, title = v_new.title, description = v_new.description,
        location = v_new.location, meeting_url = v_new.meeting_url,
        provider_name = v_new.provider_name, provider_email = v_new.provider_email,
        service_key = v_new.service_key, service_name = v_new.service_name,
        metadata = v_new.metadata, payment_status = v_new.payment_status,
        price_minor = v_new.price_minor, currency = v_new.currency, seats = v_new.seats,
        series_ref = v_new.series_ref, customer_id = v_new.customer_id,
        link_decided_at = coalesce(v_new.link_decided_at, link_decided_at),
        link_dismissed_at = CASE WHEN v_new.link_decided_at IS NULL THEN link_dismissed_at END,
        owner_connection_id = v_new.owner_connection_id,
        source_sequence = v_new.source_sequence, source_updated_at = v_new.source_updated_at,
        heard = v_new.heard, deleted_at = v_new.deleted_at, updated_at = now()
      WHERE org_id = p_org AND id = v_new.id AND version = (p_write ->> 'expected_version')::int
        AND heard_count = (p_write ->> 'expected_heard')::int
      RETURNING * INTO v_new;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the booking changed meanwhile' USING ERRCODE = 'SW409';
    END IF;
  END IF;

  IF v_absorbs_id IS NOT NULL THEN
    IF NOT p_alone THEN
      RAISE EXCEPTION 'two bookings are merged alone' USING ERRCODE = 'SW409';
    END IF;
    UPDATE booking SET version = version + 1, deleted_at = now(), updated_at = now(),
        status_reason = 'merged into #' || v_new.booking_number
      WHERE org_id = p_org AND id = v_absorbs_id
        AND version = (p_write #>> '{absorbs,expected_version}')::int
        AND heard_count = (p_write #>> '{absorbs,expected_heard}')::int
      RETURNING * INTO v_absorbed;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the booking changed meanwhile' USING ERRCODE = 'SW409';
    END IF;
    UPDATE booking_external_ref SET booking_id = v_new.id
      WHERE org_id = p_org AND booking_id = v_absorbed.id;
  END IF;

  IF jsonb_typeof(p_write -> 'attendees') = 'array' THEN
    IF NOT v_creates THEN
      DELETE FROM booking_attendee WHERE org_id = p_org AND booking_id = v_new.id;
    END IF;
    PERFORM write_attendees(p_org, v_new.id, p_write -> 'attendees');
  END IF;
  IF jsonb_typeof(p_write -> 'subject_ids') = 'array' THEN
    PERFORM write_booking_subjects(p_org, v_new.id, v_new.customer_id, p_write -> 'subject_ids');
  END IF;
  -- An iCalendar UID may be shared by the bookings of a series: the first one keeps it.
  INSERT INTO booking_external_ref AS known
      (org_id, connection_id, kind, external_id, booking_id, superseded_at)
    SELECT p_org, (r ->> 'connection_id')::uuid, r ->> 'kind', r ->> 'external_id', v_new.id,
           (r ->> 'superseded_at')::timestamptz
      FROM jsonb_array_elements(p_write -> 'refs') r
    ON CONFLICT (org_id, external_id, connection_id, kind)
      DO UPDATE SET superseded_at = excluded.superseded_at
      WHERE known.booking_id = excluded.booking_id;
  v_resource := booking_resource(v_new);
  -- One message may call off an occurrence and all that follow it, and name no series: only here it
  -- is known that the booking is of one.
  IF v_message.id IS NOT NULL AND v_event ->> 'event_type' = 'booking.cancelled'
     AND v_new.series_ref IS NOT NULL THEN
    INSERT INTO message_ask (org_id, message_id, no, connection_id, ask, created_at)
      SELECT p_org, v_message.id, 1, v_connection,
             jsonb_build_object('kind', 'reconcile',
               'scope', jsonb_build_object('seriesRef', v_new.series_ref),
               'reason', 'one cancellation may end a whole series'),
             (p_write #>> '{message,received_at}')::timestamptz
      ON CONFLICT (org_id, message_id, no) DO NOTHING;
  END IF;

  -- From here to the commit the organisation's other writers wait: as little as can be.
  IF v_creates THEN
    UPDATE org_counter SET seq = seq + 1, booking_number = booking_number + 1
     WHERE org_id = p_org RETURNING seq, booking_number INTO v_seq, v_new.booking_number;
    v_resource := v_resource || jsonb_build_object('booking_number', v_new.booking_number);
    INSERT INTO booking (org_id, id, booking_number, version, status, source_status,
        status_reason, cancelled_by, starts_at, ends_at, time_zone, title, description, location,
        meeting_url, provider_name, provider_email, service_key, service_name, metadata,
        payment_status, price_minor, currency, seats, series_ref, customer_id,
        owner_connection_id, source_sequence, source_updated_at, heard, made_for_self,
        created_at, updated_at)
      VALUES (p_org, v_new.id, v_new.booking_number, 1, v_new.status, v_new.source_status,
        v_new.status_reason, v_new.cancelled_by, v_new.starts_at, v_new.ends_at, v_new.time_zone,
        v_new.title, v_new.description, v_new.location, v_new.meeting_url, v_new.provider_name,
        v_new.provider_email, v_new.service_key, v_new.service_name, v_new.metadata,
        v_new.payment_status, v_new.price_minor, v_new.currency, v_new.seats, v_new.series_ref,
        v_new.customer_id, v_new.owner_connection_id, v_new.source_sequence, v_new.source_updated_at,
        v_new.heard, coalesce(v_new.made_for_self, false), v_new.created_at, v_new.updated_at);
  ELSE
    UPDATE org_counter SET seq = seq + 1 WHERE org_id = p_org RETURNING seq INTO v_seq;
  END IF;
  INSERT INTO booking_event (org_id, seq, id, booking_id, booking_version, event_type,
      occurred_at, actor_kind, actor_id, actor_name, connection_id, source_kind,
      inbound_message_id, old_status, new_status, changed_fields, previous, booking, irregular,
      backfill)
    VALUES (p_org, v_seq, (v_event ->> 'id')::uuid, v_new.id, v_new.version,
      v_event ->> 'event_type', (v_event ->> 'occurred_at')::timestamptz,
      v_event ->> 'actor_kind', v_event ->> 'actor_id', v_event ->> 'actor_name',
      v_connection, v_event ->> 'source_kind', v_message.id,
      v_event ->> 'old_status', v_new.status,
      ARRAY(SELECT jsonb_array_elements_text(v_event -> 'changed_fields')),
      v_event -> 'previous', v_resource,
      (v_event ->> 'irregular')::boolean, (v_event ->> 'backfill')::boolean);
  IF v_absorbed.id IS NOT NULL THEN
    UPDATE org_counter SET seq = seq + 1 WHERE org_id = p_org RETURNING seq INTO v_seq;
    INSERT INTO booking_event (org_id, seq, id, booking_id, booking_version, event_type,
        occurred_at, actor_kind, connection_id, source_kind, inbound_message_id, old_status,
        new_status, changed_fields, previous, booking)
      VALUES (p_org, v_seq, (p_write #>> '{absorbs,event_id}')::uuid, v_absorbed.id,
        v_absorbed.version, 'booking.deleted', (v_event ->> 'occurred_at')::timestamptz, 'system',
        v_connection, v_event ->> 'source_kind', v_message.id,
        v_absorbed.status, v_absorbed.status, '{deleted_at,status_reason,external_refs}',
        '{"deleted_at": null}', booking_resource(v_absorbed));
  END IF;
  PERFORM write_leaving(p_org, p_write -> 'leaves', v_message.id);
  RETURN jsonb_build_object('duplicate', false, 'message_id', v_message.id,
    'booking_id', v_new.id, 'booking_number', v_new.booking_number, 'version', v_new.version,
    'seq', v_seq);
END $$;

-- The other half of a decision about a seat that moves: it is given up in the class that it leaves, in
-- the same transaction and by the same message. It comes last, when the counter is held, and so waits
-- for no lock.
CREATE FUNCTION write_leaving(p_org uuid, p_leaves jsonb, p_message uuid) RETURNS void
  LANGUAGE plpgsql AS $$
BEGIN
  IF jsonb_typeof(p_leaves) = 'object' THEN
    PERFORM ledger_write(p_org, p_leaves || jsonb_build_object('message_id', p_message), false);
  END IF;
END $$;

-- Several look-ups in one call; each row bears the number of its look-up, from 1.
CREATE FUNCTION ledger_find_all(p_org uuid, p_lookups jsonb)
  RETURNS TABLE (lookup int, found jsonb)
  LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY
    SELECT l.no::int, f.found
      FROM jsonb_array_elements(p_lookups) WITH ORDINALITY l (it, no)
     CROSS JOIN LATERAL ledger_find(p_org, (l.it ->> 'connection_id')::uuid, l.it ->> 'uid',
             l.it ->> 'previous_uid', l.it ->> 'ical_uid', (l.it ->> 'booking_id')::uuid,
             l.it ->> 'customer', l.it ->> 'subject', l.it ->> 'email', l.it ->> 'phone') f (found);
END $$;

-- Several writes in one transaction: one commit and one turn at the counter for all of them. Each
-- succeeds or fails on its own; a failure is answered as its SQLSTATE.
-- Each goes with its own origin, which the audit log keeps.
CREATE FUNCTION ledger_write_all(p_org uuid, p_writes jsonb) RETURNS jsonb
  LANGUAGE plpgsql AS $$
DECLARE
  v_write jsonb;
  v_origin text := '';
  v_results jsonb := '[]';
BEGIN
  FOR v_write IN SELECT value FROM jsonb_array_elements(p_writes) LOOP
    IF coalesce(v_write ->> 'origin', '') <> v_origin THEN
      v_origin := coalesce(v_write ->> 'origin', '');
      PERFORM set_config('app.origin', v_origin, true);
    END IF;
    BEGIN
      v_results := v_results || ledger_write(p_org, v_write, false);
    EXCEPTION WHEN OTHERS THEN
      v_results := v_results || jsonb_build_object('sql_state', SQLSTATE, 'error', SQLERRM);
    END;
  END LOOP;
  RETURN v_results;
END $$;

-- Keeps a message under its dedupe key. One that was already dealt with comes back with its
-- duplicate count raised; one that was kept without success takes the new outcome. So does one that
-- is processed `again`, unless it changed a booking before and changes nothing now.
-- One statement, because a conflict is found by the unique key whatever the planner thinks: an
-- UPDATE by the same columns, planned while there were few messages, reads all of the connection.
CREATE FUNCTION keep_message(
  p_org uuid, p_message jsonb,
  OUT id uuid, OUT status text, OUT booking_id uuid, OUT duplicate boolean
)
  LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_again boolean := coalesce((p_message ->> 'again')::boolean, false);
BEGIN
  INSERT INTO inbound_message AS m (org_id, id, connection_id, dedupe_key, event_key, trigger,
      status, action, summary, warning, signature_state, headers, body, waiting_for, booking_id,
      error_code, error, next_attempt_at, received_at, processed_at)
    VALUES (p_org, (p_message ->> 'id')::uuid, (p_message ->> 'connection_id')::uuid,
      decode(p_message ->> 'dedupe_key', 'hex'), decode(p_message ->> 'event_key', 'hex'),
      p_message ->> 'trigger', p_message ->> 'status',
      p_message ->> 'action', p_message ->> 'summary', p_message ->> 'warning',
      p_message ->> 'signature_state', p_message -> 'headers',
      decode(p_message ->> 'body', 'base64'),
      p_message ->> 'waiting_for', (p_message ->> 'booking_id')::uuid,
      p_message ->> 'error_code', p_message ->> 'error',
      (p_message ->> 'next_attempt_at')::timestamptz,
      (p_message ->> 'received_at')::timestamptz, (p_message ->> 'processed_at')::timestamptz)
    ON CONFLICT (org_id, connection_id, dedupe_key) DO UPDATE SET
      (event_key, trigger, status, action, summary, warning, waiting_for, booking_id, error_code,
       error, next_attempt_at, processed_at, lease_until, lease_token, duplicate_count) = (
        SELECT excluded.event_key, excluded.trigger, excluded.status, excluded.action,
               excluded.summary, excluded.warning, excluded.waiting_for, excluded.booking_id,
               excluded.error_code, excluded.error, excluded.next_attempt_at,
               excluded.processed_at, NULL::timestamptz, NULL::uuid,
               CASE WHEN v_again THEN m.duplicate_count ELSE 0 END
         WHERE m.status IN ('received', 'waiting', 'failed')
            OR (v_again AND (m.status <> 'processed'
              OR excluded.status IN ('processed', 'received')))
        UNION ALL
        SELECT m.event_key, m.trigger, m.status, m.action,
               m.summary, m.warning, m.waiting_for, m.booking_id,
               m.error_code, m.error, m.next_attempt_at,
               m.processed_at, m.lease_until, m.lease_token,
               m.duplicate_count + (NOT v_again)::int
         WHERE NOT (m.status IN ('received', 'waiting', 'failed')
            OR (v_again AND (m.status <> 'processed'
              OR excluded.status IN ('processed', 'received'))))),
      attempts = CASE WHEN v_again THEN 0 ELSE m.attempts END
    RETURNING m.id, m.status, m.booking_id, m.duplicate_count > 0 AND NOT v_again
    INTO id, status, booking_id, duplicate;
  IF NOT duplicate AND jsonb_typeof(p_message -> 'asks') = 'array' THEN
    INSERT INTO message_ask AS known (org_id, message_id, no, connection_id, ask, created_at)
      SELECT p_org, id, a.no, (p_message ->> 'connection_id')::uuid, a.it,
             (p_message ->> 'received_at')::timestamptz
        FROM jsonb_array_elements(p_message -> 'asks') WITH ORDINALITY a (it, no)
      ON CONFLICT (org_id, message_id, no) DO UPDATE
        SET ask = excluded.ask, handled_at = NULL, error = NULL, attempts = 0,
            next_attempt_at = NULL
        WHERE known.ask <> excluded.ask;
  END IF;
END $$;

-- Reads the log behind a position, in order.
CREATE FUNCTION ledger_events(p_org uuid, p_after bigint, p_limit int)
  RETURNS SETOF booking_event
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM set_config('app.org_id', p_org::text, true);
  RETURN QUERY
    SELECT * FROM booking_event e
     WHERE e.org_id = p_org AND e.seq > p_after ORDER BY e.seq LIMIT p_limit;
END $$;

-- The safety net: a write to `booking` that did not come through ledger_write gets its event
-- here, and with it every effect, once.
CREATE FUNCTION record_direct_write() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  v_old jsonb := '{}';
  v_new jsonb := to_jsonb(NEW);
  v_changed text[];
  v_booking booking;
  v_seq bigint;
  v_type text;
  c_ignored constant text[] := ARRAY['org_id', 'id', 'booking_number', 'version', 'created_at',
    'updated_at', 'occupancy', 'during', 'duration_minutes', 'source_sequence',
    'source_updated_at', 'heard', 'heard_count', 'link_dismissed_at', 'link_decided_at',
    'made_for_self'];
BEGIN
  IF TG_OP = 'UPDATE' THEN
    v_old := to_jsonb(OLD);
    SELECT array_agg(key ORDER BY key) INTO v_changed
      FROM jsonb_each(v_new) n
     WHERE n.key <> ALL (c_ignored) AND n.value IS DISTINCT FROM v_old -> n.key;
    IF v_changed IS NULL THEN RETURN NULL; END IF;
  END IF;

  v_type := CASE
    WHEN TG_OP = 'INSERT' THEN 'booking.created'
    WHEN NEW.deleted_at IS NOT NULL AND OLD.deleted_at IS NULL THEN 'booking.deleted'
    WHEN NEW.status <> OLD.status THEN CASE NEW.status
      WHEN 'pending' THEN 'booking.updated'
      WHEN 'confirmed' THEN CASE WHEN OLD.status = 'pending' THEN 'booking.confirmed'
        WHEN OLD.status = 'no_show' THEN 'booking.no_show_cleared' ELSE 'booking.reinstated' END
      WHEN 'in_progress' THEN 'booking.started'
      ELSE 'booking.' || NEW.status END
    WHEN NEW.starts_at <> OLD.starts_at OR NEW.ends_at <> OLD.ends_at THEN 'booking.rescheduled'
    WHEN NEW.customer_id IS DISTINCT FROM OLD.customer_id THEN 'booking.customer_linked'
    ELSE 'booking.updated' END;

  UPDATE booking SET version = greatest(version, OLD.version) + 1, updated_at = now()
    WHERE org_id = NEW.org_id AND id = NEW.id RETURNING * INTO v_booking;
  UPDATE org_counter SET seq = seq + 1 WHERE org_id = NEW.org_id RETURNING seq INTO v_seq;
  INSERT INTO booking_event (org_id, seq, id, booking_id, booking_version, event_type,
      occurred_at, actor_kind, actor_name, old_status, new_status, changed_fields, previous,
      booking)
    VALUES (NEW.org_id, v_seq, uuid7(), NEW.id, v_booking.version, v_type, clock_timestamp(),
      'system', 'SQL (' || session_user || ')', v_old ->> 'status', NEW.status,
      coalesce(v_changed, '{}'),
      (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each(v_old)
        WHERE key = ANY (v_changed)),
      booking_resource(v_booking));
  PERFORM pg_notify('slotwire_wake', 'events,deliveries');
  RETURN NULL;
END $$;

-- Numbers a booking that was inserted by hand.
CREATE FUNCTION number_direct_insert() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.version := 0;
  IF NEW.booking_number IS NULL THEN
    UPDATE org_counter SET booking_number = booking_number + 1
     WHERE org_id = NEW.org_id RETURNING booking_number INTO NEW.booking_number;
  END IF;
  RETURN NEW;
END $$;

-- Deleting a row by hand marks the booking as deleted: history has to keep its subject.
CREATE FUNCTION delete_softly() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE booking SET deleted_at = now()
   WHERE org_id = OLD.org_id AND id = OLD.id AND deleted_at IS NULL;
  RETURN NULL;
END $$;

-- Only ledger_write runs as this role. A setting of the function's own would say it too, but only
-- a superuser can attach one to a function. Spelt out, because a function here would be planned anew for
-- every row that is written.
CREATE TRIGGER booking_direct_number BEFORE INSERT ON booking
  FOR EACH ROW WHEN (current_user <> 'slotwire_ledger') EXECUTE FUNCTION number_direct_insert();
CREATE TRIGGER booking_direct_insert AFTER INSERT ON booking
  FOR EACH ROW WHEN (current_user <> 'slotwire_ledger') EXECUTE FUNCTION record_direct_write();
CREATE TRIGGER booking_direct_update AFTER UPDATE ON booking
  FOR EACH ROW WHEN (current_user <> 'slotwire_ledger') EXECUTE FUNCTION record_direct_write();
CREATE TRIGGER booking_direct_delete BEFORE DELETE ON booking
  FOR EACH ROW EXECUTE FUNCTION delete_softly();

-- What runs as the application sees one organisation; what catches direct writers sees all.
GRANT CREATE ON SCHEMA public TO slotwire_app, slotwire_system, slotwire_ledger;
ALTER FUNCTION ledger_find OWNER TO slotwire_app;
ALTER FUNCTION ledger_write OWNER TO slotwire_ledger;
ALTER FUNCTION ledger_events OWNER TO slotwire_app;
ALTER FUNCTION record_direct_write OWNER TO slotwire_system;
ALTER FUNCTION number_direct_insert OWNER TO slotwire_system;
ALTER FUNCTION delete_softly OWNER TO slotwire_system;
REVOKE CREATE ON SCHEMA public FROM slotwire_app, slotwire_system, slotwire_ledger;
REVOKE EXECUTE ON FUNCTION ledger_find, ledger_write, ledger_events, ledger_find_all,
  ledger_write_all, keep_message, keep_word, write_attendees, write_leaving FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_find, ledger_write, ledger_events, ledger_find_all,
  ledger_write_all, keep_message, keep_word, write_attendees, write_leaving TO slotwire_app;
