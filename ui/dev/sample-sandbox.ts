import type { SandboxLogEntry, SandboxState } from "$ipc/gen/sandbox";
import { sandbox } from "./sample-app";

/** The sandbox as it is before it is started. */
export const sandboxOff: SandboxState = {
  ...sandbox,
  running: false,
  origin: null,
  autoApprove: null,
  twins: sandbox.twins.map((twin) => ({ ...twin, baseUrl: null, apps: 0 })),
};

/** A line of the request log, with everything that a test does not care about filled in. */
export function request(sequence: number, changes: Partial<SandboxLogEntry> = {}): SandboxLogEntry {
  return {
    sequence,
    at: new Date(Date.UTC(2025, 9, 11, 9, 12, 4, 120) + sequence * 731).toISOString(),
    provider: "contentdb",
    method: "GET",
    path: "/contentdb/oauth/authorize/",
    status: 200,
    durationMs: 1.4,
    note: "login page shown",
    requestId: `r${sequence}`,
    faults: [],
    ...changes,
  };
}

/** A login at two twins, and somebody who asks for the wrong thing. */
export const requests: SandboxLogEntry[] = [
  request(1),
  request(2, { method: "POST", path: "/contentdb/user/sign-in", status: 303, note: "theo signed in" }),
  request(3, { note: "consent page shown for Forum login" }),
  request(4, { method: "POST", status: 302, note: "code issued to Forum login for theo" }),
  request(5, { method: "POST", path: "/contentdb/oauth/token/", note: "token issued to Forum login for theo", durationMs: 38 }),
  request(6, { path: "/contentdb/api/whoami/", note: "identity of theo" }),
  request(7, { provider: "gitter", path: "/gitter/login/oauth/authorize", status: 400, note: "refused: this redirect URI is not registered" }),
  request(8, { provider: "chattr", method: "POST", path: "/chattr/oauth/token", status: 401, note: "refused: the secret is wrong" }),
  request(9, { provider: null, path: "/favicon.ico", status: 404, note: "" }),
];
