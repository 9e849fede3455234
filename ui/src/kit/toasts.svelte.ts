import type { Tone } from "./tone";

/** A short message at the bottom of the window, with at most one thing to do about it. */
export interface Toast {
  id: number;
  tone: Tone;
  text: string;
  hint?: string;
  action?: { label: string; run: () => void };
  /** How long it stays, in seconds, unless the pointer or the keyboard rests on it. */
  seconds: number;
}

/** The messages on screen now, oldest first. One list for the whole window. */
class ToastList {
  shown = $state<Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Shows a message and returns its id. */
  show(toast: Omit<Toast, "id" | "tone" | "seconds"> & Partial<Pick<Toast, "tone" | "seconds">>): number {
    const complete = { tone: "neutral" as const, seconds: 6, ...toast, id: this.#next++ };
    this.shown.push(complete);
    this.resume(complete);
    return complete.id;
  }

  dismiss(id: number): void {
    this.hold(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }

  /** Stops the clock of a message while somebody reads it. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Starts the clock again. */
  resume({ id, seconds }: Pick<Toast, "id" | "seconds">): void {
    this.hold(id);
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), seconds * 1000),
    );
  }

  clear(): void {
    for (const { id } of this.shown) this.hold(id);
    this.shown = [];
  }
}

export const toasts = new ToastList();
