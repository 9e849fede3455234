// oidc-provider as a judge of the engine: everything it has is in memory, and all its secrets are new at every start.
//
// It prints one line of JSON when it listens: its issuer, the clients it knows, and who may sign in. The tests read that line
// instead of agreeing with this file on names and secrets.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

import Provider from "oidc-provider";

const host = "127.0.0.1";
const secret = () => randomBytes(32).toString("base64url");

/** A signing key of the provider, named by its kind. */
function signing(kid, type, options) {
  const { privateKey } = generateKeyPairSync(type, options);
  return { ...privateKey.export({ format: "jwk" }), kid, use: "sig" };
}

/** The key by which a client signs its assertions: we keep the public half, its owner is told the private one. */
const assertionKey = generateKeyPairSync("ec", { namedCurve: "P-256" });

const common = {
  grant_types: ["authorization_code", "refresh_token"],
  response_types: ["code"],
  // A native client's port is its own business (RFC 8252 §7.3).
  application_type: "native",
  redirect_uris: ["http://127.0.0.1/callback"],
  post_logout_redirect_uris: ["http://127.0.0.1/signed-out"],
};

const confidential = (client_id, token_endpoint_auth_method, more = {}) => ({
  ...common,
  client_id,
  client_secret: secret(),
  token_endpoint_auth_method,
  ...more,
});

const clients = [
  { ...common, client_id: "native", token_endpoint_auth_method: "none" },
  confidential("basic", "client_secret_basic"),
  confidential("post", "client_secret_post"),
  confidential("secret_jwt", "client_secret_jwt", { token_endpoint_auth_signing_alg: "HS256" }),
  {
    ...common,
    client_id: "key_jwt",
    token_endpoint_auth_method: "private_key_jwt",
    token_endpoint_auth_signing_alg: "ES256",
    jwks: { keys: [{ ...assertionKey.publicKey.export({ format: "jwk" }), kid: "assertion", use: "sig" }] },
  },
  // Its codes are dead before anybody can send them.
  confidential("hasty", "client_secret_basic"),
  // Each gets its ID tokens, and its userinfo, signed in its own way.
  ...["PS256", "ES256", "EdDSA", "HS256"].map((algorithm) =>
    confidential(`signed_${algorithm}`, "client_secret_basic", {
      id_token_signed_response_alg: algorithm,
      userinfo_signed_response_alg: algorithm,
    }),
  ),
];

const configuration = {
  clients,
  jwks: {
    keys: [
      signing("rsa", "rsa", { modulusLength: 2048 }),
      signing("p256", "ec", { namedCurve: "P-256" }),
      signing("ed25519", "ed25519", {}),
    ],
  },
  enabledJWA: {
    idTokenSigningAlgValues: ["RS256", "PS256", "ES256", "EdDSA", "HS256"],
    userinfoSigningAlgValues: ["RS256", "PS256", "ES256", "EdDSA", "HS256"],
  },
  cookies: { keys: [secret()] },
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
  findAccount: (_context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: "Ada Lovelace", email: `${id}@example.org`, email_verified: true }),
  }),
  features: {
    devInteractions: { enabled: true },
    introspection: { enabled: true },
    jwtUserinfo: { enabled: true },
    registration: { enabled: true },
    registrationManagement: { enabled: true },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  ttl: {
    AccessToken: 3600,
    AuthorizationCode: (_context, _code, client) => (client.clientId === "hasty" ? 1 : 60),
    Grant: 86400,
    IdToken: 3600,
    Interaction: 600,
    RefreshToken: 86400,
    Session: 86400,
  },
};

// The issuer holds the port, so the port comes first.
const server = createServer();
server.listen(0, host);
await once(server, "listening");
const issuer = `http://${host}:${server.address().port}`;
const provider = new Provider(issuer, configuration);
provider.on("server_error", (_context, error) => console.error(error));
const answer = provider.callback();
server.on("request", (request, response) => {
  // Its pages ask the network for a font and a picture. A real browser is kept from it: nothing here needs more than this computer.
  response.setHeader("content-security-policy", "style-src 'unsafe-inline'; font-src 'none'; img-src 'none'");
  answer(request, response);
});

const known = clients.map(({ client_id, client_secret }) => [client_id, { id: client_id, secret: client_secret }]);
const announcement = {
  issuer,
  clients: Object.fromEntries(known),
  person: { login: "ada", password: "any will do" },
  assertion_key: assertionKey.privateKey.export({ format: "pem", type: "pkcs8" }),
};
console.log(JSON.stringify(announcement));
