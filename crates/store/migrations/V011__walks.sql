-- Consent walks, their scenarios, and which runs came of them.

CREATE TABLE walk (
  seq INTEGER PRIMARY KEY, -- grows with every walk: the order of the list
  id TEXT NOT NULL UNIQUE,
  plan_id TEXT NOT NULL,
  plan TEXT NOT NULL,      -- JSON: the plan as it was when the walk started
  client TEXT NOT NULL,    -- no reference: a walk outlives its client
  client_name TEXT NOT NULL,
  provider TEXT NOT NULL,
  environment TEXT NOT NULL CHECK (environment IN ('production', 'sandbox')),
  test_user TEXT,          -- no reference, either
  other_test_user TEXT,
  browser TEXT NOT NULL CHECK (browser IN ('embedded', 'system', 'paste')),
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  status TEXT NOT NULL CHECK (status IN ('going_on', 'paused', 'ended')),
  deleted_at INTEGER
) STRICT;
CREATE INDEX walk_live ON walk (seq) WHERE deleted_at IS NULL;
CREATE INDEX walk_by_client ON walk (client) WHERE deleted_at IS NULL;
CREATE INDEX walk_by_provider ON walk (provider) WHERE deleted_at IS NULL;
CREATE INDEX walk_by_plan ON walk (plan_id) WHERE deleted_at IS NULL;
CREATE INDEX walk_deleted ON walk (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE walk_scenario (
  walk INTEGER NOT NULL REFERENCES walk (seq) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  scenario TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('open', 'going_on', 'asking', 'done')),
  machine TEXT,            -- JSON: the machine's verdict, its sentence, what was compared; a reason where there is one
  person TEXT,             -- the person's verdict, which stands beside the machine's
  person_at INTEGER,
  notes TEXT NOT NULL,
  answers TEXT,            -- JSON; none when there are none
  started_at INTEGER,
  ended_at INTEGER,
  PRIMARY KEY (walk, position),
  UNIQUE (walk, scenario),
  CHECK ((stage = 'done') = (machine IS NOT NULL)),
  CHECK ((person IS NULL) = (person_at IS NULL))
) STRICT, WITHOUT ROWID;

-- A run belongs to one scenario at most, and may be deleted apart from its walk.
CREATE TABLE walk_run (
  run TEXT PRIMARY KEY,
  walk INTEGER NOT NULL,
  position INTEGER NOT NULL,
  number INTEGER NOT NULL CHECK (number >= 0),
  part TEXT NOT NULL CHECK (part IN ('before', 'only', 'first', 'second')),
  FOREIGN KEY (walk, position) REFERENCES walk_scenario (walk, position) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX walk_run_of_scenario ON walk_run (walk, position, number);
