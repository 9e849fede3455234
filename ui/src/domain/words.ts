import type { Environment, Verdict } from "$ipc/gen/client";
import type { Browser } from "$ipc/gen/run";
import type { Tone } from "$kit/tone";

/** How the window names the two servers of a provider. */
export const environmentWords: Record<Environment, string> = { production: "real provider", sandbox: "sandbox twin" };

/** How the window names the three browsers. */
export const browserWords: Record<Browser, string> = { embedded: "embedded view", system: "system browser", paste: "pasted callback" };

export const verdictTone: Record<Verdict, Tone> = { running: "wait", passed: "ok", warned: "warn", failed: "bad" };

/** For people who listen, and where there is room for a word. */
export const verdictWords: Record<Verdict, string> = { running: "going on", passed: "passed", warned: "with a remark", failed: "failed" };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, as short as a table wants it: "now", "5 min", "2 h", "41 d". */
export function age(since: string, now: number = Date.now()): string {
  const passed = Math.max(0, now - Date.parse(since));
  if (passed < MINUTE) return "now";
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h`;
  return `${Math.floor(passed / DAY)} d`;
}

/** How long something took: "0 ms", "38 ms", "1.2 s", "2 min 5 s". */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const dateFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const momentFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** "11 Oct 2025", in the person's time zone. */
export const date = (at: string): string => dateFormat.format(new Date(at));

/** "11 Oct, 09:12:04", in the person's time zone. */
export const moment = (at: string): string => momentFormat.format(new Date(at));

const instantFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** "11 Oct 2025, 09:12:04", in the person's time zone: where a time may be years away. */
export const instant = (at: string): string => instantFormat.format(new Date(at));

/** "1 run", "2 runs". */
export const counted = (count: number, noun: string): string => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
