import { call, CommandFailed } from "$ipc/call";
import type { SecretSearch, SecretsRecognised } from "$ipc/gen/secretSearch";

/** What "Which secret is this?" knows while its dialog is open. The pasted text leaves the window with the question. */
export class SecretQuestion {
  pasted = $state("");
  path = $state("");
  busy = $state(false);
  recognised = $state<SecretsRecognised>();
  search = $state<SecretSearch>();
  failure = $state<unknown>();

  readonly running = $derived(this.search?.standing === "running");

  /** Asks about the pasted text and forgets it, whatever the answer. */
  async ask(): Promise<void> {
    const text = this.pasted;
    this.pasted = "";
    await this.#attempt(async () => {
      this.recognised = await call("secret_recognise", { text });
    });
  }

  /** Looks through files and folders. */
  async look(paths: readonly string[]): Promise<void> {
    await this.#attempt(async () => {
      this.search = await call("secret_search_start", { paths: [...paths] });
      // A quick search may have ended, and said so, before this answer came.
      await this.refresh();
    });
  }

  /** Fetches how the search stands: the backend has said that it went on. */
  async refresh(): Promise<void> {
    if (!this.running) return;
    const search = await call("secret_search_show", {});
    // Two answers may overtake each other; a search that has ended goes on no more.
    if (this.running) this.search = search;
  }

  async stop(): Promise<void> {
    if (this.running) this.search = await call("secret_search_stop", {});
  }

  /** What is wrong with one of the two fields. */
  messages(field: "text" | "paths") {
    if (!(this.failure instanceof CommandFailed) || this.failure.field !== field) return [];
    return [{ level: "error" as const, text: this.failure.message, hint: this.failure.hint }];
  }

  /** A failure that belongs to neither. */
  get other(): unknown {
    return this.failure instanceof CommandFailed && this.failure.field !== null ? undefined : this.failure;
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.busy = true;
    this.failure = undefined;
    this.recognised = undefined;
    this.search = undefined;
    try {
      await work();
    } catch (cause) {
      this.failure = cause;
    } finally {
      this.busy = false;
    }
  }
}
