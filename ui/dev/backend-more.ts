import type { Answers } from "./backend";
import { appState, providers, sandbox } from "./sample-app";
import { checkProfile, ownProvider, profileText, providerDetail } from "./sample-providers";
import { requests, sandboxOff } from "./sample-sandbox";

const findProvider = (id: string) => [...providers, ownProvider].find((row) => row.id === id) ?? { ...ownProvider, id, name: "New one" };

/** The sample answers for Providers, Sandbox and Settings. */
export const moreAnswers: Answers = {
  provider_list: () => ({ providers: [...providers, ownProvider] }),
  provider_show: ({ provider }) => providerDetail(findProvider(provider)),
  provider_set_base_url: ({ provider, baseUrl }) => providerDetail({ ...findProvider(provider), baseUrl, placeholder: false }),
  provider_text: ({ provider }) => ({ text: profileText(provider, findProvider(provider).name) }),
  provider_check: ({ text }) => ({ problems: checkProfile(text) }),
  provider_save: ({ text }) => providerDetail(findProvider(/id = "(.*?)"/.exec(text)?.[1] ?? "")),
  provider_delete: () => ({}),
  sandbox_state: () => sandbox,
  sandbox_start: ({ port, autoApprove, gitterAsEngine }) => ({ ...sandbox, origin: `http://127.0.0.1:${port ?? 40123}`, autoApprove, gitterAsEngine }),
  sandbox_stop: () => sandboxOff,
  sandbox_log: () => ({ entries: requests }),
  sandbox_log_clear: () => ({ entries: [] }),
  settings_show: () => appState.settings,
  settings_change: (settings) => settings,
  keyring_probe: () => ({ ...appState.keyring, message: "Secrets are kept in the keyring. A test entry was written, read back and deleted." }),
};
