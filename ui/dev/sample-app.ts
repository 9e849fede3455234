import type { AppState } from "$ipc/gen/app";
import type { ProviderRow } from "$ipc/gen/provider";
import type { SandboxState } from "$ipc/gen/sandbox";

function provider(row: Partial<ProviderRow> & Pick<ProviderRow, "id" | "name" | "noun">): ProviderRow {
  return {
    summary: "",
    historic: false,
    builtIn: true,
    baseUrl: `https://${row.id}.example`,
    placeholder: false,
    hasTwin: true,
    page: "Settings → Apps → New",
    integerClientId: false,
    nameMin: 3,
    nameMax: 30,
    redirectUrisMax: 1,
    scopes: [],
    defaultScopes: [],
    openid: false,
    discovered: false,
    clientAuthentication: "client_secret_post",
    clientAuthentications: ["client_secret_post"],
    hasLogout: false,
    clients: 1,
    ...row,
  };
}

export const providers: ProviderRow[] = [
  provider({ id: "chattr", name: "Chattr", noun: "OAuth app", placeholder: true, integerClientId: true, summary: "Chat; says who you are, gives no token." }),
  provider({ id: "chattz", name: "Chattz", noun: "OAuth app", summary: "Chat; a token for an hour." }),
  provider({ id: "chaster", name: "Chaster", noun: "application", redirectUrisMax: 10, openid: true, hasLogout: true, clientAuthentications: ["client_secret_post", "client_secret_basic", "private_key_jwt"], scopes: ["profile", "locks", "openid"], defaultScopes: ["profile"], summary: "OpenID Connect with refresh." }),
  provider({ id: "gitter", name: "Gitter", noun: "app", historic: true, summary: "Chat rooms; closed to new clients." }),
  provider({ id: "contentdb", name: "ContentDB", noun: "OAuth client", summary: "Tokens that never expire." }),
];

export const sandbox: SandboxState = {
  running: true,
  origin: "http://127.0.0.1:40123",
  autoApprove: null,
  gitterAsEngine: false,
  users: [
    { username: "olivia", password: "olivia", displayName: "Olivia Owner", role: "owns the apps", phoneVerified: true },
    { username: "theo", password: "theo", displayName: "Theo Tester", role: "tester", phoneVerified: true },
    { username: "nina", password: "nina", displayName: "Nina", role: "phone not verified", phoneVerified: false },
  ],
  twins: providers.map(({ id, name }) => ({ provider: id, providerName: name, baseUrl: `http://127.0.0.1:40123/${id}`, apps: 1 })),
};

export const appState: AppState = {
  version: "0.1.0",
  firstStart: false,
  keyring: { status: "unlocked", message: "Secrets are kept in your keyring.", hint: null, sessionSecrets: 0, movingSecrets: 0 },
  sandbox,
  settings: { theme: "system", language: "system", browser: "embedded", sandboxOnStart: true, loginMinutes: 10, welcomeSeen: true, retiredSecretDays: 30, dueNotifications: true, dailyHealthCheck: false, takePictures: true, evidenceDays: 30, runDays: 0 },
  fatal: null,
  language: "english",
  olderDatabase: false,
  notices: [],
  activeRuns: ["run-7"],
};

/** States of the window that are rare, to look at and to test. */
export const rareStates: Record<"first" | "fatal" | "notices" | "older" | "session", Partial<AppState>> = {
  first: { firstStart: true, activeRuns: [], settings: { ...appState.settings, welcomeSeen: false } },
  fatal: {
    fatal: {
      message: "~/.local/share/app.gatewright.desktop/gatewright.sqlite is not a Gatewright database.",
      hint: "Move that file somewhere else and start Gatewright again; it will make a new one. Nothing was changed.",
    },
  },
  notices: {
    notices: [
      { message: "2 secrets were only in memory when Gatewright last ended, and are gone.", hint: "Paste them again where a client asks for its secret." },
      { message: "Your data was brought up to date.", hint: "The old form is kept in ~/.local/share/app.gatewright.desktop/before-V004.sqlite." },
    ],
  },
  older: { olderDatabase: true },
  session: {
    keyring: {
      status: "absent",
      message: "No keyring: no program on this desktop keeps secrets. Secrets are kept for this session only: they are gone when Gatewright closes.",
      hint: "Install and start a keyring (gnome-keyring, KWallet or KeePassXC with its Secret Service). Then check again.",
      sessionSecrets: 2, movingSecrets: 0,
    },
  },
};
