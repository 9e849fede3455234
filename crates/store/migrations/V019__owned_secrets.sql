-- The Rotation board counts ten thousand secrets before it shows one. Looking up whose each of them is took most of that time, so a
-- version says it itself: whether its client is owned, and not deleted.

ALTER TABLE secret_version ADD COLUMN is_owned INTEGER NOT NULL DEFAULT 0 CHECK (is_owned IN (0, 1));
UPDATE secret_version SET is_owned = 1
WHERE client IN (SELECT id FROM client WHERE deleted_at IS NULL AND ownership = 'owned');

CREATE TRIGGER secret_version_of_owned AFTER INSERT ON secret_version BEGIN
  UPDATE secret_version
  SET is_owned = (SELECT deleted_at IS NULL AND ownership = 'owned' FROM client WHERE id = new.client)
  WHERE client = new.client AND version = new.version;
END;

CREATE TRIGGER client_owned AFTER UPDATE OF ownership, deleted_at ON client
WHEN old.ownership <> new.ownership OR (old.deleted_at IS NULL) <> (new.deleted_at IS NULL)
BEGIN
  UPDATE secret_version SET is_owned = new.deleted_at IS NULL AND new.ownership = 'owned' WHERE client = new.id;
END;

DROP INDEX secret_version_due;
CREATE INDEX secret_version_due ON secret_version (due_at, client, promoted_at, created_at)
WHERE state = 'active' AND is_owned = 1;
