import type { Language } from "$ipc/gen/settings";
import { take } from "./texts";

const KEPT = "gatewright.language";

/** What a browser calls the languages. Dates and numbers of English are British: the day before the month, hours to 24. */
const locales: Record<Language, string> = { english: "en-GB", german: "de-DE" };

let current = $state<Language>("english");
let fetched = false;
let last: Promise<void> = Promise.resolve();

/** The language of the window. What is made anew when this changes reads the texts of the new one. */
export const language = {
  get current(): Language {
    return current;
  },
  /** By which dates, numbers and plural forms are written. */
  get locale(): string {
    return locales[current];
  },
};

/** Fetches the texts of a language, then shows them. Of two that are asked for, the later one stays. */
export function speak(next: Language): Promise<void> {
  last = last.then(async () => {
    if (next === current && fetched) return;
    await take(next);
    fetched = true;
    current = next;
    document.documentElement.lang = locales[next].slice(0, 2);
    localStorage.setItem(KEPT, next);
  });
  return last;
}

/** Speaks the language of the last time before the settings are here; at the first start, that of the system if it can. */
export function speakKept(): Promise<void> {
  const kept = localStorage.getItem(KEPT);
  return speak((kept ?? navigator.language).startsWith(kept ? "german" : "de") ? "german" : "english");
}
