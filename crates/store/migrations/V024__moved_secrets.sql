-- A secret that was only in memory is written into a keyring that is there again, and may be in both when Gatewright ends: that is
-- intended first too. A check cannot be changed, so the table is made anew. Nothing refers to it.

CREATE TABLE intent_made_anew (
  id INTEGER PRIMARY KEY,
  what TEXT NOT NULL CHECK (what IN ('keep_secret', 'move_secret', 'forget_secret')),
  client TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version > 0),
  created_at INTEGER NOT NULL
) STRICT;

INSERT INTO intent_made_anew (id, what, client, version, created_at) SELECT id, what, client, version, created_at FROM intent;

DROP TABLE intent;
ALTER TABLE intent_made_anew RENAME TO intent;
