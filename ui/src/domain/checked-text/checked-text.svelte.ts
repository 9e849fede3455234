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
  /** Why the last attempt to load, judge or keep the text failed. */
  failure = $state.raw<unknown>();
  loaded = $state(false);

  #begun = $state("");
  #turn = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly kind: TextKind<Kept>) {}

  // A text outlives the editor that began it, and a $derived would end with that editor: these are plain getters.

  get changed(): boolean {
    return this.loaded && this.text !== this.#begun;
  }

  /** Fetches the text, once. */
  async load(): Promise<void> {
    if (this.loaded) return;
    try {
      this.text = this.#begun = await this.kind.fetch();
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
      const problems = await this.kind.judge(this.text);
      if (turn !== this.#turn) return;
      this.problems = problems;
      this.judged = true;
      this.failure = undefined;
    } catch (cause) {
      if (turn === this.#turn) this.failure = cause;
    }
  }

  /** Keeps the text; undefined when that failed. */
  async save(): Promise<Kept | undefined> {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.busy = true;
    this.failure = undefined;
    try {
      return await this.kind.keep(this.text);
    } catch (cause) {
      this.failure = cause;
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
