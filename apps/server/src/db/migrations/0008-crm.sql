-- The CRM: companies, leads, activities and tasks that follow from bookings. They are written in the
-- transaction of the booking's event, whoever caused it, and under the organisation's counter: one
-- writer after the other, so that two bookings at once make one lead.

CREATE TABLE company (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL DEFAULT uuid7(),
  name text NOT NULL, -- as it was first written
  name_key text NOT NULL, -- `company_key`
  tags text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, name_key)
);
SELECT protect_tenant_table('company');

-- Where a customer works. A table of its own, because a customer's row is locked before the counter
-- and may not be waited for behind it. What messages say never changes it.
CREATE TABLE customer_company (
  org_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  company_id uuid NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, customer_id),
  FOREIGN KEY (org_id, customer_id) REFERENCES customer (org_id, id),
  FOREIGN KEY (org_id, company_id) REFERENCES company (org_id, id)
);
SELECT protect_tenant_table('customer_company');

-- What a lead is worth when a booking makes it; `service_key` '' is for all services without a row.
CREATE TABLE lead_default (
  org_id uuid NOT NULL REFERENCES organisation (id),
  service_key text NOT NULL,
  estimated_value_minor bigint NOT NULL CHECK (estimated_value_minor >= 0),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  score int NOT NULL CHECK (score BETWEEN 0 AND 100),
  PRIMARY KEY (org_id, service_key)
);
SELECT protect_tenant_table('lead_default');

CREATE TABLE lead (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuid7(),
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  customer_id uuid,
  company_id uuid,
  service_key text NOT NULL,
  unmapped_service boolean NOT NULL DEFAULT false, -- nobody has said what its service is worth
  stage text NOT NULL
    CHECK (stage IN ('NEW', 'CONTACTED', 'QUALIFIED', 'PROPOSAL', 'WON', 'LOST')),
  source text NOT NULL,
  source_details jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(source_details) = 'object'),
  estimated_value_minor bigint NOT NULL,
  currency text NOT NULL,
  score int NOT NULL,
  tags text[] NOT NULL DEFAULT '{}',
  dedupe_key text NOT NULL, -- whose it is and for what: one open lead each
  previous_lead_id uuid, -- the closed one before it
  last_activity_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, customer_id) REFERENCES customer (org_id, id),
  FOREIGN KEY (org_id, company_id) REFERENCES company (org_id, id),
  FOREIGN KEY (org_id, previous_lead_id) REFERENCES lead (org_id, id)
);
SELECT protect_tenant_table('lead');
CREATE UNIQUE INDEX lead_open ON lead (org_id, dedupe_key) WHERE stage NOT IN ('WON', 'LOST');
CREATE INDEX lead_closed ON lead (org_id, dedupe_key, created_at DESC)
  WHERE stage IN ('WON', 'LOST');

CREATE TABLE lead_stage_event (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuid7(),
  lead_id uuid NOT NULL,
  from_stage text,
  to_stage text NOT NULL,
  reason text NOT NULL CHECK (reason IN ('rule', 'user')),
  booking_event_id uuid, -- the event that the rule went by
  at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, lead_id) REFERENCES lead (org_id, id)
);
SELECT protect_tenant_table('lead_stage_event');
CREATE INDEX lead_stage_event_lead ON lead_stage_event (org_id, lead_id, at);

CREATE TABLE activity (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuid7(),
  lead_id uuid,
  customer_id uuid,
  booking_id uuid,
  type text NOT NULL CHECK (type IN ('MEETING', 'CALL', 'EMAIL', 'SMS', 'NOTE')),
  subject text NOT NULL,
  description text NOT NULL DEFAULT '',
  activity_at timestamptz NOT NULL,
  duration_minutes int,
  status text NOT NULL CHECK (status IN ('scheduled', 'held', 'cancelled', 'no_show')),
  metadata jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(metadata) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, lead_id) REFERENCES lead (org_id, id),
  FOREIGN KEY (org_id, customer_id) REFERENCES customer (org_id, id),
  FOREIGN KEY (org_id, booking_id) REFERENCES booking (org_id, id)
);
SELECT protect_tenant_table('activity');
CREATE UNIQUE INDEX activity_meeting ON activity (org_id, booking_id) WHERE type = 'MEETING';
CREATE INDEX activity_time ON activity (org_id, activity_at, id);
CREATE INDEX activity_lead ON activity (org_id, lead_id, activity_at);
CREATE INDEX activity_customer ON activity (org_id, customer_id, activity_at);

