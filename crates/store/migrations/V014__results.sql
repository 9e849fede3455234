-- Results that grow: a run is found by what was on the wire too, has tags, and filters of the list have names.

-- What was on the wire, to be found by: every text of the run's exchanges once, secrets as their references. The last column, so that
-- whoever does not ask for it does not read it.
ALTER TABLE run ADD COLUMN transcript TEXT;

DROP TRIGGER run_search_update;
DROP TRIGGER run_search_delete;
DROP TABLE run_search;

UPDATE run SET transcript = (
  SELECT substr(group_concat(DISTINCT word.atom), 1, 65536)
  FROM exchange x, json_tree(json_array(json(x.request), json(coalesce(x.response, 'null')), x.failure)) word
  WHERE x.run = run.seq AND word.type = 'text')
WHERE outcome <> 'running';

-- What a run is found by: the beginnings of words. A row enters the index when it has ended, which saves taking it out again while it
-- goes on, and leaves it at once when it is deleted.
CREATE VIRTUAL TABLE run_search USING fts5 (
  client_name, subject, display_name, sentence, error_text, transcript,
  content = 'run', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
INSERT INTO run_search (run_search, rank) VALUES ('secure-delete', 1);
INSERT INTO run_search (rowid, client_name, subject, display_name, sentence, error_text, transcript)
SELECT seq, client_name, subject, display_name, sentence, error_text, transcript
FROM run WHERE deleted_at IS NULL AND outcome <> 'running';

CREATE TRIGGER run_search_update
AFTER UPDATE OF client_name, outcome, subject, display_name, sentence, error_text, transcript, deleted_at ON run
BEGIN
  INSERT INTO run_search (run_search, rowid, client_name, subject, display_name, sentence, error_text, transcript)
  SELECT 'delete', old.seq, old.client_name, old.subject, old.display_name, old.sentence, old.error_text, old.transcript
  WHERE old.deleted_at IS NULL AND old.outcome <> 'running';
  INSERT INTO run_search (rowid, client_name, subject, display_name, sentence, error_text, transcript)
  SELECT new.seq, new.client_name, new.subject, new.display_name, new.sentence, new.error_text, new.transcript
  WHERE new.deleted_at IS NULL AND new.outcome <> 'running';
END;

CREATE TRIGGER run_search_delete AFTER DELETE ON run WHEN old.deleted_at IS NULL AND old.outcome <> 'running'
BEGIN
  INSERT INTO run_search (run_search, rowid, client_name, subject, display_name, sentence, error_text, transcript)
  VALUES ('delete', old.seq, old.client_name, old.subject, old.display_name, old.sentence, old.error_text, old.transcript);
END;

-- The chart of a time, and what retention removes.
CREATE INDEX run_by_time ON run (started_at) WHERE deleted_at IS NULL;

-- Words that a person has put on runs. A run with one of them is kept whatever its age.
CREATE TABLE run_tag (
  run INTEGER NOT NULL REFERENCES run (seq) ON DELETE CASCADE,
  tag TEXT NOT NULL COLLATE NOCASE CHECK (tag <> ''),
  PRIMARY KEY (run, tag)
) STRICT, WITHOUT ROWID;
CREATE INDEX run_tag_by_tag ON run_tag (tag, run);

-- What the list of runs can be narrowed to by name.
CREATE TABLE saved_filter (
  name TEXT PRIMARY KEY COLLATE NOCASE CHECK (name <> ''),
  filter TEXT NOT NULL CHECK (json_valid(filter)),
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
