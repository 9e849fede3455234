import { useQueryClient } from "@tanstack/svelte-query";
import { call } from "$ipc/call";
import type { AppState } from "$ipc/gen/app";
import type { Settings } from "$ipc/gen/settings";
import { keys } from "$ipc/queries";

/** How long "Saved" stays beside what was changed, in milliseconds. */
const SHOWN = 2500;

/** The settings, saved at once on every change: seen in the window first, then kept, and taken back where keeping failed. */
export class SettingsKeeper {
  /** The setting that was kept a moment ago. */
  saved = $state<keyof Settings>();
  failure = $state.raw<unknown>();

  readonly #client = useQueryClient();
  #last: Promise<boolean> = Promise.resolve(true);
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The settings as the cache has them: a change is also kept when the screen it was made on has gone meanwhile. */
  get #current(): Settings | undefined {
    return this.#client.getQueryData<AppState>(keys.app)?.settings;
  }

  /** Changes one setting. Changes are kept in the order they were made. Resolves to whether it was kept. */
  change<Name extends keyof Settings>(name: Name, value: Settings[Name]): Promise<boolean> {
    const now = this.#current;
    if (!now || now[name] === value) return Promise.resolve(true);
    this.#show({ ...now, [name]: value });
    this.#last = this.#last.then(() => this.#keep(name, value));
    return this.#last;
  }

  /** Forgets the word "Saved"; for when the screen goes. */
  stop(): void {
    clearTimeout(this.#timer);
  }

  async #keep<Name extends keyof Settings>(name: Name, value: Settings[Name]): Promise<boolean> {
    const wanted = this.#current;
    if (!wanted) return false;
    this.failure = undefined;
    try {
      this.#show(await call("settings_change", { ...wanted, [name]: value }));
      clearTimeout(this.#timer);
      this.saved = name;
      this.#timer = setTimeout(() => (this.saved = undefined), SHOWN);
      return true;
    } catch (cause) {
      this.failure = cause;
      this.saved = undefined;
      await this.#client.invalidateQueries({ queryKey: keys.app });
      return false;
    }
  }

  #show(settings: Settings): void {
    this.#client.setQueryData<AppState>(keys.app, (state) => state && { ...state, settings });
  }
}
