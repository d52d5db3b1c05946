-- Destinations hear of events: one delivery row per event and destination, written in the
-- transaction of the event itself, whoever caused it.

CREATE TABLE destination (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL,
  name text NOT NULL,
  url text NOT NULL,
  profile text NOT NULL,
  event_types text[] NOT NULL,
  payload_mode text NOT NULL CHECK (payload_mode IN ('compat', 'thin', 'full')),
  -- which of these events are sent; null: all
  filter jsonb CHECK (jsonb_typeof(filter) = 'object'),
  ordering text NOT NULL CHECK (ordering IN ('per_booking', 'none')),
  status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'paused', 'disabled')),
  disabled_reason text,
  -- seconds to wait before each attempt, the first included; null: as the hub is set
  retry_schedule int[] CHECK (cardinality(retry_schedule) BETWEEN 1 AND 50),
  -- over all processes; null: as much as a process can
  rate_per_second real CHECK (rate_per_second > 0),
  concurrency int CHECK (concurrency BETWEEN 1 AND 64),
  -- how many events one request may carry
  batch_size int NOT NULL DEFAULT 1 CHECK (batch_size BETWEEN 1 AND 100),
  -- for how long it may only fail before it is disabled
  patience_hours int NOT NULL DEFAULT 120 CHECK (patience_hours BETWEEN 1 AND 720),
  -- when the first attempt failed since the last one that arrived
  failing_since timestamptz,
  -- until when it asked to be left alone
  held_until timestamptz,
  disabled_at timestamptz,
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

-- The token bucket of a destination: how many requests may be started at once, and how many more by
-- now. Whoever claims for a destination with a rate or a concurrency locks its row.
CREATE TABLE destination_pace (
  org_id uuid NOT NULL,
  destination_id uuid NOT NULL,
  tokens double precision NOT NULL DEFAULT 0,
  filled_at timestamptz NOT NULL DEFAULT 'epoch',
  PRIMARY KEY (org_id, destination_id),
  FOREIGN KEY (org_id, destination_id) REFERENCES destination (org_id, id)
);
SELECT protect_tenant_table('destination_pace');

