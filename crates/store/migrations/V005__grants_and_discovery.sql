-- What one client's logins do otherwise than those of other clients of its provider: JSON, none when nothing differs.
ALTER TABLE client ADD COLUMN protocol_settings TEXT CHECK (json_valid(protocol_settings));

-- What a person granted in a login that gave a refresh token. It goes with its run.
CREATE TABLE token_grant (
  id TEXT PRIMARY KEY,
  run INTEGER NOT NULL UNIQUE REFERENCES run (seq) ON DELETE CASCADE,
  client TEXT NOT NULL, -- no reference, as in run
  state TEXT NOT NULL CHECK (state IN ('live', 'ambiguous', 'lost', 'ended')),
  version INTEGER NOT NULL CHECK (version > 0), -- the current one of its tokens
  access_expires_at INTEGER,
  refresh_expires_at INTEGER,
  created_at INTEGER NOT NULL,
  refreshed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX token_grant_by_client ON token_grant (client);
CREATE INDEX token_grant_ambiguous ON token_grant (id) WHERE state = 'ambiguous';

-- The sets of tokens a grant has had, the login's being version 1. A superseded one goes when the next has proved good, or after a day.
CREATE TABLE token_version (
  grant_id TEXT NOT NULL REFERENCES token_grant (id) ON DELETE CASCADE,
  version INTEGER NOT NULL CHECK (version > 0),
  created_at INTEGER NOT NULL,
  superseded_at INTEGER, -- none for the current one
  PRIMARY KEY (grant_id, version)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX token_version_current ON token_version (grant_id) WHERE superseded_at IS NULL;
CREATE INDEX token_version_superseded ON token_version (superseded_at) WHERE superseded_at IS NOT NULL;

-- The tokens of version 2 and later. Those of version 1 are the run's, in sealed_token.
CREATE TABLE versioned_token (
  grant_id TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 1),
  name TEXT NOT NULL CHECK (name IN ('access_token', 'refresh_token', 'id_token')),
  sealing_key TEXT NOT NULL,
  sealed BLOB NOT NULL, -- XChaCha20-Poly1305, made by the vault
  PRIMARY KEY (grant_id, version, name),
  FOREIGN KEY (grant_id, version) REFERENCES token_version (grant_id, version) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- A refresh token that is about to be sent, or was, without an answer that settles it. One a grant: a second one could only be the same
-- token sent twice.
CREATE TABLE rotation_intent (
  grant_id TEXT PRIMARY KEY REFERENCES token_grant (id) ON DELETE CASCADE,
  version INTEGER NOT NULL CHECK (version > 0),
  fingerprint TEXT NOT NULL, -- keyed, of the refresh token
  attempt TEXT NOT NULL,
  instance TEXT NOT NULL, -- the start of Gatewright in which it was written
  started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who works with a grant's tokens right now, and until when at most. None of them outlives Gatewright.
CREATE TABLE grant_lease (
  grant_id TEXT PRIMARY KEY REFERENCES token_grant (id) ON DELETE CASCADE,
  owner TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What an issuer's discovery document said when the user accepted it, and what it says now where that differs and was not accepted yet.
CREATE TABLE discovered_provider (
  provider TEXT NOT NULL,
  standing TEXT NOT NULL CHECK (standing IN ('accepted', 'offered')),
  issuer TEXT NOT NULL,
  document TEXT NOT NULL, -- as it came
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64), -- of the document, in hex digits
  fetched_at INTEGER NOT NULL,
  accepted_at INTEGER,
  PRIMARY KEY (provider, standing),
  CHECK ((standing = 'accepted') = (accepted_at IS NOT NULL))
) STRICT;
