import type { Answers } from "./backend";
import { appState, providers, sandbox } from "./sample-app";
import { acceptedMetadata, discoveredProvider, discovery, metadataChange } from "./sample-discovery";
import { noFaults } from "./sample-faults";
import { checkProfile, ownProvider, profileText, providerDetail } from "./sample-providers";
import { requests, sandboxOff } from "./sample-sandbox";

const findProvider = (id: string) => [...providers, ownProvider, discoveredProvider].find((row) => row.id === id) ?? { ...ownProvider, id, name: "New one" };

const showProvider = (id: string) => providerDetail(findProvider(id), { metadata: id === discoveredProvider.id ? acceptedMetadata : null });

/** The sample answers for Providers, Sandbox and Settings. */
export const moreAnswers: Answers = {
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
  sandbox_state: () => sandbox,
  sandbox_start: ({ port, autoApprove, gitterAsEngine }) => ({ ...sandbox, origin: `http://127.0.0.1:${port ?? 40123}`, autoApprove, gitterAsEngine }),
  sandbox_stop: () => sandboxOff,
  sandbox_log: () => ({ entries: requests }),
  sandbox_log_clear: () => ({ entries: [] }),
  sandbox_faults: () => noFaults,
  sandbox_faults_set: ({ rules }) => ({ ...noFaults, rules }),
  settings_show: () => appState.settings,
  settings_change: (settings) => settings,
  keyring_probe: () => ({ ...appState.keyring, message: "Secrets are kept in the keyring. A test entry was written, read back and deleted." }),
};
