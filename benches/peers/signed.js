// oauth2-mock-server as our sandbox is measured beside it: whole logins whose tokens are signed with RS256.
//
// `PORT` says where it listens on 127.0.0.1.
import { OAuth2Server } from "oauth2-mock-server";

const server = new OAuth2Server();
await server.issuer.keys.generate("RS256");
await server.start(Number(process.env.PORT), "127.0.0.1");
