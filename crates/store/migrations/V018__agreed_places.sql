-- The place, as scheme, host and port, that a person has agreed to for the address at which a client is looked after: beyond its provider's
-- own endpoints. It counts for that place only: an address that moves on has to be agreed to again.
ALTER TABLE registration ADD COLUMN agreed_place TEXT;
