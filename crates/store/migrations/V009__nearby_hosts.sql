-- Hosts of which a person has said that they are on this computer or in the network at hand. Requests of this provider may go there, and of
-- no other.

CREATE TABLE nearby_host (
  provider TEXT NOT NULL,
  host TEXT NOT NULL,       -- as it is looked up: lower case, without a dot at its end
  confirmed_at INTEGER NOT NULL,
  PRIMARY KEY (provider, host)
) STRICT, WITHOUT ROWID;
