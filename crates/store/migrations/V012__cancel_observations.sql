-- What providers sent when a person cancelled, one row for each run of the cancel lab.

CREATE TABLE cancel_observation (
  run TEXT PRIMARY KEY,      -- no reference: what was seen outlives its run
  provider TEXT NOT NULL,    -- no reference: the built-in providers are in no table
  environment TEXT NOT NULL CHECK (environment IN ('production', 'sandbox')),
  client_name TEXT NOT NULL, -- as it was then
  signal TEXT NOT NULL CHECK (signal IN ('access_denied', 'other_error', 'foreign_state', 'error_without_state',
                                         'bare_redirect', 'other_page', 'nothing', 'window_closed')),
  error TEXT,                -- the error code, where one came
  page TEXT,                 -- where the person was last, without query, where nothing came back
  by_person INTEGER NOT NULL CHECK (by_person IN (0, 1)), -- whether the person corrected what was told from the run
  seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX cancel_observation_newest ON cancel_observation (provider, environment, seen_at DESC);
