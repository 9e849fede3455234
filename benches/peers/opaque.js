// oidc-provider as our sandbox is measured beside it: opaque access tokens for a client that acts for itself.
//
// Everything stays in memory and nothing is logged. `PORT` says where it listens on 127.0.0.1.
import Provider from "oidc-provider";

const port = Number(process.env.PORT);
const host = "127.0.0.1";

const provider = new Provider(`http://${host}:${port}`, {
  clients: [
    {
      client_id: "bench",
      client_secret: "bench-secret-that-is-long-enough-for-any-rule",
      grant_types: ["client_credentials"],
      response_types: [],
      redirect_uris: [],
      // In the body, as our load tool sends it to both sides.
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  scopes: ["profile"],
  features: {
    clientCredentials: { enabled: true },
    // Pages nobody visits here.
    devInteractions: { enabled: false },
  },
  // As long as our twin's.
  ttl: { ClientCredentials: 300 },
});

provider.listen(port, host);
