import type { Discovery, MetadataChange, MetadataOffer, ProviderProposal } from "$ipc/gen/discovery";
import type { ProviderRow } from "$ipc/gen/provider";
import { providers } from "./sample-app";
import { tokenExchange } from "./sample-runs";

const issuer = "https://id.example.org/realms/staff";

const documents: Discovery["documents"] = [
  { kind: "openId", address: `${issuer}/.well-known/openid-configuration`, status: 200, believed: true, outcome: "Believed" },
  { kind: "oAuth", address: "https://id.example.org/.well-known/oauth-authorization-server/realms/staff", status: 200, believed: true, outcome: "Believed" },
];

export const proposal: ProviderProposal = {
  digest: "5f1c0a",
  name: "id.example.org",
  knownAs: null,
  openid: true,
  endpoints: [
    { title: "Authorization endpoint", member: "authorization_endpoint", address: `${issuer}/auth`, host: "id.example.org", internationalised: false, foreign: false, weight: "trust" },
    { title: "Token endpoint", member: "token_endpoint", address: "https://tøken.example/token", host: "xn--tken-gra.example", internationalised: true, foreign: true, weight: "secret" },
  ],
  scopes: ["openid", "profile", "email"],
  defaultScopes: ["openid", "profile"],
  clientAuthentication: "client_secret_basic",
  clientAuthentications: ["client_secret_basic", "private_key_jwt"],
  idTokenAlgorithms: ["RS256", "ES256"],
  pkce: "S256",
};

/** An issuer whose two documents disagree, with one endpoint on another host. */
export const discovery: Discovery = {
  issuer,
  sentence: "The issuer describes itself, and what it says can be used.",
  documents,
  conflicts: [{ member: "token_endpoint", openid: "https://tøken.example/token", oauth: `${issuer}/token`, weight: "secret" }],
  findings: [
    {
      code: "metadata_conflict",
      title: "The two documents disagree.",
      advice: "Ask whoever runs the server which of them is right.",
      field: "token_endpoint",
      expected: [{ text: `${issuer}/token`, reference: false }],
      received: [{ text: "https://tøken.example/token", reference: false }],
    },
  ],
  exchanges: [{ ...tokenExchange, title: "OpenID configuration", method: "GET", url: documents[0]!.address, fields: [] }],
  proposal,
};

export const offer: MetadataOffer = {
  digest: "77ab12",
  fetchedAt: "2025-10-12T08:00:00Z",
  changes: [
    { member: "token_endpoint", before: `${issuer}/token`, after: "https://tokens.example.org/token", weight: "secret" },
    { member: "jwks_uri", before: `${issuer}/certs`, after: null, weight: "trust" },
    { member: "scopes_supported", before: null, after: "openid profile", weight: "other" },
  ],
};

/** A provider that was found by its issuer. */
export const discoveredProvider: ProviderRow = {
  ...providers[2]!,
  id: "id.example.org",
  name: "Staff login",
  summary: "Found by its issuer.",
  builtIn: false,
  hasTwin: false,
  discovered: true,
  openid: true,
  baseUrl: issuer,
  clients: 0,
};

/** What that issuer says the second time. */
export const metadataChange: MetadataChange = {
  provider: discoveredProvider.id,
  issuer,
  sentence: "3 members differ from what you accepted.",
  documents,
  findings: [],
  exchanges: discovery.exchanges,
  offer,
};

export const acceptedMetadata = { issuer, acceptedAt: "2025-10-11T09:12:00Z", fetchedAt: "2025-10-11T09:12:00Z", offer: null };
