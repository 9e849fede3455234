-- Every look at a draft asks which other clients have its redirect URIs.

CREATE INDEX redirect_uri_by_uri ON redirect_uri (uri);
