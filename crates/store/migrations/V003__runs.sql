-- Runs with their steps and exchanges, and the tokens they were given, sealed.

CREATE TABLE run (
  seq INTEGER PRIMARY KEY, -- grows with every run: the order of the list
  id TEXT NOT NULL UNIQUE,
  client TEXT NOT NULL,    -- no reference: a run outlives its client
  client_name TEXT NOT NULL,
  provider TEXT NOT NULL,
  environment TEXT NOT NULL CHECK (environment IN ('production', 'sandbox')),
  browser TEXT NOT NULL CHECK (browser IN ('embedded', 'system', 'paste')),
  started_at INTEGER NOT NULL,
  duration_ms INTEGER,
  person_ms INTEGER,
  outcome TEXT NOT NULL,   -- 'running', 'logged_in', or the reason it ended
  standing TEXT NOT NULL CHECK (standing IN ('running', 'passed', 'warned', 'failed')),
  findings INTEGER NOT NULL DEFAULT 0,
  sentence TEXT,
  next TEXT,
  subject TEXT,
  display_name TEXT,
  identity_fields TEXT, -- JSON
  tokens TEXT,          -- JSON: what they are, without their values
  error_text TEXT,         -- the sentences of the steps where something was off, to be found by
  deleted_at INTEGER
) STRICT;

-- Every index ends in seq, the row's own number, so each gives its rows in the order of the list.
CREATE INDEX run_live ON run (seq) WHERE deleted_at IS NULL;
CREATE INDEX run_by_client ON run (client) WHERE deleted_at IS NULL;
CREATE INDEX run_by_provider ON run (provider) WHERE deleted_at IS NULL;
CREATE INDEX run_by_standing ON run (standing) WHERE deleted_at IS NULL;
CREATE INDEX run_deleted ON run (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX run_going_on ON run (outcome) WHERE outcome = 'running';

CREATE TABLE step (
  run INTEGER NOT NULL REFERENCES run (seq) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  kind TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'passed', 'warned', 'failed')),
  sentence TEXT NOT NULL,
  duration_us INTEGER,
  waited_for_person INTEGER NOT NULL CHECK (waited_for_person IN (0, 1)),
  findings TEXT, -- JSON; none when nothing was off
  pages TEXT,    -- JSON; none when no page was seen
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;

-- Secrets are references in here before a row is made (`secret:v3`, `code#1`, `token#2`).
CREATE TABLE exchange (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  step INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  duration_us INTEGER NOT NULL,
  failure TEXT,
  request TEXT NOT NULL, -- JSON
  response TEXT,         -- JSON
  FOREIGN KEY (run, step) REFERENCES step (run, position) ON DELETE CASCADE
) STRICT;
CREATE INDEX exchange_of_step ON exchange (run, step);

CREATE TABLE sealed_token (
  run INTEGER NOT NULL REFERENCES run (seq) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (name IN ('access_token', 'refresh_token', 'id_token')),
  sealing_key TEXT NOT NULL, -- id of the key in the keyring
  sealed BLOB NOT NULL,      -- XChaCha20-Poly1305, made by the vault
  PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

-- What a run is found by: the beginnings of words. Never a transcript. A row enters the index when it has ended, which saves taking
-- it out again while it goes on, and leaves it at once when it is deleted.
CREATE VIRTUAL TABLE run_search USING fts5 (
  client_name, subject, display_name, sentence, error_text,
  content = 'run', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
INSERT INTO run_search (run_search, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER run_search_update
AFTER UPDATE OF client_name, outcome, subject, display_name, sentence, error_text, deleted_at ON run
BEGIN
  INSERT INTO run_search (run_search, rowid, client_name, subject, display_name, sentence, error_text)
  SELECT 'delete', old.seq, old.client_name, old.subject, old.display_name, old.sentence, old.error_text
  WHERE old.deleted_at IS NULL AND old.outcome <> 'running';
  INSERT INTO run_search (rowid, client_name, subject, display_name, sentence, error_text)
  SELECT new.seq, new.client_name, new.subject, new.display_name, new.sentence, new.error_text
  WHERE new.deleted_at IS NULL AND new.outcome <> 'running';
END;

CREATE TRIGGER run_search_delete AFTER DELETE ON run WHEN old.deleted_at IS NULL AND old.outcome <> 'running'
BEGIN
  INSERT INTO run_search (run_search, rowid, client_name, subject, display_name, sentence, error_text)
  VALUES ('delete', old.seq, old.client_name, old.subject, old.display_name, old.sentence, old.error_text);
END;
