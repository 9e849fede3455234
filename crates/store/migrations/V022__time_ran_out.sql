-- How a page looked when the login's time was up is a moment of its own: nobody had pressed anything. A check cannot be changed, so the
-- table is made anew. Nothing refers to it.

CREATE TABLE evidence_made_anew (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run (seq) ON DELETE CASCADE,
  page INTEGER NOT NULL CHECK (page >= 0), -- the pages of the run, counted from 0
  moment TEXT NOT NULL CHECK (moment IN ('page_loaded', 'decided', 'time_ran_out')),
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

INSERT INTO evidence_made_anew (id, run, page, moment, address, at, sha256, bytes, width, height, missing, deleted_at)
SELECT id, run, page, moment, address, at, sha256, bytes, width, height, missing, deleted_at FROM evidence;

DROP TABLE evidence;
ALTER TABLE evidence_made_anew RENAME TO evidence;

CREATE INDEX evidence_of_picture ON evidence (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX evidence_by_age ON evidence (at) WHERE sha256 IS NOT NULL;
CREATE INDEX evidence_deleted ON evidence (deleted_at) WHERE deleted_at IS NOT NULL;
