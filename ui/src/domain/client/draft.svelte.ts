import { call, CommandFailed } from "$ipc/call";
import type { ClientDetail, ClientDraft, DraftFinding, Environment, Ownership } from "$ipc/gen/client";
import type { FieldMessage } from "$kit/Field.svelte";
import { ProtocolDraft } from "./protocol-draft.svelte";

/** How long after the last letter the draft is sent to be judged, in milliseconds. */
const PAUSE = 180;

/**
 * Where the client of the form comes from: registered at the twin, registered at the provider by its API, entered from elsewhere, taken
 * over with its registration, or kept here already.
 */
export type Way = "register" | "provider" | "enter" | "takeOver" | "change";

/**
 * What is typed into the form of a client, and what the backend thinks of it. The rules live in Rust: this object sends the draft
 * after every change and lays each finding beside its field, once that field was touched.
 */
export class Draft {
  provider = $state("");
  environment = $state<Environment>("sandbox");
  name = $state("");
  clientId = $state("");
  secret = $state("");
  redirectUris = $state<string[]>([""]);
  ownership = $state<Ownership>("owned");
  owner = $state("");
  tag = $state("");
  notes = $state("");
  registerAs = $state("");

  way = $state<Way>("register");
  busy = $state(false);
  /** Why the last attempt to keep the draft failed, where it is about no field. */
  failure = $state<unknown>();

  #findings = $state.raw<readonly DraftFinding[]>([]);
  #refusal = $state.raw<CommandFailed>();
  // The provider's base URL is no field of this form: what is said about it is said at once.
  #touched = $state<Record<string, true>>({ baseUrl: true });
  #attempted = $state(false);
  #latest = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** The record being edited. */
  readonly client: string | null;
  /** What its logins do otherwise; a client made from nothing has no such settings yet. */
  readonly protocol: ProtocolDraft | undefined;

  /** A draft that is empty, that edits a client, or that starts a new one from another's fields. */
  constructor(existing?: ClientDetail, purpose: "edit" | "copy" = "edit") {
    this.client = existing && purpose === "edit" ? existing.row.id : null;
    if (!existing) return;
    this.protocol = new ProtocolDraft(existing.protocol);
    this.way = purpose === "edit" ? "change" : existing.row.environment === "sandbox" ? "register" : "enter";
    this.provider = existing.row.provider;
    this.environment = existing.row.environment;
    this.name = existing.row.name;
    this.clientId = purpose === "edit" ? existing.row.clientId : "";
    this.redirectUris = existing.redirectUris.map(({ uri }) => uri);
    if (this.redirectUris.length === 0) this.redirectUris = [""];
    this.ownership = existing.row.ownership;
    this.owner = existing.owner;
    this.tag = existing.row.tag;
    this.notes = existing.notes;
  }

  /** The redirect URIs that say something. */
  get uris(): string[] {
    return this.redirectUris.filter((uri) => uri !== "");
  }

  /** The draft as the backend judges it. Reading it in an effect makes the effect follow every field. */
  get asked(): ClientDraft {
    return {
      provider: this.provider,
      environment: this.way === "register" ? "sandbox" : this.environment,
      client: this.client,
      name: this.name,
      clientId: this.way === "register" || this.way === "provider" ? null : this.clientId,
      secret: this.way === "enter" && this.secret !== "" ? this.secret : null,
      redirectUris: [...this.redirectUris],
      protocol: this.ownership === "owned" ? (this.protocol?.settings ?? null) : null,
    };
  }

  /** Something among the protocol settings keeps the draft from being kept, and the person has tried. */
  get protocolIsWrong(): boolean {
    if (!this.#attempted) return false;
    const isAbout = (field: string | null | undefined) => field?.startsWith("protocol.") ?? false;
    return this.protocol?.maxAgeIsWrong || isAbout(this.#refusal?.field) || this.#findings.some(({ error, field }) => error && isAbout(field));
  }

  /** Has the draft judged after a short pause; a later call makes an earlier one pointless. */
  checkSoon(draft: ClientDraft): void {
    clearTimeout(this.#timer);
    const turn = (this.#latest += 1);
    this.#timer = setTimeout(async () => {
      try {
        const { findings } = await call("client_check", draft);
        if (turn === this.#latest) this.#findings = findings;
      } catch {
        // A draft that could not be judged is judged when it is kept.
        if (turn === this.#latest) this.#findings = [];
      }
    }, PAUSE);
  }

  /** Forgets a check that is still to come. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#latest += 1;
  }

  touch(field: string): void {
    this.#touched[field] = true;
    if (this.#refusal?.field === field) this.#refusal = undefined;
  }

  /** What to say beside a field. `fix` puts the suggested value into it. */
  messages(field: string, fix: (value: string) => void): FieldMessage[] {
    const shown = this.#attempted || this.#touched[field];
    const found: FieldMessage[] = shown
      ? this.#findings
          .filter((finding) => finding.field === field)
          .map((finding) => ({
            level: finding.error ? "error" : "warning",
            text: finding.message,
            hint: finding.hint,
            ...(finding.fix === null ? {} : { fix: { label: `Use ${finding.fix}`, run: () => fix(finding.fix!) } }),
          }))
      : [];
    if (this.#refusal?.field === field && !found.some(({ text }) => text === this.#refusal!.message)) {
      found.unshift({ level: "error", text: this.#refusal.message, hint: this.#refusal.hint });
    }
    return found;
  }

  /** Runs the command that keeps the draft. A failure that names a field of the form is laid beside it. */
  async keep(command: () => Promise<ClientDetail>, fields: readonly string[]): Promise<ClientDetail | undefined> {
    this.#attempted = true;
    this.failure = undefined;
    this.#refusal = undefined;
    if (this.protocol?.maxAgeIsWrong) return undefined;
    this.busy = true;
    try {
      return await command();
    } catch (cause) {
      const named = cause instanceof CommandFailed && cause.field !== null && fields.some((field) => cause.field === field || cause.field!.startsWith(`${field}.`));
      if (named) this.#refusal = cause;
      else this.failure = cause;
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
