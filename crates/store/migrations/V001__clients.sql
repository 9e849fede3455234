-- Clients, their redirect URIs, and the facts that hold for the whole database.
--
-- Times are microseconds since 1970-01-01T00:00Z: they sort as numbers, which RFC 3339 text with and without fractions does not.

PRAGMA application_id = 0x47575254; -- "GWRT": tells our file from another program's database

CREATE TABLE meta (
  one INTEGER PRIMARY KEY CHECK (one = 1), -- there is one row
  namespace TEXT,                          -- under which this database's keyring entries are filed
  sealing_key TEXT,                        -- id of the key that seals tokens; the key itself is in the keyring
  sealing_key_check BLOB,                  -- tells a wrong key from the right one
  CHECK ((sealing_key IS NULL) = (sealing_key_check IS NULL))
) STRICT;
INSERT INTO meta (one) VALUES (1);

-- A client's secret is not in here; see secret_version.
CREATE TABLE client (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  provider TEXT NOT NULL,
  environment TEXT NOT NULL CHECK (environment IN ('production', 'sandbox')),
  name TEXT NOT NULL,
  client_id TEXT NOT NULL,
  client_id_kind TEXT NOT NULL CHECK (client_id_kind IN ('integer', 'text')), -- "7" and 7 differ on the wire
  ownership TEXT NOT NULL CHECK (ownership IN ('owned', 'shared')),
  owner TEXT NOT NULL,
  tag TEXT NOT NULL,
  notes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER -- set while the deletion can be undone
) STRICT;

-- The list is ordered by name; each filter has an index that keeps that order.
CREATE INDEX client_by_name ON client (name COLLATE NOCASE, id) WHERE deleted_at IS NULL;
CREATE INDEX client_by_provider ON client (provider, name COLLATE NOCASE, id) WHERE deleted_at IS NULL;
CREATE INDEX client_by_ownership ON client (ownership, name COLLATE NOCASE, id) WHERE deleted_at IS NULL;
CREATE INDEX client_by_tag ON client (tag, name COLLATE NOCASE, id) WHERE deleted_at IS NULL;
CREATE INDEX client_by_identifier ON client (client_id) WHERE deleted_at IS NULL;
CREATE INDEX client_deleted ON client (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE redirect_uri (
  client TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  uri TEXT NOT NULL, -- exactly as registered
  PRIMARY KEY (client, position)
) STRICT, WITHOUT ROWID;

-- What a client is found by: any part of its name, client ID, owner, tag, notes and redirect URIs, one a line.
CREATE VIRTUAL TABLE client_search USING fts5 (text, tokenize = 'trigram');
INSERT INTO client_search (client_search, rank) VALUES ('secure-delete', 1);
