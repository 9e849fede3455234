-- Clients that are looked after at their provider by its API (RFC 7592): where, with which token, and what the provider had last.

CREATE TABLE registration (
  client TEXT PRIMARY KEY REFERENCES client (id) ON DELETE CASCADE,
  address TEXT NOT NULL,    -- whole, or below the sandbox's origin, which is another one at every start
  metadata TEXT NOT NULL CHECK (json_valid(metadata)), -- as the provider had it when it was read last
  read_at INTEGER NOT NULL,
  gone_at INTEGER           -- when the provider said that the client is gone
) STRICT, WITHOUT ROWID;

-- The registration access tokens, sealed; the newest is the one that counts. Unlike client secrets they are not in the keyring: a server may
-- issue a new one with every answer, and one transaction cannot fail halfway.
CREATE TABLE registration_token (
  client TEXT NOT NULL REFERENCES registration (client) ON DELETE CASCADE,
  version INTEGER NOT NULL CHECK (version > 0),
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  superseded_at INTEGER,
  PRIMARY KEY (client, version)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX registration_token_current ON registration_token (client) WHERE superseded_at IS NULL;

-- A client is about to be registered. What is left of it at start says that there may be a client at the provider that nobody here knows.
CREATE TABLE registration_intent (
  client TEXT PRIMARY KEY,  -- the record it was to become
  provider TEXT NOT NULL,
  environment TEXT NOT NULL CHECK (environment IN ('production', 'sandbox')),
  name TEXT NOT NULL,
  started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
