-- The ledger under the names that existing SQL asks for: views and functions over the tables, with no
-- rows of their own. Each view runs as whoever asks, so row-level security holds: docs/guides/sql.md.

-- A body as JSON; null when it is none.
CREATE FUNCTION webhook_payload(p_body text) RETURNS jsonb
  LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN p_body::jsonb;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END $$;

CREATE FUNCTION webhook_payload(p_body bytea) RETURNS jsonb
  LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN convert_from(p_body, 'UTF8')::jsonb;
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END $$;

-- The id by which its source knows a booking now.
CREATE FUNCTION current_uid(p_org uuid, p_booking uuid) RETURNS text
  LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_uid text;
BEGIN
  SELECT r.external_id INTO v_uid
    FROM booking_external_ref r
    JOIN booking b ON b.org_id = r.org_id AND b.id = r.booking_id
   WHERE r.org_id = p_org AND r.booking_id = p_booking AND r.kind = 'uid'
   ORDER BY r.superseded_at DESC NULLS FIRST,
            r.connection_id IS NOT DISTINCT FROM b.owner_connection_id DESC, r.external_id LIMIT 1;
  RETURN v_uid;
END $$;

CREATE VIEW salons WITH (security_invoker = true) AS
  SELECT o.id, o.name, o.slug, o.time_zone, o.created_at FROM organisation o;

-- Both names are there, so that `name || ' ' || surname` never comes to nothing.
CREATE VIEW clients WITH (security_invoker = true) AS
  SELECT c.id,
         CASE WHEN c.first_name IS NULL AND c.last_name IS NULL THEN c.display_name
              ELSE coalesce(c.first_name, '') END AS name,
         coalesce(c.last_name, '') AS surname,
         customer_contact(c.org_id, c.id, 'email') AS email,
         customer_contact(c.org_id, c.id, 'phone') AS phone,
         c.org_id AS salon_id, c.created_at, c.updated_at
    FROM customer c
   WHERE c.merged_into IS NULL;

CREATE VIEW pets WITH (security_invoker = true) AS
  SELECT s.id, s.customer_id AS client_id, s.name, s.breed, s.allergies, s.org_id AS salon_id,
         s.inactive_at, s.created_at, s.updated_at
    FROM subject s
   WHERE s.kind = 'pet';

CREATE VIEW calendar_events WITH (security_invoker = true) AS
  SELECT b.id,
         current_uid(b.org_id, b.id) AS cal_com_event_id,
         b.org_id AS salon_id,
         b.customer_id AS client_id,
         (SELECT s.id FROM booking_subject bs
            JOIN subject s ON s.org_id = bs.org_id AND s.id = bs.subject_id
           WHERE bs.org_id = b.org_id AND bs.booking_id = b.id AND s.kind = 'pet'
           ORDER BY s.name, s.id LIMIT 1) AS pet_id,
         b.title, b.description, b.starts_at AS start_time, b.ends_at AS end_time,
         b.duration_minutes,
         CASE WHEN b.status IN ('completed', 'no_show') THEN b.status
              WHEN b.status IN ('cancelled', 'rejected') THEN 'cancelled'
              ELSE 'scheduled' END AS status,
         first.email AS attendee_email, first.phone AS attendee_phone, b.location,
         b.updated_at AS synced_at, b.created_at
    FROM booking b
    LEFT JOIN LATERAL (
      SELECT a.email, a.phone FROM booking_attendee a
       WHERE a.org_id = b.org_id AND a.booking_id = b.id ORDER BY a.position LIMIT 1) first ON true
   WHERE b.deleted_at IS NULL;

-- The people who do the work have no ids yet: a booking names them.
CREATE VIEW bookings WITH (security_invoker = true) AS
  SELECT b.id, b.booking_number::text AS booking_number, b.customer_id AS client_id,
         NULL::uuid AS provider_id, b.provider_name, b.provider_email, b.status,
         -- ISO 4217: most currencies have hundredths, these do not.
         CASE WHEN b.currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG',
                'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN b.price_minor::numeric
              WHEN b.currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND')
              THEN (b.price_minor / 1000.0)::numeric(18, 3)
              ELSE (b.price_minor / 100.0)::numeric(18, 2) END AS total_price,
         b.currency, b.title, b.description, b.location, b.starts_at AS start_time,
         b.ends_at AS end_time, b.created_at, b.updated_at
    FROM booking b
   WHERE b.deleted_at IS NULL;

