-- What people said that a source's messages mean, and who said so when.

-- Every mapping that was live at a connection. What is live now stands in the connection's settings.
CREATE TABLE connection_mapping (
  org_id uuid NOT NULL,
  connection_id uuid NOT NULL,
  version int NOT NULL CHECK (version > 0),
  mapping jsonb NOT NULL CHECK (jsonb_typeof(mapping) = 'object'),
  made_by text NOT NULL, -- a name, for people
  made_at timestamptz NOT NULL,
  PRIMARY KEY (org_id, connection_id, version),
  FOREIGN KEY (org_id, connection_id) REFERENCES connection (org_id, id)
);
SELECT protect_tenant_table('connection_mapping');

-- Messages that wait until somebody has said what they mean.
CREATE INDEX inbound_message_unmapped ON inbound_message (org_id, connection_id)
  WHERE status = 'waiting' AND error_code = 'E_NOT_MAPPED';