-- What has to be done about a booking, and when. `service_key` '' is for all services that have no
-- rule of their own for the same trigger.
CREATE TABLE follow_up_rule (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL DEFAULT uuid7(),
  service_key text NOT NULL,
  template_key text NOT NULL,
  trigger text NOT NULL CHECK (trigger IN ('booked', 'no_show')),
  position int NOT NULL, -- among the tasks of a booking
  anchor text NOT NULL CHECK (anchor IN ('start', 'end', 'now')),
  due_offset interval NOT NULL, -- days by the organisation's calendar, hours by the clock
  -- What becomes of a task whose time is past already: due at once and late, left, or not made.
  if_past text NOT NULL CHECK (if_past IN ('now', 'keep', 'skip')),
  outside_hours text NOT NULL DEFAULT 'keep' CHECK (outside_hours IN ('keep', 'next_morning')),
  priority text NOT NULL CHECK (priority IN ('low', 'medium', 'high')),
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, service_key, trigger, template_key)
);
SELECT protect_tenant_table('follow_up_rule');

CREATE TABLE task (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuid7(),
  lead_id uuid,
  customer_id uuid,
  booking_id uuid,
  template_key text,
  position int NOT NULL DEFAULT 0,
  title text NOT NULL,
  description text NOT NULL DEFAULT '',
  due_at timestamptz NOT NULL,
  priority text NOT NULL CHECK (priority IN ('low', 'medium', 'high')),
  status text NOT NULL DEFAULT 'todo'
    CHECK (status IN ('todo', 'in_progress', 'done', 'cancelled')),
  auto boolean NOT NULL DEFAULT false, -- made by a rule, which goes on to keep it
  hand_edited boolean NOT NULL DEFAULT false, -- no rule touches it any more
  late boolean NOT NULL DEFAULT false, -- its time was past when it was made
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, booking_id, template_key),
  FOREIGN KEY (org_id, lead_id) REFERENCES lead (org_id, id),
  FOREIGN KEY (org_id, customer_id) REFERENCES customer (org_id, id),
  FOREIGN KEY (org_id, booking_id) REFERENCES booking (org_id, id)
);
SELECT protect_tenant_table('task');
CREATE INDEX task_open ON task (org_id, due_at, id) WHERE status IN ('todo', 'in_progress');

-- What a new organisation begins with.
CREATE FUNCTION create_crm_rules() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO lead_default (org_id, service_key, estimated_value_minor, currency, score)
    VALUES (NEW.id, 'workshop', 1500000, 'SEK', 60),
           (NEW.id, '30min-consultation', 500000, 'SEK', 60),
           (NEW.id, '', 500000, 'SEK', 60);
  INSERT INTO follow_up_rule (org_id, service_key, template_key, trigger, position, anchor,
      due_offset, if_past, priority, title, description)
    VALUES
      (NEW.id, 'workshop', 'prep_info', 'booked', 1, 'start', '-7 days', 'now', 'high',
       'Send workshop prep info',
       'Send email with preparation instructions, materials needed, and agenda'),
      (NEW.id, 'workshop', 'follow_up', 'booked', 2, 'start', '1 day', 'keep', 'medium',
       'Workshop follow-up', 'Send thank you email, gather feedback, discuss next steps'),
      (NEW.id, '30min-consultation', 'summary', 'booked', 1, 'end', '2 hours', 'keep', 'high',
       'Send consultation summary', 'Send recap email with key takeaways and next steps'),
      (NEW.id, '', 'follow_up', 'booked', 1, 'start', '1 day', 'keep', 'medium',
       'Follow up', 'Thank for the visit and discuss next steps'),
      (NEW.id, '', 're_book', 'no_show', 9, 'now', '0', 'keep', 'high',
       'Re-book after no-show', 'Nobody came: get in touch and offer another time');
  RETURN NULL;
