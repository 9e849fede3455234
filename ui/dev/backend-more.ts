import type { Answers } from "./backend";
import { appState, providers, sandbox } from "./sample-app";
import { acceptedMetadata, discoveredProvider, discovery, metadataChange } from "./sample-discovery";
import { noFaults } from "./sample-faults";
import { ended, preview, readyBackup, retired } from "./sample-handover";
import { listBoard, overAndDone, rotationDetail, rotationOptions, waitsForLogin, waitsForPaste } from "./sample-rotations";
import { deployments, intactBinding, listAudit } from "./sample-secrets";
import { clientDetail, clientRows } from "./sample-clients";
import { checkProfile, ownProvider, profileText, providerDetail } from "./sample-providers";
import { requests, sandboxOff } from "./sample-sandbox";
import { evidenceAnswers } from "./sample-evidence";
import { reportAnswers } from "./sample-report";
import { observationReport, observations } from "./sample-observations";
import { snippet } from "./sample-snippets";
import { testUserAnswers } from "./sample-test-users";
import { walkAnswers } from "./backend-walks";

const findProvider = (id: string) => [...providers, ownProvider, discoveredProvider].find((row) => row.id === id) ?? { ...ownProvider, id, name: "New one" };

const showProvider = (id: string) => providerDetail(findProvider(id), { metadata: id === discoveredProvider.id ? acceptedMetadata : null });

const findClient = (id: string) => clientRows.find((row) => row.id === id) ?? clientRows[0]!;

const showRotation = (id: string) => rotationDetail([waitsForPaste, waitsForLogin, overAndDone].find((one) => one.id === id) ?? { id });

/** The sample answers for Providers, Rotation, Sandbox and Settings. */
export const moreAnswers: Answers = {
  client_snippet: snippet,
  observations_show: ({ environment }) => observations(environment),
  observations_renew: ({ environment }) => observations(environment),
  observation_report: () => observationReport,
  observation_report_save: () => observationReport,
  provider_list: () => ({ providers: [...providers, ownProvider, discoveredProvider] }),
  provider_show: ({ provider }) => showProvider(provider),
  provider_set_base_url: ({ provider, baseUrl }) => providerDetail({ ...findProvider(provider), baseUrl, placeholder: false }),
  provider_text: ({ provider }) => ({ text: profileText(provider, findProvider(provider).name) }),
  provider_check: ({ text }) => ({ problems: checkProfile(text) }),
  provider_save: ({ text }) => providerDetail(findProvider(/id = "(.*?)"/.exec(text)?.[1] ?? "")),
  provider_delete: () => ({}),
  provider_discover: ({ issuer }) => ({ ...discovery, issuer }),
  provider_adopt: ({ name }) => providerDetail({ ...discoveredProvider, name }, { metadata: acceptedMetadata }),
  provider_refresh: () => metadataChange,
  provider_accept_change: ({ provider }) => showProvider(provider),
  provider_decline_change: ({ provider }) => showProvider(provider),
  nearby_host_confirm: ({ provider, host }) => ({ ...showProvider(provider), nearbyHosts: [{ host, confirmedAt: new Date().toISOString() }] }),
  nearby_host_withdraw: ({ provider }) => showProvider(provider),
  rotation_board: listBoard,
  rotation_options: ({ client }) => ({ ...rotationOptions, client }),
  rotation_start: ({ client, strategy, driver }) => rotationDetail({ id: "rot-9", client, strategy, driver }),
  rotation_show: ({ rotation }) => showRotation(rotation),
  rotation_tick_deployment: ({ rotation, deployment, moved }) => {
    const detail = showRotation(rotation);
    return { ...detail, deployments: detail.deployments.map((one) => (one.deployment === deployment ? { ...one, moved } : one)) };
  },
  rotation_paste_new: ({ rotation }) => ({ ...rotationDetail(), id: rotation }),
  rotation_pass_over: ({ rotation }) => ({ ...rotationDetail(waitsForLogin), id: rotation }),
  rotation_login: () => ({ run: "run-7" }),
  rotation_roll_back: ({ rotation }) => rotationDetail({ id: rotation, state: "rolledBack", sentence: "v1 is in use again, and v2 is gone.", actions: [] }),
  rotation_abandon: ({ rotation }) => rotationDetail({ id: rotation, state: "abandoned", sentence: "Given up. v1 stays in use.", actions: [] }),
  secret_set_policy: ({ client, rotateAfterDays }) => clientDetail(findClient(client), { rotateAfterDays }),
  secret_binding: ({ client }) => intactBinding(client),
  secret_confirm_binding: ({ client }) => clientDetail(findClient(client)),
  deployment_add: ({ client }) => clientDetail(findClient(client), { deployments }),
  deployment_rename: () => clientDetail(findClient("c1"), { deployments }),
  deployment_set_version: () => clientDetail(findClient("c1"), { deployments }),
  deployment_remove: ({ deployment }) => ({ what: deployments.find(({ id }) => id === deployment)?.name ?? "", undoUntil: new Date(Date.now() + 10_000).toISOString(), undoMs: 10_000 }),
  deployment_restore: () => clientDetail(findClient("c1"), { deployments }),
  audit_list: listAudit,
  sandbox_state: () => sandbox,
  sandbox_start: ({ port, autoApprove, gitterAsEngine }) => ({ ...sandbox, origin: `http://127.0.0.1:${port ?? 40123}`, autoApprove, gitterAsEngine }),
  sandbox_stop: () => sandboxOff,
  sandbox_log: () => ({ entries: requests }),
  sandbox_log_clear: () => ({ entries: [] }),
  sandbox_faults: () => noFaults,
  sandbox_faults_set: ({ rules }) => ({ ...noFaults, rules }),
  secret_recognise: ({ text }) => ({ secrets: text.includes("hush") ? [retired] : [], comparedWith: 7 }),
  secret_search_start: ({ paths }) => ({ ...ended, paths }),
  secret_search_show: () => ended,
  secret_search_stop: () => ({ ...ended, standing: "stopped" }),
  path_choose: ({ wanted }) => ({ path: wanted === "folder" ? "/srv/site" : "/srv/site/clients.age" }),
  clients_export: ({ folder }) => ({ place: folder, clients: 5, secrets: 0, leftOut: [] }),
  clients_export_sealed: ({ file }) => ({ place: file, clients: 1, secrets: 1, leftOut: [] }),
  import_look: () => preview,
  import_take: ({ clients, ownership }) => ({ import: "i1", clients: clients.map((index) => `new${index}`), secrets: 1, ownership, undoMs: 10_000 }),
  import_undo: () => ({}),
  backup_make: ({ file, withPictures }) => ({ file, clients: 6, secrets: 8, pictures: withPictures ? 14 : 0, megabytes: 1.2, leftOut: ["The walk plan notes.toml is not in the backup: it is not text."] }),
  backup_restore: () => readyBackup,
  backup_state: () => ({ underWay: null, ready: null }),
  backup_stop: () => ({ underWay: null, ready: null }),
  restart: () => ({}),
  ...walkAnswers,
  ...reportAnswers,
  ...evidenceAnswers,
  ...testUserAnswers,
  settings_show: () => appState.settings,
  settings_change: (settings) => settings,
  keyring_probe: () => ({ ...appState.keyring, message: "Secrets are kept in the keyring. A test entry was written, read back and deleted." }),
};
