-- Registration access tokens that a provider has put in the place of pasted ones, while nobody here knows their client yet: a registration
-- that could be read but not be taken over. Each goes when its client is kept.
CREATE TABLE replaced_token (
  address TEXT PRIMARY KEY, -- where the client is looked after
  pasted TEXT NOT NULL,     -- keyed fingerprint of the token that a person has pasted
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
