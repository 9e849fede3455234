-- A run's result is on the disk first; what it is found by is made of it afterwards. A run is in the search index once it has a
-- transcript, which is empty when nothing was on the wire.

UPDATE run SET transcript = '' WHERE outcome <> 'running' AND transcript IS NULL;

DROP TRIGGER run_search_update;
DROP TRIGGER run_search_delete;

CREATE TRIGGER run_search_update
AFTER UPDATE OF client_name, subject, display_name, sentence, error_text, transcript, deleted_at ON run
WHEN old.transcript IS NOT NULL OR new.transcript IS NOT NULL
BEGIN
  INSERT INTO run_search (run_search, rowid, client_name, subject, display_name, sentence, error_text, transcript)
  SELECT 'delete', old.seq, old.client_name, old.subject, old.display_name, old.sentence, old.error_text, old.transcript
  WHERE old.deleted_at IS NULL AND old.transcript IS NOT NULL;
  INSERT INTO run_search (rowid, client_name, subject, display_name, sentence, error_text, transcript)
  SELECT new.seq, new.client_name, new.subject, new.display_name, new.sentence, new.error_text, new.transcript
  WHERE new.deleted_at IS NULL AND new.transcript IS NOT NULL;
END;

CREATE TRIGGER run_search_delete AFTER DELETE ON run WHEN old.deleted_at IS NULL AND old.transcript IS NOT NULL
BEGIN
  INSERT INTO run_search (run_search, rowid, client_name, subject, display_name, sentence, error_text, transcript)
  VALUES ('delete', old.seq, old.client_name, old.subject, old.display_name, old.sentence, old.error_text, old.transcript);
END;

-- The runs that are going on, and those that ended right before Gatewright did, without a transcript yet.
DROP INDEX run_going_on;
CREATE INDEX run_unsettled ON run (outcome) WHERE transcript IS NULL;
