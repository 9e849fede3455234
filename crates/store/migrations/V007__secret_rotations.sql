-- The rotations of clients' secrets: one row each, kept when they are over, because an old client ID is asked for years later.

CREATE TABLE secret_rotation (
  id TEXT PRIMARY KEY,
  client TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  strategy TEXT NOT NULL CHECK (strategy IN ('overlap', 'staged', 'cut_over', 'replace_client', 'ask_support')),
  driver TEXT NOT NULL CHECK (driver IN ('by_hand', 'sandbox', 'registration', 'keycloak')),
  old_version INTEGER NOT NULL,
  old_client_id TEXT NOT NULL,
  new_version INTEGER,
  new_client_id TEXT,
  client_id_kind TEXT NOT NULL CHECK (client_id_kind IN ('integer', 'text')),
  position TEXT NOT NULL CHECK (position IN (
    'prove_old', 'obtain_new', 'move_deployments', 'prove_new', 'promote', 'retire_old', -- the step that is next
    'completed', 'rolled_back', 'abandoned')),
  facts TEXT NOT NULL CHECK (json_valid(facts)), -- what is pending, what was proved, what was passed over
  revision INTEGER NOT NULL CHECK (revision > 0), -- grows with every change: who changes has to know the last one
  leased_by TEXT,      -- who works on it right now; none of them outlives Gatewright
  leased_until INTEGER,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  CHECK ((position IN ('completed', 'rolled_back', 'abandoned')) = (ended_at IS NOT NULL)),
  CHECK ((new_version IS NULL) = (new_client_id IS NULL)),
  CHECK ((leased_by IS NULL) = (leased_until IS NULL)),
  FOREIGN KEY (client, old_version) REFERENCES secret_version (client, version) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (client, new_version) REFERENCES secret_version (client, version) DEFERRABLE INITIALLY DEFERRED
) STRICT, WITHOUT ROWID;

-- The last word on it: whatever two tasks believe, one of them is refused here.
CREATE UNIQUE INDEX secret_rotation_under_way ON secret_rotation (client) WHERE ended_at IS NULL;
CREATE INDEX secret_rotation_of_client ON secret_rotation (client, started_at);