END $$;
CREATE TRIGGER organisation_crm_rules AFTER INSERT ON organisation
  FOR EACH ROW EXECUTE FUNCTION create_crm_rules();

-- A company's name as it is compared: without case, spaces, punctuation and the legal form. Letter by
-- letter, because what `lower` does beyond ASCII is up to the database's locale.
CREATE FUNCTION company_key(p_name text) RETURNS text
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  c_upper constant text[] := ARRAY['Å','Ä','Ö','Æ','Ø','É','È','Ü','Ą','Ć','Ę','Ł','Ń','Ó','Ś','Ź','Ż',
    'À','Ç','Ñ','Š','Ž','Õ',E'\u00A0'];
  c_lower constant text[] := ARRAY['å','ä','ö','æ','ø','é','è','ü','ą','ć','ę','ł','ń','ó','ś','ź','ż',
    'à','ç','ñ','š','ž','õ',' '];
  c_forms constant text := '(aktiebolag|aktiebolaget|ab|aps|as|asa|a s|ivs|hb|kb|ek for|oy|oyj|'
    || 'gmbh|mbh|ug|ag|kg|ohg|gmbh ?& ?co kg|ltd|limited|llc|inc|corp|plc|bv|nv|sarl|srl|spa|'
    || 'sp z ?oo|sp ?zoo|sp z o o|spolka z oo|spółka z oo|sp k|sp j)';
  v_key text := p_name;
  v_shorter text;
BEGIN
  FOR i IN 1 .. array_length(c_upper, 1) LOOP
    v_key := replace(v_key, c_upper[i], c_lower[i]);
  END LOOP;
  v_key := lower(v_key);
  -- "A/S" and "o.o." become one word each, everything else that is no word a space.
  v_key := regexp_replace(v_key, '[./’''`]', '', 'g');
  v_key := btrim(regexp_replace(v_key, '[\s,;:()"|_-]+', ' ', 'g'));
  LOOP
    v_shorter := btrim(regexp_replace(v_key, '(^ab| ' || c_forms || ')$|^ab ', ''));
    EXIT WHEN v_shorter = '' OR v_shorter = v_key;
    v_key := v_shorter;
  END LOOP;
  RETURN v_key;
END $$;

-- When a task is due: days later on the organisation's calendar at the same time of day, hours later
-- by the clock, also where the clocks change. Outside Monday to Friday, 8 to 18, it may wait until
-- 8 o'clock of the next working day.
CREATE FUNCTION follow_up_due(
  p_anchor timestamptz, p_offset interval, p_zone text, p_outside_hours text
) RETURNS timestamptz
  LANGUAGE plpgsql STABLE AS $$
DECLARE
  v_days interval := date_trunc('day', p_offset);
  v_due timestamptz := ((p_anchor AT TIME ZONE p_zone) + v_days) AT TIME ZONE p_zone
    + (p_offset - v_days);
  v_local timestamp := v_due AT TIME ZONE p_zone;
  v_day date := v_local::date;
BEGIN
  IF p_outside_hours = 'keep' OR (extract(isodow FROM v_local) <= 5
      AND v_local::time >= '08:00' AND v_local::time < '18:00') THEN
    RETURN v_due;
  END IF;
  IF v_local::time >= '18:00' THEN
    v_day := v_day + 1;
  END IF;
  WHILE extract(isodow FROM v_day) > 5 LOOP
    v_day := v_day + 1;
  END LOOP;
  RETURN (v_day + time '08:00') AT TIME ZONE p_zone;
END $$;

-- The company of this name, which is made if there is none. Null for no name.
CREATE FUNCTION crm_company(p_org uuid, p_name text, p_tag text) RETURNS uuid
  LANGUAGE plpgsql AS $$
DECLARE
  v_name text := btrim(p_name);
  v_key text;
  v_id uuid;
BEGIN
  IF coalesce(v_name, '') = '' THEN RETURN NULL; END IF;
  v_key := company_key(v_name);
  SELECT c.id INTO v_id FROM company c WHERE c.org_id = p_org AND c.name_key = v_key;
  IF v_id IS NULL THEN
    INSERT INTO company (org_id, name, name_key, tags) VALUES (p_org, v_name, v_key, ARRAY[p_tag])
      RETURNING id INTO v_id;
  END IF;
  RETURN v_id;
