-- When a person agreed to the place at which a client is looked after; not known of an agreement from before.
ALTER TABLE registration ADD COLUMN agreed_at INTEGER;
