import type { ExchangeDetail, FindingDetail, Piece, RunDetail, RunRow, StepDetail } from "$ipc/gen/run";
import type { JwtDetail } from "$ipc/gen/token";

/** A moment some minutes ago, RFC 3339. */
export const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

const text = (words: string): Piece => ({ text: words, reference: false });
const reference = (name: string): Piece => ({ text: name, reference: true });
const field = (name: string, ...value: Piece[]) => ({ name, value });

/** A row of the list of runs, with everything that a test does not care about filled in. */
export function runRow(row: Partial<RunRow> = {}): RunRow {
  return {
    id: "run-1",
    client: "c4",
    clientName: "Forum login",
    provider: "contentdb",
    providerName: "ContentDB",
    environment: "sandbox",
    browser: "embedded",
    meant: null,
    startedAt: ago(2),
    durationMs: 1800,
    verdict: "passed",
    outcome: "logged_in",
    outcomeText: "Logged in",
    identity: "qa-two",
    tags: [],
    ...row,
  };
}

export function step(changes: Partial<StepDetail> & Pick<StepDetail, "kind" | "title">): StepDetail {
  return { status: "passed", sentence: "", durationMs: 1, afterLogin: false, waitedForPerson: false, findings: [], exchanges: [], pages: [], ...changes };
}

export const tokenExchange: ExchangeDetail = {
  title: "Token request",
  method: "POST",
  url: "http://127.0.0.1:40123/contentdb/oauth/token/",
  query: [],
  requestHeaders: [field("Content-Type", text("multipart/form-data; boundary=…")), field("Accept", text("application/json"))],
  encoding: "multipart",
  fields: [
    field("grant_type", text("authorization_code")),
    field("client_id", text("qX3vB7nT2mLr")),
    field("client_secret", reference("secret:v3")),
    field("code", reference("code#1")),
  ],
  status: 200,
  responseHeaders: [field("Content-Type", text("application/json"))],
  body: [text('{ "success": true,\n  "access_token": "'), reference("token#1"), text('",\n  "token_type": "Bearer" }')],
  bytes: 96,
  cut: false,
  durationMs: 38,
  failure: null,
};

export const noLifetime: FindingDetail = {
  code: "token_without_lifetime",
  title: "The access token has no lifetime.",
  advice: "ContentDB sends no expires_in, and its tokens stay valid until they are revoked. Treat a leak as permanent.",
  field: "expires_in",
  expected: [text("expires_in  number of seconds\n            RFC 6749 §5.1, recommended")],
  received: [text('{ "success": true,\n  "access_token": '), reference("token#1"), text(',\n  "token_type": "Bearer" }')],
};

/** A login at ContentDB's twin that worked and left one remark. */
export const finishedRun: RunDetail = {
  row: runRow({ verdict: "warned", outcomeText: "Logged in, 1 finding" }),
  sentence: null,
  next: null,
  personMs: 1200,
  awaitsPaste: false,
  redirectUri: "http://127.0.0.1:7171/callback",
  identity: { subject: "qa-two", displayName: "qa-two", initials: "Q2", fields: [{ name: "is_authenticated", text: "true" }, { name: "username", text: "qa-two" }] },
  tokens: { issued: [{ name: "access_token", available: true }], tokenType: "Bearer", expiresAt: null, lifetime: "The provider did not say how long it lives.", scope: null },
  grant: null,
  actions: [],
  steps: [
    step({ kind: "authorization_request", title: "Authorization request", sentence: "response_type=code · state · redirect_uri" }),
    step({ kind: "pages", title: "Login page, consent page", sentence: "2 pages seen", durationMs: 1200, waitedForPerson: true, pages: ["http://127.0.0.1:40123/contentdb/user/sign-in", "http://127.0.0.1:40123/contentdb/oauth/authorize"] }),
    step({ kind: "callback", title: "Callback caught", sentence: "before any request left this computer", durationMs: 0.2 }),
    step({ kind: "token_request", title: "Token request", status: "warned", sentence: "Token issued, but it never expires", durationMs: 38, findings: [noLifetime], exchanges: [tokenExchange] }),
    step({ kind: "identity", title: "Identity", sentence: "username = qa-two", durationMs: 21 }),
  ],
};

