import type { ProfileProblem } from "$ipc/gen/provider";

/** How long after the last letter the text is sent to be judged, in milliseconds. */
const PAUSE = 250;

/** What the backend does with a text of one kind. */
export interface TextKind<Kept> {
  /** Fetches the text to begin with. */
  fetch: () => Promise<string>;
  /** Every mistake in a text. */
  judge: (text: string) => Promise<readonly ProfileProblem[]>;
  keep: (text: string) => Promise<Kept>;
}

/** A text as it is written, and every mistake the backend finds in it. */
export class CheckedText<Kept> {
  text = $state("");
  problems = $state.raw<readonly ProfileProblem[]>([]);
  /** The text was judged at least once. */
  judged = $state(false);
  busy = $state(false);
  loaded = $state(false);

  #begun = $state("");
  /** Why it could not be loaded or judged. */
  #unread = $state.raw<unknown>();
  /** Why it was not kept. More letters do not answer that: it stays until the next attempt, or until another text is begun. */
  #unkept = $state.raw<unknown>();
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly kind: TextKind<Kept>) {}

  // A text outlives the editor that began it, and a $derived would end with that editor: these are plain getters.

  get changed(): boolean {
    return this.loaded && this.text !== this.#begun;
  }

  /** Why the last attempt to load, judge or keep the text failed. */
  get failure(): unknown {
    return this.#unkept ?? this.#unread;
  }

  /** Fetches the text, once. */
  async load(): Promise<void> {
    if (this.loaded) return;
    try {
      await this.begin(await this.kind.fetch());
    } catch (cause) {
      this.#unread = cause;
    }
  }

  /** Begins with this text, whatever there was before. */
  async begin(text: string): Promise<void> {
    this.text = this.#begun = text;
    this.loaded = true;
    this.#unkept = undefined;
    await this.#check();
  }

  /** Has the text judged after a short pause; a later call makes an earlier one pointless. */
  checkSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), PAUSE);
  }

  async #check(): Promise<void> {
    const turn = (this.#turn += 1);
    try {
      const problems = await this.kind.judge(this.text);
      if (turn !== this.#turn) return;
      this.problems = problems;
      this.judged = true;
      this.#unread = undefined;
    } catch (cause) {
      if (turn === this.#turn) this.#unread = cause;
    }
  }

  /** Keeps the text; undefined when that failed. */
  async save(): Promise<Kept | undefined> {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.busy = true;
    this.#unread = this.#unkept = undefined;
    try {
      return await this.kind.keep(this.text);
    } catch (cause) {
      this.#unkept = cause;
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
