-- What becomes of each version of a secret: when it was used, proved and retired, where it is deployed, when the next one is due. And
-- what tells a database that somebody put back from an earlier day.

-- After how many days a client's secret is due to be replaced; none: never.
ALTER TABLE client ADD COLUMN rotate_after_days INTEGER DEFAULT 90 CHECK (rotate_after_days BETWEEN 1 AND 3650);

ALTER TABLE secret_version ADD COLUMN promoted_at INTEGER;      -- since when logins use it, or used it
ALTER TABLE secret_version ADD COLUMN retiring_since INTEGER;
ALTER TABLE secret_version ADD COLUMN retired_at INTEGER;
ALTER TABLE secret_version ADD COLUMN removed_at INTEGER;       -- when its value left the keyring for good; the row stays
ALTER TABLE secret_version ADD COLUMN last_proved_at INTEGER;   -- when the provider was last asked about it …
ALTER TABLE secret_version ADD COLUMN last_verdict TEXT CHECK (last_verdict IN ('accepted', 'refused', 'cannot_tell')); -- … its answer
ALTER TABLE secret_version ADD COLUMN last_accepted_at INTEGER; -- when the provider last took it, whatever was heard since
ALTER TABLE secret_version ADD COLUMN due_at INTEGER;           -- of the active version, when the policy of its client has one
-- JSON: where its value may be sent. The keyring entry has the digest of it, so a change of this text alone changes nothing.
ALTER TABLE secret_version ADD COLUMN destination TEXT CHECK (json_valid(destination));

-- Until now a version was used from the moment it was stored, until the next one was.
UPDATE secret_version SET promoted_at = created_at WHERE state IN ('active', 'retiring', 'retired');
UPDATE secret_version SET retired_at = coalesce(
  (SELECT min(later.created_at) FROM secret_version later
   WHERE later.client = secret_version.client AND later.version > secret_version.version), created_at)
WHERE state = 'retired';
UPDATE secret_version SET due_at = created_at + 90 * 86400000000 WHERE state = 'active';

CREATE INDEX secret_version_due ON secret_version (due_at, client) WHERE state = 'active';
CREATE INDEX secret_version_kept_after_use ON secret_version (retired_at) WHERE state = 'retired' AND removed_at IS NULL;

-- The places that use a client's secret, as its owner keeps them: which version each of them has, and since when.
CREATE TABLE deployment (
  id TEXT PRIMARY KEY,
  client TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  place TEXT NOT NULL, -- where it is, in the user's words; may be empty
  version INTEGER,
  ticked_at INTEGER,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER,  -- set while the deletion can be undone
  FOREIGN KEY (client, version) REFERENCES secret_version (client, version) DEFERRABLE INITIALLY DEFERRED,
  CHECK ((version IS NULL) = (ticked_at IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX deployment_of_client ON deployment (client, created_at) WHERE deleted_at IS NULL;
CREATE INDEX deployment_deleted ON deployment (deleted_at) WHERE deleted_at IS NOT NULL;

-- Grows at every start and every clean end, and stands in the keyring too: one that is behind the keyring's is from an earlier day.
ALTER TABLE meta ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;

-- Entries of ours in the keyring that no row knows, since when. They go when nobody has known them for a week.
CREATE TABLE keyring_orphan (
  entry TEXT PRIMARY KEY,
  first_seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What else is to be said about a line of the audit trail, in words and without a value.
ALTER TABLE audit ADD COLUMN detail TEXT;
CREATE INDEX audit_by_client ON audit (client, id);