/** A login that waits for the person. */
export const waitingRun: RunDetail = {
  ...finishedRun,
  row: runRow({ id: "run-7", verdict: "running", outcome: "running", outcomeText: "Waiting for you", identity: null, durationMs: null, browser: "paste" }),
  personMs: null,
  awaitsPaste: true,
  identity: null,
  tokens: null,
  steps: [finishedRun.steps[0]!, step({ kind: "pages", title: "Login page", status: "running", sentence: "Sign in and consent in your browser.", durationMs: null, waitedForPerson: true })],
};

/** A login that the person refused. */
export const deniedRun: RunDetail = {
  ...finishedRun,
  row: runRow({ id: "run-3", client: "c3", clientName: "Lock dashboard", provider: "chaster", providerName: "Chaster", verdict: "warned", outcome: "denied", outcomeText: "Denied by the person", identity: null, browser: "system", startedAt: ago(90) }),
  sentence: "The person pressed “Deny” at Chaster, and the provider said so: access_denied.",
  next: "Log in again and approve, or leave it: this is what a refusal should look like.",
  identity: null,
  tokens: null,
  steps: [finishedRun.steps[0]!, finishedRun.steps[1]!, step({ kind: "callback", title: "Callback", status: "failed", sentence: "error=access_denied", durationMs: 2 })],
};

export const refreshStep = step({ kind: "refresh", title: "Refresh", sentence: "New tokens came and are kept.", afterLogin: true, durationMs: 41 });
export const logoutStep = step({ kind: "logout", title: "Logout", status: "running", sentence: "Logging out at the provider.", afterLogin: true, durationMs: null });

/** A login at Chaster's twin with everything that can be done with its tokens. */
export const refreshableRun: RunDetail = {
  ...finishedRun,
  row: runRow({ id: "run-5", client: "c3", clientName: "Key keeper", provider: "chaster", providerName: "Chaster", startedAt: ago(5), identity: "theo" }),
  tokens: {
    issued: ["access_token", "refresh_token", "id_token"].map((name) => ({ name, available: true })),
    tokenType: "Bearer",
    expiresAt: ago(-55),
    lifetime: "3600 s",
    scope: "openid profile",
  },
  grant: { state: "live", sentence: null, refreshes: 0, accessExpiresAt: ago(-55), refreshExpiresAt: null, refreshedAt: null },
  actions: [
    { kind: "refresh", token: null },
    { kind: "userinfo", token: null },
    { kind: "logOut", token: null },
    { kind: "revoke", token: "access_token" },
    { kind: "revoke", token: "refresh_token" },
    { kind: "introspect", token: "access_token" },
    { kind: "decode", token: "access_token" },
    { kind: "decode", token: "id_token" },
  ],
};

/** The same, after the answer to a refresh never came. */
export const ambiguousRun: RunDetail = {
  ...refreshableRun,
  grant: { ...refreshableRun.grant!, state: "ambiguous", sentence: "The refresh token was sent, and its answer never came: it may be used up." },
  actions: [{ kind: "tryOnceMore", token: null }],
};

export const idToken: JwtDetail = {
  token: "id_token",
  form: "signed",
  sentence: "A signed JWT.",
  header: [{ name: "alg", text: "RS256" }, { name: "kid", text: "k1" }],
  claims: [{ name: "iss", text: "https://chaster.example" }, { name: "exp", text: "1760173924" }, { name: "auth_time", text: "1760173924000" }],
  times: [
    { claim: "exp", at: "2025-10-11T09:12:04Z", inMilliseconds: false },
    { claim: "auth_time", at: "2025-10-11T09:12:04Z", inMilliseconds: true },
  ],
  twice: null,
  signature: "verified",
};

export const runs: RunDetail[] = [finishedRun, waitingRun, deniedRun, refreshableRun];
