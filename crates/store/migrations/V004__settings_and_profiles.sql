-- Settings, the user's own provider profiles, and base URLs for providers whose document leaves them open.

CREATE TABLE setting (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL CHECK (json_valid(value))
) STRICT, WITHOUT ROWID;

CREATE TABLE provider_profile (
  provider TEXT PRIMARY KEY,
  profile TEXT NOT NULL, -- TOML as the user wrote it, comments included
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE provider_base_url (
  provider TEXT PRIMARY KEY,
  base_url TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
