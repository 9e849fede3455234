-- Personas in whose names testers log in, and for whom a run was started. There is no column for a password.

CREATE TABLE test_user (
  id TEXT PRIMARY KEY,
  provider TEXT NOT NULL, -- no reference: the built-in providers are in no table
  environment TEXT NOT NULL CHECK (environment IN ('production', 'sandbox')),
  name TEXT NOT NULL CHECK (name <> ''),
  colour TEXT NOT NULL CHECK (colour IN ('blue', 'orange', 'teal', 'violet', 'yellow', 'rose', 'olive', 'grey')),
  expects TEXT NOT NULL CHECK (expects IN ('anyone', 'first_login', 'subject')),
  subject TEXT,           -- who it has to be, by the dialect's pointer
  storage TEXT NOT NULL CHECK (storage IN ('kept', 'thrown_away')),
  storage_generation INTEGER NOT NULL CHECK (storage_generation > 0), -- grows when what was kept is forgotten
  notes TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,
  CHECK ((expects = 'subject') = (subject IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- The list of one server, and the last word on names: two personas of one name could not be told apart.
CREATE UNIQUE INDEX test_user_name ON test_user (provider, environment, name COLLATE NOCASE) WHERE deleted_at IS NULL;
CREATE INDEX test_user_deleted ON test_user (deleted_at) WHERE deleted_at IS NOT NULL;

-- As they were then, and no reference: a run outlives its test user.
ALTER TABLE run ADD COLUMN test_user TEXT;
ALTER TABLE run ADD COLUMN test_user_name TEXT;
ALTER TABLE run ADD COLUMN test_user_colour TEXT CHECK (
  (test_user IS NULL) = (test_user_name IS NULL) AND (test_user IS NULL) = (test_user_colour IS NULL));
