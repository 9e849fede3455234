import type { Mark, ProfileProblem, ProviderDetail, ProviderRow, StatementDetail } from "$ipc/gen/provider";
import { providers } from "./sample-app";

/** The fields of the statements that the sample observations speak of. */
const fields: Record<string, string> = {
  "Authorization endpoint": "endpoints.authorization",
  "Token endpoint": "endpoints.token",
  "Slash at the end of paths": "endpoints.trailing_slash",
  response_type: "dialect.authorization.response_type",
  state: "dialect.authorization.state",
  "PKCE challenge (S256)": "dialect.authorization.pkce",
  "When the person cancels": "dialect.authorization.cancel",
  Body: "dialect.token_request.encoding",
  "Client authentication": "dialect.token_request.client_authentication",
};

type More = Partial<Pick<StatementDetail, "place" | "note">>;
const say = (title: string, value: string, mark: Mark, more: More = {}): StatementDetail => ({ field: fields[title] ?? "advice", title, value, mark, place: null, note: null, ...more });

const groups: ProviderDetail["groups"] = [
  {
    title: "Endpoints",
    statements: [
      say("Authorization endpoint", "/oauth/authorize", "documented", { place: "Authorization flow, item 1; Step 1 sample URL" }),
      say("Token endpoint", "/oauth/token", "documented", { place: "Authorization flow, item 3" }),
      say("Slash at the end of paths", "none is added", "documented", { note: "What the server does when a slash is added is not said." }),
    ],
  },
  {
    title: "Authorization request",
    statements: [
      say("response_type", "not sent", "documented", { place: "Step 1 sample URL", note: "RFC 6749 §4.1.1 requires it; no sample of this document sends it." }),
      say("state", "sent, optional", "documented", { place: "Step 1 sample URL" }),
      say("PKCE challenge (S256)", "not sent", "unknown", { note: "The document does not mention PKCE, so none is sent." }),
      say("When the person cancels", "either error=access_denied or the bare redirect URI is understood", "unknown"),
    ],
  },
  {
    title: "Token request",
    statements: [
      say("Body", "JSON object", "documented", { place: "Step 2, cURL sample", note: "client_id is a bare number in the body: \"7\" and 7 are different on the wire." }),
      say("Client authentication", "client_id and client_secret in the body", "observed", { place: "Server source", note: "HTTP Basic is not read." }),
    ],
  },
];

const advice: StatementDetail[] = [
  say("Good to know", "There is no access token here. Logged in means: the identity arrived.", "documented", { place: "Important limit" }),
  say("Good to know", "Replace the host: it stands for the server you use. Fill in the real address before a login.", "documented", { note: "The host belongs to a domain reserved for examples (RFC 2606)." }),
  say("Good to know", "The client ID is a whole number and goes into the JSON body without quotes.", "documented"),
  say("Good to know", "A login gives no right to act for the person. Do not plan API calls with it.", "observed"),
];

/** A profile of the user's own beside the five. */
export const ownProvider: ProviderRow = {
  ...providers[0]!,
  id: "sso.example.org",
  name: "Staging SSO",
  summary: "The company's own server, reached through the staging network.",
  builtIn: false,
  hasTwin: false,
  placeholder: false,
  historic: false,
  integerClientId: false,
  clients: 1,
};

/** What a profile says; with the same statements for every provider. */
export function providerDetail(row: ProviderRow, changes: Partial<ProviderDetail> = {}): ProviderDetail {
  const count = (mark: Mark) => groups.flatMap(({ statements }) => statements).filter((statement) => statement.mark === mark).length;
  return {
    row,
    document: `${row.name} documentation, page “OAuth Quickstart”`,
    sandboxBaseUrl: row.hasTwin ? `http://127.0.0.1:40123/${row.id}` : null,
    metadata: null,
    nearbyHosts: [],
    groups,
    advice,
    documented: count("documented"),
    observed: count("observed"),
    unknown: count("unknown"),
    ...changes,
  };
}

/** The beginning of a profile as text. */
export const profileText = (id: string, name: string): string => `id = "${id}"
name = "${name}"
summary = "A login that gives an identity."
document = "Documentation, page “OAuth Quickstart”"

[environments.production]
authorization = "https://id.your-server.net"

[endpoints.authorization]
value = "/oauth/authorize"
mark = "documented"
place = "Step 1 sample URL"

[endpoints.token]
value = "/oauth/token"
mark = "documented"

[dialect.token_request.encoding]
value = "json"
mark = "documented"
`;

/** Finds what a sample needs found: an unknown mark, and a missing id. */
export function checkProfile(text: string): ProfileProblem[] {
  const problems: ProfileProblem[] = text.split("\n").flatMap((line, index) =>
    /^mark = "(?!documented|observed|unknown)/.test(line)
      ? [{ field: "endpoints.token.mark", message: `Found ${line.slice(7)}, expected documented, observed or unknown.`, hint: "Write how you know it.", line: index + 1 }]
      : [],
  );
  if (!/^id = "./m.test(text)) problems.push({ field: "id", message: "Found nothing, expected an id.", hint: "Write id = \"…\" at the top.", line: null });
  return problems;
}
