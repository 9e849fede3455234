import type { Discovery, MetadataChange, MetadataOffer, ProviderProposal } from "$ipc/gen/discovery";
import type { ProviderRow } from "$ipc/gen/provider";
import type { FindingDetail } from "$ipc/gen/run";
import { providers } from "./sample-app";
import { tokenExchange } from "./sample-runs";

const issuer = "https://id.example.org/realms/staff";

const documents: Discovery["documents"] = [
  { kind: "openId", address: `${issuer}/.well-known/openid-configuration`, status: 200, believed: true, outcome: "Believed" },
  { kind: "oAuth", address: "https://id.example.org/.well-known/oauth-authorization-server/realms/staff", status: 200, believed: true, outcome: "Believed" },
];

/** That a name leads into the network at hand. */
export const hostTooNear: FindingDetail = {
  code: "host_too_near",
  title: "The host's name leads to this computer or into the network at hand.",
  advice: "The name leads to 10.0.0.5, so nothing was sent. If this server is your own, allow the host for this provider.",
  field: "host",
  expected: [{ text: "a host on the internet, or one that you have allowed", reference: false }],
  received: [{ text: "id.example.org", reference: false }],
};

/** That the metadata put an endpoint elsewhere than the profile. */
export const moved: FindingDetail = {
  code: "endpoint_changed",
  title: "The metadata name another endpoint than the profile.",
  advice: "Nothing is sent to an address that nobody has looked at.",
  field: "token_endpoint",
  expected: [{ text: "https://id.example.org/token as in the profile", reference: false }],
  received: [{ text: "https://tokens.example.org/token", reference: false }],
};

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

/** An issuer whose name leads into the network at hand. */
export const refusedAsNear: Discovery = {
  ...discovery,
  sentence: "Nothing was found: id.example.org leads to 10.0.0.5, which is not on the internet.",
  documents: documents.map((document) => ({ ...document, status: null, believed: false, outcome: "Not asked" })),
  conflicts: [],
  findings: [hostTooNear],
  exchanges: [],
  proposal: null,
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