-- What somebody's SQL wrote keeps its type and words: `write_booking_event` says where.
CREATE VIEW booking_events WITH (security_invoker = true) AS
  SELECT e.id, e.booking_id, coalesce(written.it ->> 'type', substr(e.event_type, 9)) AS event_type,
         coalesce(written.it ->> 'description',
           'Booking #' || (e.booking ->> 'booking_number') || ': '
             || replace(substr(e.event_type, 9), '_', ' ')
             || coalesce(' (' || e.old_status || ' → ' || nullif(e.new_status, e.old_status) || ')', '')
             || coalesce(': ' || CASE WHEN 'status_reason' = ANY (e.changed_fields)
                  THEN e.booking ->> 'status_reason' END, '')) AS description,
         e.old_status, e.new_status, e.seq, e.occurred_at, e.recorded_at AS created_at
    FROM booking_event e
   CROSS JOIN LATERAL (
     SELECT CASE WHEN 'metadata' = ANY (e.changed_fields)
                  AND e.booking #> '{metadata,written_event}'
                    IS DISTINCT FROM e.previous #> '{metadata,written_event}'
            THEN e.booking #> '{metadata,written_event}' END AS it) written;

CREATE VIEW booking_changes WITH (security_invoker = true) AS
  SELECT e.id, e.booking_id, e.old_status, e.new_status,
         coalesce(e.actor_name, e.actor_kind) AS changed_by, e.occurred_at AS changed_at
    FROM booking_event e
   WHERE e.old_status IS DISTINCT FROM e.new_status;

-- What came in, every attempt to tell others, and what is still to be sent. `status` has the words of
-- both directions: processing, success, error of what came; pending, success, failed of what goes.
-- `payload` is null once its retention is over, and of what is no JSON.
CREATE VIEW webhook_logs WITH (security_invoker = true) AS
  SELECT m.id, 'inbound' AS direction, c.kind AS webhook_type, c.name AS counterpart,
         webhook_payload(m.body) AS payload,
         CASE WHEN m.status IN ('received', 'waiting') THEN 'processing'
              -- What was ignored with an error says too little to be about a booking.
              WHEN m.status = 'failed' OR m.status = 'ignored' AND m.error IS NOT NULL THEN 'error'
              ELSE 'success' END AS status,
         m.error AS error_message,
         coalesce(CASE WHEN c.kind = 'calcom' THEN webhook_payload(m.body) #>> '{payload,uid}' END,
           m.waiting_for, current_uid(m.org_id, m.booking_id)) AS cal_com_event_id,
         m.booking_id, NULL::uuid AS event_id, NULL::uuid AS delivery_id, m.attempts AS attempt,
         NULL::int AS response_status, NULL::double precision AS response_time_ms,
         m.received_at AS created_at
    FROM inbound_message m
    JOIN connection c ON c.org_id = m.org_id AND c.id = m.connection_id
  UNION ALL
  SELECT md5(a.delivery_id || ' ' || a.no)::uuid, 'outbound', t.profile, t.name,
         webhook_payload(a.request_body),
         CASE WHEN a.error_class IS NULL THEN 'success' ELSE 'failed' END,
         CASE WHEN a.error_class IS NOT NULL
              THEN coalesce(a.error, 'answered with status ' || a.status_code, a.error_class) END,
         current_uid(d.org_id, d.booking_id), d.booking_id,
         coalesce(d.booking_event_id, d.operational_event_id), d.id, a.no, a.status_code, a.total_ms,
         a.at
    FROM delivery_attempt a
    JOIN delivery d ON d.org_id = a.org_id AND d.id = a.delivery_id
    JOIN destination t ON t.org_id = d.org_id AND t.id = d.destination_id
  UNION ALL
  SELECT d.id, 'outbound', t.profile, t.name, NULL,
         CASE d.status WHEN 'exhausted' THEN 'failed' ELSE 'pending' END,
         CASE d.status WHEN 'exhausted' THEN coalesce(d.error_class, 'not sent') END,
         current_uid(d.org_id, d.booking_id), d.booking_id,
         coalesce(d.booking_event_id, d.operational_event_id), d.id, d.attempt_count, NULL, NULL,
         d.created_at
    FROM delivery d
    JOIN destination t ON t.org_id = d.org_id AND t.id = d.destination_id
   WHERE d.status IN ('pending', 'sending', 'retrying')
      OR (d.status = 'exhausted' AND d.attempt_count = 0);

-- How it goes, by kind and period: of messages those that were understood; of deliveries those that
-- arrived at the first attempt (`first_attempt_rate`) and at last (`success_rate`). What is under way
-- is in no rate, and where nothing has ended a rate is null.
CREATE VIEW webhook_stats WITH (security_invoker = true) AS
  WITH ended AS (
    SELECT 'inbound' AS direction, c.kind AS webhook_type, m.received_at AS created_at,
           CASE WHEN m.status IN ('received', 'waiting') THEN NULL
                ELSE m.status <> 'failed' AND NOT (m.status = 'ignored' AND m.error IS NOT NULL)
                END AS is_success,
           NULL::boolean AS is_first_try, NULL::double precision AS response_time_ms
      FROM inbound_message m
      JOIN connection c ON c.org_id = m.org_id AND c.id = m.connection_id
    UNION ALL
    SELECT 'outbound', t.profile, d.created_at,
           CASE d.status WHEN 'delivered' THEN true WHEN 'exhausted' THEN false END,
           CASE WHEN first.delivery_id IS NOT NULL THEN first.error_class IS NULL END,
           last.total_ms
      FROM delivery d
      JOIN destination t ON t.org_id = d.org_id AND t.id = d.destination_id
      LEFT JOIN delivery_attempt first ON first.org_id = d.org_id AND first.delivery_id = d.id
       AND first.no = 1
      LEFT JOIN delivery_attempt last ON last.org_id = d.org_id AND last.delivery_id = d.id
       AND last.no = d.attempt_count
     WHERE d.status NOT IN ('skipped', 'cancelled')
  )
  SELECT e.direction, e.webhook_type, p.period,
         count(*) AS total,
         count(*) FILTER (WHERE e.is_success) AS successful,
         count(*) FILTER (WHERE NOT e.is_success) AS failed,
         count(*) FILTER (WHERE e.is_success IS NULL) AS pending,
         round(100.0 * count(*) FILTER (WHERE e.is_success)
           / nullif(count(e.is_success), 0), 2) AS success_rate,
         round(100.0 * count(*) FILTER (WHERE e.is_first_try)
           / nullif(count(e.is_first_try), 0), 2) AS first_attempt_rate,
         round(avg(e.response_time_ms)::numeric, 1) AS average_response_time_ms,
         round((percentile_cont(0.95) WITHIN GROUP (ORDER BY e.response_time_ms))::numeric, 1)
           AS p95_response_time_ms,
         max(e.created_at) AS last_at
    FROM (VALUES ('24 hours'), ('7 days'), ('30 days')) p (period)
    JOIN ended e ON e.created_at > now() - p.period::interval
   GROUP BY e.direction, e.webhook_type, p.period
   ORDER BY e.direction, e.webhook_type, p.period::interval;

GRANT SELECT ON salons, clients, pets, calendar_events, bookings, booking_events, booking_changes,
  webhook_logs, webhook_stats TO slotwire_app, slotwire_system;
GRANT UPDATE ON bookings TO slotwire_app, slotwire_system;
GRANT INSERT ON booking_events TO slotwire_app, slotwire_system;

-- A status as other people's SQL writes it, in any case; what is none comes back as it is.
CREATE FUNCTION status_word(p_text text) RETURNS text
  LANGUAGE sql IMMUTABLE
  RETURN CASE lower(btrim(p_text)) WHEN 'canceled' THEN 'cancelled' WHEN 'scheduled' THEN 'confirmed'
    ELSE translate(lower(btrim(p_text)), ' -', '__') END;

-- The status that an event of this type leads to; null when it leads to none.
CREATE FUNCTION status_of_event(p_type text) RETURNS text
  LANGUAGE sql IMMUTABLE
  RETURN CASE WHEN p_type = 'started' THEN 'in_progress'
    WHEN p_type IN ('reinstated', 'no_show_cleared') THEN 'confirmed'
    WHEN p_type IN ('confirmed', 'checked_in', 'in_progress', 'completed', 'no_show', 'cancelled',
      'rejected') THEN p_type END;

-- Records an event that somebody's SQL writes. One that names a status brings the booking there; where
-- the booking is there already, and for what a write to the booking itself tells, the event is the one
-- that was made then: whoever updates `bookings` and inserts into `booking_events` has told of one change.
-- Any other is kept in the booking's metadata. The event itself is made by the triggers of `booking`.
CREATE FUNCTION write_booking_event(p_booking uuid, p_type text, p_description text) RETURNS uuid
  LANGUAGE plpgsql AS $$
DECLARE
  v_type text := status_word(regexp_replace(btrim(p_type), '^booking\.', '', 'i'));
  v_status text := status_of_event(v_type);
  v_booking booking;
  v_id uuid;
BEGIN
  SELECT * INTO v_booking FROM booking b WHERE b.id = p_booking FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'there is no booking %', p_booking USING ERRCODE = 'foreign_key_violation';
  END IF;
  IF v_status <> v_booking.status THEN
    UPDATE booking b SET status = v_status, status_reason = p_description
     WHERE b.org_id = v_booking.org_id AND b.id = p_booking;
  ELSIF v_status IS NULL AND v_type <> ALL ('{created,updated,rescheduled,reassigned,deleted,
      status_changed,payment_updated,customer_linked,subject_linked}'::text[]) THEN
    UPDATE booking b SET metadata = b.metadata || jsonb_build_object('written_event',
        jsonb_build_object('type', v_type, 'description', p_description,
          'at', rfc3339(clock_timestamp())))
     WHERE b.org_id = v_booking.org_id AND b.id = p_booking;
  END IF;
  SELECT e.id INTO v_id FROM booking_event e
   WHERE e.org_id = v_booking.org_id AND e.booking_id = p_booking
   ORDER BY e.event_type = 'booking.' || v_type DESC,
            v_type = 'status_changed' AND e.old_status IS DISTINCT FROM e.new_status DESC,
            e.booking_version DESC LIMIT 1;
  RETURN v_id;
END $$;

-- What is written through the views goes to the tables, whose triggers make the event and one delivery
-- for each destination.
CREATE FUNCTION trigger_booking_event_webhook() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'booking_events' THEN
    NEW.id := write_booking_event(NEW.booking_id, NEW.event_type, NEW.description);
    RETURN NEW;
  END IF;
  IF (NEW.id, NEW.booking_number, NEW.client_id, NEW.provider_id, NEW.total_price, NEW.currency)
     IS DISTINCT FROM
     (OLD.id, OLD.booking_number, OLD.client_id, OLD.provider_id, OLD.total_price, OLD.currency) THEN
    RAISE EXCEPTION 'of bookings only the status, the times, title, description, location and the '
      'provider''s name and e-mail can be changed here' USING ERRCODE = 'feature_not_supported';
  END IF;
  UPDATE booking b SET status = status_word(NEW.status), title = NEW.title, description = NEW.description,
      location = NEW.location, starts_at = NEW.start_time, ends_at = NEW.end_time,
      provider_name = NEW.provider_name, provider_email = NEW.provider_email
    WHERE b.id = OLD.id;
  RETURN NEW;
END $$;

CREATE TRIGGER booking_events_webhook_trigger INSTEAD OF INSERT ON booking_events
  FOR EACH ROW EXECUTE FUNCTION trigger_booking_event_webhook();
CREATE TRIGGER bookings_webhook_trigger INSTEAD OF UPDATE ON bookings
  FOR EACH ROW EXECUTE FUNCTION trigger_booking_event_webhook();

-- One line in the audit log for what somebody's SQL did to deliveries.
CREATE FUNCTION audit_sql(p_org uuid, p_action text, p_delivery uuid, p_name text, p_new jsonb)
  RETURNS void
  LANGUAGE sql
BEGIN ATOMIC
  INSERT INTO audit_log (org_id, id, at, actor_kind, actor_name, action, entity, entity_id,
      entity_name, new)
    VALUES (p_org, uuid7(), now(), 'system', 'SQL (' || session_user || ')', p_action, 'delivery',
      p_delivery::text, p_name, p_new);
END;

-- Makes due at once what failed and has been tried fewer than so many times, also where it was given
-- up. The worker sends. Returns how many.
CREATE FUNCTION retry_failed_webhooks(max_retries int DEFAULT 3) RETURNS int
  LANGUAGE plpgsql AS $$
DECLARE
  v_count int := 0;
  v_of_org record;
BEGIN
  IF max_retries IS NULL OR max_retries < 1 THEN
    RAISE EXCEPTION 'the tries to stop at must be 1 or more'
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  FOR v_of_org IN
    WITH queued AS (
      UPDATE delivery d SET status = 'pending', next_attempt_at = now(), lease_until = NULL,
             lease_token = NULL, lost_leases = 0
       WHERE d.status IN ('retrying', 'exhausted') AND d.attempt_count < max_retries
         AND EXISTS (SELECT FROM destination t
           WHERE t.org_id = d.org_id AND t.id = d.destination_id AND t.status <> 'disabled'
             AND t.deleted_at IS NULL)
      RETURNING d.org_id)
    SELECT q.org_id, count(*)::int AS deliveries FROM queued q GROUP BY q.org_id
  LOOP
    v_count := v_count + v_of_org.deliveries;
    PERFORM audit_sql(v_of_org.org_id, 'delivery.retried', NULL, 'all that failed',
      jsonb_build_object('status', 'pending', 'deliveries', v_of_org.deliveries));
  END LOOP;
  IF v_count > 0 THEN PERFORM pg_notify('slotwire_wake', 'deliveries'); END IF;
  RETURN v_count;
END $$;

-- Sends a booking's event anew to everybody who is to hear of it, under the `webhook-id` that it had.
-- What is still on its way is not doubled, but made due. Of a booking, its last event.
-- Returns the delivery to Make.com, or the first one; null when nobody is to hear of it.
CREATE FUNCTION manually_trigger_webhook(source_table text, row_id uuid) RETURNS uuid
  LANGUAGE plpgsql AS $$
DECLARE
  v_event booking_event;
  v_target record;
  v_id uuid;
  v_first uuid;
BEGIN
  IF source_table NOT IN ('booking_events', 'bookings') THEN
    RAISE EXCEPTION 'source_table must be booking_events or bookings, not %', source_table
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT * INTO v_event FROM booking_event e
   WHERE CASE source_table WHEN 'bookings' THEN e.booking_id = row_id ELSE e.id = row_id END
   ORDER BY e.seq DESC LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION '% has no row %', source_table, row_id USING ERRCODE = 'no_data_found';
  END IF;
  FOR v_target IN
    SELECT t.id, t.name, t.profile,
           (SELECT d.id FROM delivery d
             WHERE d.org_id = t.org_id AND d.destination_id = t.id
               AND d.booking_event_id = v_event.id AND d.replay_of IS NULL) AS sent,
           (SELECT d.id FROM delivery d
             WHERE d.org_id = t.org_id AND d.destination_id = t.id
               AND d.booking_event_id = v_event.id
               AND d.status IN ('pending', 'sending', 'retrying') LIMIT 1) AS under_way
      FROM destination t
     WHERE t.org_id = v_event.org_id AND t.status <> 'disabled' AND t.deleted_at IS NULL
       AND t.event_types && ARRAY['*', v_event.event_type]
     ORDER BY t.profile <> 'make', t.name
       FOR KEY SHARE OF t
  LOOP
    v_id := v_target.under_way;
    IF v_id IS NULL THEN
      INSERT INTO delivery (org_id, destination_id, booking_event_id, booking_id, booking_version,
          replay_of, next_attempt_at)
        VALUES (v_event.org_id, v_target.id, v_event.id, v_event.booking_id,
          v_event.booking_version, v_target.sent, now()) RETURNING id INTO v_id;
    ELSE
      UPDATE delivery d SET next_attempt_at = now()
       WHERE d.org_id = v_event.org_id AND d.id = v_id AND d.status = 'retrying';
    END IF;
    PERFORM audit_sql(v_event.org_id, 'delivery.replayed', v_id, v_target.name,
      jsonb_build_object('event_id', v_event.id));
    v_first := coalesce(v_first, v_id);
  END LOOP;
  PERFORM pg_notify('slotwire_wake', 'deliveries');
  RETURN v_first;
END $$;

-- As it is called with a text, which need not be an id.
CREATE FUNCTION manually_trigger_webhook(source_table text, row_id text) RETURNS uuid
  LANGUAGE plpgsql AS $$
BEGIN
  IF lower(btrim(row_id)) !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
    RAISE EXCEPTION '"%" is not the id of a row: SELECT id FROM % shows them', row_id, source_table
      USING ERRCODE = 'invalid_parameter_value';
  END IF;
  RETURN manually_trigger_webhook(source_table, row_id::uuid);
END $$;

-- The fields of a JSON value by their paths, as domain/key-paths.ts tells them: no values, and no keys
-- that may be somebody's data.
CREATE FUNCTION key_paths(p_value jsonb) RETURNS jsonb
  LANGUAGE sql STABLE
BEGIN ATOMIC
  WITH RECURSIVE step (path, value, is_free, depth) AS (
    SELECT '', p_value, false, 0
    UNION ALL
    SELECT inner_.path, inner_.value, inner_.is_free, s.depth + 1
      FROM step s
     CROSS JOIN LATERAL (
       SELECT s.path || '[]' AS path, a.value, false AS is_free
         FROM jsonb_array_elements(CASE jsonb_typeof(s.value) WHEN 'array' THEN s.value ELSE '[]' END) a
       UNION ALL
       SELECT CASE s.path WHEN '' THEN '' ELSE s.path || '.' END
                || CASE WHEN o.key ~ '^[A-Za-z][A-Za-z0-9_./-]{0,63}$'
                         AND length(regexp_replace(o.key, '[^0-9]', '', 'g')) < 7
                         AND count(*) OVER () <= 100 THEN o.key ELSE '*' END,
              o.value,
              o.key = ANY ('{metadata,responses,userFieldsResponses,bookingFieldsResponses,customInputs,customFields,custom_fields,answers,questions_and_answers,formFields,fields,tracking,utm,labels,tags}'::text[])
         FROM jsonb_each(CASE jsonb_typeof(s.value) WHEN 'object' THEN s.value ELSE '{}' END) o
     ) inner_
     WHERE NOT s.is_free AND s.depth <= 12)
  SELECT coalesce(jsonb_agg(k.path ORDER BY k.path), '[]')
    FROM (SELECT DISTINCT s.path FROM step s
           WHERE s.path !~ '(^|\])$' LIMIT 400) k;
END;

-- Removes what was said in messages and requests that are older than so many days: the rows stay, with
-- what became of them, and so do the event log and the audit log. As the hub's own retention does, it
-- keeps messages that could not be processed three times as long, and what is under way it leaves alone.
-- Returns of how many rows something was removed.
CREATE FUNCTION cleanup_webhook_logs(retention_days int DEFAULT 30) RETURNS int
  LANGUAGE plpgsql AS $$
DECLARE
  v_before timestamptz := now() - retention_days * interval '1 day';
  v_long_before timestamptz := now() - 3 * retention_days * interval '1 day';
  v_messages int;
  v_attempts int;
BEGIN
  IF retention_days IS NULL OR retention_days < 1 THEN
    RAISE EXCEPTION 'the days to keep must be 1 or more' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  UPDATE inbound_message m
     SET body_keys = key_paths(webhook_payload(m.body)), body = '', body_removed_at = now(),
         headers = coalesce((SELECT jsonb_object_agg(h.key, h.value) FROM jsonb_each(m.headers) h
                              WHERE h.key = 'content-type'), '{}'),
         summary = CASE m.status WHEN 'processed' THEN coalesce(m.trigger, '')
                   WHEN 'unchanged' THEN coalesce(m.trigger, '') ELSE m.summary END
   WHERE m.body_removed_at IS NULL
     AND (m.status IN ('processed', 'unchanged', 'ignored') AND m.received_at < v_before
       OR m.status = 'failed' AND m.received_at < v_long_before);
  GET DIAGNOSTICS v_messages = ROW_COUNT;
  UPDATE message_ask k SET ask = k.ask - 'detail'
    FROM inbound_message m
   WHERE m.org_id = k.org_id AND m.id = k.message_id AND m.body_removed_at = now()
     AND k.handled_at IS NOT NULL;
  UPDATE delivery_attempt a
     SET request_headers = NULL, request_body = NULL, response_headers = NULL, response_body = NULL
    FROM delivery d
   WHERE d.org_id = a.org_id AND d.id = a.delivery_id AND a.at < v_before
     AND d.status NOT IN ('pending', 'sending', 'retrying')
     AND num_nonnulls(a.request_headers, a.request_body, a.response_headers, a.response_body) > 0;
  GET DIAGNOSTICS v_attempts = ROW_COUNT;
  RETURN v_messages + v_attempts;
END $$;
