import { mockIPC } from "@tauri-apps/api/mocks";
import type { CommandName, RequestOf, ResponseOf } from "$ipc/call";
import type { ClientQuery } from "$ipc/gen/client";
import type { Failure } from "$ipc/gen/failure";
import type { RegistrationState } from "$ipc/gen/registration";
import type { RunDetail, RunQuery, StepDetail } from "$ipc/gen/run";
import { moreAnswers } from "./backend-more";
import { appState } from "./sample-app";
import { deployments } from "./sample-secrets";
import { clientDetail, clientRow, clientRows } from "./sample-clients";
import { cancelLab, redirectLab } from "./sample-labs";
import { preflight } from "./sample-preflight";
import { resultAnswers } from "./sample-results";
import { idToken, logoutStep, refreshStep, runs, step } from "./sample-runs";

/** Answers of the other half of Gatewright; what is left out fails as an unknown command does. */
export type Answers = { [Name in CommandName]?: (request: RequestOf<Name>) => ResponseOf<Name> | Promise<ResponseOf<Name>> };

/** Throws what a command that failed sends. */
export function fail(failure: Pick<Failure, "code" | "message"> & Partial<Failure>): never {
  throw { hint: null, field: null, ...failure };
}

function listClients(query: ClientQuery) {
  const words = query.search.toLowerCase();
  const rows = clientRows.filter(
    (row) =>
      `${row.name} ${row.clientId}`.toLowerCase().includes(words) &&
      (query.provider === null || row.provider === query.provider) &&
      (query.environment === null || row.environment === query.environment) &&
      (query.ownership === null || row.ownership === query.ownership),
  );
  return { rows: rows.slice(query.offset, query.offset + query.limit), total: rows.length, owned: 5, shared: 1, tags: ["prod"] };
}

function listRuns(query: RunQuery) {
  const rows = runs
    .map(({ row }) => row)
    .filter((row) => `${row.clientName} ${row.identity}`.toLowerCase().includes(query.search.toLowerCase()) && (query.verdict === null || row.verdict === query.verdict) && (query.tag === null || row.tags.includes(query.tag)));
  return { rows, total: rows.length };
}

const findClient = (id: string) => clientRows.find((row) => row.id === id) ?? clientRow({ id, name: "New one" });
const findRun = (id: string) => runs.find(({ row }) => row.id === id) ?? fail({ code: "not_found", message: "This run is gone." });
const withStep = (id: string, more: StepDetail): RunDetail => {
  const run = findRun(id);
  return { ...run, steps: [...run.steps, more] };
};
const deleted = (what: string) => ({ what, undoUntil: new Date(Date.now() + 10_000).toISOString(), undoMs: 10_000 });

/** A client that was registered by an API when its row says that it is Chaster's, and by hand otherwise. */
export function registrationState(client: string): RegistrationState {
  const managed = findClient(client).provider === "chaster";
  return {
    managed,
    place: managed ? "https://sso.chaster.app" : null,
    needsAgreement: false,
    agreedPlace: null,
    agreedAt: null,
    tokenVersion: managed ? 2 : null,
    tokenAt: managed ? "2026-05-01T10:00:00Z" : null,
    readAt: managed ? "2026-05-12T10:00:00Z" : null,
    goneAt: null,
    differences: managed ? [{ member: "client_name", here: findClient(client).name, there: "Old name" }] : [],
    others: managed ? [{ member: "subject_type", value: "public" }] : [],
    remarks: [],
  };
}

