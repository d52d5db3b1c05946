-- Operating the inbox: processing messages again, alerts, what sources' messages look like, and how
-- long their bodies are kept.

-- Days until the raw body of a message that was dealt with is emptied.
ALTER TABLE organisation
  ADD COLUMN raw_message_days int NOT NULL DEFAULT 30 CHECK (raw_message_days BETWEEN 1 AND 3650);

-- How many messages were refused since the last one that was let in.
ALTER TABLE connection ADD COLUMN refusal_count int NOT NULL DEFAULT 0;

-- Somebody's wish that messages be processed again. Which ones was settled when it was made.
CREATE TABLE reprocess_job (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL,
  status text NOT NULL DEFAULT 'queued'
    CHECK (status IN ('queued', 'running', 'done', 'cancelled', 'failed')),
  filter jsonb NOT NULL CHECK (jsonb_typeof(filter) = 'object'),
  total int NOT NULL,
  requested_by text NOT NULL,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  PRIMARY KEY (org_id, id)
);
SELECT protect_tenant_table('reprocess_job');
CREATE INDEX reprocess_job_due ON reprocess_job (next_attempt_at)
  WHERE status IN ('queued', 'running');

-- One message of a job, in the order in which they were received; and what came of it.
CREATE TABLE reprocess_item (
  org_id uuid NOT NULL,
  job_id uuid NOT NULL,
  no int NOT NULL,
  message_id uuid NOT NULL,
  action text, -- null until it has been processed
  reason text,
  done_at timestamptz,
  PRIMARY KEY (org_id, job_id, no),
  FOREIGN KEY (org_id, job_id) REFERENCES reprocess_job (org_id, id),
  FOREIGN KEY (org_id, message_id) REFERENCES inbound_message (org_id, id)
);
SELECT protect_tenant_table('reprocess_item');
CREATE INDEX reprocess_item_open ON reprocess_item (org_id, job_id, no) WHERE done_at IS NULL;

-- Something that people should see to. Open from `opened_at` to `resolved_at`; while it is open,
-- another with the same key is the same one again.
CREATE TABLE alert (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL DEFAULT uuid7(),
  kind text NOT NULL,
  connection_id uuid,
  destination_id uuid,
  key text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  params jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(params) = 'object'),
  opened_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  count int NOT NULL DEFAULT 1,
  acknowledged_by text,
  acknowledged_at timestamptz,
  resolved_by text, -- who said so; null when the hub saw it
  resolved_at timestamptz,
  PRIMARY KEY (org_id, id),
  CHECK (num_nonnulls(connection_id, destination_id) <= 1),
  FOREIGN KEY (org_id, connection_id) REFERENCES connection (org_id, id),
  FOREIGN KEY (org_id, destination_id) REFERENCES destination (org_id, id)
);
SELECT protect_tenant_table('alert');
CREATE UNIQUE INDEX alert_open ON alert (org_id, key) WHERE resolved_at IS NULL;
CREATE INDEX alert_latest ON alert (org_id, opened_at, id);
CREATE INDEX alert_of_key ON alert (org_id, key, resolved_at);

-- What comparisons put right of late: it tells which sources went quiet.
CREATE INDEX reconcile_finding_repaired ON reconcile_finding (created_at)
  WHERE outcome = 'repaired';

-- Whoever opens or resolves one: destinations that ask for it hear of it, once. Of one that comes
-- closer step by step they hear at each step.
CREATE FUNCTION tell_of_alert() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO operational_event (org_id, type, occurred_at, data)
    VALUES (NEW.org_id, CASE WHEN NEW.resolved_at IS NULL THEN 'alert.opened' ELSE 'alert.resolved' END,
      coalesce(NEW.resolved_at, NEW.last_seen_at),
      to_jsonb(NEW) - 'org_id' - 'key' || jsonb_build_object(
        'opened_at', rfc3339(NEW.opened_at), 'last_seen_at', rfc3339(NEW.last_seen_at),
        'acknowledged_at', rfc3339(NEW.acknowledged_at), 'resolved_at', rfc3339(NEW.resolved_at),
        'connection_name', (SELECT c.name FROM connection c
          WHERE c.org_id = NEW.org_id AND c.id = NEW.connection_id),
        'destination_name', (SELECT d.name FROM destination d
          WHERE d.org_id = NEW.org_id AND d.id = NEW.destination_id)));
  RETURN NULL;
END $$;
CREATE TRIGGER alert_opened AFTER INSERT ON alert
  FOR EACH ROW EXECUTE FUNCTION tell_of_alert();
CREATE TRIGGER alert_came_closer AFTER UPDATE ON alert
  FOR EACH ROW WHEN (NEW.resolved_at IS NULL
    AND (NEW.params ->> 'percent') IS DISTINCT FROM (OLD.params ->> 'percent'))
  EXECUTE FUNCTION tell_of_alert();
CREATE TRIGGER alert_resolved AFTER UPDATE ON alert
  FOR EACH ROW WHEN (OLD.resolved_at IS NULL AND NEW.resolved_at IS NOT NULL)
  EXECUTE FUNCTION tell_of_alert();

-- How far the fields of a connection's messages have been read.
CREATE TABLE source_reading (
  org_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  received_at timestamptz NOT NULL,
  message_id uuid NOT NULL,
  PRIMARY KEY (org_id, connection_id),
  FOREIGN KEY (org_id, connection_id) REFERENCES connection (org_id, id)
);
SELECT protect_tenant_table('source_reading');

-- The kinds of messages that a connection brought, and since when.
CREATE TABLE source_trigger (
  org_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  trigger text NOT NULL,
  messages int NOT NULL DEFAULT 0,
  first_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, connection_id, trigger),
  FOREIGN KEY (org_id, connection_id) REFERENCES connection (org_id, id)
);
SELECT protect_tenant_table('source_trigger');

-- The fields that messages of a kind had so far, by their paths.
CREATE TABLE source_field (
  org_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  trigger text NOT NULL,
  path text NOT NULL,
  first_seen_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, connection_id, trigger, path),
  FOREIGN KEY (org_id, connection_id) REFERENCES connection (org_id, id)
);
SELECT protect_tenant_table('source_field');

GRANT CREATE ON SCHEMA public TO slotwire_system;
ALTER FUNCTION tell_of_alert OWNER TO slotwire_system;
REVOKE CREATE ON SCHEMA public FROM slotwire_system;