CREATE FUNCTION create_destination_pace() RETURNS trigger
  LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO destination_pace (org_id, destination_id) VALUES (NEW.org_id, NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER destination_pace AFTER INSERT ON destination
  FOR EACH ROW EXECUTE FUNCTION create_destination_pace();

-- What people have to know beside the bookings: that something went wrong, and is right again.
-- Destinations hear of it that name its type; `*` are the events of bookings.
CREATE TABLE operational_event (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL DEFAULT uuid7(),
  type text NOT NULL CHECK (type IN ('alert.opened', 'alert.resolved')),
  occurred_at timestamptz NOT NULL DEFAULT now(),
  data jsonb NOT NULL CHECK (jsonb_typeof(data) = 'object'),
  PRIMARY KEY (org_id, id)
);
SELECT protect_tenant_table('operational_event');
REVOKE UPDATE, DELETE ON operational_event FROM slotwire_app;

-- Of one event: a booking's, or an operational one.
CREATE TABLE delivery (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuid7(),
  destination_id uuid NOT NULL,
  booking_event_id uuid,
  booking_id uuid,
  booking_version int,
  operational_event_id uuid,
  -- of one that was sent anew: the first delivery of the event, whose webhook-id it carries, and
  -- the replay that it belongs to, if it was one of many
  replay_of uuid,
  replay_id uuid,
  status text NOT NULL DEFAULT 'pending'
    CHECK (status IN ('pending', 'sending', 'retrying', 'delivered', 'exhausted', 'cancelled',
                      'skipped')),
  -- why it was not sent, or not any more: a sentence, or what was done to its destination or replay
  skip_reason text,
  attempt_count int NOT NULL DEFAULT 0,
  -- of a delivery that is being sent: the end of its lease, when somebody else may send it
  next_attempt_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  -- how often in a row a lease ran out: a delivery that takes its worker down is given up
  lost_leases int NOT NULL DEFAULT 0,
  delivered_at timestamptz,
  last_status_code int,
  error_class text,
  created_at timestamptz NOT NULL DEFAULT now(),
  -- what is still to be sent has a time, and nothing else has one
  CHECK ((next_attempt_at IS NOT NULL) = (status IN ('pending', 'sending', 'retrying'))),
  CHECK (num_nonnulls(booking_event_id, operational_event_id) = 1),
  CHECK (num_nulls(booking_event_id, booking_id, booking_version) IN (0, 3)),
  FOREIGN KEY (org_id, destination_id) REFERENCES destination (org_id, id),
  FOREIGN KEY (org_id, booking_event_id) REFERENCES booking_event (org_id, id),
  FOREIGN KEY (org_id, operational_event_id) REFERENCES operational_event (org_id, id)
);
SELECT protect_tenant_table('delivery');
-- Every event once to every destination, but for what is sent anew on purpose.
CREATE UNIQUE INDEX delivery_event ON delivery (org_id, booking_event_id, destination_id)
  WHERE replay_of IS NULL;
CREATE UNIQUE INDEX delivery_operational ON delivery (org_id, operational_event_id, destination_id)
  WHERE operational_event_id IS NOT NULL AND replay_of IS NULL;
CREATE INDEX delivery_replayed ON delivery (org_id, replay_of) WHERE replay_of IS NOT NULL;
CREATE INDEX delivery_replay ON delivery (org_id, replay_id) WHERE replay_id IS NOT NULL;
-- Both hold what is still to be sent. Their conditions differ so that a look-up by booking cannot
-- be planned over the index by time, which read the whole backlog for each delivery.
CREATE INDEX delivery_due ON delivery (org_id, destination_id, next_attempt_at)
  WHERE next_attempt_at IS NOT NULL;
CREATE INDEX delivery_open ON delivery (org_id, destination_id, booking_id, booking_version)
  WHERE status IN ('pending', 'sending', 'retrying');
CREATE INDEX delivery_of_destination ON delivery (org_id, destination_id, id);
-- After it, so that what looks for a delivery takes its key: see 0002-ledger.sql.
ALTER TABLE delivery ADD PRIMARY KEY (org_id, id),
  ADD FOREIGN KEY (org_id, replay_of) REFERENCES delivery (org_id, id);
CREATE INDEX delivery_exhausted ON delivery (org_id, id) WHERE status = 'exhausted';
CREATE INDEX delivery_refused ON delivery (org_id, destination_id, id) WHERE status = 'exhausted';

CREATE TABLE delivery_attempt (
  org_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  no int NOT NULL,
  at timestamptz NOT NULL,
  status_code int,
  error_class text,
  error text,
  -- what was sent, as it was sent; values that prove who sends it are left out
  request_headers jsonb,
  request_body text,
  -- when the body was a list: the deliveries that travelled together, in its order. Each attempt
  -- keeps its own part of the body; all of it for each would grow with the square.
  batch_delivery_ids uuid[],
  response_headers jsonb,
  response_body text,
  -- where the time went, in milliseconds; null for a step that was not needed or not reached
  dns_ms double precision,
  connect_ms double precision,
  tls_ms double precision,
  first_byte_ms double precision,
  total_ms double precision NOT NULL,
  PRIMARY KEY (org_id, delivery_id, no),
  FOREIGN KEY (org_id, delivery_id) REFERENCES delivery (org_id, id)
);
SELECT protect_tenant_table('delivery_attempt');
-- Whose bodies are still there.
CREATE INDEX delivery_attempt_whole ON delivery_attempt (org_id, at)
  WHERE num_nonnulls(request_headers, response_body) > 0;

-- A disabled destination gets its rows, too, which nothing claims: they show what it missed, and can
-- be sent anew once it is resumed.
CREATE FUNCTION fan_out_deliveries() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO delivery (org_id, destination_id, booking_event_id, booking_id, booking_version,
      status, skip_reason, next_attempt_at)
    SELECT NEW.org_id, d.id, NEW.id, NEW.booking_id, NEW.booking_version,
           CASE d.status WHEN 'disabled' THEN 'skipped' ELSE 'pending' END,
           CASE d.status WHEN 'disabled' THEN 'destination_disabled' END,
           CASE d.status WHEN 'disabled' THEN NULL ELSE now() END
      FROM destination d
     WHERE d.org_id = NEW.org_id AND d.deleted_at IS NULL
       AND d.event_types && ARRAY['*', NEW.event_type]
       -- Whoever deletes or disables a destination waits for us, or we see that it is gone.
       FOR KEY SHARE OF d;
  RETURN NULL;
END $$;
CREATE TRIGGER booking_event_deliveries AFTER INSERT ON booking_event
  FOR EACH ROW WHEN (NOT NEW.backfill) EXECUTE FUNCTION fan_out_deliveries();

CREATE FUNCTION fan_out_operational_event() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO delivery (org_id, destination_id, operational_event_id, status, skip_reason,
      next_attempt_at)
    SELECT NEW.org_id, d.id, NEW.id,
           CASE d.status WHEN 'disabled' THEN 'skipped' ELSE 'pending' END,
           CASE d.status WHEN 'disabled' THEN 'destination_disabled' END,
           CASE d.status WHEN 'disabled' THEN NULL ELSE now() END
      FROM destination d
     WHERE d.org_id = NEW.org_id AND d.deleted_at IS NULL
       AND d.event_types && ARRAY[split_part(NEW.type, '.', 1) || '.*', NEW.type]
       FOR KEY SHARE OF d;
  PERFORM pg_notify('slotwire_wake', 'deliveries');
  RETURN NULL;
END $$;
CREATE TRIGGER operational_event_deliveries AFTER INSERT ON operational_event
  FOR EACH ROW EXECUTE FUNCTION fan_out_operational_event();

-- What a receiver refused as part of a batch goes out alone from then on: it may be what is wrong.
CREATE FUNCTION sent_alone(d delivery) RETURNS boolean
  LANGUAGE sql IMMUTABLE
  RETURN d.attempt_count > 0 AND coalesce(d.error_class IN ('http_4xx', 'rejected'), false);

-- Leases deliveries that are due, and reads all that is needed to send them. Destination by
-- destination, so that a long backlog at one of them is neither scanned nor sent before the
-- others'. A delivery whose booking has an earlier one open at the same destination waits.
-- The planner may not believe in an empty table here: only the indexes stay fast in a burst. And
-- it plans once: in the embedded database planning takes longer than a claim.
-- Destinations with a rate, a concurrency or batches come first, one by one, and get half of the
-- requests at most. One whose pace another worker is reading is left to it: claims do not queue.
CREATE FUNCTION claim_deliveries(
  p_now timestamptz, p_lease_until timestamptz, p_token uuid,
  p_limit int,              -- at most so many requests in all
  p_slots int,              -- and at most so many per destination,
  p_limited uuid[],         -- except at these destinations:
  p_limited_slots int[],    -- at most so many there
  p_paced text[],           -- profiles whose destinations have a rate where nobody set one,
  p_rates real[],           -- in requests per second
  p_batching text[]         -- profiles that know batches
) RETURNS TABLE (
  org_id uuid, delivery_id uuid, attempt_count int, lost_leases int, replay_of uuid,
  destination_id uuid, destination_name text, url text, profile text, payload_mode text,
  event_types text[], filter jsonb, retry_schedule int[], batch_size int,
  rate real, concurrency int, previous_error text,
  secret_sealed bytea, previous_secret_sealed bytea, previous_secret_until timestamptz,
  auth_header text, auth_value_sealed bytea,
  id uuid, seq bigint, event_type text, occurred_at timestamptz, recorded_at timestamptz,
  booking_id uuid, booking_version int, old_status text, new_status text, changed_fields text[],
  previous jsonb, booking jsonb, irregular boolean, actor_kind text, actor_id text,
  actor_name text, connection_id uuid, source_kind text,
  -- the operational event; of such a delivery all columns of a booking's event are null
  operational jsonb
)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off
  SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
  v record;
  v_rows tid[] := '{}';
  v_taken tid[];
  v_left int := p_limit;
  v_share int := (p_limit + 1) / 2;
  v_tokens double precision;
  v_most int;
  v_alone boolean;
  v_size int;
BEGIN
  -- A claim that is lost in a crash costs nothing: the delivery is due again.
  PERFORM set_config('synchronous_commit', 'off', true);
  FOR v IN
    SELECT d.*, coalesce(limited.slots, p_slots) AS slots
      FROM (SELECT d.org_id, d.id, d.ordering, d.concurrency,
                   coalesce(d.rate_per_second, paced.rate) AS rate,
                   CASE WHEN d.profile = ANY (p_batching) THEN d.batch_size ELSE 1 END AS batch_size
              FROM destination d
              LEFT JOIN unnest(p_paced, p_rates) paced (profile, rate) ON paced.profile = d.profile
             WHERE d.status = 'active' AND d.deleted_at IS NULL
               AND (d.held_until IS NULL OR d.held_until <= p_now)) d
      LEFT JOIN unnest(p_limited, p_limited_slots) limited (id, slots) ON limited.id = d.id
     WHERE d.rate IS NOT NULL OR d.concurrency IS NOT NULL OR d.batch_size > 1
     ORDER BY random()
  LOOP
    EXIT WHEN v_share <= 0;
    v_most := least(v.slots, v_share);
    CONTINUE WHEN v_most <= 0 OR NOT EXISTS (
      SELECT FROM delivery w
       WHERE w.org_id = v.org_id AND w.destination_id = v.id
         AND w.next_attempt_at <= p_now + interval '1 minute');
    IF v.rate IS NOT NULL OR v.concurrency IS NOT NULL THEN
      -- Half a second's worth is kept, and at least one. Who reads an earlier clock adds nothing.
      SELECT least(greatest(v.rate / 2, 1), p.tokens + v.rate
               * greatest(extract(epoch FROM p_now - p.filled_at)::double precision, 0))
        INTO v_tokens
        FROM destination_pace p
       WHERE p.org_id = v.org_id AND p.destination_id = v.id
         FOR UPDATE SKIP LOCKED;
      CONTINUE WHEN NOT FOUND;
      IF v.rate IS NOT NULL THEN
        -- A sum of fractions may fall short of a whole by its rounding.
        v_most := least(v_most, floor(v_tokens + 1e-6)::int);
      END IF;
      IF v.concurrency IS NOT NULL THEN
        v_most := least(v_most, v.concurrency - (
          -- The deliveries of one claim went out in as few requests as they fit into.
          SELECT coalesce(sum(under_way.alone + ceil(under_way.together / v.batch_size::real)), 0)
            FROM (SELECT count(*) FILTER (WHERE sent_alone(w)) AS alone,
                         count(*) FILTER (WHERE NOT sent_alone(w)) AS together
                    FROM delivery w
                   WHERE w.org_id = v.org_id AND w.destination_id = v.id
                     AND w.next_attempt_at > p_now AND w.status = 'sending'
                   GROUP BY w.lease_token) under_way)::int);
      END IF;
      CONTINUE WHEN v_most <= 0;
    END IF;
    FOREACH v_alone IN ARRAY CASE v.batch_size WHEN 1 THEN '{f}' ELSE '{t,f}' END::boolean[] LOOP
      v_size := CASE WHEN v_alone THEN 1 ELSE v.batch_size END;
      v_taken := ARRAY(
        SELECT w.ctid
          FROM delivery w
         WHERE w.org_id = v.org_id AND w.destination_id = v.id
           AND w.next_attempt_at <= p_now + interval '1 minute'
           AND (w.status = 'pending' AND w.replay_id IS NULL OR w.next_attempt_at <= p_now)
           AND (v.batch_size = 1 OR sent_alone(w) = v_alone)
           AND (v.ordering = 'none' OR NOT EXISTS (
             SELECT FROM delivery earlier
              WHERE earlier.org_id = w.org_id AND earlier.destination_id = w.destination_id
                AND earlier.booking_id = w.booking_id
                AND earlier.booking_version < w.booking_version
                AND earlier.replay_id IS NOT DISTINCT FROM w.replay_id
                AND earlier.status IN ('pending', 'sending', 'retrying')))
         ORDER BY w.next_attempt_at
         LIMIT v_most * v_size
           FOR UPDATE OF w SKIP LOCKED);
      EXIT WHEN cardinality(v_taken) > 0;
    END LOOP;
    v_most := ceil(cardinality(v_taken) / v_size::real);
    v_rows := v_rows || v_taken;
    v_share := v_share - v_most;
    v_left := v_left - v_most;
    IF v.rate IS NOT NULL THEN
      UPDATE destination_pace p
         SET tokens = v_tokens - v_most, filled_at = greatest(p.filled_at, p_now)
       WHERE p.org_id = v.org_id AND p.destination_id = v.id;
    END IF;
  END LOOP;
  RETURN QUERY
  WITH claimed AS (
    UPDATE delivery c
       SET status = 'sending', lease_until = p_lease_until, next_attempt_at = p_lease_until,
           lease_token = p_token, lost_leases = c.lost_leases + (c.status = 'sending')::int
     WHERE c.ctid = ANY (v_rows || ARRAY(
       SELECT due.ctid
         FROM (SELECT d.org_id, d.id, d.ordering, coalesce(limited.slots, p_slots) AS slots
                 FROM destination d
                 LEFT JOIN unnest(p_limited, p_limited_slots) limited (id, slots)
                   ON limited.id = d.id
                WHERE d.status = 'active' AND d.deleted_at IS NULL
                  AND (d.held_until IS NULL OR d.held_until <= p_now)
                  AND d.rate_per_second IS NULL AND NOT d.profile = ANY (p_paced)
                  AND d.concurrency IS NULL
                  AND (d.batch_size = 1 OR NOT d.profile = ANY (p_batching))
                ORDER BY random()) d
        CROSS JOIN LATERAL (
          SELECT w.ctid
            FROM delivery w
           WHERE w.org_id = d.org_id AND w.destination_id = d.id
             -- A first attempt is due at once, also where the database's clock is ahead of ours.
             AND w.next_attempt_at <= p_now + interval '1 minute'
             AND (w.status = 'pending' AND w.replay_id IS NULL OR w.next_attempt_at <= p_now)
             AND (d.ordering = 'none' OR NOT EXISTS (
               SELECT FROM delivery earlier
                WHERE earlier.org_id = w.org_id AND earlier.destination_id = w.destination_id
                  AND earlier.booking_id = w.booking_id
                  AND earlier.booking_version < w.booking_version
                  -- What is sent anew keeps its own order, and holds up nothing that is new.
                  AND earlier.replay_id IS NOT DISTINCT FROM w.replay_id
                  AND earlier.status IN ('pending', 'sending', 'retrying')))
           ORDER BY w.next_attempt_at
           LIMIT d.slots
             FOR UPDATE OF w SKIP LOCKED) due
        LIMIT v_left))
    RETURNING c.*)
  SELECT c.org_id, c.id, c.attempt_count, c.lost_leases, c.replay_of,
         c.destination_id, d.name, d.url, d.profile, d.payload_mode,
         d.event_types, d.filter, d.retry_schedule,
         CASE WHEN d.profile = ANY (p_batching) THEN d.batch_size ELSE 1 END,
         coalesce(d.rate_per_second, (SELECT paced.rate FROM unnest(p_paced, p_rates)
           paced (profile, rate) WHERE paced.profile = d.profile)), d.concurrency,
         c.error_class,
         d.secret_sealed, d.previous_secret_sealed, d.previous_secret_until,
         d.auth_header, d.auth_value_sealed,
         e.id, e.seq, e.event_type, e.occurred_at, e.recorded_at,
         e.booking_id, e.booking_version, e.old_status, e.new_status, e.changed_fields,
         e.previous, e.booking, e.irregular, e.actor_kind, e.actor_id,
         e.actor_name, e.connection_id, e.source_kind,
         CASE WHEN o.id IS NOT NULL THEN jsonb_build_object('type', o.type,
           'occurred_at', rfc3339(o.occurred_at), 'data', o.data) END
    FROM claimed c
    JOIN destination d ON d.org_id = c.org_id AND d.id = c.destination_id
    LEFT JOIN booking_event e ON e.org_id = c.org_id AND e.id = c.booking_event_id
    LEFT JOIN operational_event o ON o.org_id = c.org_id AND o.id = c.operational_event_id;
END $$;

-- Writes how attempts ended, each only if its lease is still held. What was cancelled while it
-- was being sent stays cancelled unless it arrived.
-- Returns whether something that waited for one of them can be sent now.
-- One by one: as a join, planned while the table was small, it read all deliveries there are.
CREATE FUNCTION settle_deliveries(p_outcomes jsonb) RETURNS boolean
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
  SET enable_seqscan = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  o record;
  settled record;
  v_more boolean := false;
BEGIN
  -- Before any delivery is locked, and in one order: whoever disables a destination locks it first.
  FOR o IN
    SELECT r.org_id, r.destination_id,
           bool_or(r.error_class IS NULL) AS works,
           min(r.at) FILTER (WHERE r.error_class NOT IN
             ('rejected', 'lease_lost', 'internal')) AS failed_at,
           max(r.hold_until) AS hold_until
      FROM jsonb_to_recordset(p_outcomes) AS r (org_id uuid, destination_id uuid, at timestamptz,
             error_class text, hold_until timestamptz)
     WHERE r.at IS NOT NULL
     GROUP BY r.org_id, r.destination_id
     ORDER BY r.org_id, r.destination_id
  LOOP
    UPDATE destination d
       SET failing_since = CASE WHEN o.works THEN NULL
                                ELSE coalesce(d.failing_since, o.failed_at) END,
           held_until = greatest(d.held_until, o.hold_until)
     WHERE d.org_id = o.org_id AND d.id = o.destination_id
       AND (CASE WHEN o.works THEN d.failing_since IS NOT NULL
                 ELSE d.failing_since IS NULL AND o.failed_at IS NOT NULL END
            OR o.hold_until > coalesce(d.held_until, '-infinity'));
  END LOOP;
  FOR o IN
    SELECT * FROM jsonb_to_recordset(p_outcomes) AS r (
      org_id uuid, delivery_id uuid, lease_token uuid, status text, skip_reason text,
      next_attempt_at timestamptz, delivered_at timestamptz,
      at timestamptz, status_code int, error_class text, error text, request_headers jsonb,
      request_body text, batch_delivery_ids uuid[], response_headers jsonb, response_body text,
      dns_ms double precision,
      connect_ms double precision, tls_ms double precision, first_byte_ms double precision,
      total_ms double precision)
  LOOP
    UPDATE delivery d
       SET status = CASE WHEN d.status = 'cancelled' AND o.status <> 'delivered'
                         THEN 'cancelled' ELSE o.status END,
           skip_reason = CASE WHEN d.status = 'cancelled' AND o.status <> 'delivered'
                              THEN d.skip_reason ELSE o.skip_reason END,
           next_attempt_at = CASE WHEN d.status = 'cancelled' THEN NULL ELSE o.next_attempt_at END,
           delivered_at = o.delivered_at,
           attempt_count = d.attempt_count + (o.at IS NOT NULL)::int,
           lost_leases = 0, lease_until = NULL, lease_token = NULL,
           last_status_code = CASE WHEN o.at IS NULL THEN d.last_status_code ELSE o.status_code END,
           error_class = CASE WHEN o.at IS NULL THEN d.error_class ELSE o.error_class END
     WHERE d.org_id = o.org_id AND d.id = o.delivery_id AND d.lease_token = o.lease_token
       AND d.status IN ('sending', 'cancelled')
    RETURNING d.destination_id, d.booking_id, d.booking_version, d.attempt_count INTO settled;
    CONTINUE WHEN NOT FOUND;
    IF o.at IS NOT NULL THEN
      INSERT INTO delivery_attempt (org_id, delivery_id, no, at, status_code, error_class, error,
          request_headers, request_body, batch_delivery_ids, response_headers, response_body,
          dns_ms, connect_ms, tls_ms, first_byte_ms, total_ms)
        VALUES (o.org_id, o.delivery_id, settled.attempt_count, o.at, o.status_code,
          o.error_class, o.error, o.request_headers, o.request_body, o.batch_delivery_ids,
          o.response_headers, o.response_body, o.dns_ms, o.connect_ms, o.tls_ms, o.first_byte_ms, o.total_ms);
    END IF;
    v_more := v_more OR EXISTS (
      SELECT FROM delivery later
       WHERE later.org_id = o.org_id AND later.destination_id = settled.destination_id
         AND later.booking_id = settled.booking_id
         AND later.booking_version > settled.booking_version
         AND later.status IN ('pending', 'sending', 'retrying'));
  END LOOP;
  RETURN v_more;
END $$;

GRANT CREATE ON SCHEMA public TO slotwire_system;
ALTER FUNCTION fan_out_deliveries OWNER TO slotwire_system;
ALTER FUNCTION fan_out_operational_event OWNER TO slotwire_system;
ALTER FUNCTION claim_deliveries OWNER TO slotwire_system;
ALTER FUNCTION settle_deliveries OWNER TO slotwire_system;
REVOKE CREATE ON SCHEMA public FROM slotwire_system;
REVOKE EXECUTE ON FUNCTION claim_deliveries, settle_deliveries FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_deliveries, settle_deliveries TO slotwire_system;
