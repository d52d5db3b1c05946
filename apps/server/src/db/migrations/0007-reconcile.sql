-- Comparing the ledger with what a source's API tells: runs, and what they found.

CREATE TABLE reconcile_run (
  org_id uuid NOT NULL,
  id uuid NOT NULL DEFAULT uuid7(),
  connection_id uuid NOT NULL,
  trigger text NOT NULL CHECK (trigger IN ('schedule', 'manual', 'message')),
  -- Of whom it was, when somebody asked for it; why, when a message did.
  requested_by text,
  reason text,
  dry_run boolean NOT NULL DEFAULT false,
  -- What is compared: bookings that start in a window, those of a series, or one by its uid.
  window_from timestamptz NOT NULL,
  window_to timestamptz NOT NULL,
  series_ref text,
  uid text,
  -- queued: to be begun; running: begun, and at work or waiting until `next_attempt_at`
  status text NOT NULL DEFAULT 'queued'
    CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  cancel_requested_at timestamptz,
  -- How far it is: what the source lists, then what the ledger has and the list had not.
  stage text NOT NULL DEFAULT 'listed' CHECK (stage IN ('listed', 'unlisted', 'gone')),
  cursor text,
  lookups int NOT NULL DEFAULT 0, -- bookings that were asked for one by one
  checked int NOT NULL DEFAULT 0,
  missing int NOT NULL DEFAULT 0,
  different int NOT NULL DEFAULT 0,
  phantoms int NOT NULL DEFAULT 0,
  gone int NOT NULL DEFAULT 0,
  repaired int NOT NULL DEFAULT 0,
  still_different int NOT NULL DEFAULT 0,
  failures int NOT NULL DEFAULT 0, -- in a row
  error_code text,
  error text,
  attempts int NOT NULL DEFAULT 0,
  next_attempt_at timestamptz,
  lease_until timestamptz,
  lease_token uuid,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  CHECK (window_from < window_to),
  FOREIGN KEY (org_id, connection_id) REFERENCES connection (org_id, id)
);
SELECT protect_tenant_table('reconcile_run');
CREATE INDEX reconcile_run_latest ON reconcile_run (org_id, connection_id, id DESC);
-- After it, so that references to a run are checked by it: see 0002-ledger.sql.
ALTER TABLE reconcile_run ADD PRIMARY KEY (org_id, id);
CREATE INDEX reconcile_run_due ON reconcile_run (next_attempt_at)
  WHERE status IN ('queued', 'running');
CREATE UNIQUE INDEX reconcile_run_one ON reconcile_run (org_id, connection_id)
  WHERE status = 'running';

CREATE TABLE reconcile_finding (
  org_id uuid NOT NULL,
  id uuid NOT NULL,
  run_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  uid text,
  booking_id uuid,
  label text NOT NULL,
  -- missing: unknown here; different; phantom: over here and alive there; gone: alive here and
  -- unknown there; unreadable: told in a form that is not known
  kind text NOT NULL CHECK (kind IN ('missing', 'different', 'phantom', 'gone', 'unreadable')),
  -- found: a dry run changed nothing; open: still so
  outcome text NOT NULL CHECK (outcome IN ('found', 'repaired', 'open')),
  fields jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(fields) = 'array'),
  reason text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, run_id) REFERENCES reconcile_run (org_id, id),
  FOREIGN KEY (org_id, connection_id) REFERENCES connection (org_id, id),
  FOREIGN KEY (org_id, booking_id) REFERENCES booking (org_id, id)
);
SELECT protect_tenant_table('reconcile_finding');
CREATE INDEX reconcile_finding_run ON reconcile_finding (org_id, run_id, id);
CREATE INDEX reconcile_finding_gone ON reconcile_finding (org_id, booking_id, id)
  WHERE kind = 'gone';

-- Which uids a run under way has heard of. Emptied when it ends.
CREATE TABLE reconcile_seen (
  org_id uuid NOT NULL,
  run_id uuid NOT NULL,
  uid text NOT NULL,
  PRIMARY KEY (org_id, run_id, uid),
  FOREIGN KEY (org_id, run_id) REFERENCES reconcile_run (org_id, id)
);
SELECT protect_tenant_table('reconcile_seen');

-- What a source forgot is nothing that staff look at.
CREATE POLICY own_bookings ON reconcile_finding AS RESTRICTIVE TO slotwire_staff
  USING ((SELECT NOT narrowed()));
