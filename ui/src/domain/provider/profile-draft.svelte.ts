import { call } from "$ipc/call";
import type { ProfileProblem, ProviderDetail } from "$ipc/gen/provider";
import { renamed, valueOf } from "./profile-text";

/** How long after the last letter the text is sent to be judged, in milliseconds. */
const PAUSE = 250;

/** A profile of the user's own is changed, or a new one is started from another. */
export type ProfileWay = "edit" | "copy";

/** The text of a profile as it is written, and every mistake the backend finds in it. */
export class ProfileDraft {
  text = $state("");
  problems = $state.raw<readonly ProfileProblem[]>([]);
  /** The text was judged at least once. */
  judged = $state(false);
  busy = $state(false);
  /** Why the last attempt to load, judge or keep the text failed. */
  failure = $state.raw<unknown>();
  loaded = $state(false);

  #begun = $state("");
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly way: ProfileWay,
    /** The provider that is changed or copied. */
    readonly from: string,
  ) {}

  // A draft outlives the editor that began it, and a $derived would end with that editor: these are plain getters.

  get changed(): boolean {
    return this.loaded && this.text !== this.#begun;
  }

  /** The id the text gives itself. */
  get id(): string | undefined {
    return valueOf(this.text, "id");
  }

  /** Fetches the text to begin with. `taken` are the ids that exist. */
  async load(taken: readonly string[]): Promise<void> {
    if (this.loaded) return;
    try {
      const { text } = await call("provider_text", { provider: this.from });
      this.text = this.way === "copy" ? renamed(text, taken) : text;
      this.#begun = this.text;
      this.loaded = true;
      await this.#check();
    } catch (cause) {
      this.failure = cause;
    }
  }

  /** Has the text judged after a short pause; a later call makes an earlier one pointless. */
  checkSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), PAUSE);
  }

  async #check(): Promise<void> {
    const turn = (this.#turn += 1);
    try {
      const { problems } = await call("provider_check", { text: this.text });
      if (turn !== this.#turn) return;
      this.problems = problems;
      this.judged = true;
      this.failure = undefined;
    } catch (cause) {
      if (turn === this.#turn) this.failure = cause;
    }
  }

  /** Keeps the profile; undefined when that failed. */
  async save(): Promise<ProviderDetail | undefined> {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.busy = true;
    this.failure = undefined;
    try {
      return await call("provider_save", { text: this.text });
    } catch (cause) {
      this.failure = cause;
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}

const unfinished: Record<string, ProfileDraft> = {};

const place = (way: ProfileWay, from: string) => `${way} ${from}`;

/** The draft that was begun for this provider, so that a look at another screen loses nothing. */
export function draftFor(way: ProfileWay, from: string): ProfileDraft {
  return (unfinished[place(way, from)] ??= new ProfileDraft(way, from));
}

/** Forgets a draft that was kept or given up. */
export function dropDraft({ way, from }: ProfileDraft): void {
  delete unfinished[place(way, from)];
}