/** A small, well-behaved other half with sample records. */
export const sampleAnswers: Answers = {
  app_state: () => appState,
  client_list: listClients,
  client_show: ({ client }) => clientDetail(findClient(client), client === "c1" ? { deployments } : {}),
  client_check: ({ name }) => ({
    findings: name.length < 3 ? [{ field: "name", error: true, code: "name_short", message: "The name needs at least 3 letters.", hint: null, fix: null }] : [],
    acceptable: name.length >= 3,
  }),
  client_register: (request) => clientDetail(clientRow({ id: "c9", name: request.name })),
  client_enter: (request) => clientDetail(clientRow({ id: "c9", name: request.name })),
  client_change: ({ client, ...rest }) => clientDetail({ ...findClient(client), name: rest.name }),
  client_duplicate: ({ client }) => clientDetail({ ...findClient(client), id: "c9", name: `${findClient(client).name} (copy)` }),
  client_delete: ({ client }) => deleted(findClient(client).name),
  creation_offer: ({ provider, environment }) => ({
    registration: provider === "chaster" ? "https://sso.chaster.app" : null,
    noun: "OAuth2 application",
    page: "Sign in, then Settings, OAuth2 Applications, Create.",
    address: environment === "sandbox" ? `http://127.0.0.1:40123/${provider}/apps` : null,
    rules: ["The name has 5 to 30 characters, which no other has.", "There is one redirect URI, of at most 123 characters."],
  }),
  creation_page_open: () => ({}),
  registration_create: (request) => clientDetail(clientRow({ id: "c9", name: request.name })),
  registration_import: () => clientDetail(clientRow({ id: "c9", name: "Taken over" })),
  registration_show: ({ client }) => registrationState(client),
  registration_read: ({ client }) => registrationState(client),
  registration_push: ({ client }) => ({ ...registrationState(client), differences: [], tokenVersion: 3 }),
  registration_delete: ({ client }) => ({ ...registrationState(client), goneAt: "2026-05-12T10:00:00Z" }),
  secret_prove: () => ({ verdict: "accepted", at: "2026-05-12T10:00:00Z" }),
  client_restore: ({ client }) => clientDetail(findClient(client)),
  secret_reveal: () => ({ value: "s3cr3t-value-9f2c", hideAfterMs: 20_000 }),
  secret_copy: () => ({ clearAfterMs: 30_000 }),
  secret_paste: ({ client }) => clientDetail(findClient(client)),
  cancel_lab_start: () => ({ run: "run-7" }),
  cancel_lab_show: () => cancelLab(),
  cancel_lab_correct: () => ({}),
  redirect_lab_show: ({ redirectUri, sent }) => redirectLab(redirectUri, sent),
  redirect_lab_try: () => ({ caught: true, sentence: "Gatewright caught its own visit to this address. Nothing was kept." }),
  preflight_start: () => ({ preflight: "look-1" }),
  preflight_show: () => preflight(),
  preflight_set_asking: () => ({}),
  login_start: () => ({ run: "run-7" }),
  login_paste: ({ run }) => ({ run }),
  login_address: () => ({ url: "https://contentdb.example/oauth/authorize/?response_type=code&client_id=qX3&state=…" }),
  login_focus: () => ({}),
  login_cancel: () => ({}),
  run_list: listRuns,
  run_show: ({ run }) => findRun(run),
  run_delete: ({ runs: ids }) => deleted(`${ids.length} run`),
  run_restore: () => ({}),
  ...resultAnswers,
  token_copy: () => ({ clearAfterMs: 30_000 }),
  token_refresh: ({ run }) => withStep(run, refreshStep),
  token_revoke: ({ run, token }) => withStep(run, step({ kind: "revocation", title: "Revocation", sentence: `The ${token} is revoked.`, afterLogin: true })),
  token_introspect: ({ run }) => withStep(run, step({ kind: "introspection", title: "Introspection", sentence: "active=true", afterLogin: true })),
  token_userinfo: ({ run }) => withStep(run, step({ kind: "identity", title: "Identity", sentence: "sub = theo", afterLogin: true })),
  token_decode: ({ token }) => ({ ...idToken, token }),
  login_end: ({ run }) => withStep(run, logoutStep),
  ...moreAnswers,
};

/** Puts an other half behind the window; every call is kept, for tests to look at. */
export function installBackend(answers: Answers = {}): { calls: { command: string; request: unknown }[] } {
  const all: Answers = { ...sampleAnswers, ...answers };
  const calls: { command: string; request: unknown }[] = [];
  mockIPC(
    async (command, payload) => {
      const request = (payload as { request: unknown } | undefined)?.request;
      calls.push({ command, request });
      const answer = all[command as CommandName] as ((request: unknown) => unknown) | undefined;
      if (!answer) throw `command ${command} not found`;
      return answer(request);
    },
    { shouldMockEvents: true },
  );
  return { calls };
}
