import type { Environment, Verdict } from "$ipc/gen/client";
import type { Browser } from "$ipc/gen/run";
import type { Tone } from "$kit/tone";
import { language } from "$texts/language.svelte";

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

const momentWords = { now: "now", justNow: "just now" };

/** How long ago, as short as a table wants it: "now", "5 min", "2 h", "41 d". */
export function age(since: string, now: number = Date.now()): string {
  const passed = Math.max(0, now - Date.parse(since));
  if (passed < MINUTE) return momentWords.now;
  if (passed < HOUR) return `${Math.floor(passed / MINUTE)} min`;
  if (passed < DAY) return `${Math.floor(passed / HOUR)} h`;
  return `${Math.floor(passed / DAY)} d`;
}

/** "5 min ago", "just now". */
export const ago = (since: string, now: number = Date.now()): string => (now - Date.parse(since) < MINUTE ? momentWords.justNow : `${age(since, now)} ago`);

/** How long something took: "0 ms", "38 ms", "1.2 s", "2 min 5 s". */
export function duration(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 59_950) return `${decimal(milliseconds / 1000)} s`;
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Makes a format for the language of the window when it is first needed there. */
function spoken<Format>(make: (locale: string) => Format): () => Format {
  const made = new Map<string, Format>();
  return () => {
    const { locale } = language;
    const format = made.get(locale) ?? make(locale);
    made.set(locale, format);
    return format;
  };
}

/** A time that is left, to the second: "9 s", "1 min 5 s". */
export function countdown(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 60 ? `${seconds} s` : duration(seconds * 1000);
}

const numbers = spoken((locale) => new Intl.NumberFormat(locale));
const decimals = spoken((locale) => new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 }));
const plurals = spoken((locale) => new Intl.PluralRules(locale));
const dates = spoken((locale) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" }));
const moments = spoken((locale) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" }));
const instants = spoken((locale) => new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" }));

/** To the millisecond: "09:12:04.851". */
export const clockTimes = spoken((locale) => new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3 }));

/** "12,000". */
export const number = (value: number): string => numbers().format(value);

/** "1.2": one digit after the point. */
export const decimal = (value: number): string => decimals().format(value);

/** "11 Oct 2025", in the person's time zone. */
export const date = (at: string): string => dates().format(new Date(at));

/** "11 Oct, 09:12:04", in the person's time zone. */
export const moment = (at: string): string => moments().format(new Date(at));

/** "11 Oct 2025, 09:12:04", in the person's time zone: where a time may be years away. */
export const instant = (at: string): string => instants().format(new Date(at));

/** "1 run", "2 runs": the first form is for one, the second for any other number, which takes the place of "#". */
export const counted = (count: number, [one = "", other = ""]: readonly string[]): string =>
  (plurals().select(count) === "one" ? one : other).replace("#", number(count));
