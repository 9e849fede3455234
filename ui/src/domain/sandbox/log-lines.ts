import type { SandboxLogEntry } from "$ipc/gen/sandbox";
import type { Tone } from "$kit/tone";
import { clockTimes } from "$domain/words";

/** How many requests the window keeps; older ones leave. */
export const KEPT = 2000;

/** Lines that were put together from two sources, and whether some between them are missing. */
export interface Merged {
  entries: SandboxLogEntry[];
  gap: boolean;
}

/** Adds lines to those known. The same line may come twice: once fetched, once told. */
export function merged(known: readonly SandboxLogEntry[], news: readonly SandboxLogEntry[]): Merged {
  const last = known.at(-1)?.sequence;
  const fresh = last === undefined ? [...news] : news.filter(({ sequence }) => sequence > last);
  const first = fresh[0]?.sequence;
  const gap = last !== undefined && first !== undefined && first > last + 1;
  return { entries: [...known, ...fresh].slice(-KEPT), gap };
}

/** What the lines are narrowed to. */
export interface LogFilter {
  /** A provider's id, or "" for every twin. */
  twin: string;
  /** Words that must all occur. */
  words: string;
}

/** The lines that a filter leaves. */
export function narrowed(entries: readonly SandboxLogEntry[], { twin, words }: LogFilter): readonly SandboxLogEntry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (twin === "" && wanted.length === 0) return entries;
  return entries.filter((entry) => {
    if (twin !== "" && entry.provider !== twin) return false;
    const text = `${entry.method} ${entry.path} ${entry.status} ${entry.note} ${entry.faults.join(" ")}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** The colour of a status. A refusal is what a sandbox is for, so only 5xx is bad. */
export function statusTone(status: number): Tone {
  if (status >= 500) return "bad";
  if (status >= 400) return "warn";
  if (status >= 300) return "accent";
  return "ok";
}

/** "09:12:04.851", in the person's time zone. */
export const clockTime = (at: string): string => clockTimes().format(new Date(at));