END $$;

-- The open lead of a booking, which is made if there is none: of its company, or else of its contact,
-- and for its service. Closed leads stay closed; a new one names the one before it.
CREATE FUNCTION crm_lead(p_event booking_event, p_company uuid, p_source connection) RETURNS uuid
  LANGUAGE plpgsql AS $$
DECLARE
  v_org uuid := p_event.org_id;
  v_customer uuid := (p_event.booking #>> '{customer,id}')::uuid;
  v_service text := coalesce(p_event.booking #>> '{service,key}', 'booking');
  v_of_company boolean := p_company IS NOT NULL
    AND coalesce(p_source.settings ->> 'lead_per', 'company') = 'company';
  v_key text := CASE WHEN v_of_company THEN 'company:' || p_company
    WHEN v_customer IS NOT NULL THEN 'contact:' || v_customer
    ELSE 'booking:' || p_event.booking_id END || '|' || lower(v_service);
  v_who text := coalesce(btrim(p_event.booking #>> '{metadata,company}'),
    p_event.booking #>> '{customer,name}', p_event.booking #>> '{attendees,0,name}',
    p_event.booking #>> '{attendees,0,email}', '#' || (p_event.booking ->> 'booking_number'));
  v_default lead_default;
  v_id uuid;
  v_previous uuid;
BEGIN
  SELECT l.id INTO v_id FROM lead l
   WHERE l.org_id = v_org AND l.dedupe_key = v_key AND l.stage NOT IN ('WON', 'LOST');
  IF v_id IS NOT NULL THEN RETURN v_id; END IF;

  SELECT * INTO v_default FROM lead_default d
   WHERE d.org_id = v_org AND d.service_key IN (v_service, '')
   ORDER BY d.service_key = '' LIMIT 1;
  SELECT l.id INTO v_previous FROM lead l
   WHERE l.org_id = v_org AND l.dedupe_key = v_key AND l.stage IN ('WON', 'LOST')
   ORDER BY l.created_at DESC LIMIT 1;
  INSERT INTO lead (org_id, title, description, customer_id, company_id, service_key,
      unmapped_service, stage, source, source_details, estimated_value_minor, currency, score, tags,
      dedupe_key, previous_lead_id, last_activity_at)
    VALUES (v_org, v_service || ' - ' || v_who,
      'Booked via ' || p_source.name || ': ' || v_service, v_customer, p_company, v_service,
      coalesce(v_default.service_key, '') = '', 'CONTACTED', p_source.name,
      jsonb_build_object('bookingId', crm_source_id(p_event), 'eventType', v_service),
      coalesce(v_default.estimated_value_minor, 0), coalesce(v_default.currency, 'SEK'),
      coalesce(v_default.score, 60), ARRAY[p_source.kind, v_service], v_key, v_previous,
      p_event.recorded_at)
    RETURNING id INTO v_id;
  INSERT INTO lead_stage_event (org_id, lead_id, to_stage, reason, booking_event_id, at)
    VALUES (v_org, v_id, 'CONTACTED', 'rule', p_event.id, p_event.recorded_at);
  RETURN v_id;
END $$;

-- The id that the source uses for the booking now.
CREATE FUNCTION crm_source_id(p_event booking_event) RETURNS text
  LANGUAGE sql IMMUTABLE
  RETURN jsonb_path_query_first(p_event.booking,
    '$.external_refs[*] ? (@.kind == "uid" && @.superseded_at == null).external_id') #>> '{}';

-- What is to be known of the meeting, in the organisation's time.
CREATE FUNCTION crm_description(p_booking jsonb, p_zone text) RETURNS text
  LANGUAGE sql STABLE
  RETURN 'Booking Details:'
    || E'\n- Type: ' || coalesce(p_booking #>> '{service,key}', 'booking')
    || E'\n- Date: ' || to_char((p_booking ->> 'starts_at')::timestamptz AT TIME ZONE p_zone,
                                'YYYY-MM-DD HH24:MI:SS')
    || E'\n- Duration: ' || (p_booking ->> 'duration_minutes') || ' minutes'
    || E'\n- Meeting URL: ' || coalesce(p_booking ->> 'meeting_url', 'N/A')
    || coalesce(E'\n\nCustomer notes: ' || (p_booking ->> 'description'), '');

-- Keeps a booking's tasks as the rules want them: makes what is missing, moves what is open, and
-- cancels what nobody needs any more. What a person edited or finished stays as it is.
-- `p_trigger` is null when there is nothing to be done for the booking.
CREATE FUNCTION crm_tasks(
  p_event booking_event, p_activity activity, p_trigger text, p_zone text
) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE
  v_org uuid := p_event.org_id;
  v_service text := coalesce(p_event.booking #>> '{service,key}', 'booking');
  v_now timestamptz := p_event.recorded_at;
  v_is_over boolean := p_activity.status = 'held';
  v_wanted text[] := '{}';
  v_rule follow_up_rule;
  v_task task;
  v_due timestamptz;
  v_late boolean;
BEGIN
  IF NOT EXISTS (SELECT FROM follow_up_rule r
      WHERE r.org_id = v_org AND r.service_key = v_service AND r.trigger = p_trigger) THEN
    v_service := '';
  END IF;
  FOR v_rule IN
    SELECT * FROM follow_up_rule r
     WHERE r.org_id = v_org AND r.service_key = v_service AND r.trigger = p_trigger
     ORDER BY r.position, r.id
  LOOP
    v_wanted := v_wanted || v_rule.template_key;
    -- Nothing has to be prepared for a visit that is over.
    CONTINUE WHEN v_is_over AND v_rule.anchor = 'start' AND v_rule.due_offset < interval '0';
    v_due := follow_up_due(
      CASE v_rule.anchor WHEN 'start' THEN p_activity.activity_at
        WHEN 'end' THEN p_activity.activity_at + p_activity.duration_minutes * interval '1 minute'
        ELSE v_now END,
      v_rule.due_offset, p_zone, v_rule.outside_hours);
    v_late := v_rule.if_past = 'now' AND v_due < v_now;

    SELECT * INTO v_task FROM task t WHERE t.org_id = v_org AND t.booking_id = p_event.booking_id
      AND t.template_key = v_rule.template_key;
    IF v_task.id IS NULL THEN
      CONTINUE WHEN p_event.backfill OR (v_rule.if_past = 'skip' AND v_due < v_now);
      INSERT INTO task (org_id, lead_id, customer_id, booking_id, template_key, position, title,
          description, due_at, priority, auto, late)
        VALUES (v_org, p_activity.lead_id, p_activity.customer_id, p_event.booking_id,
          v_rule.template_key, v_rule.position, v_rule.title, v_rule.description,
          CASE WHEN v_late THEN v_now ELSE v_due END,
          CASE WHEN v_late THEN 'high' ELSE v_rule.priority END, true, v_late);
    ELSIF v_task.auto AND NOT v_task.hand_edited AND v_task.status <> 'done'
      -- What was late stays due when it was, and an overdue task is not moved by what leaves its
      -- visit alone.
      AND (v_task.status = 'cancelled' OR (v_rule.anchor <> 'now' AND v_task.due_at <> v_due
        AND NOT (v_task.late AND v_late))) THEN
      UPDATE task SET status = CASE WHEN status = 'cancelled' THEN 'todo' ELSE status END,
          due_at = CASE WHEN v_late THEN v_now ELSE v_due END, late = v_late,
          priority = CASE WHEN v_late THEN 'high' ELSE v_rule.priority END, updated_at = now()
        WHERE org_id = v_org AND id = v_task.id;
    END IF;
  END LOOP;

  UPDATE task SET status = 'cancelled', updated_at = now()
   WHERE org_id = v_org AND booking_id = p_event.booking_id AND auto AND NOT hand_edited
     AND status IN ('todo', 'in_progress') AND template_key <> ALL (v_wanted);
END $$;

-- What the rules go by for a meeting in this state; null when there is nothing to be done for it.
CREATE FUNCTION crm_trigger(p_status text) RETURNS text
  LANGUAGE sql IMMUTABLE
  RETURN CASE p_status WHEN 'scheduled' THEN 'booked' WHEN 'held' THEN 'booked'
    WHEN 'no_show' THEN 'no_show' END;

-- Opens a task again because a person says so. What its rule kept until it was finished, the rule
-- keeps again: the booking may have moved since. What no rule wants any more is the person's own.
-- Takes the counter, as whoever else runs the rules, before the task's row.
CREATE FUNCTION reopen_task(p_org uuid, p_task uuid, p_now timestamptz) RETURNS boolean
  LANGUAGE plpgsql AS $$
DECLARE
  v_task task;
  v_event booking_event;
  v_activity activity;
BEGIN
  PERFORM FROM org_counter WHERE org_id = p_org FOR UPDATE;
  UPDATE task SET status = 'todo', hand_edited = hand_edited OR status = 'cancelled',
      updated_at = p_now
    WHERE org_id = p_org AND id = p_task AND status <> 'todo'
    RETURNING * INTO v_task;
  IF v_task.id IS NULL THEN RETURN false; END IF;
  IF v_task.hand_edited OR NOT v_task.auto THEN RETURN true; END IF;
  SELECT * INTO v_event FROM booking_event e
   WHERE e.org_id = p_org AND e.booking_id = v_task.booking_id
   ORDER BY e.booking_version DESC LIMIT 1;
  SELECT * INTO v_activity FROM activity a
   WHERE a.org_id = p_org AND a.booking_id = v_task.booking_id AND a.type = 'MEETING';
  IF v_event.id IS NOT NULL AND v_activity.id IS NOT NULL THEN
    PERFORM crm_tasks(v_event, v_activity, crm_trigger(v_activity.status),
      (SELECT o.time_zone FROM organisation o WHERE o.id = p_org));
  END IF;
  UPDATE task SET status = 'todo', hand_edited = true
   WHERE org_id = p_org AND id = p_task AND status = 'cancelled';
  RETURN true;
END $$;

-- Moves a lead between its first two stages: back to NEW when all of its meetings are cancelled,
-- to CONTACTED when there is one again. Where a person has taken it further, it stays.
CREATE FUNCTION crm_stage(p_event booking_event, p_lead uuid) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE
  v_from text;
  v_to text;
BEGIN
  SELECT l.stage INTO v_from FROM lead l WHERE l.org_id = p_event.org_id AND l.id = p_lead;
  v_to := v_from;
  IF v_from IN ('NEW', 'CONTACTED') THEN
    v_to := CASE WHEN EXISTS (
        SELECT FROM activity a
         WHERE a.org_id = p_event.org_id AND a.lead_id = p_lead AND a.type = 'MEETING'
           AND a.status <> 'cancelled') THEN 'CONTACTED' ELSE 'NEW' END;
  END IF;
  UPDATE lead SET stage = v_to, last_activity_at = greatest(last_activity_at, p_event.recorded_at),
      customer_id = coalesce(customer_id, (p_event.booking #>> '{customer,id}')::uuid),
      updated_at = now()
    WHERE org_id = p_event.org_id AND id = p_lead;
  IF v_to <> v_from THEN
    INSERT INTO lead_stage_event (org_id, lead_id, from_stage, to_stage, reason,
        booking_event_id, at)
      VALUES (p_event.org_id, p_lead, v_from, v_to, 'rule', p_event.id, p_event.recorded_at);
  END IF;
END $$;

-- Makes of a booking's event what the CRM has to say of it. It goes by what the booking is now, not
-- by what happened to it, so that the order and the number of events do not matter.
CREATE FUNCTION project_into_crm() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  b constant jsonb := NEW.booking;
  v_source connection;
  v_activity activity;
  v_zone text;
  v_service text := coalesce(b #>> '{service,key}', 'booking');
  v_customer uuid := (b #>> '{customer,id}')::uuid;
  v_company uuid;
  v_status text := CASE WHEN b ->> 'deleted_at' IS NOT NULL THEN 'cancelled'
    ELSE CASE b ->> 'status' WHEN 'completed' THEN 'held' WHEN 'no_show' THEN 'no_show'
      WHEN 'cancelled' THEN 'cancelled' WHEN 'rejected' THEN 'cancelled'
      ELSE 'scheduled' END END;
BEGIN
  SELECT * INTO v_source FROM connection c
   WHERE c.org_id = NEW.org_id AND c.id = (b ->> 'owner_connection_id')::uuid;
  IF v_source.settings ->> 'crm' IS NULL THEN RETURN NULL; END IF;
  SELECT * INTO v_activity FROM activity a
   WHERE a.org_id = NEW.org_id AND a.booking_id = NEW.booking_id AND a.type = 'MEETING';
  -- What the CRM knows it keeps, also after a connection was taken out of it.
  IF v_activity.id IS NULL AND v_source.settings ->> 'crm' <> 'true' THEN RETURN NULL; END IF;
  SELECT o.time_zone INTO v_zone FROM organisation o WHERE o.id = NEW.org_id;

  v_company := crm_company(NEW.org_id, b #>> '{metadata,company}', v_source.kind);
  IF v_company IS NOT NULL AND v_customer IS NOT NULL THEN
    INSERT INTO customer_company (org_id, customer_id, company_id)
      VALUES (NEW.org_id, v_customer, v_company) ON CONFLICT DO NOTHING;
  END IF;
  IF v_activity.id IS NULL THEN
    v_activity.org_id := NEW.org_id;
    v_activity.id := uuid7();
    v_activity.booking_id := NEW.booking_id;
    v_activity.type := 'MEETING';
    v_activity.lead_id := crm_lead(NEW, v_company, v_source);
    v_activity.created_at := NEW.recorded_at;
  END IF;
  v_activity.customer_id := coalesce(v_customer, v_activity.customer_id);
  v_activity.subject := v_service || ' - ' || CASE v_status WHEN 'scheduled' THEN 'Scheduled'
    WHEN 'held' THEN 'Held' WHEN 'no_show' THEN 'No-show' ELSE 'Cancelled' END;
  v_activity.description := crm_description(b, v_zone);
  v_activity.activity_at := b ->> 'starts_at';
  v_activity.duration_minutes := b ->> 'duration_minutes';
  v_activity.status := v_status;
  v_activity.metadata := jsonb_build_object('bookingId', crm_source_id(NEW),
    'meetingUrl', b -> 'meeting_url', 'source', v_source.kind);
  v_activity.updated_at := NEW.recorded_at;
  INSERT INTO activity SELECT v_activity.*
    ON CONFLICT (org_id, id) DO UPDATE SET customer_id = excluded.customer_id,
      subject = excluded.subject, description = excluded.description,
      activity_at = excluded.activity_at, duration_minutes = excluded.duration_minutes,
      status = excluded.status, metadata = excluded.metadata, updated_at = excluded.updated_at;

  PERFORM crm_tasks(NEW, v_activity, crm_trigger(v_status), v_zone);
  PERFORM crm_stage(NEW, v_activity.lead_id);
  RETURN NULL;
END $$;
CREATE TRIGGER booking_event_crm AFTER INSERT ON booking_event
  FOR EACH ROW WHEN (NEW.booking ->> 'owner_connection_id' IS NOT NULL)
  EXECUTE FUNCTION project_into_crm();

GRANT CREATE ON SCHEMA public TO slotwire_system;
ALTER FUNCTION project_into_crm OWNER TO slotwire_system;
REVOKE CREATE ON SCHEMA public FROM slotwire_system;

-- Staff see what is to be done about their own bookings, and nothing of the sales.
CREATE POLICY own_bookings ON activity AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = activity.org_id AND b.id = activity.booking_id));
CREATE POLICY own_bookings ON task AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()) OR EXISTS (SELECT FROM booking b
    WHERE b.org_id = task.org_id AND b.id = task.booking_id));
CREATE POLICY own_bookings ON lead AS RESTRICTIVE TO slotwire_staff USING ((SELECT NOT narrowed()));
CREATE POLICY own_bookings ON lead_stage_event AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()));
CREATE POLICY own_bookings ON company AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()));
CREATE POLICY own_bookings ON customer_company AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()));
