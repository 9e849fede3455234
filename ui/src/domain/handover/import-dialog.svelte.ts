import type { Ownership } from "$ipc/gen/client";
import type { ImportClient, ImportPreview } from "$ipc/gen/handover";
import { Attempt } from "./attempt.svelte";

/** What the import dialog knows: the file, what opens it, what was seen in it, and what of that is chosen. */
export class ImportDraft {
  path = $state("");
  passphrase = $state("");
  identity = $state("");
  provider = $state("");
  ownership = $state<Ownership>("shared");
  preview = $state<ImportPreview>();
  chosen = $state<readonly number[]>([]);
  readonly attempt = new Attempt();

  readonly wanted = $derived(this.preview?.wanted ?? undefined);
  readonly addable = $derived((this.preview?.clients ?? []).filter(({ standing }) => standing === "new"));
  /** Something was seen that can be chosen from. */
  readonly isSeen = $derived(this.preview !== undefined && this.wanted === undefined);

  /** Forgets what was seen: another file is meant. */
  startOver(): void {
    this.preview = undefined;
    this.passphrase = "";
    this.identity = "";
  }

  /** Looks at the file, with what opens it as far as that is known. */
  async look(): Promise<void> {
    const key =
      this.wanted === "passphrase"
        ? { kind: "passphrase" as const, data: this.passphrase }
        : this.wanted === "identity"
          ? { kind: "identity" as const, data: this.identity }
          : null;
    const preview = await this.attempt.run("import_look", { path: this.path, provider: this.provider === "" ? null : this.provider, key });
    if (!preview) return;
    this.preview = preview;
    this.chosen = this.addable.map(({ index }) => index);
    if (preview.isSomebodyElses) this.ownership = "shared";
    // What opened the file is not needed any more.
    if (preview.wanted === null) {
      this.passphrase = "";
      this.identity = "";
    }
  }

  choose(client: ImportClient, on: boolean): void {
    this.chosen = on ? [...this.chosen, client.index] : this.chosen.filter((index) => index !== client.index);
  }

  /** Takes in what is chosen, exactly as it was shown. */
  take() {
    return this.attempt.run("import_take", { look: this.preview?.look ?? "", clients: [...this.chosen], ownership: this.ownership });
  }
}
