-- Each index that a run is in costs a page when it starts and, where it says how the run stands, another when it ends. How a run stands is
-- looked up among those that have ended; those that go on, or were not transcribed yet, are few and need no order but their own.
DROP INDEX run_by_standing;
CREATE INDEX run_by_standing ON run (standing) WHERE deleted_at IS NULL AND standing <> 'running';
DROP INDEX run_unsettled;
CREATE INDEX run_unsettled ON run (seq) WHERE transcript IS NULL;
