import type { ClientDetail, ClientRow, LastRun, SecretDetail, Verdict } from "$ipc/gen/client";
import { ago, runRow } from "./sample-runs";
import type { ProtocolSettings } from "$ipc/gen/protocol";

const last = (verdict: Verdict, minutes: number): LastRun => ({ run: "run-1", verdict, startedAt: ago(minutes) });

/** A row of the list, with everything that a test does not care about filled in. */
export function clientRow(row: Partial<ClientRow> & Pick<ClientRow, "id" | "name">): ClientRow {
  return {
    clientId: "abc123",
    provider: "chattz",
    providerName: "Chattz",
    environment: "production",
    ownership: "owned",
    tag: "",
    secretVersion: 1,
    secretAgeDays: 3,
    secretUrgency: "fine",
    secretProof: null,
    lastRun: null,
    ...row,
  };
}

export const clientRows: ClientRow[] = [
  clientRow({ id: "c1", name: "My Website Login", tag: "prod", secretVersion: 3, secretAgeDays: 41, lastRun: last("passed", 120) }),
  clientRow({ id: "c2", name: "Guild bot", clientId: "7", provider: "chattr", providerName: "Chattr", secretAgeDays: 97, secretUrgency: "due", lastRun: last("passed", 1500) }),
  clientRow({ id: "c3", name: "Lock dashboard", clientId: "kittenlocks-870504", provider: "chaster", providerName: "Chaster", secretVersion: 2, secretAgeDays: 12, lastRun: last("failed", 4320) }),
  clientRow({ id: "c4", name: "Forum login", clientId: "qX3vB7nT2mLr", provider: "contentdb", providerName: "ContentDB", environment: "sandbox", secretVersion: 3, secretAgeDays: 5, lastRun: last("warned", 1) }),
  clientRow({ id: "c5", name: "Room archive", clientId: "7b1e55d09a4290", provider: "gitter", providerName: "Gitter", environment: "sandbox", secretVersion: null, secretAgeDays: null }),
  clientRow({ id: "c6", name: "Staging SSO", clientId: "gw-staging", provider: "sso.example.org", providerName: "sso.example.org", ownership: "shared", lastRun: last("running", 0) }),
];

/** Protocol settings by which a client's logins differ in nothing. */
export const usualProtocol: ProtocolSettings = {
  authorizationParameters: [],
  tokenParameters: [],
  refreshParameters: [],
  clientAuthentication: null,
  assertionSigningAlg: null,
  assertionKeyId: null,
  idTokenSignedResponseAlg: null,
  userinfoSignedResponseAlg: null,
  hmacAllowed: false,
  trustedAudiences: [],
  responseMode: null,
  loginHint: null,
  prompt: [],
  maxAge: null,
  acrValues: [],
  acrEssential: false,
  postLogoutRedirectUri: null,
};

/** A version of a secret, with everything that a test does not care about filled in. */
export function secretDetail(version: Partial<SecretDetail> & Pick<SecretDetail, "version">): SecretDetail {
  return {
    state: "active",
    place: "keyring",
    lastFour: "9f2c",
    fingerprint: "5be0c41d",
    createdAt: "2025-10-11T09:12:00Z",
    promotedAt: "2025-10-11T09:12:00Z",
    retiringSince: null,
    retiredAt: null,
    removedAt: null,
    dueAt: "2026-01-09T09:12:00Z",
    proof: null,
    acceptedAt: null,
    ...version,
  };
}

/** Everything about one client of the list. */
export function clientDetail(row: ClientRow, changes: Partial<ClientDetail> = {}): ClientDetail {
  const secret = row.secretVersion
    ? secretDetail({ version: row.secretVersion })
    : null;
  return {
    row,
    redirectUris: [
      { uri: "https://example.com/chattz-callback", embedded: true, loopback: false, note: null },
      { uri: "http://127.0.0.1:7171/callback", embedded: true, loopback: true, note: "Port 7171 must be free when you log in with your own browser." },
    ],
    owner: "Me",
    notes: "Deployed on web-1 and web-2. The nightly export uses it too.",
    protocol: usualProtocol,
    responseMode: "query",
    secret,
    secretVersions: secret ? [secret, secretDetail({ version: 1, state: "retired", lastFour: "11aa", createdAt: "2025-01-02T08:00:00Z", dueAt: null })] : [],
    rotateAfterDays: 90,
    deployments: [],
    sends: "form body · grant_type · redirect_uri · secret in body",
    gets: "Bearer token, 3600 s, no refresh → after expiry only a new login works",
    obstacles: secret
      ? []
      : [{ message: "This client has no secret here.", hint: "Paste the secret the provider showed you.", fix: "pasteSecret" }],
    baseUrl: "https://chattz.net",
    noun: "OAuth app",
    runs: [runRow({ id: "run-1", client: row.id, clientName: row.name }), runRow({ id: "run-2", client: row.id, clientName: row.name, verdict: "failed", outcome: "token_refused", outcomeText: "Refused: invalid redirect_uri", identity: null, startedAt: ago(4000) })],
    createdAt: "2025-01-02T08:00:00Z",
    updatedAt: ago(300),
    ...changes,
  };
}
