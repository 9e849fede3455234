import { call } from "$ipc/call";
import { listenToEvents } from "$ipc/events";
import type { SandboxLogEntry } from "$ipc/gen/sandbox";
import { merged, narrowed } from "./log-lines";

/**
 * The sandbox's request log as the window shows it: what was fetched once, and what is told since. Pausing holds the lines on screen
 * still; they go on being gathered behind it.
 */
export class RequestLog {
  twin = $state("");
  words = $state("");
  failure = $state.raw<unknown>();
  loaded = $state(false);

  #entries = $state.raw<readonly SandboxLogEntry[]>([]);
  #held = $state.raw<readonly SandboxLogEntry[]>();
  #told: SandboxLogEntry[] | undefined;
  #turn = 0;

  /** The lines to show, newest last. */
  readonly lines = $derived(narrowed(this.#held ?? this.#entries, this));
  /** How many lines there are before the filter. */
  readonly total = $derived((this.#held ?? this.#entries).length);
  readonly paused = $derived(this.#held !== undefined);
  /** Lines that came since the log was paused. */
  readonly waiting = $derived.by(() => {
    const last = this.#held?.at(-1)?.sequence ?? 0;
    return this.#held ? this.#entries.filter(({ sequence }) => sequence > last).length : 0;
  });

  /** Fetches what there is and listens, until the returned function is called. */
  open(): () => void {
    const stop = listenToEvents((event) => {
      if (event.kind === "sandboxRequests") this.#add(event.data);
      else if (event.kind === "sandboxChanged") void this.#fetch();
    });
    void this.#fetch();
    return () => {
      this.#turn += 1;
      stop();
    };
  }

  pause(): void {
    this.#held = this.#entries;
  }

  resume(): void {
    this.#held = undefined;
  }

  /** Forgets the lines so far, here and in the backend. */
  async clear(): Promise<void> {
    try {
      const { entries } = await call("sandbox_log_clear", {});
      this.#turn += 1;
      this.#told = undefined;
      this.#entries = entries;
      this.#held = undefined;
      this.failure = undefined;
    } catch (cause) {
      this.failure = cause;
    }
  }

  #add(news: readonly SandboxLogEntry[]): void {
    this.#told?.push(...news);
    const { entries, gap } = merged(this.#entries, news);
    this.#entries = entries;
    // Under load the backend tells only some of the requests; the rest has to be fetched.
    if (gap) void this.#fetch();
  }

  async #fetch(): Promise<void> {
    const turn = (this.#turn += 1);
    this.#told = [];
    try {
      const { entries } = await call("sandbox_log", {});
      if (turn !== this.#turn) return;
      this.#entries = merged(entries, this.#told).entries;
      this.failure = undefined;
      this.loaded = true;
    } catch (cause) {
      if (turn === this.#turn) this.failure = cause;
    } finally {
      if (turn === this.#turn) this.#told = undefined;
    }
  }
}
