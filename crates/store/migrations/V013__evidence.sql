-- The pages of a run's login view, each looked at when it had loaded and when the person decided. The pictures themselves are files.

CREATE TABLE evidence (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (seq) ON DELETE CASCADE,
  page INTEGER NOT NULL CHECK (page >= 0), -- the pages of the run, counted from 0
  moment TEXT NOT NULL CHECK (moment IN ('page_loaded', 'decided')),
  address TEXT NOT NULL,                   -- without query, fragment and user name
  at INTEGER NOT NULL,
  sha256 TEXT,                             -- of the picture; also the name of its file, which equal pictures share
  bytes INTEGER,
  width INTEGER,
  height INTEGER,
  missing TEXT,                            -- why there is no picture
  deleted_at INTEGER,                      -- of the picture alone, while that can be taken back
  UNIQUE (run, page, moment),
  CHECK ((sha256 IS NULL) = (missing IS NOT NULL)),
  CHECK (sha256 IS NULL OR (bytes IS NOT NULL AND width IS NOT NULL AND height IS NOT NULL))
) STRICT;

CREATE INDEX evidence_of_picture ON evidence (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX evidence_by_age ON evidence (at) WHERE sha256 IS NOT NULL;
CREATE INDEX evidence_deleted ON evidence (deleted_at) WHERE deleted_at IS NOT NULL;
