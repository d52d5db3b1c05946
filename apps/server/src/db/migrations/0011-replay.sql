-- Deliveries that are sent anew on purpose: many at once. All rows are written at the start, each
-- with its own time, so that the pace is kept whatever happens to the processes.
CREATE TABLE replay (
  org_id uuid NOT NULL REFERENCES organisation (id),
  id uuid NOT NULL,
  filter jsonb NOT NULL CHECK (jsonb_typeof(filter) = 'object'),
  rate_per_second real NOT NULL CHECK (rate_per_second > 0),
  total int NOT NULL,
  requested_by text NOT NULL,
  created_at timestamptz NOT NULL,
  cancelled_at timestamptz,
  PRIMARY KEY (org_id, id)
);
SELECT protect_tenant_table('replay');
ALTER TABLE delivery ADD FOREIGN KEY (org_id, replay_id) REFERENCES replay (org_id, id);
