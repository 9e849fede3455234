import type { Language } from "$ipc/gen/settings";
import { take } from "./texts";

const KEPT = "gatewright.language";

/** What a browser calls the languages. Dates and numbers of English are British: the day before the month, hours to 24. */
const locales: Record<Language, string> = { english: "en-GB", german: "de-DE" };

let current = $state<Language>("english");
let fetched = false;
let switched = false;
let last = Promise.resolve(false);

/** The language of the window. What is made anew when this changes reads the texts of the new one. */
export const language = {
  get current(): Language {
    return current;
  },
  /** By which dates, numbers and plural forms are written. */
  get locale(): string {
    return locales[current];
  },
  /** Whether the person changed it a moment ago. Says so once, to whoever takes the keyboard back to where it was. */
  takeSwitch(): boolean {
    const was = switched;
    switched = false;
    return was;
  },
};

/** Fetches the texts of a language, then shows them. Resolves to whether that is another language than before; texts that cannot be had leave it. */
export function speak(next: Language): Promise<boolean> {
  // One after the other: of two that are asked for, the later one stays.
  last = last.then(async () => {
    if (next === current && fetched) return false;
    try {
      await take(next);
    } catch {
      return false;
    }
    switched = fetched;
    fetched = true;
    current = next;
    document.documentElement.lang = locales[next].slice(0, 2);
    localStorage.setItem(KEPT, next);
    return switched;
  });
  return last;
}

/** Speaks the language of the last time before the settings are here; at the first start, that of the system if it can. */
export function speakKept(): Promise<boolean> {
  const kept = localStorage.getItem(KEPT);
  return speak((kept ?? navigator.language).startsWith(kept ? "german" : "de") ? "german" : "english");
}
