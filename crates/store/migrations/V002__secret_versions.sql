-- Secret versions. A row says which versions there were and which one logins use; the value is in the keyring.

CREATE TABLE secret_version (
  client TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  version INTEGER NOT NULL CHECK (version > 0),
  state TEXT NOT NULL CHECK (state IN ('staged', 'active', 'retiring', 'retired', 'lost')),
  place TEXT NOT NULL CHECK (place IN ('keyring', 'session')),
  last_four TEXT CHECK (length(last_four) = 4), -- a longer text would be more than a reminder
  fingerprint TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (client, version)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX secret_version_active ON secret_version (client) WHERE state = 'active';
CREATE INDEX secret_version_in_session ON secret_version (state) WHERE place = 'session';

-- What is about to be done in the keyring. Keyring and database cannot commit together: the intent is written first and removed
-- last, and one that is found at start says what an interruption left half done. No reference to client: an intent may come before
-- the client's row, and has to outlive it.
CREATE TABLE intent (
  id INTEGER PRIMARY KEY,
  what TEXT NOT NULL CHECK (what IN ('keep_secret', 'forget_secret')),
  client TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  created_at INTEGER NOT NULL
) STRICT;

-- Who did what with a secret or a client, and when; never a value. Rows are added and stay as they are.
CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL CHECK (actor IN ('user', 'gatewright')),
  action TEXT NOT NULL,
  client TEXT,
  client_name TEXT,
  version INTEGER,
  run TEXT
) STRICT;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
