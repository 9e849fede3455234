-- What runs have shown of the statements of profiles. For each statement the newest exchange that confirms it and the newest that
-- contradicts it; a twin's count for nothing at the real provider.

CREATE TABLE observation (
  provider TEXT NOT NULL,  -- no reference: the built-in providers are in no table
  environment TEXT NOT NULL CHECK (environment IN ('production', 'sandbox')),
  statement TEXT NOT NULL, -- its field in a profile: dialect.token_response.token_type
  agreement TEXT NOT NULL CHECK (agreement IN ('confirms', 'contradicts')),
  stated TEXT NOT NULL,    -- JSON: what the statement said then; of another value nothing is known
  saw TEXT NOT NULL,       -- in a sentence
  run TEXT NOT NULL,       -- no reference: what was seen outlives its run
  step INTEGER NOT NULL,
  exchange INTEGER NOT NULL,
  times INTEGER NOT NULL CHECK (times > 0), -- in how many runs
  first_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (provider, environment, statement, agreement)
) STRICT, WITHOUT ROWID;
